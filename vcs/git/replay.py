"""One merge of a history of git, made again, by pyvcs and by git, and held against what came of it.

Idea.        The parents of a merge are known, so both can merge them anew; and its tree is known,
             which is what people made of it. Git does its part as `git merge-tree --write-tree`
             does it, a process a merge; ours is a call, on git's own objects.
Invariant.   Nothing is written into the repository: git works in an empty one beside it, which
             borrows the objects and has no configuration, attributes or drivers.
Result.      A `Replayed` a merge.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self

from pyvcs.git.git_graph import GitGraph
from pyvcs.git.git_objects import Sha
from pyvcs.git.git_store import GitObjects, oid_of
from pyvcs.git.plumbing import GitRepository
from pyvcs.merge.canonical import merge_of
from pyvcs.merge.rules import FileRules, PathRule, Rules
from pyvcs.merge.trees import MergedTree
from pyvcs.objects.errors import GitFailed, PyvcsError, Refused
from pyvcs.objects.listing import differences
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass

NEEDED = (2, 38)
"""The version of git that has `merge-tree --write-tree`."""

TEXT_ONLY = Rules((PathRule(lambda _path: True, FileRules(driver="text")),))
"""Rules by which every file merges as text, as git does it."""


class Verdict(StrEnum):
    """How the two merges compare. The strings are printed and documented."""

    EQUAL = "equal"  # both clean, the same tree
    DIFFERENT = "different"  # both clean, different trees
    ONLY_PYVCS = "only-pyvcs"  # clean here, in conflict in git
    ONLY_GIT = "only-git"  # clean in git, in conflict here
    NEITHER = "neither"  # both in conflict
    NOT_JUDGED = "not-judged"  # objects are not there, or git gave up


class Spent(NamedTuple):
    """Seconds on the clock, and seconds of a processor."""

    wall: float
    cpu: float


NO_TIME = Spent(0, 0)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one merge.

    `is_as_committed` says whether our clean tree is the one that people committed: None when ours
    is not clean. `paths` are those that differ between two clean trees, else those in conflict in
    git; `conflicts` are ours, as kind, path and pointer. `why` says why a merge is not judged.
    """

    commit: Sha
    verdict: Verdict
    is_as_committed: bool | None = None
    paths: tuple[bytes, ...] = ()
    conflicts: tuple[tuple[str, bytes, str | None], ...] = ()
    ours: Spent = NO_TIME
    git: Spent = NO_TIME
    why: str = ""


class Replay:
    """Replays merges of one history, one after the other; a context."""

    def __init__(self, folder: str, graph: GitGraph, *, is_text_only: bool) -> None:
        self._folder = folder
        self._graph = graph
        self._rules = TEXT_ONLY if is_text_only else None

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        folder = tempfile.mkdtemp(prefix="pyvcs-replay-")
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self._git = _beside(GitRepository(self._folder), folder)
        self._objects = GitObjects(self._stack.enter_context(self._git.objects()))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def merge(self, commit: Sha, ours: Sha, theirs: Sha) -> Replayed:
        """Merge the parents of a commit both ways, and compare."""
        self._objects.forget()
        try:
            merged, spent = self._ours(ours, theirs)
            tree, in_conflict, spent_by_git = self._gits(ours, theirs)
            return self._judged(commit, merged, spent, tree, in_conflict, spent_by_git)
        except PyvcsError as error:
            return Replayed(commit, Verdict.NOT_JUDGED, why=error.message)

    def _ours(self, ours: Sha, theirs: Sha) -> tuple[MergedTree, Spent]:
        begun = time.perf_counter(), time.process_time()
        sides = oid_of(ours), oid_of(theirs)
        merged = merge_of(self._objects, self._graph, sides, rules=self._rules)
        return merged, Spent(time.perf_counter() - begun[0], time.process_time() - begun[1])

    def _gits(self, ours: Sha, theirs: Sha) -> tuple[Oid, tuple[bytes, ...], Spent]:
        """The tree that git makes, the paths that it leaves in conflict, and its time."""
        begun = time.perf_counter(), _time_of_children()
        code, output, words = self._git.attempt(
            *("merge-tree", "--write-tree", "--allow-unrelated-histories"),
            *("--name-only", "--no-messages", "-z", ours, theirs),
        )
        spent = Spent(time.perf_counter() - begun[0], _time_of_children() - begun[1])
        if code not in (0, 1):
            told = words.decode("utf-8", "replace").strip().split("\n")[0]
            raise GitFailed(f"git merge-tree gave up: {told}")
        tree, *paths = output.rstrip(b"\0").split(b"\0")
        # A conflict may have no path: what a clean exit says counts, not the list.
        in_conflict = tuple(paths) if code == 0 or paths else (b"",)
        return oid_of(tree.decode()), in_conflict, spent

    def _judged(
        self,
        commit: Sha,
        merged: MergedTree,
        spent: Spent,
        tree: Oid,
        in_conflict: tuple[bytes, ...],
        spent_by_git: Spent,
    ) -> Replayed:
        committed = self._objects.commit(oid_of(commit)).tree
        found = [self._objects.conflict(oid) for oid in merged.conflicts]
        paths = in_conflict
        if merged.is_clean and not in_conflict:
            verdict = Verdict.EQUAL if merged.tree == tree else Verdict.DIFFERENT
            rows = differences(self._objects, tree, merged.tree) if merged.tree != tree else ()
            paths = tuple(row.path for row in rows)
        elif merged.is_clean:
            verdict = Verdict.ONLY_PYVCS
        else:
            verdict = Verdict.NEITHER if in_conflict else Verdict.ONLY_GIT
        return Replayed(
            commit,
            verdict,
            is_as_committed=merged.tree == committed if merged.is_clean else None,
            paths=paths,
            conflicts=tuple(sorted((c.kind, c.path, c.pointer) for c in found)),
            ours=spent,
            git=spent_by_git,
        )


def checked_version(words: str) -> str:
    """The version in what `git version` says. Refused when it is too old to be compared with.

    >>> checked_version("git version 2.39.5 (somebody's build)")
    '2.39.5'
    """
    found = re.search(r"(\d+)\.(\d+)\S*", words)
    if found is None or tuple(map(int, found.groups())) < NEEDED:
        needed = ".".join(map(str, NEEDED))
        raise Refused(
            f"a replay needs git {needed} or later, and this is {words!r}",
            hint="`git merge-tree --write-tree` came with it",
        )
    return found.group()


def _beside(source: GitRepository, folder: str) -> GitRepository:
    """An empty repository that borrows the objects of another one."""
    made = GitRepository.init(folder)
    made.called = source.folder
    objects = source.path("rev-parse", "--git-path", "objects")
    alternates = Path(made.folder, "objects", "info", "alternates")
    alternates.write_bytes(os.fsencode(os.path.join(source.folder, objects)) + b"\n")
    shallow = source.path("rev-parse", "--git-path", "shallow")
    if os.path.exists(os.path.join(source.folder, shallow)):
        shutil.copy(os.path.join(source.folder, shallow), Path(made.folder, "shallow"))
    return made


def _time_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system
