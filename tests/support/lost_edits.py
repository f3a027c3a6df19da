"""Which edits of either side a merge lost. Written apart from the merge, and simpler.

A JSON document is taken as the bag of its leaves: every scalar or empty container, with the keys
that lead to it (places in lists do not count, for items may move; their `id`, `key` or `name`
does). A side's edit adds leaves and takes leaves away; the result must have each leaf as often as
base, with what both sides did to it. Where both did the same it counts once, or twice. Excused is
what a conflict tells of at its very place, and what stands under another key because a side gave
it that key.

A text is the bag of its lines. The order is looked at as well, of the items of each list and of
lines: of those that stand once in each version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol

from pyvcs.merge.json_value import Json, Missing, Place

Path = tuple[str, ...]
Leaf = tuple[Path, Any]


class ThreeSides(Protocol):
    """A conflict, or what a rule settled: what it holds counts as told."""

    @property
    def pointer(self) -> str: ...
    @property
    def base(self) -> Place: ...
    @property
    def ours(self) -> Place: ...
    @property
    def theirs(self) -> Place: ...


def _key(value: Json) -> Any:
    """A leaf, so that true is not 1, and hashable."""
    return (type(value).__name__, repr(value)) if isinstance(value, (bool, dict, list)) else value


def leaves(value: Json, path: Path = ()) -> Iterator[Leaf]:
    """All leaves of a value."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(item, (*path, _step(item)))
    else:
        yield path, _key(value)


def _step(item: Json) -> str:
    """What stands in paths for an item of a list: what tells it from others, or a star."""
    if isinstance(item, dict):
        for field in ("id", "key", "name"):
            if field in item:
                return f"{field} {item[field]!r}"
    return "*"


def _unclear(value: Json) -> Iterator[str]:
    """The steps that stand for two items of one list."""
    if isinstance(value, list):
        times = Counter(map(_step, value))
        yield from (step for step, n in times.items() if n > 1 and step != "*")
    if isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _unclear(item)


def lost_edits(
    *, base: Json, ours: Json, theirs: Json, result: Json, conflicts: Iterable[ThreeSides]
) -> list[str]:
    """A sentence for every edit that is neither in the result nor in a conflict."""
    conflicts = list(conflicts)
    bags = [Counter(leaves(version)) for version in (base, ours, theirs, result)]
    old, one, other, found = bags
    judge = _Judge(*bags)
    told = {leaf for conflict in conflicts for leaf in _told(conflict, result)}
    unclear = {step for side in (base, ours, theirs, result) for step in _unclear(side)}
    lost: list[str] = []
    for leaf in {*old, *one, *other, *found} - told:
        ours_did, theirs_did = one[leaf] - old[leaf], other[leaf] - old[leaf]
        did = found[leaf] - old[leaf]
        least, most = ours_did + theirs_did, ours_did + theirs_did
        if ours_did * theirs_did > 0:  # both did the same, once or each for itself
            least = least if ours_did < 0 else max(ours_did, theirs_did)
            most = most if ours_did > 0 else min(ours_did, theirs_did)
        if any(bag[leaf] > 1 for bag in bags) or unclear & {*leaf[0]}:
            # A bag does not tell which of the like was meant.
            most = found[leaf]
            least = least if ours_did * theirs_did >= 0 else 1 - old[leaf]
        if did < least and not judge.may_be_gone(leaf):
            what = "added" if least > 0 else "kept"
            lost.append(f"{_who(ours_did >= theirs_did, what)} {leaf}, and it is gone")
        if did > most and not judge.may_be_new(leaf):
            what = "took away" if most < 0 else "did not add"
            back = "and it is back" if most < 0 else "and it is there"
            lost.append(f"{_who(ours_did <= theirs_did, what)} {leaf}, {back}")
    names = {_name(item) for conflict in conflicts for item in _items(conflict)}
    for versions in _lists(base, ours, theirs, result):
        lost.extend(_moves(versions, names))
    return lost


def _who(is_ours: bool, what: str) -> str:
    return f"{'ours' if is_ours else 'theirs'} {what}"


class _Judge:
    """What excuses a leaf: that a side renamed the key it stands under, or a container is empty."""

    def __init__(self, *bags: Counter[Leaf]) -> None:
        self.bags = bags
        self.places = [{path[: n + 1] for path, _ in bag for n in range(len(path))} for bag in bags]
        self.by_value: list[dict[Any, list[Path]]] = []
        for bag in bags:
            paths: dict[Any, list[Path]] = {}
            for path, value in bag:
                paths.setdefault(value, []).append(path)
            self.by_value.append(paths)

    def may_be_gone(self, leaf: Leaf) -> bool:
        """Whether a leaf that lacks is under its new key, or is the old value under one."""
        path, value = leaf
        if _is_empty(value) and self._is_full(path, 0, 3):
            return True
        if any(self._renamed(path, there) for there in self.by_value[3].get(value, ())):
            return True
        return any(
            side[path, value] and self._renamed(there, path) and not other[there, value]
            for there in self.by_value[0].get(value, ())
            for side, other in ((self.bags[1], self.bags[2]), (self.bags[2], self.bags[1]))
        )

    def may_be_new(self, leaf: Leaf) -> bool:
        """Whether a leaf of nobody's is one of a side's under the other one's key for it."""
        path, value = leaf
        if _is_empty(value) and self._is_full(path, 0):
            return True
        return any(
            self._renamed(there, path)
            for side in (0, 1, 2)
            for there in self.by_value[side].get(value, ())
        )

    def _is_full(self, path: Path, *versions: int) -> bool:
        return any(each[: len(path)] == path for n in versions for each in self.places[n] - {path})

    def _renamed(self, path: Path, there: Path) -> bool:
        """Whether a side gave a key of base another name, by which the paths differ."""
        step = _one_step_apart(path, there)
        if step is None:
            return False
        before, after = path[: step + 1], there[: step + 1]
        return any(
            before in self.places[0]
            and after not in self.places[0]
            and before not in side
            and after in side
            for side in self.places[1:3]
        )


def _is_empty(value: Any) -> bool:
    return value in (_key([]), _key({}))


def _one_step_apart(path: Path, there: Path) -> int | None:
    """The only step in which two paths of one length differ."""
    if len(path) != len(there):
        return None
    steps = [n for n, (a, b) in enumerate(zip(path, there, strict=True)) if a != b]
    return steps[0] if len(steps) == 1 else None


def _told(conflict: ThreeSides, result: Json) -> Iterator[Leaf]:
    """The leaves of all sides of a conflict, at its place, and what the result has there."""
    path: Path = ()
    steps: Sequence[str] = ()
    here: Any = result
    for token in conflict.pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        steps = ()
        if isinstance(here, list) and key.isdecimal() and int(key) < len(here):
            here = here[int(key)]
            steps = "*", _step(here)
            path = *path, steps[-1]
        else:
            here = here.get(key) if isinstance(here, dict) else None
            path = *path, key
    for value in (here, *_sides(conflict)):
        yield from leaves(value, path)
        for step in {*steps, _step(value)} if steps else ():
            yield from leaves(value, (*path[:-1], step))


def _sides(conflict: ThreeSides) -> list[Json]:
    sides = (conflict.base, conflict.ours, conflict.theirs)
    return [side for side in sides if not isinstance(side, Missing)]


def _items(conflict: ThreeSides) -> Iterator[Json]:
    for value in _sides(conflict):
        yield value
        if isinstance(value, list):
            yield from value


def _lists(*versions: Json) -> Iterator[tuple[list[Any], ...]]:
    """The lists that stand at one place in all four versions."""
    if all(isinstance(value, list) for value in versions):
        yield tuple(list(map(_name, value)) for value in versions if isinstance(value, list))
        by_name = [
            {_name(item): item for item in value if _is_record(item)}
            for value in versions
            if isinstance(value, list)
        ]
        for name in by_name[0]:
            if all(name in items for items in by_name):
                yield from _lists(*(items[name] for items in by_name))
    elif all(isinstance(value, dict) for value in versions):
        objects = [value for value in versions if isinstance(value, dict)]
        for key in objects[0]:
            if all(key in value for value in objects):
                yield from _lists(*(value[key] for value in objects))


def _is_record(item: Json) -> bool:
    return isinstance(item, dict) and "id" in item


def _name(item: Json) -> Any:
    return ("id", _key(item["id"])) if isinstance(item, dict) and "id" in item else _key(item)


def lost_moves(
    *, base: list[Json], ours: list[Json], theirs: list[Json], result: list[Json]
) -> list[str]:
    """A sentence for every two neighbours whose order is neither side's doing.

    Items are told apart by their value, or by their `id`.
    """
    return _moves([list(map(_name, side)) for side in (base, ours, theirs, result)], set())


def _moves(versions: Sequence[Sequence[Any]], told: set[Any]) -> list[str]:
    """The same for hashables of base, ours, theirs and result; those in `told` do not count."""
    counts = list(map(Counter, versions))
    once = {item for item in counts[0] if all(count[item] == 1 for count in counts)} - told
    kept = [[item for item in version if item in once] for version in versions]
    old, our, their, new = ({item: n for n, item in enumerate(side)} for side in kept)
    lost = [
        f"nobody moved {first!r} and {second!r}, and they changed places"
        for first, second in pairwise(kept[3])
        if old[first] > old[second] and our[first] > our[second] and their[first] > their[second]
    ]
    for name, side, other in (("ours", kept[1], kept[2]), ("theirs", kept[2], kept[1])):
        if other == kept[0]:  # else the other side's moves may have undone these
            lost.extend(
                f"{name} moved {first!r} before {second!r}, and it is behind"
                for first, second in pairwise(side)
                if new[first] > new[second]
            )
    return lost


def lost_lines(
    *,
    base: Sequence[bytes],
    ours: Sequence[bytes],
    theirs: Sequence[bytes],
    result: Sequence[bytes],
    conflicts: Iterable[Sequence[bytes]],
) -> list[str]:
    """The same for the lines of a text; `conflicts` are all sides of all conflicts.

    The lines of a conflict are judged as told; the result is the text without its markers.
    """
    told = {line for side in conflicts for line in side}
    versions = {"base": base, "ours": ours, "theirs": theirs, "result": result}
    bags = {name: Counter(lines) for name, lines in versions.items()}
    old, found = bags["base"], bags["result"]
    clear = {line for bag in bags.values() for line in bag} - told
    clear -= {line for bag in bags.values() for line, times in bag.items() if times > 1}
    lost: list[str] = []
    for name, other in (("ours", "theirs"), ("theirs", "ours")):
        added, gone = bags[name] - old, old - bags[name]
        lost.extend(
            f"{name} added {line!r}, and it is gone"
            for line in clear & added.keys()
            if line not in found
        )
        lost.extend(
            f"{name} took away {line!r}, and it is back"
            for line in clear & gone.keys()
            if line in found and not _stands_elsewhere(line, base, versions[other])
        )
    return lost + _moves(tuple(versions.values()), told)


def _stands_elsewhere(line: bytes, base: Sequence[bytes], side: Sequence[bytes]) -> bool:
    """Whether a side moved a line: to diff3 that is a deletion, and an insertion of its own."""
    return line in side and _neighbours(line, base).isdisjoint(_neighbours(line, side))


def _neighbours(line: bytes, lines: Sequence[bytes]) -> set[tuple[int, bytes | None]]:
    n = lines.index(line)
    return {
        (-1, lines[n - 1] if n else None),
        (1, lines[n + 1] if n + 1 < len(lines) else None),
    }
