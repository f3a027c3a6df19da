"""Canonical merges: one commit that is a pure function of a set of heads (laws 3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from pyvcs.merge.sides import Objects, Side
from pyvcs.objects.commit import Commit
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import EMPTY

if TYPE_CHECKING:
    from pyvcs.merge.rules import Rules
    from pyvcs.merge.trees import MergedTree

ENGINE = 1
"""The number of this merge engine. It goes up when any merge would come out differently."""

MESSAGE = "Merge of concurrent heads\n"
NO_BASE, VIRTUAL_BASE = "no common ancestor", "virtual base"


class History(Protocol):
    """Questions about the graph of commits that a merge asks. Answers are sorted by oid."""

    def heads(self, commits: Collection[Oid]) -> tuple[Oid, ...]:
        """Those of `commits` that no other one descends from."""
        ...

    def merge_bases(self, ours: Collection[Oid], theirs: Collection[Oid]) -> tuple[Oid, ...]:
        """All merge bases of two sets of commits."""
        ...


def flatten(objects: ObjectReader, history: History, heads: Collection[Oid]) -> tuple[Oid, ...]:
    """The real heads behind `heads`, sorted: canonical merges give way to their parents.

    Idea.        Replace each canonical merge by its parents until none is left, then drop every
                 commit that is an ancestor of another. A merge of another engine is taken as it
                 is, for nobody here can tell what it should be.
    Result.      The same for every set of heads that stands for the same real commits: that is
                 why replicas which merge at the same time do not merge each other's merges.
    Cost.        The canonical merges met, and one walk for the ancestors.
    """
    real: set[Oid] = set()
    waiting = list(heads)
    while waiting:
        oid = waiting.pop()
        commit = objects.commit(oid)
        if commit.engine == ENGINE:
            waiting += commit.parents
        else:
            real.add(oid)
    return history.heads(real)


def canonical_merge(objects: Objects, history: History, heads: Collection[Oid]) -> Oid:
    """The tip of a branch with these heads: the only head, or their canonical merge.

    Idea.        Flatten the heads, then fold them in the order of their oids: merge what is
                 merged so far with the next head, over the merge bases of the two.
    Invariant.   Nothing but the heads goes in: no clock, no name, no configuration, no order of
                 arrival. Equal heads give equal bytes on every replica.
    Cost.        One merge of trees a head, and those of the virtual bases, each made once.
    Result.      The oid of a commit that is in `objects`; its conflicts are in it.
    Source.      Virtual bases: git merge-recursive. Flattening, and why merging in pairs is not
                 enough for three replicas: docs/architecture.md.
    """
    real = flatten(objects, history, heads)
    if len(real) == 1:
        return real[0]
    merged = merge_of(objects, history, real)
    parents = [objects.commit(oid) for oid in real]
    latest = max(parent.committed for parent in parents)
    return objects.put(
        Commit(
            tree=merged.tree,
            parents=real,
            message=MESSAGE,
            authored=latest,
            committed=latest,
            clock=max(parent.clock for parent in parents),
            engine=ENGINE,
            conflicts=merged.conflicts,
        )
    )


def recompute(objects: Objects, history: History, oid: Oid) -> Oid:
    """What the canonical merge `oid` should be, by its parents. Of another engine: itself."""
    commit = objects.commit(oid)
    return canonical_merge(objects, history, commit.parents) if commit.engine == ENGINE else oid


def merge_of(
    objects: Objects, history: History, commits: Sequence[Oid], *, rules: Rules | None = None
) -> MergedTree:
    """The trees of several commits, folded in this order, with the conflicts that are left.

    A canonical merge gives them sorted, and no `rules`: those in the trees count then.

    The virtual bases of the fold need folds themselves, over older commits. They are made oldest
    first and each once, without recursion: a long ladder of criss-crosses is no deep stack.
    """
    done: dict[tuple[Oid, ...], MergedTree] = {}
    waiting: list[tuple[Oid, ...]] = [tuple(commits)]
    steps: dict[tuple[Oid, ...], list[tuple[Oid, ...]]] = {}
    while waiting:
        fold = waiting[-1]
        if fold in done:
            waiting.pop()
            continue
        if fold not in steps:
            steps[fold] = [
                history.merge_bases(fold[:at], fold[at : at + 1]) for at in range(1, len(fold))
            ]
        needed = [bases for bases in steps[fold] if len(bases) > 1 and bases not in done]
        if needed:
            waiting += needed
        else:
            # As in git, new files follow a renamed folder in the merge itself, not in its bases.
            follow = len(waiting) == 1
            done[fold] = _fold(objects, fold, steps[fold], done, rules, follow_folders=follow)
    return done[tuple(commits)]


def _fold(
    objects: Objects,
    commits: Sequence[Oid],
    bases: Sequence[tuple[Oid, ...]],
    virtual: dict[tuple[Oid, ...], MergedTree],
    rules: Rules | None,
    *,
    follow_folders: bool,
) -> MergedTree:
    """Merge `commits` one after the other; `bases[i]` are the merge bases of step i."""
    side = side_of(objects, commits[0])
    from pyvcs.merge.trees import MergedTree, merge_trees  # heavy, and most tips are one head

    merged = MergedTree(objects.put(side.tree), tuple(objects.commit(commits[0]).conflicts))
    for step, oid in enumerate(commits[1:]):
        base = _base(objects, bases[step], virtual)
        theirs = side_of(objects, oid)
        merged = merge_trees(
            objects,
            base=base,
            ours=side,
            theirs=theirs,
            rules=rules,
            follow_folders=follow_folders,
        )
        label = "+".join(str(done) for done in commits[: step + 2])
        side = Side.of(objects, merged.tree, merged.conflicts, label)
    return merged


def _base(
    objects: Objects, bases: tuple[Oid, ...], virtual: dict[tuple[Oid, ...], MergedTree]
) -> Side:
    if not bases:
        return Side(EMPTY, NO_BASE)
    if len(bases) == 1:
        return side_of(objects, bases[0])
    merged = virtual[bases]
    return Side.of(objects, merged.tree, merged.conflicts, VIRTUAL_BASE)


def side_of(objects: ObjectReader, oid: Oid) -> Side:
    """A commit as one side of a merge."""
    commit = objects.commit(oid)
    return Side.of(objects, commit.tree, commit.conflicts, str(oid))
