"""`pyvcs show`."""

from __future__ import annotations

from pyvcs.cli.colour import paint_for
from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.difference import Form, file_diff_shape, form_options, print_files
from pyvcs.cli.output import out, out_exact_json
from pyvcs.cli.selection import ranges_and_paths
from pyvcs.cli.stored import names_a_file, print_stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyvcs.cli.colour import Paint
    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.diffing import FileDiff
    from pyvcs.objects.oid import Oid
    from pyvcs.repository import Repository


@declared("show", with_paths=True)
@argument(
    "arguments",
    nargs=-1,
    metavar="[REVISION] [-- PATH...]",
    completes="revisions_and_paths",
)
@form_options
@option("--json", "as_json", is_flag=True, help="Print commit and changed paths as JSON.")
def command(
    session: Session,
    arguments: tuple[str, ...],
    stat: bool,
    name_status: bool,
    name_only: bool,
    text: bool,
    color: str,
    as_json: bool,
    after: list[str] | None,
) -> None:
    """Show a commit and what it changed against its first parent.

    Of a tag with a message that comes first. REVISION:PATH is a file as it was in a commit.

    \b
    Example:
      pyvcs show HEAD~1
      pyvcs show HEAD~1:package.json
    """
    from pyvcs.cli.pager import pager

    if len(arguments) == 1 and names_a_file(arguments[0]) and not as_json:
        with pager(session):
            print_stored(session.repository, arguments[0])
        return
    ranges, paths = ranges_and_paths(session, arguments, after, most=1)
    if any(len(each.ends) > 1 or not each.tips for each in ranges):
        raise misused("show is for one commit; `pyvcs log -p A..B` shows several")
    repository = session.repository
    oid = ranges[0].tips[0] if ranges else repository.resolve("HEAD")
    if as_json:
        out_exact_json(_shape(repository, oid, paths))
        return
    paint = paint_for(session, color)
    with pager(session):
        if ranges:
            _print_tag(repository, arguments[0])
        _print_commit(repository, oid, paint)
        print_files(_files(repository, oid, paths), Form(stat, name_status, name_only, text), paint)


def _files(repository: Repository, oid: Oid, paths: Sequence[bytes]) -> Sequence[FileDiff]:
    from pyvcs.diffing import diff_commits
    from pyvcs.renamed_files import with_renames

    parents = repository.store.commit(oid).parents
    return with_renames(diff_commits(repository, parents[0] if parents else None, oid, paths))


def _print_tag(repository: Repository, name: str) -> None:
    """The message of an annotated tag, if the name is that of one."""
    from pyvcs.cli.text import time_text
    from pyvcs.objects.kind import Kind

    heads = repository.refs.tag(name).oids
    if name in repository.refs.tips or len(heads) != 1:
        return
    if repository.store.kind(heads[0]) is Kind.TAG:
        tag = repository.store.tag(heads[0])
        for line in (f"tag {name}", f"Tagger: {tag.tagger}", f"Date:   {time_text(tag.tagged)}"):
            out(line)
        out(f"\n{tag.message}")


def _print_commit(repository: Repository, oid: Oid, paint: Paint) -> None:
    from pyvcs.cli.text import commit_lines, conflict_line, names_text
    from pyvcs.unresolved import sorted_conflicts

    commit = repository.store.commit(oid)
    names = names_text(repository.branches_at(oid), repository.tags_at(oid))
    first, *rest = commit_lines(oid, commit, names)
    out(paint("commit", first))
    for line in rest:
        out(line)
    for conflict in sorted_conflicts(repository.store, commit.conflicts):
        out(f"Conflict: {conflict_line(conflict)}")


def _shape(repository: Repository, oid: Oid, paths: Sequence[bytes]) -> Shape:
    from pyvcs.cli.shapes import commit_shape, conflict_shape
    from pyvcs.unresolved import sorted_conflicts

    commit = repository.store.commit(oid)
    shape = commit_shape(oid, commit, repository.branches_at(oid), repository.tags_at(oid))
    conflicts = sorted_conflicts(repository.store, commit.conflicts)
    shape["conflicts"] = [conflict_shape(conflict) for conflict in conflicts]
    shape["files"] = [file_diff_shape(file) for file in _files(repository, oid, paths)]
    return shape
