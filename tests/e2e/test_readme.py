"""The tour of the README, typed as it stands: every command is run, every output compared."""

from __future__ import annotations

import re
from pathlib import Path

from house import ROOT
from terminal import Terminal
from transcripts import check

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tour_runs_as_it_is_shown(tmp_path: Path) -> None:
    check(README, Terminal(tmp_path))
    assert (tmp_path / "kitchen").is_dir()


def test_the_two_commands_of_the_readme_are_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first_two = re.findall(r"^```\nmake (\w+)\n```", README, re.MULTILINE)
    assert first_two == ["demo", "test"]
    for target in first_two:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
