"""The status as lines for scripts, in the format of git: docs/formats/porcelain.md, and stable."""

from __future__ import annotations

from pyvcs.cli.colour import Paint
from pyvcs.objects.kind import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pyvcs.changes import Change
    from pyvcs.remote_branches import Standing
    from pyvcs.status import Status

_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


def porcelain_lines(
    status: Status,
    standings: Collection[Standing],
    *,
    branch: bool = False,
    quote: bool = True,
    paint: Paint,
) -> Iterator[str]:
    """A line a path, those in conflict and changed first, without line ends."""
    if branch:
        yield f"## {paint('added', _branch(status, standings))}"
    rows = {change.path: _letters(change) for change in status.changes}
    rows.update({conflict.path: "UU" for conflict in status.conflicts})
    for path, letters in sorted(rows.items(), key=lambda row: (row[1] == "??", row[0])):
        name = quoted(path) if quote else path.decode("utf-8", "surrogateescape")
        yield f"{letters[: -len(letters.strip())]}{paint('removed', letters.strip())} {name}"


def quoted(path: bytes) -> str:
    r"""A path as git prints it: in quotes, with C's escapes, when it is not plain.

    >>> print(quoted("a täst".encode()), quoted(b"plain"))
    "a t\303\244st" plain
    """
    text = "".join(
        f"\\{_ESCAPES[byte]}"
        if byte in _ESCAPES
        else chr(byte)
        if 32 <= byte < 127
        else f"\\{byte:03o}"
        for byte in path
    )
    return f'"{text}"' if " " in text or "\\" in text else text


def _letters(change: Change) -> str:
    """The second column; the first is of a staging area, which is not there."""
    if change.before is None:
        return "??"
    if change.found is None:
        return " D"
    is_other_sort = (change.before[0] is Mode.SYMLINK) != (change.found.mode is Mode.SYMLINK)
    return " T" if is_other_sort else " M"


def _branch(status: Status, standings: Collection[Standing]) -> str:
    if status.branch is None:
        return "HEAD (no branch)"
    if status.commit is None and status.tip is None:
        return f"No commits yet on {status.branch}"
    for standing in standings:
        if standing.is_there:
            counts = [("ahead", standing.ahead), ("behind", standing.behind or 0)]
            notes = ", ".join(f"{word} {count}" for word, count in counts if count)
            upstream = f"{status.branch}...{standing.remote}/{status.branch}"
            return upstream + (f" [{notes}]" if notes else "")
    return status.branch
