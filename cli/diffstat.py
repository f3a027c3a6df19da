"""How much changed, file by file, as `--stat` shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyvcs.cli.colour import Paint
from pyvcs.cli.output import path_text
from pyvcs.cli.shapes import Shape, path_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.diffing import LineCounts

Counts = Collection[tuple[bytes, "LineCounts"]]

_WIDTH = 80
_LEAST_BARS = 10


def stat_lines(counts: Counts, paint: Paint) -> Iterator[str]:
    """A line a file with a bar, and a sum; nothing when nothing changed."""
    if not counts:
        return
    names = {path: path_text(path) for path, _ in counts}
    longest = max(map(len, names.values()))
    most = max((_lines(count) for _, count in counts), default=0)
    digits = max(len(str(most)), 3 if any(count.added is None for _, count in counts) else 1)
    room = max(_LEAST_BARS, _WIDTH - longest - digits - 5)
    scale = min(1.0, room / max(most, 1))
    for path, count in counts:
        yield f" {names[path]:<{longest}} | {_line(count, digits, scale, paint)}"
    yield _sum(counts)


def _line(count: LineCounts, digits: int, scale: float, paint: Paint) -> str:
    if count.added is None or count.removed is None:
        return f"{'Bin':>{digits}} {count.before} -> {count.after} bytes"
    plus, minus = (_bars(lines, scale) for lines in (count.added, count.removed))
    bars = paint("added", "+" * plus) + paint("removed", "-" * minus)
    return f"{_lines(count):>{digits}} {bars}".rstrip()


def _bars(lines: int, scale: float) -> int:
    return max(1, int(lines * scale)) if lines else 0


def _lines(count: LineCounts) -> int:
    return (count.added or 0) + (count.removed or 0)


def _sum(counts: Counts) -> str:
    added = sum(count.added or 0 for _, count in counts)
    removed = sum(count.removed or 0 for _, count in counts)
    words = [f" {len(counts)} file{'s' * (len(counts) != 1)} changed"]
    if added or not removed:
        words.append(f"{added} insertion{'s' * (added != 1)}(+)")
    if removed or not added:
        words.append(f"{removed} deletion{'s' * (removed != 1)}(-)")
    return ", ".join(words)


def stat_shape(path: bytes, count: LineCounts) -> Shape:
    """One file of `--stat` as JSON."""
    return {
        "path": path_shape(path),
        "added": count.added,
        "removed": count.removed,
        "bytes_before": count.before,
        "bytes_after": count.after,
    }
