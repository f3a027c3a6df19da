"""One path merged: which kind of content it is, and then the merge of that kind. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyvcs.merge.markers import MARKER_LENGTH, is_nested_deeply
from pyvcs.merge.path_rules import rules_for
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.rules import BUILTIN, FileRules
from pyvcs.merge.text import Labels, is_binary, merge_text
from pyvcs.merge.union import merge_union
from pyvcs.objects.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from pyvcs.merge.json_text import MergedJsonText
    from pyvcs.merge.json_tree import JsonConflict, SettledByRule
    from pyvcs.merge.json_value import NotJson, Place
    from pyvcs.merge.markers import Style

Kind: TypeAlias = "Literal['auto', 'json', 'text']"
KindUsed: TypeAlias = "Literal['json', 'jsonl', 'text', 'binary', 'same']"

JSON_SUFFIXES = (
    b".json",
    b".jsonc",
    b".code-workspace",
    b".ipynb",
    b".geojson",
    b".topojson",
    b".webmanifest",
    b".jsonld",
    b".har",
    b".avsc",
    b".arb",
)
"""How names of JSON files end, in lower case; what does not parse merges as text all the same."""

LINES_SUFFIXES = (b".jsonl", b".ndjson")
"""How names of JSON Lines files end, in lower case."""

JSON_NAMES = (
    b"composer.lock",
    b"pipfile.lock",
    b"flake.lock",
    b"deno.lock",
    b"bun.lock",
    b".babelrc",
    b".eslintrc",
    b".swcrc",
)
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
    """A merged file. `note` says, in a sentence, why a JSON path was merged as text; else "".

    `settled` are the places of a JSON document that both sides changed and a rule decided.
    """

    content: bytes
    conflicts: tuple[FileConflict, ...]
    kind_used: KindUsed
    note: str = ""
    settled: tuple[SettledByRule, ...] = ()

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
    rules: FileRules | None = None,
    style: Style = "diff3",
    marker_length: int = MARKER_LENGTH,
) -> MergedFile:
    """Merges the content of one path; base is None when both sides added it.

    `unknown` are pointers to places of a virtual base that was itself in conflict there,
    `open_conflicts` the labels of the conflicts that a text shows already. Kind `json` raises
    NotJson when a content is no JSON; `auto` then merges it as text. `rules` are those of the
    path: the built-in ones when None. `style` is that of the markers in a text, which have
    `marker_length` signs or more.
    """
    rules = rules_for(BUILTIN, path) if rules is None else rules
    if kind == "json":
        return _merge_json(base, ours, theirs, unknown, rules)
    if (ours == theirs and not rules.adds_up) or (base == theirs and not unknown):
        return MergedFile(ours, (), "same")
    if base == ours and not unknown:
        return MergedFile(theirs, (), "same")
    driver = rules.driver if kind == "auto" else kind
    note = ""
    form = json_form(path) if driver in ("auto", "ours-never") else driver
    if form in ("json", "jsonl"):
        from pyvcs.merge.json_value import NotJson

        try:
            merge = _merge_json if form == "json" else _merge_lines
            merged = merge(base, ours, theirs, unknown, rules)
        except NotJson as error:
            note = f"merged as text: {error}"
        else:
            return _for_review(merged) if driver == "ours-never" else merged
    if driver == "binary" or any(map(is_binary, (base or b"", ours, theirs))):
        conflict = FileConflict(ConflictKind.BINARY)
        return MergedFile(max(ours, theirs), (conflict,), "binary", note)
    # Lines have no pointers: of a base that is unknown somewhere, nothing can be trusted.
    known = b"" if base is None or unknown else base
    if driver == "union":
        return MergedFile(merge_union(base=known, ours=ours, theirs=theirs), (), "text", note)
    found = ConflictKind.ADD_ADD if base is None else ConflictKind.CONTENTS
    text = merge_text(
        base=known,
        ours=ours,
        theirs=theirs,
        labels=labels,
        style=style,
        marker_length=marker_length,
        open_conflicts=open_conflicts,
        longer=rules.takes_longer and base is not None and not unknown,
    )
    conflicts: tuple[FileConflict, ...] = () if text.is_clean else (FileConflict(found),)
    if note and form == "json" and text.is_clean:
        conflicts, note = _doubled(known, ours, theirs, text.content, note)
    result = MergedFile(text.content, conflicts, "text", note)
    if result.conflicts and open_conflicts and is_nested_deeply(text.content):
        result = replace(result, content=max(ours, theirs))
    return _for_review(result) if driver == "ours-never" else result


def _doubled(
    base: bytes, ours: bytes, theirs: bytes, result: bytes, note: str
) -> tuple[tuple[FileConflict, ...], str]:
    """The conflict of a merge by lines that gave an object a key twice, and what there is to say.

    Lines were asked because the document is no JSON to us, as when a key stood twice in it before.
    """
    from pyvcs.merge.repeated_keys import newly_repeated

    keys = newly_repeated(base=base, ours=ours, theirs=theirs, result=result)
    if not keys:
        return (), note
    note = f"{note}; the merge has {keys[0]!r} twice in an object"
    return (FileConflict(ConflictKind.KEY),), note


def _for_review(merged: MergedFile) -> MergedFile:
    """A file that both sides changed, and that no merge may settle without a person."""
    if merged.conflicts:
        return merged
    return replace(merged, conflicts=(FileConflict(ConflictKind.REVIEW),))


def json_form(path: bytes) -> str | None:
    """As which form of JSON files of this name are tried: `json`, `jsonl`, or None."""
    name = path.rpartition(b"/")[2].lower()
    if name.endswith(LINES_SUFFIXES):
        return "jsonl"
    return "json" if name.endswith(JSON_SUFFIXES) or name in JSON_NAMES else None


def _merge_lines(
    base: bytes | None, ours: bytes, theirs: bytes, unknown: Collection[str], rules: FileRules
) -> MergedFile:
    from pyvcs.merge.json_lines import merge_json_lines

    merged = merge_json_lines(base=base, ours=ours, theirs=theirs, unknown=unknown, rules=rules)
    found = tuple(map(_file_conflict, merged.conflicts))
    return MergedFile(merged.content, found, "jsonl", settled=merged.settled)


def _merge_json(
    base: bytes | None, ours: bytes, theirs: bytes, unknown: Collection[str], rules: FileRules
) -> MergedFile:
    from pyvcs.merge.json_text import merge_json_text
    from pyvcs.merge.json_value import NotJson, RepeatedKey

    try:
        merged = merge_json_text(base=base, ours=ours, theirs=theirs, unknown=unknown, rules=rules)
    except RepeatedKey:
        raise
    except NotJson as error:
        if not any(mark in side for side in (base or b"", ours, theirs) for mark in _LOOSE):
            raise
        merged = _merge_commented(base, ours, theirs, unknown, rules, error)
    conflicts = list(merged.conflicts)
    if rules.schema is not None:
        from pyvcs.merge.schema import violations

        sides = (base, ours, theirs)
        conflicts += violations(rules.schema, merged.content, sides=sides, but=conflicts)
    found = tuple(map(_file_conflict, conflicts))
    return MergedFile(merged.content, found, "json", settled=merged.settled)


_LOOSE = (b"//", b"/*", b",")
"""What JSON with comments and trailing commas has, and strict JSON may have."""


def _merge_commented(
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    unknown: Collection[str],
    rules: FileRules,
    strictly: NotJson,
) -> MergedJsonText:
    """The same as JSON with comments; when it is none either, the error of the strict reader."""
    from pyvcs.merge.json_comments import CommentsInTheWay, merge_json_with_comments
    from pyvcs.merge.json_value import NotJson, OverLimit

    try:
        return merge_json_with_comments(
            base=base, ours=ours, theirs=theirs, unknown=unknown, rules=rules
        )
    except (CommentsInTheWay, OverLimit):
        raise
    except NotJson:
        raise strictly from None


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
