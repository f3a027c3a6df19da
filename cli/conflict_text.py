"""The sides of a conflict in words: what each holds, and which commit made it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.objects.conflict import ConflictSide
    from pyvcs.open_conflicts import OpenConflict, SideName
    from pyvcs.repository import Repository

_SHOWN = 60
SIDES: tuple[SideName, ...] = ("base", "ours", "theirs")


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
