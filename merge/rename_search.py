"""The renames of both sides of a merge, of files and of folders."""

from __future__ import annotations

from functools import partial

from pyvcs.merge.directory_renames import (
    FolderRenames,
    Following,
    folder_renames,
    following,
    guessed_moves,
)
from pyvcs.merge.folders import Folders, Names, folder_of, is_folder
from pyvcs.merge.rename_relevance import Relevant
from pyvcs.merge.renames import Files, Renames, find_renames
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.values import dataclass

Roots = tuple[Names, Names, Names]
_NOWHERE = Following({}, frozenset())


@dataclass(frozen=True, slots=True)
class RenamesOfSides:
    """Of ours and of theirs: the renames, and which new files follow folders of the other side."""

    renames: tuple[Renames, Renames]
    following: tuple[Following, Following]


def search_renames(
    objects: ObjectReader,
    folders: Folders,
    roots: Roots,
    relevant: tuple[Relevant, Relevant],
    *,
    follow_folders: bool,
) -> RenamesOfSides:
    """The renames of what is relevant; and where new files follow, if they do at all."""
    base = roots[0]
    found: list[Renames] = []
    for number, matters in enumerate(relevant):
        if not matters.files:
            found.append({})
            continue
        side, other = roots[1 + number], roots[2 - number]
        gone, came = _gone_and_came(folders, base, side)
        gone, came = (_own_folders_last(folders, base, other, files) for files in (gone, came))
        guess = partial(guessed_moves, removed=matters.removed)
        found.append(find_renames(objects, gone, came, matters=matters.files, folder_moves=guess))
    renames = (found[0], found[1])
    if not follow_folders:
        return RenamesOfSides(renames, (_NOWHERE, _NOWHERE))
    return RenamesOfSides(renames, _following(folders, roots, renames, relevant))


def _following(
    folders: Folders,
    roots: Roots,
    renames: tuple[Renames, Renames],
    relevant: tuple[Relevant, Relevant],
) -> tuple[Following, Following]:
    ours, theirs = (
        folder_renames(found, matters.removed)
        for found, matters in zip(renames, relevant, strict=True)
    )
    both = ours.moves.keys() & theirs.moves.keys()
    ours, theirs = ours.without(both), theirs.without(both)
    return (
        _followers(folders, roots[0], roots[1], ours, theirs),
        _followers(folders, roots[0], roots[2], theirs, ours),
    )


def _followers(
    folders: Folders, base: Names, side: Names, own: FolderRenames, other: FolderRenames
) -> Following:
    if not other.moves and not other.split:
        return _NOWHERE
    _, came = _gone_and_came(folders, base, side)

    def is_taken(path: bytes) -> bool:
        return folders.entry_at(side, path) is not None

    return following(came, other, own.moves, is_taken)


def _own_folders_last(folders: Folders, base: Names, other: Names, files: Files) -> Files:
    """The files by path, those last that are in folders which the other side has not touched.

    Among equal contents the first one counts: this is the order in which git comes to them.
    """
    touched: dict[bytes, bool] = {b"": True}

    def is_touched(folder: bytes) -> bool:
        if folder not in touched:
            old, new = folders.entry_at(base, folder), folders.entry_at(other, folder)
            old, new = (entry if is_folder(entry) else None for entry in (old, new))
            touched[folder] = is_touched(folder_of(folder)) and old != new
        return touched[folder]

    return dict(
        sorted(files.items(), key=lambda file: (not is_touched(folder_of(file[0])), file[0]))
    )


def _gone_and_came(folders: Folders, before: Names, after: Names) -> tuple[Files, Files]:
    changes = list(folders.changes(before, after))
    gone = {path: old for path, old, new in changes if old is not None}
    came = {path: new for path, old, new in changes if new is not None}
    return gone, came
