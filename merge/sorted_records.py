"""Records that a list keeps sorted by one of their members: where new ones of both sides go.

Idea.        Which of two additions at one place of a list comes first nobody can tell, unless the
             list is sorted: then each has its place. A list of texts shows that by itself
             (`insertions.sorted_by`); of records a member shows it, a name or a code::

                 base    Ada 1   Eve 2   Ida 3 ...
                 ours    Ada 1   Bob 7   Eve 2 ...
                 theirs  Ada 1   Cy 5    Eve 2 ...         -> Ada 1, Bob 7, Cy 5, Eve 2 ...

             Each language, and each tool, sorts a little differently, so nine neighbours in ten are
             enough for the list. The new ones themselves must fit: each side's are sorted, and they
             all belong between the two records that they were put between.
Invariant.   Every record stays between those that its side put it between.
Cost.        Linear in the members of the records. It is asked where both sides added.
Result.      The new records of both sides, in order, or None.
Source.      Own; docs/decisions/0020 has the figures.
Not handled. Members that hold numbers: a counter grows by itself, in lists that nobody sorts.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Collection, Sequence

from pyvcs.merge.order import Order
from pyvcs.objects.typed import TypeVar
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.json_value import Json

    RecordKey: TypeAlias = Callable[[Json], str]

T = TypeVar("T")

FEWEST_RECORDS = 5
"""Records that each version must hold before their order is taken for more than chance."""

IN_ORDER = 0.9
"""The share of neighbours that must be in order."""


def record_order(*versions: Sequence[Json]) -> RecordKey | None:
    """How the records of all versions are sorted: by the first member that says so.

    >>> old = [{"to": "me", "name": name} for name in ("Ada", "Eve", "Ida", "Joe", "Zoe")]
    >>> key = record_order(old, old, old)
    >>> key and key({"name": "Bob"})
    'bob'
    """
    if min(map(len, versions)) < FEWEST_RECORDS or not isinstance(versions[0][0], dict):
        return None
    return next(
        (
            _by_member(member)
            for member in versions[0][0]
            if all(_is_sorted(version, member) for version in versions)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a list that merges by itself, or all of it.

    `record_key` tells how the records of the whole list are sorted, and is asked only where both
    sides added; `before` and `behind` are the neighbours of the stretch, if it has any.
    """

    record_key: Callable[[], RecordKey | None]
    before: Sequence[Json] = ()
    behind: Sequence[Json] = ()


def placed(stretch: Stretch, *, ours: Sequence[Json], theirs: Sequence[Json]) -> list[Json] | None:
    """New records of both sides in order; None unless they fit between the neighbours.

    >>> ann, bob, cy, dan = ({"name": name} for name in ("Ann", "Bob", "Cy", "Dan"))
    >>> stretch = Stretch(lambda: lambda item: item["name"], before=[ann], behind=[dan])
    >>> [each["name"] for each in placed(stretch, ours=[cy], theirs=[bob])]
    ['Bob', 'Cy']
    >>> placed(stretch, ours=[cy], theirs=[{"name": "Zoe"}]) is None
    True
    """
    key = stretch.record_key()
    if key is None:
        return None
    around = [*map(key, stretch.before[-1:])], [*map(key, stretch.behind[:1])]
    return _fitting(key, around, ours=ours, theirs=theirs)


def in_sorted_gaps(
    order: Order[T], stretch: Stretch, *, item_of: Callable[[T], Json], old: Collection[T]
) -> Order[T]:
    """An order with the new items of both sides where they belong, and the clashes that are left.

    Items that are `old` were moved: of those nobody can tell. `item_of` tells the record of each.
    """
    record_key = stretch.record_key()
    if record_key is None:
        return order
    items, left = list(order.items), []
    places = dict(zip(items, itertools.count(), strict=False))

    def key(item: T) -> str:
        return record_key(item_of(item))

    def key_at(n: int) -> list[str]:
        if 0 <= n < len(items):
            return [key(items[n])]
        return list(map(record_key, stretch.before[-1:] if n < 0 else stretch.behind[:1]))

    for clash in order.clashes:
        run = {*clash.ours, *clash.theirs}
        first = min(map(places.__getitem__, run))
        last = first + len(run)
        new = None
        if run == {*items[first:last]} and not any(map(old.__contains__, run)):
            around = key_at(first - 1), key_at(last)
            new = _fitting(key, around, ours=clash.ours, theirs=clash.theirs)
        if new is None:
            left.append(clash)
        else:
            items[first:last] = new
    return Order(tuple(items), tuple(left))


def _fitting(
    key: Callable[[T], str],
    around: tuple[list[str], list[str]],
    *,
    ours: Sequence[T],
    theirs: Sequence[T],
) -> list[T] | None:
    """New items of both sides in order; None unless they fit between the keys around them."""
    new = sorted([*ours, *theirs], key=key)
    before, behind = around
    runs = map(key, ours), map(key, theirs), (*before, *map(key, new), *behind)
    fit = all(one < other for run in runs for one, other in itertools.pairwise(run))
    return new if fit else None


def _is_sorted(version: Sequence[Json], member: str) -> bool:
    """Whether a member is a text in all records, and nearly all neighbours are in its order."""
    texts = [item.get(member) if isinstance(item, dict) else None for item in version]
    names = [_sort_key(text) for text in texts if isinstance(text, str)]
    rising = sum(one < other for one, other in itertools.pairwise(names))
    return len(names) == len(texts) and rising >= IN_ORDER * (len(names) - 1)


def _by_member(member: str) -> RecordKey:
    def key_of(item: Json) -> str:
        text = item.get(member) if isinstance(item, dict) else None
        return _sort_key(text) if isinstance(text, str) else ""

    return key_of


def _sort_key(text: str) -> str:
    """A text without case and accents, which most orders of a language look at last."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()
