"""The sides of a conflict in words: what each holds, and which commit made it so."""

from __future__ import annotations

from pyvcs.cli.output import path_text
from pyvcs.merge.result import ConflictKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.objects.conflict import ConflictSide
    from pyvcs.open_conflicts import OpenConflict, SideName
    from pyvcs.repository import Repository

_SHOWN = 60
SIDES: tuple[SideName, ...] = ("base", "ours", "theirs")

_EDIT = "edit the file, or take a side"
_TAKE = "take a side, or edit the file"
_KEEP = "keep it (`resolve` without a side), or take the side without it to delete it"
ADVICE = {
    ConflictKind.CONTENTS: "edit the file between the markers, or take a side",
    ConflictKind.ADD_ADD: "edit the file between the markers, or take a side",
    ConflictKind.BINARY: "take a side, or put the right file there",
    ConflictKind.MODIFY_DELETE: _KEEP,
    ConflictKind.FILE_DIRECTORY: "take a side, or give one of the two another name",
    ConflictKind.RENAME_RENAME: "take the side whose name it shall keep, or delete one of the two",
    ConflictKind.RENAME_DELETE: _KEEP,
    ConflictKind.LOCATION: "leave it (`resolve` without a side), or take the side of its place",
    ConflictKind.MODE: "set the mode, then `resolve` without a side",
    ConflictKind.TYPE: _TAKE,
    ConflictKind.NAME: "take a side, or give one of the two another name",
    ConflictKind.VALUE: "take a side, or give a --value",
    ConflictKind.VALUE_DELETE: "take a side, or give a --value",
    ConflictKind.ORDER: _TAKE,
    ConflictKind.KEY: "take out one of the two members, or take a side",
    ConflictKind.SCHEMA: "edit the document until it keeps the schema",
    ConflictKind.REVIEW: "look at the file, then `resolve` without a side",
}
"""What to do about a conflict, by its kind."""


def advice(kind: str) -> str:
    """What to do about a conflict of a kind; of one that is not known here, what always helps."""
    return ADVICE.get(ConflictKind(kind), _EDIT) if kind in set(ConflictKind) else _EDIT


def side_line(repository: Repository, item: OpenConflict, name: SideName) -> str:
    """What a side holds, and the commit that made it so: `"Soup"  [3f2a9c Ada: a soup]`."""
    side = item.side(name)
    if side.oid is None or side.mode is None:
        held = "(nothing)"
    elif item.conflict.pointer is not None:
        text = repository.store.blob(side.oid).decode("utf-8", "replace").strip()
        held = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    else:
        held = f"{side.mode.word} {side.oid.short()}"
        held += "" if side.path is None else f" at {path_text(side.path)}"
    return f"{held}  [{_origin_text(repository, item, side)}]"


def _origin_text(repository: Repository, item: OpenConflict, side: ConflictSide) -> str:
    from pyvcs.conflict_origins import origin
    from pyvcs.merge.entries import marker_label

    oid = origin(repository, item, side)
    if oid is None:
        return marker_label(side.label)
    commit = repository.store.commit(oid)
    author = "canonical merge" if commit.author is None else commit.author.name
    return f"{oid.short()} {author}: {commit.subject}"


def open_conflict_shape(repository: Repository, item: OpenConflict) -> Shape:
    """An open conflict as JSON: which side is ours, and the commits that made them."""
    from pyvcs.cli.shapes import conflict_shape, oid_shape
    from pyvcs.conflict_origins import origin

    sides = item.conflict.sides
    return {
        "oid": str(item.oid),
        **conflict_shape(item.conflict),
        "ours": sides.index(item.ours),
        "theirs": sides.index(item.theirs),
        "made_by": {name: oid_shape(origin(repository, item, item.side(name))) for name in SIDES},
    }
