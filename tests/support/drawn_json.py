"""JSON documents and edits of them, drawn from a seeded source."""

from __future__ import annotations

from random import Random

from pyvcs.merge.json_value import Json

KEYS = "abcdef"


def drawn_document(rng: Random, depth: int = 3) -> Json:
    """Objects, lists of scalars, of objects with and without ids; scalars mostly differ."""
    kind = rng.randrange(6) if depth else 0
    if kind == 0:
        return drawn_scalar(rng)
    size = rng.randrange(5)
    if kind in (1, 2, 3):
        return {key: drawn_document(rng, depth - 1) for key in rng.sample(KEYS, size)}
    if kind == 4:
        return [drawn_document(rng, depth - 1) for _ in range(size)]
    return [{"id": n, "v": drawn_document(rng, depth - 1)} for n in rng.sample(range(9), size)]


def drawn_scalar(rng: Random) -> Json:
    """Mostly a number that stands nowhere else; now and then something that does."""
    return rng.choice([rng.randrange(10**6)] * 4 + [None, True, False, 0, 1, "", [], {}])


def edited(rng: Random, value: Json) -> Json:
    """The value with one edit, somewhere; what has an id keeps it."""
    if isinstance(value, dict) and value and ("id" in value or rng.random() < 0.85):
        return _edited_object(rng, dict(value))
    if isinstance(value, list) and value and rng.random() < 0.85:
        return _edited_list(rng, list(value))
    return drawn_document(rng, 1)


def _edited_object(rng: Random, value: dict[str, Json]) -> Json:
    key = rng.choice(list(value))
    act = rng.randrange(6)
    if act == 0 and key != "id":
        del value[key]
    elif act == 1:
        value[rng.choice(KEYS)] = drawn_document(rng, 1)
    elif act == 2:
        keys = rng.sample(list(value), len(value))
        return {key: value[key] for key in keys}
    elif key != "id":
        value[key] = edited(rng, value[key])
    return value


def _edited_list(rng: Random, value: list[Json]) -> Json:
    at = rng.randrange(len(value))
    act = rng.randrange(6)
    if act == 0:
        del value[at]
    elif act == 1:
        value.insert(at, _like(rng, value))
    elif act == 2 and _is_record(value[at]):  # elsewhere a move is a deletion and an insertion
        value.insert(rng.randrange(len(value)), value.pop(at))
    else:
        value[at] = edited(rng, value[at])
    return value


def _is_record(value: Json) -> bool:
    return isinstance(value, dict) and "id" in value


def _like(rng: Random, items: list[Json]) -> Json:
    """A new item; with an id where the others have one."""
    if _is_record(items[0]):
        return {"id": rng.randrange(10, 30), "v": drawn_scalar(rng)}
    return drawn_document(rng, 1)


def drawn_merge(rng: Random) -> tuple[Json, Json, Json]:
    """Base, ours and theirs, each side with a few edits."""
    base = drawn_document(rng)
    sides = []
    for _ in range(2):
        side = base
        for _ in range(rng.randrange(4)):
            side = edited(rng, side)
        sides.append(side)
    return base, sides[0], sides[1]
