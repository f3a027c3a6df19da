"""Canonical merges: one commit that is a pure function of a set of heads (laws 3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyvcs.merge.sides import Objects, Side
from pyvcs.merge.virtual_bases import VirtualBases
from pyvcs.objects.commit import Commit
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import EMPTY
from pyvcs.objects.typed import Protocol

TYPE_CHECKING = False
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

    def merge_bases(self, ours: Collection[Oid], theirs: Collection[Oid]) -> tuple[Oid, ...]:
        """All merge bases of two sets of commits."""


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


def canonical_merge(
    objects: Objects,
    history: History,
    heads: Collection[Oid],
    *,
    made: VirtualBases | None = None,
) -> Oid:
    """The tip of a branch with these heads: the only head, or their canonical merge.

    Idea.        Flatten the heads, then fold them in the order of their oids: merge what is
                 merged so far with the next head, over the merge bases of the two.
    Invariant.   Nothing but the heads goes in: no clock, no name, no configuration, no order of
                 arrival. Equal heads give equal bytes on every replica.
    Cost.        One merge of trees a head, and those of the virtual bases, each made once. Replicas
                 that edit at once all the time have a new virtual base over the last ones at each
                 merge, down to the beginning: with those `made` before it costs the new ones.
    Result.      The oid of a commit that is in `objects`; its conflicts are in it.
    Source.      Virtual bases: git merge-recursive. Flattening, and why merging in pairs is not
                 enough for three replicas: docs/architecture.md.
    """
    real = flatten(objects, history, heads)
    if len(real) == 1:
        return real[0]
    merged = merge_of(objects, history, real, made=made)
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


def recompute(
    objects: Objects, history: History, oid: Oid, *, made: VirtualBases | None = None
) -> Oid:
    """What the canonical merge `oid` should be, by its parents. Of another engine: itself."""
    commit = objects.commit(oid)
    if commit.engine != ENGINE:
        return oid
    return canonical_merge(objects, history, commit.parents, made=made)


def merge_of(
    objects: Objects,
    history: History,
    commits: Sequence[Oid],
    *,
    rules: Rules | None = None,
    made: VirtualBases | None = None,
) -> MergedTree:
    """The trees of several commits, folded in this order, with the conflicts that are left.

    A canonical merge gives them sorted, and no `rules`: those in the trees count then.

    The virtual bases of the fold need folds themselves, over older commits. They are made oldest
    first and each once, without recursion: a long ladder of criss-crosses is no deep stack. Those
    in `made` are taken from there, and new ones are noted; with `rules` they would be others.
    """
    if made is None or rules is not None:
        made = VirtualBases()
    steps: dict[tuple[Oid, ...], tuple[Oid, ...]] = {}

    def bases_of(fold: tuple[Oid, ...]) -> tuple[Oid, ...]:
        """The merge bases of the last step of a fold."""
        if fold not in steps:
            steps[fold] = history.merge_bases(fold[:-1], fold[-1:])
        return steps[fold]

    waiting: list[tuple[Oid, ...]] = [tuple(commits)]
    while True:
        fold, is_virtual = waiting[-1], len(waiting) > 1
        begun = made.longest(fold) if is_virtual else 1
        bases = [bases_of(fold[: at + 1]) for at in range(begun, len(fold))]
        needed = [each for each in bases if len(each) > 1 and made.get(each) is None]
        if needed:
            waiting += needed
            continue
        merged = _fold(objects, fold, bases, made, rules, is_virtual=is_virtual)
        if not is_virtual:
            return merged
        waiting.pop()


def _fold(
    objects: Objects,
    commits: tuple[Oid, ...],
    bases: Sequence[tuple[Oid, ...]],
    made: VirtualBases,
    rules: Rules | None,
    *,
    is_virtual: bool,
) -> MergedTree:
    """Merge `commits` one after the other; `bases` are the merge bases of the last steps, those
    before are `made`."""
    from pyvcs.merge.trees import MergedTree, merge_trees  # heavy, and most tips are one head

    begun = len(commits) - len(bases)
    merged = made.get(commits[:begun]) if begun > 1 else None
    if merged is None:
        first = objects.commit(commits[0])
        merged = MergedTree(first.tree, tuple(first.conflicts))
    for at, step in enumerate(bases, begun):
        label = "+".join(map(str, commits[:at]))
        merged = merge_trees(
            objects,
            base=_base(objects, step, made),
            ours=Side.of(objects, merged.tree, merged.conflicts, label),
            theirs=side_of(objects, commits[at]),
            rules=rules,
            # As in git, new files follow a renamed folder in the merge itself, not in its bases.
            follow_folders=not is_virtual,
        )
        if is_virtual:
            made.note(commits[: at + 1], merged)
    return merged


def _base(objects: Objects, bases: tuple[Oid, ...], made: VirtualBases) -> Side:
    if not bases:
        return Side(EMPTY, NO_BASE)
    if len(bases) == 1:
        return side_of(objects, bases[0])
    merged = made.get(bases)
    assert merged is not None
    return Side.of(objects, merged.tree, merged.conflicts, VIRTUAL_BASE)


def side_of(objects: ObjectReader, oid: Oid) -> Side:
    """A commit as one side of a merge."""
    commit = objects.commit(oid)
    return Side.of(objects, commit.tree, commit.conflicts, str(oid))
