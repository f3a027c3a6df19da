"""Keys that a merge by lines gave an object twice: no reader of the document would see the first.

Idea.        A document in which a key already stands twice in one object merges by lines, for its
             value cannot be told. Lines do not see that both sides added one key at two places.
             So the repetitions are counted in all four texts, by key: a side adds or takes away so
             many, and a merge that has more than both sides make together has made one itself.
Invariant.   What the sides did to repetitions, each alone, is never taken for the merge's fault.
Cost.        One reading of each text.
Result.      The keys, sorted; none when one of the texts is no JSON for another reason.
Source.      Own. `git merge-file` doubles keys in silence.
Not handled. A key that is doubled in one object while both sides doubled it in another one alike.
"""

from __future__ import annotations

import json
from collections import Counter

from pyvcs.merge.json_comments import without_comments
from pyvcs.merge.json_value import MAX_BYTES, NotJson


def newly_repeated(*, base: bytes, ours: bytes, theirs: bytes, result: bytes) -> list[str]:
    """The keys that stand in an object of the result more often than the sides made them."""
    try:
        old, one, other, new = map(_repetitions, (base, ours, theirs, result))
    except NotJson:
        return []
    return sorted(
        key
        for key, count in new.items()
        if count > max(one[key] + other[key] - old[key], min(one[key], other[key]))
    )


def _repetitions(content: bytes) -> Counter[str]:
    """How many members repeat the key of an earlier one of their object, by key."""
    found: Counter[str] = Counter()

    def count(pairs: list[tuple[str, object]]) -> None:
        keys = Counter(key for key, _ in pairs)
        found.update({key: times - 1 for key, times in keys.items() if times > 1})

    if len(content) > MAX_BYTES:
        raise NotJson(f"the document has {len(content):,} bytes, more than {MAX_BYTES:,}")
    try:
        json.loads(without_comments(content), object_pairs_hook=count)
    except RecursionError:
        raise NotJson("nested too deep to be read") from None
    except ValueError as error:
        raise NotJson(f"not JSON: {error}") from None
    return found
