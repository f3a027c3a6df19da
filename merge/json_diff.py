"""The difference of two JSON values as a patch of RFC 6902.

Idea.        Walk both values together. Objects differ key by key; a key that went and one that
             came with the same value are a move. Items of a list belong together by identity, else
             by equality (wherever they stand), then by similarity, then by place. A list is then
             changed in four steps: take away, move, put in, and last go into what stayed.
Invariant.   The operations done so far make the upper part of `after`, and each pointer is true for
             the document at its moment.
Cost.        O(n log n); a list of which more than MOST_MOVES items moved is taken apart instead.
Result.      Operations that turn `before` into a value that is the same as `after`. Order of keys
             and spelling of numbers do not count, as in RFC 6902.
Source.      RFC 6902; the matching is that of the merge.
Not handled. Moves from one container into another: a removal and an addition.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Sequence

from pyvcs.merge.json_check import check_json
from pyvcs.merge.json_compare import Keys, same
from pyvcs.merge.json_patch import Operation
from pyvcs.merge.json_value import Json
from pyvcs.merge.lists import identity_field
from pyvcs.merge.matching import interned, longest_increasing, matched_runs
from pyvcs.merge.pointer import token
from pyvcs.merge.similar import are_alike, best_matches, identities

MOST_MOVES = 10_000
"""How many items of one list move; keeps the time of hostile lists bounded."""


def diff_json(before: object, after: object) -> tuple[Operation, ...]:
    """The operations that make `after` out of `before`; ValueError for what is no JSON value.

    >>> for operation in diff_json({"a": 1, "l": ["x", "y"]}, {"b": 1, "l": ["y", "x", "z"]}):
    ...     print(operation.as_json())
    {'op': 'move', 'from': '/a', 'path': '/b'}
    {'op': 'move', 'from': '/l/1', 'path': '/l/0'}
    {'op': 'add', 'path': '/l/2', 'value': 'z'}
    """
    differ = _Differ()
    differ.place("", check_json(before), check_json(after))
    return tuple(differ.operations)


def matching_items(before: list[Json], after: list[Json]) -> dict[int, int]:
    """Indices into `before` by indices into `after`, of items that belong together."""
    return _Differ().matches(before, after)


class _Differ:
    """A walk through two values; gathers the operations."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.keys = Keys()

    def place(self, at: str, before: Json, after: Json) -> None:
        """Adds what makes `after` out of the value that stands at a pointer."""
        if same(before, after):
            return
        done = len(self.operations)
        if isinstance(before, dict) and isinstance(after, dict):
            fits = self._objects(at, before, after)
        elif isinstance(before, list) and isinstance(after, list):
            fits = self._lists(at, before, after)
        else:
            fits = False
        if not fits:
            del self.operations[done:]
            self.operations.append(Operation("replace", at, after))

    def _objects(self, at: str, before: dict[str, Json], after: dict[str, Json]) -> bool:
        """Whether the two have anything in common; adds what tells them apart."""
        went: dict[Hashable, list[str]] = defaultdict(list)
        for key in before.keys() - after.keys():
            went[self.keys.of(before[key])].append(key)
        came = [key for key in after if key not in before]
        for keys in went.values():
            keys.sort(reverse=True)
        sources = {key: old.pop() for key in came if (old := went.get(self.keys.of(after[key])))}
        gone = sorted(key for keys in went.values() for key in keys)
        self.operations.extend(Operation("remove", f"{at}/{token(key)}") for key in gone)
        for key in came:
            path = f"{at}/{token(key)}"
            if key in sources:
                self.operations.append(
                    Operation("move", path, source=f"{at}/{token(sources[key])}")
                )
            else:
                self.operations.append(Operation("add", path, after[key]))
        for key, value in after.items():
            if key in before:
                self.place(f"{at}/{token(key)}", before[key], value)
        return len(came) - len(sources) < len(after) or not after or not before

    def _lists(self, at: str, before: list[Json], after: list[Json]) -> bool:
        """The same for lists."""
        old_of = self.matches(before, after)
        kept = set(old_of.values())
        self.operations.extend(
            Operation("remove", f"{at}/{n}") for n in reversed(range(len(before))) if n not in kept
        )
        self.operations.extend(
            Operation("move", f"{at}/{target}", source=f"{at}/{source}")
            for source, target in _moves([old_of[n] for n in sorted(old_of)])
        )
        self.operations.extend(
            Operation("add", f"{at}/{n}", item) for n, item in enumerate(after) if n not in old_of
        )
        for n, old in sorted(old_of.items()):
            self.place(f"{at}/{n}", before[old], after[n])
        return bool(old_of) or not after or not before

    def matches(self, before: list[Json], after: list[Json]) -> dict[int, int]:
        """Indices into before by indices into after, of items that belong together."""
        field = identity_field(before, after)
        if field is not None:
            place = {name: n for n, name in enumerate(identities(before, field))}
            names = enumerate(identities(after, field))
            return _without_most_moves({n: place[name] for n, name in names if name in place})
        old, new = interned(*(list(map(self.keys.of, side)) for side in (before, after)))
        runs = matched_runs(old, new)
        matches = {j + n: i + n for i, j, length in runs for n in range(length)}
        left = sorted(_by_equality(old, new, matches))
        came = [n for n in range(len(after)) if n not in matches]
        alike = best_matches([before[n] for n in left], [after[n] for n in came], self.keys)
        matches |= {came[n]: left[m] for n, m in (alike or {}).items()}
        rest = set(left).difference(matches.values())
        i = j = 0
        for start, other, length in (*runs, (len(before), len(after), 0)):
            gone = [m for m in range(i, start) if m in rest]
            come = [n for n in range(j, other) if n not in matches]
            for n, m in zip(come, gone, strict=False):  # in the same gap: by place
                if are_alike(before[m], after[n], self.keys):
                    matches[n] = m
            i, j = start + length, other + length
        return _without_most_moves(matches)


def _by_equality(old: list[int], new: list[int], matches: dict[int, int]) -> set[int]:
    """Matches what is equal and stands elsewhere; gives the items of old that are left."""
    left = set(range(len(old))).difference(matches.values())
    places: dict[int, list[int]] = defaultdict(list)
    for n in sorted(left, reverse=True):
        places[old[n]].append(n)
    for n, item in enumerate(new):
        if n not in matches and places.get(item):
            matches[n] = places[item].pop()
            left.remove(matches[n])
    return left


def _without_most_moves(matches: dict[int, int]) -> dict[int, int]:
    """The matches, without items that moved when those are too many."""
    indices = sorted(matches)
    stayed = longest_increasing([matches[n] for n in indices])
    if len(indices) - len(stayed) <= MOST_MOVES:
        return matches
    return {indices[n]: matches[indices[n]] for n in stayed}


def _moves(wanted: Sequence[int]) -> list[tuple[int, int]]:
    """Single moves (from, to) that bring items, known by any distinct numbers, from rising order
    into the wanted one.

    The items of a longest rising run stay. The others move in the order wanted: each behind the
    one that goes before it. What waits to be moved stands behind the last that is in its place.

    >>> _moves([3, 1, 2]), _moves([1, 2, 3])
    ([(2, 0)], [])
    """
    stays = longest_increasing(wanted)
    waiting = sorted(set(wanted).difference(wanted[n] for n in stays))
    spine = [wanted[n] for n in stays]
    moves: list[tuple[int, int]] = []
    on_spine = set(spine)
    passed = 0
    for target, item in enumerate(wanted):
        if item in on_spine:
            passed += 1
            continue
        before = bisect_left(waiting, item)
        del waiting[before]
        anchor = bisect_left(waiting, spine[passed - 1]) if passed else 0
        below = bisect_left(spine, item)
        # What is in place stands in front of it as far as the spine there reaches.
        in_front = target + below - passed if below >= passed else stays[below]
        moves.append((before + in_front, target + anchor))
    return moves
