"""Sequences and lists of lines merged as values: diff3 with its refinements as options."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.refining import doubted, joined, shrunk
from pyvcs.merge.result import Merged
from pyvcs.objects.typed import TypeVar

T = TypeVar("T", bound=Hashable)
Line = TypeVar("Line", bytes, str)


def merge_sequence(
    *,
    base: Sequence[T],
    ours: Sequence[T],
    theirs: Sequence[T],
    agree: bool = True,
    shrink: bool = False,
    join: int = -1,
) -> Merged[T]:
    """The three-way merge of ours and theirs, which both came from base, as chunks.

    Without `agree` the same change on both sides is a conflict, too. With `shrink` a conflict is
    split where both sides have the same elements. Conflicts with at most `join` elements between
    them become one. What touches is in conflict always, an insertion beside a deletion as well:
    diff3 merges what has a stable element between.

    >>> merge_sequence(base="abcde", ours="aBcde", theirs="abcdE").result
    ('a', 'B', 'c', 'd', 'E')
    >>> len(merge_sequence(base="a", ours="xkx", theirs="yky", shrink=True).conflicts)
    2
    """
    merged = diff3(base=base, ours=ours, theirs=theirs)
    return _refined(merged, agree=agree, shrink=shrink, join=join)


def merge_lines(
    *,
    base: Sequence[Line],
    ours: Sequence[Line],
    theirs: Sequence[Line],
    agree: bool = True,
    shrink: bool = False,
    join: int = -1,
) -> Merged[Line]:
    r"""The three-way merge of lines, matched as git matches them, as chunks.

    The options are those of `merge_sequence`. Lines are compared whole, with their ends.

    >>> merge_lines(base=["a\n", "b\n"], ours=["a\n", "B\n"], theirs=["a\n", "b\n"]).result
    ('a\n', 'B\n')
    """
    merged = diff3(base=base, ours=ours, theirs=theirs, stays="second")
    return _refined(merged, agree=agree, shrink=shrink, join=join)


def _refined(merged: Merged[T], *, agree: bool, shrink: bool, join: int) -> Merged[T]:
    chunks = merged.chunks if agree else doubted(merged.chunks)
    if shrink:
        chunks = shrunk(chunks)
    if join >= 0:
        chunks = joined(chunks, within=join)
    return Merged(chunks)
