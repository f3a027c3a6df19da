"""`pyvcs blame`."""

from __future__ import annotations

import re

from pyvcs.cli.colour import color_option, paint_for
from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_exact_json, path_text
from pyvcs.cli.selection import parse_range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from pyvcs.blaming import Blamed
    from pyvcs.cli.colour import Paint
    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.objects.oid import Oid
    from pyvcs.repository import Repository

_LINES = re.compile(r"(\d{0,9}),(\d{0,9})")


@declared("blame", with_paths=True)
@argument(
    "arguments",
    nargs=-1,
    metavar="[REVISION] [--] PATH",
    completes="revisions_and_paths",
)
@option("--pointer", metavar="POINTER", help="A place in a JSON document, as /steps/0.")
@option("-L", "lines", metavar="FIRST,LAST", help="Only these lines.")
@color_option
@option("--json", "as_json", is_flag=True, help="Print the lines, or values, as JSON.")
def command(
    session: Session,
    arguments: tuple[str, ...],
    pointer: str | None,
    lines: str | None,
    color: str,
    as_json: bool,
    after: list[str] | None,
) -> None:
    """Show which commit set each line of PATH, as REVISION has it (HEAD by default).

    With --pointer: which commit set the value there, and each value in it.

    \b
    Example:
      pyvcs blame soup.json --pointer /steps
    """
    from pyvcs.blaming import blame_lines, blame_values
    from pyvcs.cli.pager import pager

    repository = session.repository
    commit, path = _file(session, [*arguments, *(after or ())])
    if pointer is not None and lines is not None:
        raise misused("take -L or --pointer")
    paint = paint_for(session, color)
    if pointer is not None:
        values = blame_values(repository, commit, path, pointer)
        found: list[tuple[Any, Any, Blamed[Any]]] = list(values)
    else:
        numbered = enumerate(blame_lines(repository, commit, path), 1)
        found = [(number, line, blamed) for number, (line, blamed) in numbered]
        found = found[_slice(lines, len(found))]
    with pager(session):
        if as_json:
            out_exact_json([_shape(repository, *each) for each in found])
        else:
            for text in _texts(repository, path, found, paint):
                out(text)


def _file(session: Session, words: Sequence[str]) -> tuple[Oid, bytes]:
    """The commit and the path: the last word is the path, also when a branch has that name."""
    if not 1 <= len(words) <= 2:
        raise misused("name one PATH, and a REVISION before it if it is not HEAD")
    found = parse_range(session, words[0] if len(words) == 2 else "HEAD")
    if len(found.ends) > 1 or not found.tips:
        raise misused("name one revision, no range")
    return found.tips[0], session.path(words[-1])


def _slice(lines: str | None, count: int) -> slice:
    if lines is None:
        return slice(None)
    match = _LINES.fullmatch(lines)
    first, last = (int(match[1] or 1), int(match[2] or count)) if match else (0, 0)
    if not 1 <= first <= last or first > count:
        raise misused(f"-L takes two of the {count} lines, as 10,20; not {lines!r}")
    return slice(first - 1, last)


def _texts(
    repository: Repository, path: bytes, found: list[tuple[Any, Any, Blamed[Any]]], paint: Paint
) -> Iterator[str]:
    """A line for each element: commit, where it stood if elsewhere, who and when, the element."""
    from pyvcs.cli.json_lines import value_text
    from pyvcs.cli.shapes import time_shape

    who = {}
    for _, _, blamed in found:
        commit = repository.store.commit(blamed.commit)
        name = "(merge)" if commit.author is None else commit.author.name
        who[blamed.commit] = name, time_shape(commit.authored)[:10]
    widest = max((len(name) for name, _ in who.values()), default=0)
    moved = any(blamed.path != path for _, _, blamed in found)
    paths = max((len(path_text(blamed.path)) for _, _, blamed in found), default=0)
    digits = len(str(found[-1][0])) if found else 0
    for place, element, blamed in found:
        name, day = who[blamed.commit]
        where = f" {path_text(blamed.path):<{paths}}" if moved else ""
        head = f"{paint('commit', blamed.commit.short())}{where} {name:<{widest}} {day}"
        if isinstance(place, str):
            yield f"{head} {paint('place', place or '(the whole document)')}: {value_text(element)}"
        else:
            line = element.decode("utf-8", "surrogateescape").rstrip("\r\n")
            yield f"{head} {place:>{digits}}) {line}"


def _shape(repository: Repository, place: Any, element: Any, blamed: Blamed[Any]) -> Shape:
    from pyvcs.cli.shapes import identity_shape, path_shape, time_shape

    commit = repository.store.commit(blamed.commit)
    if isinstance(place, str):
        shape = {"pointer": place, "value": element, "source_pointer": blamed.place}
    else:
        line = element.decode("utf-8", "surrogateescape").rstrip("\r\n")
        shape = {"line": place, "text": line, "source_line": blamed.place}
    return {
        **shape,
        "commit": str(blamed.commit),
        "path": path_shape(blamed.path),
        "author": identity_shape(commit.author),
        "time": time_shape(commit.committed),
        "subject": commit.subject,
    }
