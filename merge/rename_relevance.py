"""Which deleted files a merge must find the new names of. Mostly none, and then it looks for none.

Idea.        A file that a side deleted matters when the other side did not leave it as it was:
             if it was renamed, the other side's change belongs to its new name. It also matters
             when it lay in a folder that the side removed and the other side put a new file into:
             where most files of the folder went, that file may have to go.
Cost.        The folders that both sides changed, and those that a side removed and the other added
             to. Nothing else is opened.
Source.      git merge-ort.c (`collect_rename_info`), which the ways of `_Mask` follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from pyvcs.merge.folders import Folders, Names, file_of, is_folder
from pyvcs.objects.tree import check_depth

BASE, OURS, THEIRS = 0, 1, 2
"""The sides as indices into (base, ours, theirs)."""


class Matters(IntEnum):
    """Why a removed folder matters."""

    NOT = 0
    FOR_A_FOLDER_ABOVE = 1
    FOR_A_NEW_FILE = 2


class Relevant:
    """What matters of the deletions of one side: files for their contents, files for the sake of
    their folders, and the folders that are gone."""

    __slots__ = ("contents", "places", "removed")

    def __init__(self) -> None:
        self.contents: set[bytes] = set()
        self.places: set[bytes] = set()
        self.removed: dict[bytes, Matters] = {}

    @property
    def files(self) -> set[bytes]:
        """All files that matter."""
        return self.contents | self.places


class _Mask(IntEnum):
    """On the way down: whether a folder above was removed by a side, and added to by the other."""

    NONE = 0
    REMOVED_BY_THEIRS = 1
    REMOVED_BY_OURS = 2
    ADDED_TO = 3


def relevant_deletions(
    folders: Folders, *, base: Names, ours: Names, theirs: Names
) -> tuple[Relevant, Relevant]:
    """What matters of the deletions of ours, and of those of theirs."""
    search = _Search(folders)
    search.folder(b"", (base, ours, theirs), _Mask.NONE)
    return search.found[OURS], search.found[THEIRS]


class _Search:
    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.found = {OURS: Relevant(), THEIRS: Relevant()}

    def folder(self, prefix: bytes, sides: tuple[Names, Names, Names], mask: _Mask) -> None:
        """Look into a folder that base has, at `prefix` (a path and a slash, or nothing)."""
        check_depth(prefix)
        base, ours, theirs = sides
        if mask is not _Mask.NONE:
            mask = self._added_to(prefix, sides, mask)
        changed: Iterable[bytes] = base
        if mask is _Mask.NONE:
            changed = [name for name in base if ours.get(name) != base[name] != theirs.get(name)]
        for name in changed:
            entry, our_entry, their_entry = base[name], ours.get(name), theirs.get(name)
            path = prefix + name
            if is_folder(entry):
                is_here, is_there = is_folder(our_entry), is_folder(their_entry)
                below = self._mask_below(path, mask, is_here, is_there)
                if below is _Mask.ADDED_TO or entry not in (our_entry, their_entry):
                    inside = tuple(map(self.folders.below, (entry, our_entry, their_entry)))
                    assert len(inside) == 3
                    self.folder(path + b"/", inside, below)
                continue
            for side, here, there in (
                (OURS, our_entry, their_entry),
                (THEIRS, their_entry, our_entry),
            ):
                if file_of(here) is not None:
                    continue
                if file_of(there) != entry:
                    self.found[side].contents.add(path)
                elif mask is _Mask.ADDED_TO:
                    self.found[side].places.add(path)

    def _added_to(self, prefix: bytes, sides: tuple[Names, Names, Names], mask: _Mask) -> _Mask:
        """The mask, when the side that has the folder yet put a file into it."""
        base, *changed = sides
        for side in (OURS, THEIRS):
            own, other = changed[side - 1], changed[2 - side]
            if mask not in (side, _Mask.ADDED_TO):
                continue
            for name in own.keys() - other.keys():
                if file_of(own[name]) is not None and file_of(base.get(name)) is None:
                    mask = _Mask.ADDED_TO
                    self.found[3 - side].removed[prefix[:-1]] = Matters.FOR_A_NEW_FILE
                    break
        return mask

    def _mask_below(self, path: bytes, mask: _Mask, is_here: bool, is_there: bool) -> _Mask:
        if mask is not _Mask.ADDED_TO and is_here != is_there:
            mask = _Mask.REMOVED_BY_THEIRS if is_here else _Mask.REMOVED_BY_OURS
        why = Matters.FOR_A_FOLDER_ABOVE if mask is _Mask.ADDED_TO else Matters.NOT
        for side, is_kept in ((OURS, is_here), (THEIRS, is_there)):
            if not is_kept:
                self.found[side].removed.setdefault(path, why)
        return mask
