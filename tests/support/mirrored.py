"""A JSON merge that is looked at from both sides."""

from __future__ import annotations

from typing import Any

from pyvcs.merge.json_tree import JsonConflict, MergedJson, merge_json


def merged_both_ways(base: Any, ours: Any, theirs: Any) -> MergedJson:
    """The merge, after a look that swapping the sides mirrors it."""
    merged = merge_json(base=base, ours=ours, theirs=theirs)
    mirrored = merge_json(base=base, ours=theirs, theirs=ours)
    assert repr(mirrored.value) == repr(merged.value)
    assert mirrored.conflicts == tuple(
        JsonConflict(c.kind, c.pointer, c.base, c.theirs, c.ours) for c in merged.conflicts
    )
    return merged
