"""Renames among changed files: one that went and one that came, with the same content or nearly so.

Idea.        Equal content first, then the most similar pairs that are ALIKE, the best first.
Invariant.   No file is paired twice.
Cost.        MOST_PAIRS comparisons of contents at most; with more, only equal content is paired.
Result.      The changed files, sorted by path, in which a pair is one file with a source.
Source.      git diffcore-rename.c: exact renames, then by score. The measure is `similarity`.
Not handled. Copies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from pyvcs.diffing import FileDiff
from pyvcs.objects.kind import Mode
from pyvcs.rename_sources import ALIKE, MOST_BYTES, base_name, similarity

MOST_PAIRS = 2_000

Pair = tuple[FileDiff, FileDiff]


def with_renames(files: Iterable[FileDiff]) -> list[FileDiff]:
    """The same changes, with renames found."""
    found = list(files)
    gone = [file for file in found if file.after is None and file.size_before]
    came = [file for file in found if file.before is None and file.size_after]
    if not gone or not came:
        return found
    pairs = list(_best(_equal(gone, came)))
    taken = {id(file) for pair in pairs for file in pair}
    gone, came = ([f for f in side if id(f) not in taken] for side in (gone, came))
    if len(gone) * len(came) <= MOST_PAIRS:
        pairs += _best(_similar(gone, came))
    source_of = {id(new): old for old, new in pairs}
    left = {id(old) for old, _ in pairs}
    whole = [_renamed(file, source_of.get(id(file))) for file in found if id(file) not in left]
    return sorted(whole, key=lambda file: file.path)


def _renamed(file: FileDiff, source: FileDiff | None) -> FileDiff:
    if source is None:
        return file
    return replace(
        file,
        before=source.before,
        old=source.old,
        size_before=source.size_before,
        source=source.path,
    )


def _best(scored: Iterable[tuple[float, Pair]]) -> Iterator[Pair]:
    """Pairs by falling score, each file once; of equal ones those of the same name first."""

    def rank(each: tuple[float, Pair]) -> tuple[float, bool, bytes, bytes]:
        score, (old, new) = each
        return -score, base_name(old.path) != base_name(new.path), old.path, new.path

    taken: set[int] = set()
    for _, (old, new) in sorted(scored, key=rank):
        if id(old) not in taken and id(new) not in taken:
            taken |= {id(old), id(new)}
            yield old, new


def _equal(gone: Collection[FileDiff], came: Collection[FileDiff]) -> Iterator[tuple[float, Pair]]:
    by_content: dict[object, list[FileDiff]] = {}
    for old in gone:
        assert old.before is not None
        by_content.setdefault((_is_link(old), old.before[1]), []).append(old)
    for new in came:
        assert new.after is not None
        for old in by_content.get((_is_link(new), new.after[1]), [])[:10]:
            yield 1.0, (old, new)


def _similar(
    gone: Collection[FileDiff], came: Collection[FileDiff]
) -> Iterator[tuple[float, Pair]]:
    contents = {
        id(file): file.old() if file.after is None else file.new()
        for file in (*gone, *came)
        if not _is_link(file) and max(file.size_before, file.size_after) <= MOST_BYTES
    }
    for old in gone:
        for new in came:
            one, other = contents.get(id(old)), contents.get(id(new))
            if one is None or other is None:
                continue
            if min(len(one), len(other)) >= ALIKE * max(len(one), len(other)):
                score = similarity(one, other)
                if score >= ALIKE:
                    yield score, (old, new)


def _is_link(file: FileDiff) -> bool:
    side = file.before or file.after
    return side is not None and side[0] is Mode.SYMLINK
