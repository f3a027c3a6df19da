"""Mercurial, merging with pyvcs as docs/git-driver.md says. Needs hg, which pip brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HG = shutil.which("hg")
DOCUMENT = Path(__file__).parents[2] / "docs" / "git-driver.md"

pytestmark = pytest.mark.skipif(HG is None, reason="Mercurial (hg) is not installed")


class Mercurial:
    """A repository of Mercurial with the settings that the document gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        settings = re.findall(r"```ini\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
        rc = folder.parent / "hgrc"
        rc.write_text(f"[ui]\nusername = ada\n{settings[0]}", "utf-8")
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
        self._environ = {**os.environ, "HGRCPATH": os.fspath(rc), "PATH": path, "HGPLAIN": "1"}
        self.run("init", ".")

    def run(self, *arguments: str, code: int = 0) -> str:
        """What hg prints, which ends with that code."""
        assert HG is not None
        done = subprocess.run(
            [HG, *arguments],
            cwd=self.folder,
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def commit(self, **files: str) -> None:
        """Write JSON files and commit them."""
        for name, content in files.items():
            (self.folder / f"{name}.json").write_text(content)
        self.run("commit", "--quiet", "--addremove", "-m", "edit")


def test_what_lines_would_leave_in_conflict_is_clean_and_what_conflicts_says_so(
    tmp_path: Path,
) -> None:
    hg = Mercurial(tmp_path / "hg")
    hg.commit(package='{\n  "a": 1\n}\n', value='{\n  "v": 1\n}\n', text="{ broken\n")
    hg.commit(package='{\n  "a": 1,\n  "b": 2\n}\n', value='{\n  "v": 2\n}\n', text="{ one\n")
    hg.run("update", "--quiet", "0")
    hg.commit(package='{\n  "a": 1,\n  "c": 3\n}\n', value='{\n  "v": 3\n}\n', text="{ two\n")
    hg.run("merge", code=1)
    merged = (hg.folder / "package.json").read_text()
    assert merged == '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n'
    assert hg.run("resolve", "--list").splitlines() == [
        "R package.json",
        "U text.json",
        "U value.json",
    ]
    text = (hg.folder / "text.json").read_text()
    assert text.startswith("<<<<<<< working copy")
    assert ">>>>>>> merge rev" in text
