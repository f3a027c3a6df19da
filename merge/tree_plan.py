"""What the three sides have at each path, once each renamed file stands at its new path.

Idea.        A file that one side renamed is put at its new path for base and for the other side as
             well; then the merge goes path by path, as if nobody had renamed anything. Where the
             new path is taken, or both sides chose different ones, the three versions of the file
             are merged first, and the outcome is one side of what happens at that path.
Invariant.   Each file of a side is at one path, and nothing is left out, but what a rename moved.
Cost.        Nothing where no deletion matters (rename_relevance.py).
Source.      git merge-ort.c (`process_renames`, `collect_renames`), case by case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyvcs.merge.folders import Folders, Names, folders_above, names_of
from pyvcs.merge.rename_relevance import BASE, OURS, THEIRS, Relevant, relevant_deletions
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.sides import NONE, Objects, Side
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.tree import TreeEntry
from pyvcs.objects.typed import NamedTuple
from pyvcs.objects.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.directory_renames import Following


class Version(NamedTuple):
    """A file of a side, and the path that it has there."""

    path: bytes
    entry: TreeEntry


class Versions(NamedTuple):
    """What the sides have of one file. A side may itself be a merge: of a file that was renamed
    to a path that is taken."""

    base: Version | None = None
    ours: Version | Versions | None = None
    theirs: Version | Versions | None = None
    rename_delete: bool = False
    """Whether one side renamed the file and the other deleted it: it stays, and is in conflict."""


_Side = Version | Versions | None
Paths = tuple[bytes | None, bytes | None, bytes | None]


def paths_of(versions: Versions) -> Paths:
    """The paths that base, ours and theirs have a file at; None for one that is merged itself."""
    base, ours, theirs = (
        version.path if isinstance(version, Version) else None for version in versions[:3]
    )
    return base, ours, theirs


@dataclass(frozen=True, slots=True)
class TreePlan:
    """The files that are merged elsewhere than where all sides have them.

    `placed` are versions by path; `names` what must be looked at in each folder for their sake;
    `moved` the new paths by old ones, of base, ours and theirs; `conflicts` those about paths.
    """

    placed: Mapping[bytes, Versions] = field(default_factory=dict)
    names: Mapping[bytes, set[bytes]] = field(default_factory=dict)
    moved: Sequence[Mapping[bytes, bytes]] = ({}, {}, {})
    conflicts: Sequence[Conflict] = ()


NO_RENAMES = TreePlan()


def plan_of(
    objects: Objects, folders: Folders, sides: tuple[Side, Side, Side], *, follow_folders: bool
) -> TreePlan:
    """The plan for merging (base, ours, theirs). `follow_folders` tells whether a new file goes
    along when the other side renamed its folder."""
    roots = tuple(names_of(side.tree) for side in sides)
    assert len(roots) == 3
    relevant = relevant_deletions(folders, base=roots[0], ours=roots[1], theirs=roots[2])
    _add_disputed(folders, sides, roots, relevant)
    if not any(each.files for each in relevant):
        return NO_RENAMES
    from pyvcs.merge.rename_search import search_renames

    found = search_renames(objects, folders, roots, relevant, follow_folders=follow_folders)
    placing = _Placing(folders, sides, roots)
    for side in (OURS, THEIRS):
        placing.follow(side, found.following[side - 1])
    sources = relevant[0].contents | relevant[1].contents
    targets = [
        {old: new for new, old in renames.items() if old in sources} for renames in found.renames
    ]
    for old in sorted({*targets[0], *targets[1]}):
        ours, theirs = (_new_path(old, targets[n], found.following[n]) for n in (0, 1))
        placing.rename(old, ours, theirs)
    return placing.plan()


def _new_path(old: bytes, renames: Mapping[bytes, bytes], follows: Following) -> bytes | None:
    """Where a side has a file in the end; None where it was before: not renamed, or moved back by
    the other side's rename of a folder."""
    new = renames.get(old)
    new = None if new is None else follows.moves.get(new, new)
    return None if new == old else new


def _add_disputed(
    folders: Folders,
    sides: tuple[Side, Side, Side],
    roots: tuple[Names, Names, Names],
    relevant: tuple[Relevant, Relevant],
) -> None:
    """A conflict that a side has met or resolved is a change of the file, too."""
    base, *changed = sides
    for side in (OURS, THEIRS):
        other = changed[2 - side]
        for path in {*base.conflicts, *other.conflicts}:
            if (
                base.conflicts.get(path, NONE) != other.conflicts.get(path, NONE)
                and folders.file_at(roots[BASE], path)
                and not folders.file_at(roots[side], path)
            ):
                relevant[side - 1].contents.add(path)


class _Placing:
    """A plan in the making: the versions at each path that a rename touches."""

    def __init__(
        self, folders: Folders, sides: tuple[Side, Side, Side], roots: tuple[Names, Names, Names]
    ) -> None:
        self.folders, self.sides, self.roots = folders, sides, roots
        self.places: dict[bytes, list[_Side]] = {}
        self.deleted: set[bytes] = set()
        self.moved: tuple[dict[bytes, bytes], ...] = ({}, {}, {})
        self.conflicts: list[Conflict] = []

    def at(self, path: bytes) -> list[_Side]:
        """The versions at a path, as they are so far."""
        found = self.places.get(path)
        if found is None:
            entries = [self.folders.file_at(root, path) for root in self.roots]
            found = [None if entry is None else Version(path, entry) for entry in entries]
            self.places[path] = found
        return found

    def follow(self, side: int, follows: Following) -> None:
        """Let new files of a side go where the other side moved their folder."""
        for old, new in sorted(follows.moves.items()):
            version = self.at(old)[side]
            self.at(old)[side], self.at(new)[side] = None, version
            self.moved[side][old] = new
            both = {side: self._side(side, version, old), 3 - side: self._side(3 - side, version)}
            self._report(ConflictKind.LOCATION, new, both)
        for path in sorted(follows.stuck):
            one = {side: self._side(side, self.at(path)[side])}
            self._report(ConflictKind.LOCATION, path, one)

    def rename(self, old: bytes, ours: bytes | None, theirs: bytes | None) -> None:
        """Place a file that one side renamed, or both; the new path on each."""
        if ours is not None and theirs is not None:
            self._renamed_by_both(old, ours, theirs)
        elif ours is not None:
            self._renamed_by_one(old, ours, OURS)
        elif theirs is not None:
            self._renamed_by_one(old, theirs, THEIRS)

    def _renamed_by_one(self, old: bytes, new: bytes, side: int) -> None:
        other = 3 - side
        source, target = self.at(old), self.at(new)
        there = source[other]
        if there is None:
            self._rename_delete(old, new, side)
            self._leave(old, new)
        elif _is_file(there) != _is_file(target[side]):
            # A symlink came where the file was: as if it had been deleted, and the link added;
            # or renamed as well, where the other side has the new name too.
            if target[other] is None:
                self._rename_delete(old, new, side)
            target[BASE], source[BASE] = source[BASE], None
        elif target[other] is not None:
            own = target[side]
            target[side] = _in_order(side, base=source[BASE], own=own, other=there)
            self._leave(old, new, other)
        else:
            target[BASE], target[other] = source[BASE], there
            self._leave(old, new, BASE, other)

    def _rename_delete(self, old: bytes, new: bytes, side: int) -> None:
        source, target = self.at(old), self.at(new)
        here = {BASE: self._side(BASE, source[BASE], old), side: self._side(side, target[side])}
        self._report(ConflictKind.RENAME_DELETE, new, here)
        if target[3 - side] is None:
            target[BASE] = source[BASE]
            self.deleted.add(new)

    def _renamed_by_both(self, old: bytes, ours: bytes, theirs: bytes) -> None:
        base, one, other = self.at(old)[BASE], self.at(ours)[OURS], self.at(theirs)[THEIRS]
        if ours == theirs:
            self.at(ours)[BASE] = base
            self._leave(old, ours, BASE)
            return
        path = min(ours, theirs)
        every = {
            BASE: self._side(BASE, base, old),
            OURS: self._side(OURS, one, ours),
            THEIRS: self._side(THEIRS, other, theirs),
        }
        self._report(ConflictKind.RENAME_RENAME, path, every)
        merged = _in_order(OURS, base=base, own=one, other=other)
        self.at(ours)[OURS] = self.at(theirs)[THEIRS] = merged
        self._leave(old, ours)

    def _leave(self, old: bytes, new: bytes, *sides: int) -> None:
        """The file is not at the old path any more; what these sides had there is at the new one.

        A side that renamed it may have another file there, which followed a folder.
        """
        place = self.at(old)
        place[BASE] = None
        for side in sides:
            place[side] = None
            self.moved[side][old] = new

    def _side(self, side: int, version: _Side, path: bytes | None = None) -> ConflictSide:
        label = self.sides[side].label
        if not isinstance(version, Version):
            return ConflictSide(label)
        return ConflictSide(label, version.entry.mode, version.entry.oid, path)

    def _report(self, kind: ConflictKind, path: bytes, found: Mapping[int, ConflictSide]) -> None:
        """A conflict about paths; a side that is not in `found` has nothing."""
        every = (found.get(side) or self._side(side, None) for side in (BASE, OURS, THEIRS))
        base, *sides = (replace(side, path=None) if side.path == path else side for side in every)
        self.conflicts.append(
            Conflict(kind=kind, path=path, pointer=None, base=base, sides=tuple(sides))
        )

    def plan(self) -> TreePlan:
        """The plan."""
        names: dict[bytes, set[bytes]] = {}
        for path in self.places:
            for above in folders_above(path):
                names.setdefault(above, set()).add(path[len(above) + bool(above) :].split(b"/")[0])
        placed = {
            path: Versions(base, ours, theirs, path in self.deleted)
            for path, (base, ours, theirs) in self.places.items()
            if base is None or isinstance(base, Version)
        }
        return TreePlan(placed, names, self.moved, self.conflicts)


def _in_order(side: int, *, base: _Side, own: _Side, other: _Side) -> Versions:
    """The three versions of a file, ours before theirs."""
    assert base is None or isinstance(base, Version)
    return Versions(base, own, other) if side == OURS else Versions(base, other, own)


def _is_file(version: _Side) -> bool:
    """Whether a version is a regular file. One that is merged first is."""
    return not isinstance(version, Version) or version.entry.mode.is_file
