"""`pyvcs diff`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json, out_pieces, path_text
from pyvcs.cli.session import Session

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.diffing import FileDiff


@click.command("diff")
@click.argument("arguments", nargs=-1, metavar="[A [B]] [-- PATH...]", type=click.UNPROCESSED)
@click.option("--name-status", is_flag=True, help="Only what happened to which path.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when there are differences.")
@click.option("--json", "as_json", is_flag=True, help="Print the changed paths as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    arguments: tuple[str, ...],
    name_status: bool,
    exit_code: bool,
    as_json: bool,
) -> int:
    """Show what changed: in the working tree, since A, or from A to B.

    A..B is A B, and A...B is from their merge base to B. What is no revision is a path.

    \b
    Example:
      pyvcs diff main topic -- locale/
    """
    from pyvcs.diffing import unified

    session = ctx.ensure_object(Session)
    found = list(_differences(session, *_split(session, arguments)))
    if as_json:
        out_json([file_diff_shape(file) for file in found])
    for file in () if as_json else found:
        if name_status:
            out(f"{file.word[0].upper()}\t{path_text(file.path)}")
        else:
            out_pieces(unified(file))
    return CONFLICTS if exit_code and found else DONE


def _split(session: Session, arguments: tuple[str, ...]) -> tuple[list[str], list[bytes]]:
    """Revisions (at most two) and paths. The first argument that is no revision is a path."""
    from pyvcs.objects.errors import Ambiguous, RevisionUnknown

    revisions: list[str] = []
    rest = list(arguments)
    while rest and len(revisions) < 2 and rest[0] != "--":
        found = _range(session, rest[0]) if not revisions else None
        if found:
            revisions += found
            rest.pop(0)
            break
        try:
            session.repository.resolve(rest[0])
        except RevisionUnknown:
            break
        except Ambiguous:
            raise
        revisions.append(rest.pop(0))
    if rest[:1] == ["--"]:
        return revisions, session.paths(rest[1:])
    paths = session.paths(rest)
    _check_paths(session, revisions, rest, paths)
    return revisions, paths


def _check_paths(
    session: Session, revisions: list[str], typed: list[str], paths: list[bytes]
) -> None:
    """A word that is neither a revision nor a path anybody knows was mistyped."""
    from pyvcs.objects.errors import RevisionUnknown
    from pyvcs.objects.listing import entry_at

    repository = session.repository
    names = [*revisions, "HEAD"] if repository.refs.tips else []
    trees = [repository.store.commit(repository.resolve(name)).tree for name in names]
    for word, path in zip(typed, paths, strict=True):
        in_tree = any(entry_at(repository.store, tree, path) is not None for tree in trees)
        worktree = repository.worktree
        if not in_tree and worktree.look(path) is None and not worktree.is_folder(path):
            raise RevisionUnknown(
                f"{word!r} is neither a revision nor a path",
                hint="put paths that are gone from both sides after `--`",
            )


def _range(session: Session, word: str) -> list[str]:
    """The two revisions of `A..B` or `A...B`; none for another word."""
    if word.startswith(("./", "../")) or word == "..":
        return []  # a path
    if "..." in word:
        left, _, right = word.partition("...")
        repository = session.repository
        sides = [[repository.resolve(name or "HEAD")] for name in (left, right)]
        bases = repository.history.merge_bases(*sides)
        if not bases:
            raise click.UsageError(f"{left} and {right} have no common ancestor")
        return [str(bases[0]), right or "HEAD"]
    left, dots, right = word.partition("..")
    return [left or "HEAD", right or "HEAD"] if dots else []


def _differences(session: Session, revisions: list[str], paths: list[bytes]) -> Iterator[FileDiff]:
    from pyvcs.diffing import diff_commits, diff_worktree

    repository = session.repository
    oids = [repository.resolve(revision) for revision in revisions]
    if len(oids) == 2:
        return diff_commits(repository, oids[0], oids[1], paths)
    before = oids[0] if oids else repository.refs.position.commit
    return diff_worktree(repository, before, paths)


def file_diff_shape(file: FileDiff) -> Shape:
    """One changed path as JSON."""
    from pyvcs.cli.shapes import file_shape, path_shape

    return {
        "path": path_shape(file.path),
        "change": file.word,
        "before": file_shape(file.before),
        "after": file_shape(file.after),
    }
