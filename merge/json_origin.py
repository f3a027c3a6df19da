"""Where values of a JSON document stood in an earlier version, if they are the same there.

Idea.        Walk a pointer down both versions. A key that was not there before is looked for among
             those that went with the same value; an item of a list goes with its partner, found as
             differences find it. The value at the end must be the same.
Invariant.   Two pointers of the later version never come from one place, but for the list or object
             around it.
Cost.        The matching of each pair of lists and objects on the way, once for all pointers.
Source.      The matching is that of `json_diff`.
Not handled. A key that was renamed and its value edited; moves from one container into another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyvcs.merge.json_compare import Keys, same
from pyvcs.merge.json_diff import matching_items
from pyvcs.merge.json_value import Json
from pyvcs.merge.pointer import token, tokens


def origins(before: Json, after: Json, pointers: Collection[str]) -> dict[str, str]:
    """The places in `before` of those values at pointers of `after` that are the same there.

    >>> origins({"a": 1, "l": [1, 2]}, {"b": 1, "l": [0, 1, 3]}, ["/b", "/l/1", "/l/2"])
    {'/b': '/a', '/l/1': '/l/0'}
    """
    walk = _Walk()
    found = ((pointer, walk.origin(before, after, pointer)) for pointer in pointers)
    return {pointer: place for pointer, place in found if place is not None}


class _Walk:
    """Remembers how the containers of two versions belong together."""

    def __init__(self) -> None:
        self._steps: dict[tuple[int, int], dict[str, str]] = {}  # values live as long as the walk

    def origin(self, before: Json, after: Json, pointer: str) -> str | None:
        at = ""
        for step in tokens(pointer):
            old = self._step(before, after, step)
            if old is None:
                return None
            before, after = _member(before, old), _member(after, step)
            at += f"/{token(old)}"
        return at if same(before, after) else None

    def _step(self, before: Json, after: Json, step: str) -> str | None:
        """The key or index in `before` of what stands at one in `after`."""
        if isinstance(before, dict) and isinstance(after, dict) and step in before:
            return step
        steps = self._steps.get((id(before), id(after)))
        if steps is None:
            steps = self._steps[id(before), id(after)] = dict(_partners(before, after))
        return steps.get(step)


def _partners(before: Json, after: Json) -> Iterator[tuple[str, str]]:
    """Items, or keys that came and went, that belong together: later and earlier name."""
    if isinstance(before, list) and isinstance(after, list):
        yield from ((str(new), str(old)) for new, old in matching_items(before, after).items())
    elif isinstance(before, dict) and isinstance(after, dict):
        keys = Keys()
        went = [(keys.of(before[key]), key) for key in sorted(before.keys() - after.keys())]
        for key in after:
            if key in before:
                continue
            wanted = keys.of(after[key])
            for n, (value, old) in enumerate(went):
                if value == wanted:
                    yield key, old
                    del went[n]
                    break


def _member(container: Json, step: str) -> Json:
    if isinstance(container, list):
        return container[int(step)]
    assert isinstance(container, dict)
    return container[step]


def leaves_below(value: Json, pointer: str) -> Iterator[str]:
    """The pointers of all scalars and empty containers in a value that stands at a pointer.

    >>> list(leaves_below({"a": [1, {}], "b/c": None}, "/x"))
    ['/x/a/0', '/x/a/1', '/x/b~1c']
    """
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from leaves_below(member, f"{pointer}/{token(key)}")
    elif isinstance(value, list) and value:
        for n, item in enumerate(value):
            yield from leaves_below(item, f"{pointer}/{n}")
    else:
        yield pointer
