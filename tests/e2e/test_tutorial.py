"""The tutorial, typed as it stands by somebody whom pyvcs does not know yet."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from house import ROOT
from terminal import IDENTITY, Terminal
from transcripts import check

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")

SSH = """\
#!/bin/sh
# The machine that the tutorial calls attic is a folder: log in there, and run what is asked for.
cd "{attic}" && shift && exec sh -c "$*"
"""


def newcomer(folder: Path) -> Terminal:
    """Somebody without any settings, who can reach another machine called attic by ssh."""
    attic, ssh = folder / "attic", folder / "bin" / "ssh"
    for made in (attic, ssh.parent):
        made.mkdir()
    ssh.write_text(SSH.format(attic=attic), encoding="utf-8")
    ssh.chmod(0o755)
    terminal = Terminal(folder / "home")
    for name in IDENTITY:
        del terminal.environ[name]
    path = f"{ssh.parent}{os.pathsep}{terminal.environ['PATH']}"
    terminal.environ |= {"HOME": os.fspath(terminal.folder), "PATH": path}
    return terminal


@pytest.mark.skipif(shutil.which("git") is None, reason="the tutorial ends with git")
def test_the_tutorial_runs_as_it_is_shown(tmp_path: Path) -> None:
    check(TUTORIAL, newcomer(tmp_path))
    assert (tmp_path / "attic" / "notes" / ".pyvcs").is_dir()
