"""Diffs as text: a unified diff that `patch` applies gives the other side."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import commit, new_repository, write

from pyvcs.diffing import diff_commits, diff_worktree, unified, unified_lines
from pyvcs.merge.text import split_lines

CONTENTS = st.lists(
    st.sampled_from([b"one\n", b"two\n", b"three\n", b"\n", b"four\r\n"]), max_size=25
).map(b"".join)


def as_bytes(pieces: list[str | bytes]) -> bytes:
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no `patch` on this machine")
@settings(max_examples=150, deadline=None)
@given(CONTENTS, CONTENTS, st.booleans())
def test_patch_applies_what_is_shown(
    tmp_path_factory: pytest.TempPathFactory, old: bytes, new: bytes, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("patch")
    new = new.removesuffix(b"\n") if cut else new
    lines = as_bytes(list(unified_lines(split_lines(old), split_lines(new))))
    assert (lines == b"") == (old == new)
    (folder / "file").write_bytes(old)
    if lines:
        done = subprocess.run(
            ["patch", "--binary", "--silent", "file"],
            input=b"--- file\n+++ file\n" + lines,
            cwd=folder,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done
    left = (folder / "file").read_bytes() if (folder / "file").exists() else b""
    assert left == new


def test_names_what_happened_to_each_path(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    first = commit(repository, {"edited": "1\n", "gone": "1\n", "mode": "1\n", "binary": b"\0"})
    (tmp_path / "mode").chmod(0o755)
    second = commit(repository, {"edited": "2\n", "gone": None, "new": "1\n", "binary": b"\0\1"})
    found = {file.path.decode(): file for file in diff_commits(repository, first, second)}
    assert {name: file.word for name, file in found.items()} == {
        "binary": "modified",
        "edited": "modified",
        "gone": "deleted",
        "mode": "mode",
        "new": "added",
    }
    assert as_bytes(list(unified(found["edited"]))) == (
        b"diff a/edited b/edited\n--- a/edited\n+++ b/edited\n@@ -1 +1 @@\n-1\n+2\n"
    )
    assert b"Binary files differ" in as_bytes(list(unified(found["binary"])))
    assert b"old mode file\nnew mode executable\n" in as_bytes(list(unified(found["mode"])))
    assert b"--- /dev/null\n" in as_bytes(list(unified(found["new"])))


def test_compares_the_working_tree_new_files_included(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    first = commit(repository, {"a": "1\n", "d/b": "1\n"})
    write(tmp_path, {"a": "2\n", "d/c": "new\n"})
    found = [(file.path, file.word) for file in diff_worktree(repository, first)]
    assert found == [(b"a", "modified"), (b"d/c", "added")]
    assert [file.path for file in diff_worktree(repository, first, [b"d"])] == [b"d/c"]
