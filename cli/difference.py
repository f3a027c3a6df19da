"""How `diff`, `show` and `log -p` show what changed: in hunks, values, counts, names or JSON."""

from __future__ import annotations

from pyvcs.cli.colour import Paint, color_option
from pyvcs.cli.declaring import option
from pyvcs.cli.hunks import painted
from pyvcs.cli.output import out, out_pieces, path_text
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeVar

    from pyvcs.cli.shapes import Shape
    from pyvcs.diffing import FileDiff

    Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Form:
    """What is shown of changed files; nothing set: hunks of text and changes of JSON values."""

    stat: bool = False
    name_status: bool = False
    name_only: bool = False
    text: bool = False


def form_options(command: Command) -> Command:
    """The options of a Form, and `--color`."""
    for asked in (
        option("--text", is_flag=True, help="Lines also of JSON, and of binary files."),
        option("--name-only", is_flag=True, help="Only the paths."),
        option("--name-status", is_flag=True, help="Only what happened to which path."),
        option("--stat", is_flag=True, help="How many lines changed in which file."),
    ):
        command = asked(command)
    return color_option(command)


def print_files(files: Iterable[FileDiff], form: Form, paint: Paint) -> None:
    """Print changed files in a form."""
    from pyvcs.diffing import count_lines

    if form.stat:
        from pyvcs.cli.diffstat import stat_lines

        for line in stat_lines([(file.label, count_lines(file)) for file in files], paint):
            out(line)
        return
    for file in files:
        if form.name_only or form.name_status:
            out(name_line(file, form))
        else:
            out_pieces(_patch(file, form, paint))


def name_line(file: FileDiff, form: Form) -> str:
    """The path of a changed file, with its letter and the path before when that is wanted."""
    if form.name_only:
        return path_text(file.path)
    source = "" if file.source is None else f"{path_text(file.source)}\t"
    return f"{file.letter}\t{source}{path_text(file.path)}"


def _patch(file: FileDiff, form: Form, paint: Paint) -> Iterator[str | bytes]:
    """One file in hunks, or as a JSON document."""
    from pyvcs.diffing import headers, json_changes, unified

    changes = None if form.text else json_changes(file)
    if changes is None:
        yield from painted(unified(file, text=form.text), paint)
        return
    from pyvcs.cli.json_lines import change_lines

    yield from painted(headers(file), paint)
    yield from (line + "\n" for line in change_lines(changes, paint))


def patch_lines(files: Iterable[FileDiff], form: Form, paint: Paint) -> Iterator[str]:
    """The same as lines of text, for a place beside a graph."""
    for file in files:
        pieces = (
            piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
            for piece in _patch(file, form, paint)
        )
        whole = b"".join(pieces).decode("utf-8", "surrogateescape")
        yield from whole.removesuffix("\n").split("\n")


def file_diff_shape(file: FileDiff) -> Shape:
    """One changed path as JSON; `operations` keep numbers as they are spelled."""
    from pyvcs.cli.shapes import file_shape, path_shape
    from pyvcs.diffing import count_lines, json_changes

    count = count_lines(file)
    changes = json_changes(file)
    return {
        "path": path_shape(file.path),
        "change": file.word,
        "source": None if file.source is None else path_shape(file.source),
        "before": file_shape(file.before),
        "after": file_shape(file.after),
        "added": count.added,
        "removed": count.removed,
        "bytes_before": file.size_before,
        "bytes_after": file.size_after,
        "operations": None if changes is None else [each.operation.as_json() for each in changes],
    }
