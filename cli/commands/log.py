"""`pyvcs log`."""

from __future__ import annotations

import os
from itertools import islice, zip_longest

from pyvcs.cli.colour import color_option, paint_for
from pyvcs.cli.declaring import COUNT, argument, declared, misused, option
from pyvcs.cli.output import out, out_json
from pyvcs.cli.selection import ranges_and_paths
from pyvcs.objects.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any

    from pyvcs.cli.colour import Paint
    from pyvcs.cli.session import Session
    from pyvcs.diffing import FileDiff
    from pyvcs.log import LogFilter, Step
    from pyvcs.objects.oid import Oid
    from pyvcs.repository import Repository
    from pyvcs.tagging import TagEntry


_DIGITS = 12
"""Of an oid, as `Oid.short` gives it."""

_AT_ONCE = 500
"""Lines that are printed together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    arguments: tuple[str, ...]
    max_count: int | None
    graph: bool
    oneline: bool
    stat: bool
    patch: bool
    name_only: bool
    name_status: bool
    text: str | None
    reverse: bool
    since: str | None
    until: str | None
    author: tuple[str, ...]
    grep: tuple[str, ...]
    ignore_case: bool
    merges: bool | None
    all_branches: bool
    color: str
    as_json: bool
    after: list[str] | None

    @property
    def shows_files(self) -> bool:
        """Whether it is wanted what each commit changed."""
        return self.stat or self.patch or self.name_only or self.name_status

    @property
    def is_short(self) -> bool:
        """Whether ids and subjects of all commits are wanted, and nothing else."""
        asked = (self.graph, self.as_json, self.reverse, self.author, self.grep)
        bounds = (self.max_count, self.since, self.until, self.merges, self.text)
        if any(asked) or self.shows_files:
            return False
        return self.oneline and all(bound is None for bound in bounds)


@declared("log", with_paths=True)
@argument(
    "arguments",
    nargs=-1,
    metavar="[REVISION...] [-- PATH...]",
    completes="revisions_and_paths",
)
@option("-n", "--max-count", kind=COUNT, metavar="N", help="At most N; -N.")
@option("--graph", is_flag=True, help="Draw the lines from commits to their parents.")
@option("--oneline", is_flag=True, help="Short oid and subject, one line a commit.")
@option("--stat", is_flag=True, help="How many lines changed in which file.")
@option("-p", "--patch", is_flag=True, help="What changed, as `pyvcs diff` shows it.")
@option("--name-only", is_flag=True, help="The paths that changed.")
@option("--name-status", is_flag=True, help="What happened to which path.")
@option("-S", "text", metavar="TEXT", help="That changed how often TEXT is in a file.")
@option("--reverse", is_flag=True, help="The oldest first.")
@option("--since", "--after", metavar="TIME", help="Not older: 2026-11-23, '3 days ago'.")
@option("--until", "--before", metavar="TIME", help="Not newer.")
@option("--author", multiple=True, metavar="REGEX", help="Of this author (can be repeated).")
@option("--grep", multiple=True, metavar="REGEX", help="With this message (can be repeated).")
@option("-i", "--ignore-case", is_flag=True, help="Upper or lower case is all the same.")
@option("--merges/--no-merges", default=None, help="Only merges, or none.")
@option("--all", "all_branches", is_flag=True, help="From the tips of all branches.")
@color_option
@option("--json", "as_json", is_flag=True, help="One JSON object a line, a line a commit.")
def command(session: Session, /, **typed: Any) -> None:
    """Show the history of REVISIONs (where the working tree stands by default), newest first.

    A..B are the commits of B that A does not have, A...B those that only one of them has, ^A leaves
    out those of A. With PATHs, those that changed a file there, also under earlier names.

    \b
    Example:
      pyvcs log --graph --oneline -n 10 main
      pyvcs log --since '2 weeks ago' --author Ada -- locale/
    """
    from pyvcs.cli.pager import pager

    options = _Options(**typed)
    if options.graph and options.reverse:
        raise misused("--graph draws from the newest commit on; leave --reverse out")
    repository = session.repository
    printing = _Printing(repository, options, paint_for(session, options.color))
    ranges, paths = ranges_and_paths(session, options.arguments, options.after)
    tips = [tip for each in ranges for tip in each.tips]
    hidden = [oid for each in ranges for oid in each.hidden]
    if options.all_branches:
        tips += repository.refs.tips.values()
    if not tips:
        tips = [repository.resolve("HEAD")]
    is_short = options.is_short and not hidden and not paths
    with pager(session):
        if is_short:
            from pyvcs.short_log import short_log

            printing.print_short(short_log(repository, tips))
        else:
            printing.print(_steps(repository, options, tips, hidden, paths))


def _steps(
    repository: Repository,
    options: _Options,
    tips: Collection[Oid],
    hidden: Collection[Oid],
    paths: Collection[bytes],
) -> Iterator[Step]:
    """The commits to show, and those that a graph has to know of."""
    from pyvcs.log import walk

    steps = walk(
        repository, tips, hidden=hidden, paths=paths, shown=_filter(options), by_lines=options.graph
    )
    if options.text is not None:
        steps = _that_change(repository, steps, os.fsencode(options.text))
    if not options.graph:
        steps = islice((step for step in steps if step.is_shown), options.max_count)
        return reversed(list(steps)) if options.reverse else steps
    return _until_shown(steps, options.max_count)


def _that_change(repository: Repository, steps: Iterator[Step], text: bytes) -> Iterator[Step]:
    """The steps; shown are those that changed how often a text is in a file."""
    from pyvcs.diffing import changes_count_of

    for step in steps:
        is_shown = step.is_shown and any(
            changes_count_of(file, text) for file in _files(repository, step)
        )
        yield replace(step, is_shown=is_shown)


def _until_shown(steps: Iterator[Step], most: int | None) -> Iterator[Step]:
    """The steps until so many of them are shown."""
    shown = 0
    while shown != most:
        step = next(steps, None)
        if step is None:
            return
        shown += step.is_shown
        yield step


def _filter(options: _Options) -> LogFilter:
    from pyvcs.log import LogFilter

    times = (_seconds(options.since, "--since"), _seconds(options.until, "--until"))
    return LogFilter(
        since=times[0],
        until=times[1],
        authors=_patterns(options.author, "--author", ignore_case=options.ignore_case),
        messages=_patterns(options.grep, "--grep", ignore_case=options.ignore_case),
        merges=options.merges,
    )


def _seconds(text: str | None, option_name: str) -> int | None:
    if text is None:
        return None
    import time

    from pyvcs.cli.times import parse_time
    from pyvcs.objects.commit import Timestamp

    now = time.time()
    zone = Timestamp(int(now), (time.localtime(now).tm_gmtoff or 0) // 60)
    return parse_time(text, now=zone, option=option_name).seconds


def _patterns(
    words: Sequence[str], option_name: str, *, ignore_case: bool
) -> tuple[re.Pattern[str], ...]:
    if not words:
        return ()
    import re

    try:
        return tuple(re.compile(word, re.IGNORECASE if ignore_case else 0) for word in words)
    except re.error as error:
        raise misused(f"no regular expression: {error}", option_name) from None


class _Printing:
    """Prints commits in the form that the options ask for."""

    def __init__(self, repository: Repository, options: _Options, paint: Paint) -> None:
        from pyvcs.tagging import tags_by_commit

        self._repository = repository
        self._options = options
        self._paint = paint
        refs = repository.refs
        self._names = {oid: repository.branches_at(oid, refs) for oid in refs.tips.values()}
        self._tags: dict[Any, list[TagEntry]] = tags_by_commit(repository.tags(refs))

    def print(self, steps: Iterator[Step]) -> None:
        """Print all, as they come."""
        if self._options.as_json:
            for step in steps:
                if step.is_shown:
                    self._print_json(step)
        elif self._options.graph:
            self._print_graph(steps)
        else:
            for step in steps:
                for line in self._lines(step):
                    out(line)

    def print_short(self, commits: Iterator[tuple[bytes, str]]) -> None:
        """Print oids and subjects, many at a time."""
        from pyvcs.cli.text import names_text

        named = {
            oid: names_text(self._names.get(oid, []), self._tags.get(oid, []))
            for oid in {*self._names, *self._tags}
        }
        while some := list(islice(commits, _AT_ONCE)):
            lines = [
                f"{self._paint('commit', oid.hex()[:_DIGITS])}{named.get(oid, '')} {subject}"
                for oid, subject in some
            ]
            out("\n".join(lines))

    def _print_graph(self, steps: Iterator[Step]) -> None:
        from pyvcs.cli.graph import ASCII, BOXES, GraphDrawing
        from pyvcs.objects.oid import Oid

        drawing = GraphDrawing[Oid](BOXES if _has_boxes() else ASCII)
        for step in steps:
            mark = "o" if step.commit.is_canonical else "*"
            rows = drawing.draw(step.oid, step.parents, mark=mark, is_shown=step.is_shown)
            width = max(map(len, (*rows.first, rows.others)))
            lines = self._lines(step) if step.is_shown else iter(())
            for before, line in zip_longest(rows.first, lines):
                lead = rows.others if before is None else before
                out(f"{lead:<{width}}{line or ''}".rstrip())

    def _lines(self, step: Step) -> Iterator[str]:
        from pyvcs.cli.text import commit_lines, names_text

        shown = names_text(self._names.get(step.oid, []), self._tags.get(step.oid, []))
        if self._options.oneline:
            oid = self._paint("commit", step.oid.short())
            yield f"{oid}{shown} {step.commit.subject}"
        else:
            first, *rest = commit_lines(step.oid, step.commit, shown)
            yield self._paint("commit", first)
            yield from rest
        if self._options.shows_files:
            lines = list(self._file_lines(_files(self._repository, step)))
            yield from lines
            if lines and not self._options.oneline:
                yield ""

    def _file_lines(self, files: Sequence[FileDiff]) -> Iterator[str]:
        """What a commit changed, in the forms that were asked for."""
        from pyvcs.cli.difference import Form, name_line, patch_lines

        form = Form(name_only=self._options.name_only, name_status=self._options.name_status)
        if form.name_only or form.name_status:
            yield from (name_line(file, form) for file in files)
        if self._options.stat:
            from pyvcs.cli.diffstat import stat_lines
            from pyvcs.diffing import count_lines

            yield from stat_lines([(file.label, count_lines(file)) for file in files], self._paint)
        if self._options.stat and self._options.patch and files:
            yield ""
        if self._options.patch:
            yield from patch_lines(files, form, self._paint)

    def _print_json(self, step: Step) -> None:
        from pyvcs.cli.diffstat import stat_shape
        from pyvcs.cli.shapes import commit_shape
        from pyvcs.diffing import count_lines

        names = self._names.get(step.oid, [])
        shape = commit_shape(step.oid, step.commit, names, self._tags.get(step.oid, []))
        if self._options.stat:
            files = _files(self._repository, step)
            shape["files"] = [stat_shape(file.path, count_lines(file)) for file in files]
        out_json(shape, line=True)


def _files(repository: Repository, step: Step) -> Sequence[FileDiff]:
    """What a commit changed against its parent; of a merge nothing, as git has it."""
    from pyvcs.diffing import diff_commits
    from pyvcs.renamed_files import with_renames

    parents = step.commit.parents
    if len(parents) > 1:
        return []
    before = parents[0] if parents else None
    return with_renames(diff_commits(repository, before, step.oid, step.names))


def _has_boxes() -> bool:
    """Whether the reader can be expected to see more than ASCII: by the locale, as it is set."""
    found = (os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next((value for value in found if value), "UTF-8")
    return "utf" in locale.lower()
