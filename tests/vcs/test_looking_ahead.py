"""Looking ahead: what is told is what a look would tell, or nothing is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from people import commit, new_repository, root_of

from pyvcs import looking_ahead
from pyvcs.committing import commit_worktree
from pyvcs.diffing import diff_commits
from pyvcs.looking import differing
from pyvcs.looking_ahead import LookAhead
from pyvcs.renaming import move
from pyvcs.repository import Repository

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no dir_fd")

FILES: dict[str, str | bytes | None] = {
    f"{number % 26}/{number}": f"{number}\n" for number in range(4000)
}


@pytest.fixture
def large(tmp_path: Path) -> Repository:
    """A repository of so many files that a second process is worth it."""
    repository = new_repository(tmp_path / "large")
    commit(repository, FILES)
    return repository


def edit(repository: Repository) -> list[str]:
    """One file is changed, one is new, one is gone: their paths."""
    root = root_of(repository)
    (root / "3" / "3").write_text("changed\n")
    (root / "4" / "new").write_text("new\n")
    (root / "5" / "5").unlink()
    return ["3/3", "4/new", "5/5"]


def changed_in(repository: Repository) -> list[str]:
    """The paths that the newest commit changed."""
    commit, parent = repository.resolve("HEAD"), repository.resolve("HEAD~1")
    return [os.fsdecode(file.path) for file in diff_commits(repository, parent, commit)]


def test_what_is_told_is_what_a_look_tells_and_is_told_once(large: Repository) -> None:
    edit(large)
    root = root_of(large)
    look = LookAhead(os.fspath(root / "7"))
    told = look.told()
    assert told is not None
    packed, found = told
    assert found == differing(os.fsencode(root), packed, packed, may_fork=False)
    assert b"3" in (found[b"3"] or [])
    assert b"new" in (found[b"4"] or [])
    assert b"5" in (found[b"5"] or [])
    assert look.told() is None


def test_nothing_is_begun_for_few_files_or_outside_of_a_repository(tmp_path: Path) -> None:
    few = new_repository(tmp_path / "few")
    commit(few, {"a": "1\n"})
    assert LookAhead(os.fspath(root_of(few))).told() is None
    assert LookAhead(os.fspath(tmp_path)).told() is None


def test_what_was_seen_too_long_ago_is_not_told(
    large: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = LookAhead(os.fspath(root_of(large)))
    monkeypatch.setattr(looking_ahead, "_MOST_SECONDS", -1)
    assert look.told() is None


def test_what_was_seen_before_another_commit_is_not_used(large: Repository) -> None:
    look = LookAhead(os.fspath(root_of(large)))
    told = look.told()
    commit(large, {"2/2": "another process\n"})
    edit(large)
    commit_worktree(large, "all of it", look=lambda: told)
    assert changed_in(large) == ["3/3", "4/new", "5/5"]


def test_what_was_seen_before_another_command_is_not_told(large: Repository) -> None:
    """As `resolve`, it changes files and the refs, and need not change what is known of files."""
    look = LookAhead(os.fspath(root_of(large)))
    move(large, [b"3/3"], b"3/moved")
    assert look.told() is None
    commit_worktree(large, "moved", look=look.told)
    assert changed_in(large) == ["3/3", "3/moved"]


def run(code: str, folder: Path) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, timeout=60)


COMMIT = "from pyvcs.cli.main import main; main(['commit', '-m', 'all of it'])"


def test_a_commit_uses_what_was_seen_and_does_not_look_again(large: Repository) -> None:
    paths = edit(large)
    run(f"from pyvcs import looking; looking.differing = None; {COMMIT}", root_of(large))
    assert changed_in(large) == paths


def test_what_a_hook_changed_after_the_look_is_in_the_commit(large: Repository) -> None:
    hook = root_of(large) / ".pyvcs" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nset -e\necho hook > 6/6; echo hook > 3/3; echo hook > 7/new\n")
    hook.chmod(0o755)
    edit(large)
    run(COMMIT, root_of(large))
    assert changed_in(large) == ["3/3", "4/new", "5/5", "6/6", "7/new"]
    assert root_of(large).joinpath("3/3").read_text() == "hook\n"
    assert large.status().is_clean


def test_a_commit_that_is_refused_leaves_no_child(large: Repository) -> None:
    """Whoever reads its output is not kept waiting by a process that still looks."""
    code = "from pyvcs.cli.main import run; import os; assert run(['commit', '-m', 'x']) == 1\n"
    code += (
        "try: os.waitpid(-1, os.WNOHANG)\nexcept ChildProcessError: pass\nelse: raise SystemExit(9)"
    )
    run(code, root_of(large))
