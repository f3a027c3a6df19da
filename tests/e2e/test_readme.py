"""The tour of the README, typed as it stands: every command is run, every output compared."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from house import ROOT
from terminal import Terminal

README = (ROOT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Step:
    """One command of the tour, the text typed or printed after it, and its exit code."""

    command: str
    text: str = ""
    code: int = 0


def steps() -> Iterator[Step]:
    """The steps in all console blocks, in order."""
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, text = part.partition("\n")
            step = Step(command, text)
            found = re.search(r"^\[exit code (\d+)\]\n", text, re.MULTILINE)
            if found:
                step = replace(step, text=text.replace(found[0], ""), code=int(found[1]))
            yield step


def matches(shown: str, printed: str) -> bool:
    """Whether the output is what the README shows; `...` stands for anything within a line."""
    pattern = re.escape(shown).replace(re.escape("..."), "[^\n]*")
    return re.fullmatch(pattern, printed) is not None


def test_the_tour_runs_as_it_is_shown(tmp_path: Path) -> None:
    folder = tmp_path
    commands = 0
    for step in steps():
        words = shlex.split(step.command)
        if words[0] == "cd":
            folder = folder / words[1]
        elif words[:2] == ["cat", ">"]:
            (folder / words[2]).write_text(step.text, encoding="utf-8")
        else:
            assert words[0] == "pyvcs", f"the tour has a command nobody can run: {step.command}"
            done = Terminal(folder.resolve()).run(*words[1:], check=False)
            assert done.code == step.code, (step, done)
            assert matches(step.text, done.out), f"{step.command}\n{done.out}"
            commands += 1
    assert commands > 10
    assert os.path.isdir(tmp_path / "kitchen")


def test_the_two_commands_of_the_readme_are_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first_two = re.findall(r"^```\nmake (\w+)\n```", README, re.MULTILINE)
    assert first_two == ["demo", "test"]
    for target in first_two:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
