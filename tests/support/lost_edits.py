"""Which edits of either side a merge lost. Written apart from the merge, and simpler.

A JSON document is taken as the bag of its leaves: every scalar or empty container, with the keys
that lead to it (places in lists do not count, for items may move; their `id` does, where they have
one). A side's edit adds leaves and takes leaves away. Every leaf that a side added must be in the
result, or in a conflict; none that a side took away may be left in the result, unless a conflict
holds it. Of what was taken away only values are judged that no version holds twice: a bag does not
tell which of two was meant. A leaf may stand under another key where a side renamed that key.

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
            step = f"id {item['id']!r}" if isinstance(item, dict) and "id" in item else "*"
            yield from leaves(item, (*path, step))
    else:
        yield path, _key(value)


def lost_edits(
    *, base: Json, ours: Json, theirs: Json, result: Json, conflicts: Iterable[ThreeSides]
) -> list[str]:
    """A sentence for every edit that is neither in the result nor in a conflict."""
    conflicts = list(conflicts)
    old, found = Counter(leaves(base)), Counter(leaves(result))
    ours_new, theirs_new = Counter(leaves(ours)), Counter(leaves(theirs))
    disputed = {leaf for conflict in conflicts for leaf in _scalars(conflict)}
    known = {path[:n] for path, _ in (*old, *found) for n in range(len(path))}
    unclear = {
        value
        for leaf_bag in (old, ours_new, theirs_new)
        for value, times in Counter(value for _, value in leaf_bag.elements()).items()
        if times > 1
    }
    lost: list[str] = []
    for name, side, other in (("ours", ours_new, theirs_new), ("theirs", theirs_new, ours_new)):
        for leaf in side - old:
            if found[leaf] or leaf[1] in disputed or _is_emptied(leaf, known):
                continue
            if not _follows_a_rename(leaf, old, other, found):
                lost.append(f"{name} added {leaf}, and it is gone")
        lost.extend(
            f"{name} took away {leaf}, and it is back"
            for leaf in old - side
            if found[leaf] and leaf[1] not in disputed | unclear
        )
    told = {_name(item) for conflict in conflicts for item in _items(conflict)}
    for versions in _lists(base, ours, theirs, result):
        lost.extend(_moves(versions, told))
    return lost


def _is_emptied(leaf: Leaf, known: set[Path]) -> bool:
    """Whether a leaf is an empty container where base or the result has a full one."""
    return leaf[0] in known and leaf[1] in (_key([]), _key({}))


def _follows_a_rename(
    leaf: Leaf, old: Counter[Leaf], other: Counter[Leaf], found: Counter[Leaf]
) -> bool:
    """Whether a leaf that a side added is under the key that the other side gave it, or is the
    old value, under the key that this side gave it, of what the other side changed."""
    path, value = leaf
    renamed = any(_is_renamed(path, there, found) for there, same in found if same == value)
    return renamed or any(
        _one_step_apart(path, there) is not None and (there, same) not in other
        for there, same in old
        if same == value
    )


def _is_renamed(path: Path, there: Path, found: Counter[Leaf]) -> bool:
    """Whether the result has one step of a path under another name, and not under this one."""
    step = _one_step_apart(path, there)
    return step is not None and not any(each[: step + 1] == path[: step + 1] for each, _ in found)


def _one_step_apart(path: Path, there: Path) -> int | None:
    """The only step in which two paths of one length differ."""
    if len(path) != len(there):
        return None
    steps = [n for n, (a, b) in enumerate(zip(path, there, strict=True)) if a != b]
    return steps[0] if len(steps) == 1 else None


def _sides(conflict: ThreeSides) -> list[Json]:
    sides = (conflict.base, conflict.ours, conflict.theirs)
    return [side for side in sides if not isinstance(side, Missing)]


def _scalars(conflict: ThreeSides) -> Iterator[Any]:
    for value in _sides(conflict):
        yield from (scalar for _, scalar in leaves(value))


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
