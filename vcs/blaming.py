"""Blame: which commit set each line of a file, or each value of a JSON document.

Idea.        All elements of a file are held against the commit that one looks at. Those that a
             parent's version has unchanged are held against the parent instead, the first parent
             that has them; what is left is its commit's own. A file that a parent does not have is
             looked for under the name that it came from.
Invariant.   A commit is looked at after all of its descendants that elements are held against.
Cost.        A look-up in a tree for each commit in between; a comparison of two versions wherever
             the file changed.
Result.      For each element its commit, and path and place of the element there.
Source.      git blame.c: a suspect passes what it can to its parents.
Not handled. Elements that were moved or copied within a file, but for items of JSON lists.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from heapq import heappop, heappush

from pyvcs.merge.diff import matching
from pyvcs.merge.text import split_lines
from pyvcs.objects.errors import InvalidObject, PathUnknown, Usage
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import entry_at
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import display
from pyvcs.objects.typed import Generic, TypeVar
from pyvcs.objects.values import dataclass
from pyvcs.path_history import name_before
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json, NotJson

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Blamed(Generic[K]):
    """The commit that set an element, and where the element stands there: path and place."""

    commit: Oid
    path: bytes
    place: K


@dataclass(frozen=True, slots=True)
class File:
    """One version of the file: where it stands, and its blob."""

    path: bytes
    oid: Oid


Kept = Callable[[File, File, Collection[K]], Mapping[K, K]]
"""Of the elements of the later file (second) those that the earlier one has, and where."""


def blame(
    replica: Replica, commit: Oid, path: bytes, elements: Collection[K], kept: Kept[K]
) -> dict[K, Blamed[K]]:
    """For each element of the file at `path` in `commit` the commit that set it."""
    store, graph = replica.store, replica.history.graph
    held: dict[Oid, dict[bytes, dict[K, list[K]]]] = {commit: {path: {e: [e] for e in elements}}}
    heap = [-graph.ensure(commit)]
    result: dict[K, Blamed[K]] = {}
    while heap:
        oid = graph.oid(-heappop(heap))
        for name, left in held.pop(oid, {}).items():
            for parent, earlier, passed in _passed(store, oid, name, left, kept):
                if parent not in held:
                    heappush(heap, -graph.ensure(parent))
                there = held.setdefault(parent, {}).setdefault(earlier, {})
                for place, before in passed.items():
                    there.setdefault(before, []).extend(left.pop(place))
            for place, wanted in left.items():
                result.update((element, Blamed(oid, name, place)) for element in wanted)
    return result


def _passed(
    store: ObjectReader, oid: Oid, name: bytes, left: Mapping[K, object], kept: Kept[K]
) -> list[tuple[Oid, bytes, Mapping[K, K]]]:
    """What the parents of a commit take of the elements: parent, path there, and their places."""
    commit = store.commit(oid)
    here = _file(store, commit.tree, name)
    assert here is not None
    for parent in commit.parents:
        if _file(store, store.commit(parent).tree, name) == here:
            return [(parent, name, {place: place for place in left})]
    taken: list[tuple[Oid, bytes, Mapping[K, K]]] = []
    rest = list(left)
    for parent in commit.parents:
        before = store.commit(parent)
        earlier = name_before(store, before, commit, name)
        there = None if earlier is None else _file(store, before.tree, earlier)
        if there is None or not rest:
            continue
        same = {place: place for place in rest}
        passed = same if there.oid == here.oid else kept(there, here, rest)
        taken.append((parent, there.path, passed))
        rest = [place for place in rest if place not in passed]
    return taken


def _file(store: ObjectReader, tree: Oid, path: bytes) -> File | None:
    entry = entry_at(store, tree, path)
    return None if entry is None or entry.mode is Mode.TREE else File(path, entry.oid)


def file_in(replica: Replica, commit: Oid, path: bytes) -> File:
    """The file at a path in a commit; PathUnknown when there is none."""
    found = _file(replica.store, replica.store.commit(commit).tree, path)
    if found is None:
        raise PathUnknown(
            f"{commit.short()} has no file {display(path)}",
            hint="name the revision that has it first: `pyvcs blame REVISION PATH`",
        )
    return found


def blame_lines(replica: Replica, commit: Oid, path: bytes) -> list[tuple[bytes, Blamed[int]]]:
    """Each line of a file with what set it; the place is the number of the line, from 1."""
    file = file_in(replica, commit, path)
    lines = split_lines(replica.store.blob(file.oid))

    def kept(earlier: File, later: File, _wanted: Collection[int]) -> dict[int, int]:
        old, new = (split_lines(replica.store.blob(each.oid)) for each in (earlier, later))
        runs = matching(old, new)
        places = {run.other + n + 1: run.base + n + 1 for run in runs for n in range(run.length)}
        return {place: places[place] for place in _wanted if place in places}

    found = blame(replica, commit, path, range(1, len(lines) + 1), kept)
    return [(line, found[number]) for number, line in enumerate(lines, 1)]


def blame_values(
    replica: Replica, commit: Oid, path: bytes, pointer: str
) -> list[tuple[str, Json, Blamed[str]]]:
    """The value at a pointer, and the scalars in it, each with what set it; the place is a pointer.

    A value is set by the commit that last made it something else. InvalidObject when the file is
    no JSON document, PathUnknown when nothing stands at the pointer.
    """
    from pyvcs.merge.json_document import read_document  # most people ask for lines
    from pyvcs.merge.json_origin import origins
    from pyvcs.merge.json_value import NotJson

    document = file_in(replica, commit, path)
    documents: dict[Oid, Json | NotJson] = {}

    def read(file: File) -> Json | NotJson:
        if file.oid not in documents:
            if len(documents) > 8:
                documents.clear()
            try:
                documents[file.oid] = read_document(file.path, replica.store.blob(file.oid))
            except NotJson as error:
                documents[file.oid] = error
        return documents[file.oid]

    value = read(document)
    if isinstance(value, NotJson):
        raise InvalidObject(
            f"{display(path)} in {commit.short()} is no JSON document: {value}",
            hint="`pyvcs blame PATH` goes by lines",
        )
    wanted = _places(value, path, pointer)

    def kept(earlier: File, later: File, places: Collection[str]) -> dict[str, str]:
        old, new = read(earlier), read(later)
        if isinstance(old, NotJson) or isinstance(new, NotJson):
            return {}
        return origins(old, new, places)

    found = blame(replica, commit, path, list(wanted), kept)
    return [(place, part, found[place]) for place, part in wanted.items()]


def _places(document: Json, path: bytes, pointer: str) -> dict[str, Json]:
    """The pointer, and those of the scalars below, with their values."""
    from pyvcs.merge.json_origin import leaves_below
    from pyvcs.merge.json_value import Missing
    from pyvcs.merge.pointer import look

    try:
        value = look(document, pointer)
    except ValueError as error:
        raise Usage(str(error)) from None
    if isinstance(value, Missing):
        raise PathUnknown(f"{display(path)} has nothing at {pointer}")
    places = {pointer: value}
    for place in leaves_below(value, pointer):
        part = look(document, place)
        assert not isinstance(part, Missing)
        places[place] = part
    return places
