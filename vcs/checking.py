"""fsck: checking that a repository is whole, and saying what is not."""

from __future__ import annotations

from functools import partial

from pyvcs.merge.canonical import ENGINE, canonical_merge, recompute
from pyvcs.merge.virtual_bases import VirtualBases
from pyvcs.moving import reachable_heads
from pyvcs.objects.codec import Object
from pyvcs.objects.commit import Commit
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.draft import Draft, links
from pyvcs.objects.errors import PyvcsError
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import Tree
from pyvcs.objects.values import dataclass
from pyvcs.refs import Refs
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_MOST_OBJECTS = 20_000
"""That only virtual bases have and that are held to serve again."""

_Facts = tuple[tuple[Oid, ...], int | None]
"""What is asked of a commit once more: its parents, and the engine of a canonical merge."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be: a stable word for its kind, and a sentence."""

    kind: str
    message: str
    oid: Oid | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How many objects were read, and all problems found. Notes are no problems."""

    objects: int
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check(replica: Replica) -> CheckReport:
    """Read everything and believe nothing.

    Every copy of an object is hashed and decoded; every oid that an object or a ref names must be
    there, and of the right kind; every canonical merge is made again and compared; the tips must be
    the canonical merges of the heads; the commit graph must agree with the commits.
    """
    found: list[Problem] = []
    notes: list[Problem] = []
    replica.store.refresh()
    for pack in replica.store.packs.values():
        found += _try("pack", None, partial(pack.index.verify, pack.key))
    oids = dict(replica.store.oids())
    commits: dict[Oid, _Facts] = {}
    for number, (oid, verify) in enumerate(_copies(replica.store)):
        replica.progress("checking objects", number)
        found += _check_copy(oid, verify, oids, commits)
    refs = replica.refs
    found += _check_refs(oids, refs)
    if not found:  # merges can only be made again over objects that are whole
        remaking = _Remaking(replica)
        for oid, facts in commits.items():
            problems, remarks = _check_commit(replica, oid, facts, remaking)
            found += problems
            notes += remarks
        found += _check_tips(replica, refs)
    return CheckReport(len(oids), tuple(dict.fromkeys(found)), tuple(notes))


def _try(kind: str, oid: Oid | None, act: Callable[[], object]) -> list[Problem]:
    try:
        act()
    except PyvcsError as error:
        return [Problem(kind, error.message, oid)]
    return []


def _copies(store: ObjectStore) -> Iterator[tuple[Oid, Callable[[], Object | None]]]:
    """Every copy of every object, and what checks it, as they lie: each block is read once."""
    for pack in list(store.packs.values()):
        for oid, place in pack.index.by_place():
            yield oid, partial(store.verify_copy, pack, oid, place)


def _check_copy(
    oid: Oid,
    verify: Callable[[], Object | None],
    oids: Mapping[Oid, Kind],
    commits: dict[Oid, _Facts],
) -> Iterator[Problem]:
    """An object is what its oid says, and so is what it names. The facts of a commit are noted."""
    try:
        value = verify()
    except PyvcsError as error:
        yield Problem("object", error.message, oid)
        return
    if isinstance(value, Commit):
        commits[oid] = value.parents, value.engine
    if value is not None and not isinstance(value, bytes):
        yield from _check_links(oids, oid, value)


def _check_links(
    oids: Mapping[Oid, Kind], oid: Oid, value: Tree | Commit | Tag | Conflict
) -> Iterator[Problem]:
    """Everything that a sound object names is there, as what it should be."""
    for target, kind in links(value):
        if target not in oids:
            yield Problem("missing", f"{oid} names {target}, which is not there", target)
        elif oids[target] is not kind:
            message = f"{oid} names {target} as a {kind.value}, and it is a {oids[target].value}"
            yield Problem("kind", message, target)


def _check_refs(oids: dict[Oid, Kind], refs: Refs) -> Iterator[Problem]:
    for oid in sorted(set(reachable_heads(refs))):
        if oid not in oids:
            yield Problem("ref", f"a ref names {oid}, which is not there", oid)
    for name, ref in refs.branches.items():
        for oid in ref.heads:
            if oids.get(oid, Kind.COMMIT) is not Kind.COMMIT:
                message = f"the branch {name!r} names {oid}, which is a {oids[oid].value}"
                yield Problem("ref", message, oid)


class _Remaking:
    """Makes canonical merges again, from their parents alone: nothing that was kept is believed.

    Virtual bases serve the next merge too, until they are so many that memory would grow.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._begin()

    def _begin(self) -> None:
        self._draft, self._made = Draft(self._replica.store), VirtualBases()

    def made_of(self, oid: Oid) -> Oid:
        """What a canonical merge should be."""
        if self._draft.count > _MOST_OBJECTS:
            self._begin()
        return recompute(self._draft, self._replica.history, oid, made=self._made)


def _check_commit(
    replica: Replica, oid: Oid, facts: _Facts, remaking: _Remaking
) -> tuple[list[Problem], list[Problem]]:
    """A canonical merge is what its parents make; the graph says of each commit what it says."""
    parents, engine = facts
    found: list[Problem] = []
    notes: list[Problem] = []
    graph = replica.history.graph
    graph.ensure(oid)
    if tuple(graph.parents(oid)) != parents:
        found.append(Problem("graph", f"the commit graph has other parents for {oid}", oid))
    if engine is not None and engine != ENGINE:
        message = f"{oid} was merged by engine {engine}, which this pyvcs does not know"
        notes.append(Problem("engine", message, oid))
    elif engine is not None:
        made = remaking.made_of(oid)
        if made != oid:
            message = f"{oid} is not the merge of its parents: that is {made}"
            found.append(Problem("merge", message, oid))
    return found, notes


def _check_tips(replica: Replica, refs: Refs) -> Iterator[Problem]:
    for name in refs.live_branches():
        ref = refs.branches[name]
        tip = canonical_merge(Draft(replica.store), replica.history, ref.oids)
        if refs.tips.get(name) != tip:
            yield Problem("tip", f"the tip of {name!r} is not the merge of its heads", tip)
