"""Which rules count in a merge of trees: those of `.pyvcs.toml`, itself merged first.

Everything a merge does is a function of the trees that it merges, so the rules are too: what both
sides agree on, what one side changed, or the clean three-way merge of the file. When the file is
in conflict, those of base count: neither side's new rules are agreed upon. A file that cannot be
read counts as none, and says why.
"""

from __future__ import annotations

from pyvcs.merge.rules import BUILTIN, Rules
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import entry_at
from pyvcs.objects.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.sides import Side
    from pyvcs.objects.store import ObjectReader

RULES_PATH = b".pyvcs.toml"

MAX_BYTES = 1024 * 1024
"""Bytes of the largest file of rules, or schema, that is read; a larger one counts as none."""


def rules_of(objects: ObjectReader, *, base: Side, ours: Side, theirs: Side) -> Rules:
    """The rules for a merge of three trees. Looks into none of them when there is no such file."""
    sides = base, ours, theirs
    if not any(side.tree.get(RULES_PATH) for side in sides):
        return BUILTIN
    content = _merged(objects, sides, RULES_PATH)
    if content is None:
        return BUILTIN
    from pyvcs.merge.rules_file import InvalidRules, read_rules

    try:
        return read_rules(content, lambda path: _merged(objects, sides, path))
    except InvalidRules as error:
        return replace(BUILTIN, problem=f".pyvcs.toml: {error}")


def _merged(objects: ObjectReader, sides: tuple[Side, Side, Side], path: bytes) -> bytes | None:
    """The content of a file in the merge; base's when that is a conflict."""
    base, ours, theirs = (_content(objects, side, path) for side in sides)
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    if base is None or ours is None or theirs is None:
        return base
    from pyvcs.merge.text import merge_text

    merged = merge_text(base=base, ours=ours, theirs=theirs)
    return merged.content if merged.is_clean else base


def _content(objects: ObjectReader, side: Side, path: bytes) -> bytes | None:
    first, _, rest = path.partition(b"/")
    entry = side.tree.get(first)
    if entry is not None and rest:
        entry = entry_at(objects, entry.oid, rest) if entry.mode is Mode.TREE else None
    if entry is None or not entry.mode.is_file or objects.blob_size(entry.oid) > MAX_BYTES:
        return None
    return objects.blob(entry.oid)
