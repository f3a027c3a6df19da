"""`pyvcs merge-file`."""

from __future__ import annotations

import os

from pyvcs.cli.declaring import argument, choice, declared, misused, option
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out_bytes, out_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.merge.driver import FileConflict, Kind, MergedFile
    from pyvcs.merge.markers import Labels, Style
    from pyvcs.merge.rules import FileRules, Rules


@declared("merge-file")
@argument("base")
@argument("ours")
@argument("theirs")
@option("-o", "--output", metavar="OUT", help="Write there, not to stdout.")
@option(
    "--type",
    "kind",
    kind=choice("auto", "json", "text"),
    default="auto",
    help="What the files are; auto goes by names and content.",
)
@option(
    "--key",
    "keys",
    metavar="POINTER=FIELD",
    multiple=True,
    help="FIELD tells the items of a JSON list apart; * in POINTER is any step, ** any number.",
)
@option("--rules", metavar="FILE", help="Merge by the rules of this .pyvcs.toml.")
@option(
    "--style",
    kind=choice("merge", "diff3", "zdiff3"),
    default="diff3",
    help="What conflict markers of a text show.",
)
@option(
    "-L",
    "--labels",
    metavar="LABEL",
    multiple=True,
    help="What markers call BASE, OURS, THEIRS, in this order: up to three times.",
)
@option("--json", "as_json", is_flag=True, help="Print result and conflicts as JSON.")
def command(
    session: Session,
    base: str,
    ours: str,
    theirs: str,
    output: str | None,
    kind: Kind,
    keys: tuple[str, ...],
    rules: str | None,
    style: Style,
    labels: tuple[str, ...],
    as_json: bool,
) -> int:
    """Merge three files, without any repository.

    The result goes to stdout. A text in conflict is shown with markers; a JSON document stays
    valid and shows one side. Exits with 1 when there are conflicts, which stderr names. A BASE
    that is empty (/dev/null, say) means that both sides added the file. OUT may be one of the
    three; it is replaced whole or not at all.

    \b
    Example:
      pyvcs merge-file base.json ours.json theirs.json -o merged.json
    """
    name = _name((output, ours, base, theirs))
    wanted = _rules(session, rules, keys, name)
    shown = _labels(labels, (base, ours, theirs))
    contents = [_read(session, path) for path in (base, ours, theirs)]
    merged = _merged(name, contents, kind, wanted, shown, style)
    if output is not None:
        from pyvcs.replacing import replace_file

        replace_file(session.beside(output), merged.content)
    if as_json:
        out_json(_shape(merged))
    elif output is None:
        out_bytes(merged.content)
    if merged.note:
        say(f"note: {merged.note}")
    for settled in () if as_json else merged.settled:
        say(f"note: {settled.rule} settled {settled.pointer}")
    for conflict in () if as_json else merged.conflicts:
        say(f"Conflict: {_line(conflict, output or ours)}")
    return CONFLICTS if merged.conflicts else DONE


def _name(paths: tuple[str | None, ...]) -> bytes:
    """What the file is called: the first name that says JSON, for others may be temporary."""
    from pyvcs.merge.driver import json_form

    names = [os.fsencode(path) for path in paths if path is not None]
    return next(filter(json_form, names), names[0])


def _rules(session: Session, path: str | None, keys: tuple[str, ...], name: bytes) -> FileRules:
    from pyvcs.merge.path_rules import rules_for
    from pyvcs.merge.rules import BUILTIN

    pairs = [(pointer, field) for pointer, _, field in (key.rpartition("=") for key in keys)]
    if not all(field for _, field in pairs) or not all("=" in key for key in keys):
        raise misused("it is POINTER=FIELD, as in /items=id", "--key")
    found = BUILTIN if path is None else _read_rules(session, path)
    try:
        keyed = found.with_keys(pairs) if pairs else found
    except ValueError as error:
        raise misused(str(error), "--key") from None
    return rules_for(keyed, name)


def _read_rules(session: Session, path: str) -> Rules:
    """The rules of a file; schemas that they name lie beside it or below."""
    from pyvcs.merge.rules_file import InvalidRules
    from pyvcs.objects.errors import InvalidConfig
    from pyvcs.rules_on_disk import rules_at

    try:
        return rules_at(session.beside(path))
    except InvalidRules as error:
        raise InvalidConfig(f"{path}: {error}", hint="see docs/formats/rules.md") from None


def _labels(labels: tuple[str, ...], paths: tuple[str, str, str]) -> Labels:
    from pyvcs.merge.markers import Labels

    if len(labels) > len(paths):
        raise misused("there are three files to label", "--labels")
    try:
        base, ours, theirs = (*labels, *paths[len(labels) :])
        return Labels(base, ours, theirs)
    except ValueError as error:
        raise misused(str(error), "--labels") from None


def _merged(
    name: bytes,
    contents: list[bytes],
    kind: Kind,
    rules: FileRules,
    labels: Labels,
    style: Style,
) -> MergedFile:
    from pyvcs.merge.driver import json_form, merge_file
    from pyvcs.objects.errors import InvalidObject

    def merge(kind: Literal["auto", "json", "text"]) -> MergedFile:
        base, ours, theirs = contents
        return merge_file(
            name,
            base=None if not base and ours and theirs else base,
            ours=ours,
            theirs=theirs,
            labels=labels,
            kind=kind,
            rules=rules,
            style=style,
        )

    may_be_json = kind == "auto" and rules.driver == "auto" and json_form(name) is None
    if may_be_json and all(map(_begins_as_json, filter(None, contents))):
        try:
            return merge("json")
        except ValueError:
            return merge("text")
    try:
        return merge(kind)
    except ValueError as error:
        raise InvalidObject(str(error), hint="merge it with --type text") from None


def _begins_as_json(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _read(session: Session, path: str) -> bytes:
    with open(session.beside(path), "rb") as file:
        return file.read()


def _line(conflict: FileConflict, path: str) -> str:
    return f"{conflict.kind}: {path}" + (f" at {conflict.pointer}" if conflict.pointer else "")


def _shape(merged: MergedFile) -> Shape:
    return {
        "type": merged.kind_used,
        "note": merged.note,
        "clean": not merged.conflicts,
        "content": merged.content.decode("utf-8", "surrogateescape"),
        "conflicts": [
            {
                "kind": conflict.kind,
                "pointer": conflict.pointer,
                "base": _side(conflict.base),
                "ours": _side(conflict.ours),
                "theirs": _side(conflict.theirs),
            }
            for conflict in merged.conflicts
        ],
        "settled": [{"rule": each.rule, "pointer": each.pointer} for each in merged.settled],
    }


def _side(text: bytes | None) -> str | None:
    return None if text is None else text.decode("utf-8", "surrogateescape")
