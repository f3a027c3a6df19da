"""Items of a list that have no identity, recognized by what somebody wrote in them.

Idea.        A cell of a notebook is the text in it: what it printed, and how often it ran, says
             nothing of which cell it is. Items of equal text are matched as lines are; so are
             texts that stand once on either side, wherever they moved. Of the rest, items are
             matched whose words are clearly alike: between two matches, and then anywhere.
Invariant.   No item belongs to two others.
Cost.        That of a diff of the texts, and at most MOST_PAIRS comparisons between two matches.
Result.      A name for every item of base, ours and theirs: equal where they are one item. Two
             items that both sides added are one when they have the same text.
Source.      Own. That cells are compared by their source alone: nbdime.
Not handled. Cells that were split or joined: one of the parts is the old cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from pyvcs.merge.matching import interned, matched_runs
from pyvcs.merge.similar import mutual_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json

_WORD = re.compile(r"\w+|[^\w\s]")


def recognized(
    base: Sequence[Json], ours: Sequence[Json], theirs: Sequence[Json], fields: Sequence[str]
) -> tuple[list[Hashable], list[Hashable], list[Hashable]] | None:
    """Names of the items by the text in the first of the fields that each has.

    None when an item has no such text: a string, or a list of strings.
    """
    texts = [[_text(item, fields) for item in side] for side in (base, ours, theirs)]
    if any(text is None for side in texts for text in side):
        return None
    old, one, other = ([text or "" for text in side] for side in texts)
    return [("base", n) for n in range(len(old))], _named(old, one), _named(old, other)


def _text(item: Json, fields: Sequence[str]) -> str | None:
    if not isinstance(item, dict):
        return None
    value = next((item[field] for field in fields if field in item), None)
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(map(str, value))
    return value if isinstance(value, str) else None


def _named(base: Sequence[str], side: Sequence[str]) -> list[Hashable]:
    """The name of each item of a side: that of its counterpart in base, else of its text."""
    matches = _matches(base, side)
    names: list[Hashable] = []
    seen: Counter[str] = Counter()
    for n, text in enumerate(side):
        if n in matches:
            names.append(("base", matches[n]))
        else:
            names.append(("new", text, seen[text]))
            seen[text] += 1
    return names


def _matches(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Indices into base by indices into side."""
    runs = matched_runs(*interned(base, side))
    found = {m + k: n + k for n, m, length in runs for k in range(length)}
    found |= _moved(base, side, found)
    everywhere = range(len(base)), range(len(side))
    taken = set(found.values())
    for old, new in (*_gaps(runs, len(base), len(side)), everywhere):
        rest = [n for n in old if n not in taken]
        left = [m for m in new if m not in found]
        if not rest or not left:
            continue
        words, other_words = ([_words(base[n]) for n in rest], [_words(side[m]) for m in left])
        pairs = mutual_matches(words, other_words) or {}
        found.update((left[m], rest[n]) for m, n in pairs.items())
        taken.update(rest[n] for n in pairs.values())
    return found


def _moved(base: Sequence[str], side: Sequence[str], found: dict[int, int]) -> dict[int, int]:
    """The unmatched items whose text stands once in base and once in side."""
    taken = set(found.values())
    once = [Counter(texts) for texts in (base, side)]
    places = {text: n for n, text in enumerate(base) if n not in taken}
    return {
        m: places[text]
        for m, text in enumerate(side)
        if m not in found and text in places and once[0][text] == once[1][text] == 1
    }


def _gaps(
    runs: Sequence[tuple[int, int, int]], old: int, new: int
) -> Iterator[tuple[range, range]]:
    """The stretches of both between the runs."""
    n = m = 0
    for start, other, length in (*runs, (old, new, 0)):
        yield range(n, start), range(m, other)
        n, m = start + length, other + length


def _words(text: str) -> frozenset[Hashable]:
    """The words and signs of a text, each with how many of the like stand before it."""
    seen: Counter[str] = Counter()
    words: list[Hashable] = []
    for word in _WORD.findall(text):
        words.append((word, seen[word]))
        seen[word] += 1
    return frozenset(words)
