"""Text merges beside those of `git merge-file` and GNU diff3, on the same drawn files.

Known differences, each with its reason:

* git: none. Drawn files of unique and of repeated lines merge alike: clean alike, the same bytes.
* GNU diff3: of lines that repeat, its diff may match other ones than git's does (several matchings
  are equally good, and the paper leaves the choice open), so that one of the two has a conflict.
  Where both are clean, the bytes are the same.
* Markers: in styles diff3 and zdiff3 none but their length, when the text quotes markers, and line
  ends; in style merge git shrinks and joins conflicts, as we do when asked (test_refining.py).
* Line ends: where a side turned the ends of the whole text and the other edited it, we merge, and
  the witnesses have a conflict. Such files are not drawn here.
* GNU diff3 is asked with -E, for -m alone calls it a conflict when both sides made one change.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from drawn_texts import Sides, drawn

from pyvcs.merge.text import merge_text


def witnessed(command: list[str], folder: Path, sides: Sides) -> bytes | None:
    """What the witness merges, or None at a conflict."""
    for name, content in zip(("base", "ours", "theirs"), sides, strict=True):
        (folder / name).write_bytes(content)
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert 0 <= done.returncode < 128, done.stderr
    return done.stdout if done.returncode == 0 else None


WITNESSES = {
    "git": ["git", "merge-file", "-p", "ours", "base", "theirs"],
    "diff3": ["diff3", "-m", "-E", "ours", "base", "theirs"],
}


def compared(name: str, folder: Path, seeds: range, repeating: bool) -> list[int]:
    """Seeds of merges in which we and the witness differ."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed on this machine")
    differing = []
    for seed in seeds:
        base, ours, theirs = sides = drawn(seed, repeating)
        merged = merge_text(base=base, ours=ours, theirs=theirs)
        said = witnessed(WITNESSES[name], folder, sides)
        if said != (merged.content if merged.is_clean else None):
            differing.append(seed)
    return differing


@pytest.mark.parametrize("name", WITNESSES)
def test_unique_lines_merge_as_the_witness_merges_them(name: str, tmp_path: Path) -> None:
    assert compared(name, tmp_path, range(300), repeating=False) == []


def test_repeated_lines_merge_as_git_merges_them(tmp_path: Path) -> None:
    assert compared("git", tmp_path, range(300), repeating=True) == []


def test_repeated_lines_mostly_merge_as_gnu_diff3_merges_them(tmp_path: Path) -> None:
    assert len(compared("diff3", tmp_path, range(300), repeating=True)) <= 12
