"""One path merged: which kind of content it is, and then the merge of that kind. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from pyvcs.merge.result import ConflictKind
from pyvcs.merge.text import Labels, is_binary, merge_text

if TYPE_CHECKING:
    from pyvcs.merge.json_tree import JsonConflict
    from pyvcs.merge.json_value import Place

Kind: TypeAlias = Literal["auto", "json", "text"]
KindUsed: TypeAlias = Literal["json", "text", "binary", "same"]

JSON_SUFFIXES = (
    b".json",
    b".ipynb",
    b".geojson",
    b".topojson",
    b".webmanifest",
    b".jsonld",
    b".har",
    b".avsc",
)
"""How names of JSON files end, in lower case; what does not parse merges as text all the same."""

JSON_NAMES = (b"composer.lock", b"pipfile.lock", b"flake.lock", b".babelrc", b".eslintrc")
"""Names of JSON files that do not say so, in lower case."""


@dataclass(frozen=True, slots=True)
class FileConflict:
    """A conflict in one file.

    In JSON, `pointer` (RFC 6901, into the result) names the place, and the sides are the JSON
    texts of its values: None where there is none, or where nobody can tell the base. For text and
    binary files the whole file is meant: pointer and sides are None.
    """

    kind: ConflictKind
    pointer: str | None = None
    base: bytes | None = None
    ours: bytes | None = None
    theirs: bytes | None = None


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A merged file. `note` says, in a sentence, why a JSON path was merged as text; else ""."""

    content: bytes
    conflicts: tuple[FileConflict, ...]
    kind_used: KindUsed
    note: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether there are no conflicts."""
        return not self.conflicts


def merge_file(
    path: bytes,
    *,
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    labels: Labels,
    unknown: Collection[str] = (),
    open_conflicts: Sequence[Labels] = (),
    kind: Kind = "auto",
) -> MergedFile:
    """Merges the content of one path; base is None when both sides added it.

    `unknown` are pointers to places of a virtual base that was itself in conflict there,
    `open_conflicts` the labels of the conflicts that a text shows already. Kind `json` raises
    NotJson when a content is no JSON; `auto` then merges it as text.
    """
    if kind == "json":
        return _merge_json(base, ours, theirs, unknown)
    if ours == theirs or (base == theirs and not unknown):
        return MergedFile(ours, (), "same")
    if base == ours and not unknown:
        return MergedFile(theirs, (), "same")
    note = ""
    if kind == "auto" and is_json_path(path):
        from pyvcs.merge.json_value import NotJson

        try:
            return _merge_json(base, ours, theirs, unknown)
        except NotJson as error:
            note = f"merged as text: {error}"
    if any(is_binary(content) for content in (base or b"", ours, theirs)):
        conflict = FileConflict(ConflictKind.BINARY)
        return MergedFile(max(ours, theirs), (conflict,), "binary", note)
    # Lines have no pointers: of a base that is unknown somewhere, nothing can be trusted.
    known = b"" if base is None or unknown else base
    text = merge_text(
        base=known, ours=ours, theirs=theirs, labels=labels, open_conflicts=open_conflicts
    )
    found = ConflictKind.ADD_ADD if base is None else ConflictKind.CONTENTS
    return MergedFile(text.content, () if text.is_clean else (FileConflict(found),), "text", note)


def is_json_path(path: bytes) -> bool:
    """Whether files of this name are tried as JSON."""
    name = path.rpartition(b"/")[2].lower()
    return name.endswith(JSON_SUFFIXES) or name in JSON_NAMES


def _merge_json(
    base: bytes | None, ours: bytes, theirs: bytes, unknown: Collection[str]
) -> MergedFile:
    from pyvcs.merge.json_text import merge_json_text

    merged = merge_json_text(base=base, ours=ours, theirs=theirs, unknown=unknown)
    return MergedFile(merged.content, tuple(map(_file_conflict, merged.conflicts)), "json")


def _file_conflict(conflict: JsonConflict) -> FileConflict:
    return FileConflict(
        kind=conflict.kind,
        pointer=conflict.pointer,
        base=_json_text(conflict.base),
        ours=_json_text(conflict.ours),
        theirs=_json_text(conflict.theirs),
    )


def _json_text(place: Place) -> bytes | None:
    """A value as compact JSON; None when it is missing, or unknown in some part."""
    from pyvcs.merge.json_style import dump_json
    from pyvcs.merge.json_value import Missing, holds_unknown

    if isinstance(place, Missing) or holds_unknown(place):
        return None
    return dump_json(place)
