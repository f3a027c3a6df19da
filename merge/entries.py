"""Three-way merge of two entries at one path, neither of them a folder."""

from __future__ import annotations

from collections.abc import Sequence

from pyvcs.merge.result import PATH_KINDS, TEXT_KINDS, ConflictKind
from pyvcs.merge.sides import Objects
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.kind import Mode
from pyvcs.objects.tree import TreeEntry
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.driver import FileConflict
    from pyvcs.merge.markers import Labels
    from pyvcs.merge.rules import FileRules

MAX_MERGE_BYTES = 64 * 1024 * 1024
"""Files over this size are not opened by a merge: changed on both sides, they are in conflict."""

Outcome = tuple[TreeEntry | None, list[Conflict]]


@dataclass(frozen=True, slots=True)
class Place:
    """One path and what the three sides have there; `labels` in the order base, ours, theirs.

    `settled` are conflicts that the base still has and both sides have resolved. Where they did
    so in different ways, that is a conflict again, even if one of them chose what the base shows.
    `still_open` are conflicts that the merge takes over from a side. `rules` are those of the path.
    `paths` are those that the sides have the file at, where renames made them differ.
    """

    path: bytes
    base: TreeEntry | None
    ours: TreeEntry | None
    theirs: TreeEntry | None
    labels: tuple[str, str, str]
    settled: Sequence[Conflict] = ()
    still_open: Sequence[Conflict] = ()
    rules: FileRules | None = None
    paths: tuple[bytes | None, bytes | None, bytes | None] | None = None

    @property
    def base_file(self) -> TreeEntry | None:
        """The base, if it is a file whose content both sides may be compared with."""
        if self.base is None or not self.base.mode.is_file:
            return None
        settled = (c.kind for c in self.settled if c.pointer is None)
        return self.base if set(settled) <= {*TEXT_KINDS, *PATH_KINDS} else None

    def conflict(self, kind: ConflictKind) -> Conflict:
        """A conflict of the whole entries."""
        entries = (self.base, self.ours, self.theirs)
        paths = self.paths or (self.path,) * 3
        base, ours, theirs = (
            conflict_side(label, entry, None if path == self.path else path)
            for label, entry, path in zip(self.labels, entries, paths, strict=True)
        )
        return Conflict(kind=kind, path=self.path, pointer=None, base=base, sides=(ours, theirs))


def conflict_side(label: str, entry: TreeEntry | None, path: bytes | None = None) -> ConflictSide:
    """An entry as one side of a conflict, which the side has at another `path` if one is given."""
    if entry is None:
        return ConflictSide(label)
    return ConflictSide(label, entry.mode, entry.oid, path)


def merge_entries(objects: Objects, place: Place) -> Outcome:
    """Merge two different entries, each of which differs from the base as well.

    An edit stays where the other side deleted; a file stays where the other side has a symlink;
    of two symlinks the one whose target has the larger oid stays. All of that is in conflict.
    """
    ours, theirs = place.ours, place.theirs
    if ours is None or theirs is None:
        return ours or theirs, [place.conflict(ConflictKind.MODIFY_DELETE)]
    if ours.mode.is_file and theirs.mode.is_file:
        return _merge_files(objects, place, ours, theirs)
    kind = ConflictKind.CONTENTS if ours.mode is theirs.mode else ConflictKind.TYPE
    return max(ours, theirs, key=lambda entry: (entry.mode.is_file, entry.oid)), [
        place.conflict(kind)
    ]


def _merge_files(objects: Objects, place: Place, ours: TreeEntry, theirs: TreeEntry) -> Outcome:
    mode, conflicts = _merge_modes(place, ours, theirs)
    base = place.base_file
    if ours.oid == theirs.oid and not (place.rules and place.rules.adds_up):
        return ours._replace(mode=mode), conflicts
    if base is not None and base.oid in (ours.oid, theirs.oid) and not _pointers(place):
        changed = theirs if base.oid == ours.oid else ours
        return changed._replace(mode=mode), conflicts
    if any(objects.blob_size(side.oid) > MAX_MERGE_BYTES for side in (base, ours, theirs) if side):
        kept = max(ours, theirs, key=lambda entry: entry.oid)
        return kept._replace(mode=mode), [*conflicts, place.conflict(ConflictKind.BINARY)]
    from pyvcs.merge.driver import merge_file
    from pyvcs.merge.markers import Labels

    merged = merge_file(
        place.path,
        base=None if base is None else objects.blob(base.oid),
        ours=objects.blob(ours.oid),
        theirs=objects.blob(theirs.oid),
        labels=Labels(*(marker_label(label) for label in place.labels)),
        unknown=_pointers(place),
        open_conflicts=[marker_labels(conflict) for conflict in place.still_open],
        rules=place.rules,
    )
    conflicts += [_stored(objects, place, conflict) for conflict in merged.conflicts]
    return TreeEntry(ours.name, mode, objects.put(merged.content)), conflicts


def _merge_modes(place: Place, ours: TreeEntry, theirs: TreeEntry) -> tuple[Mode, list[Conflict]]:
    """The mode of a merged file. Added with two modes, it is executable and in conflict."""
    if ours.mode is theirs.mode:
        return ours.mode, []
    if place.base is None or not place.base.mode.is_file:
        return Mode.EXECUTABLE, [place.conflict(ConflictKind.MODE)]
    return (theirs if ours.mode is place.base.mode else ours).mode, []


def _pointers(place: Place) -> frozenset[str]:
    return frozenset(c.pointer for c in place.settled if c.pointer is not None)


def _stored(objects: Objects, place: Place, conflict: FileConflict) -> Conflict:
    """A conflict of the driver as an object, the JSON texts of its sides as blobs."""
    if conflict.pointer is None:
        return place.conflict(conflict.kind)
    base, ours, theirs = (
        ConflictSide(label) if text is None else ConflictSide(label, Mode.FILE, objects.put(text))
        for label, text in zip(
            place.labels, (conflict.base, conflict.ours, conflict.theirs), strict=True
        )
    )
    return Conflict(
        kind=conflict.kind,
        path=place.path,
        pointer=conflict.pointer,
        base=base,
        sides=(ours, theirs),
    )


def marker_labels(conflict: Conflict) -> Labels:
    """What the markers of a conflict call base and the two sides."""
    from pyvcs.merge.markers import Labels

    sides = (conflict.base, *conflict.sides[:2])
    return Labels(*(marker_label(side.label) for side in sides))


def marker_label(label: str) -> str:
    """A side's label as it stands in a conflict marker: oids cut to 12 digits."""
    return "+".join(part[:12] if len(part) == 64 else part for part in label.split("+"))
