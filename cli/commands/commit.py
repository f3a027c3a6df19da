"""`pyvcs commit`."""

from __future__ import annotations

import os
import sys

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_json, path_text, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session
    from pyvcs.objects.commit import Identity, Timestamp
    from pyvcs.repository import Repository


@declared("commit")
@option(
    "-m",
    "--message",
    "messages",
    multiple=True,
    metavar="MSG",
    help="What it is about; an editor opens without. Each further one is a paragraph.",
)
@option("-F", "--file", metavar="FILE", help="Read the message from FILE ('-': stdin).")
@option("--amend", is_flag=True, help="Put it in the place of the last commit.")
@option("--author", metavar="'NAME <EMAIL>'", help="Who made it, if not you.")
@option("--date", metavar="TIME", help="When its changes were made, if not now.")
@option("--json", "as_json", is_flag=True, help="Print the commit as JSON.")
@argument("paths", nargs=-1, metavar="[PATH]...")
def command(
    session: Session,
    messages: tuple[str, ...],
    file: str | None,
    amend: bool,
    author: str | None,
    date: str | None,
    as_json: bool,
    paths: tuple[str, ...],
) -> None:
    """Record the working tree, or only the PATHs given.

    There is no staging area: every change is recorded, and every new file that is not ignored.
    Exits with 1 when there is nothing to record. An amended commit stays in reach of `pyvcs
    undo`; one that was synced is not amended, for other replicas would keep it.

    \b
    Example:
      pyvcs commit -m "translate the menu" locale/
    """
    from pyvcs.cli.shapes import commit_shape
    from pyvcs.cli.text import counted
    from pyvcs.committing import commit_worktree

    repository = session.repository
    oid = commit_worktree(
        repository,
        _message(session, messages, file, amend),
        session.paths(paths),
        author=None if author is None else _person(author),
        time=None if date is None else _time(repository, date),
        amend=amend,
    )
    _warn_of_rules(session)
    commit = repository.store.commit(oid)
    if as_json:
        out_json(commit_shape(oid, commit, repository.branches_at(oid)))
        return
    out(f"[{repository.refs.position.branch or 'detached'} {oid.short()}] {commit.subject}")
    if commit.conflicts:
        say(f"{counted(len(commit.conflicts), 'conflict')} still to resolve (`pyvcs conflicts`)")


def _message(session: Session, messages: tuple[str, ...], file: str | None, amend: bool) -> str:
    """The message given, or written in an editor."""
    if file is not None:
        if messages:
            raise misused("give the message with -m or with -F, not both")
        messages = (_read(session, file),)
    if messages:
        text = "\n\n".join(message.rstrip("\n") for message in messages)
        if not text.strip():
            raise misused("the message is empty; say with -m what the commit is about")
        return text
    from pyvcs.cli.editor import write_message

    repository = session.repository
    here = repository.refs.position.commit
    start = repository.store.commit(here).message.rstrip("\n") if amend and here else ""
    return write_message(repository, start, _notes(repository))


def _notes(repository: Repository) -> list[str]:
    """What the commit would record, for the one who writes its message."""
    changes = repository.status().changes
    branch = repository.refs.position.branch or "no branch"
    return [f"On {branch}:", *(f"{each.kind.name[0]} {path_text(each.path)}" for each in changes)]


def _read(session: Session, file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    with open(os.path.join(session.folder, file), encoding="utf-8", errors="replace") as opened:
        return opened.read()


def _time(repository: Repository, text: str) -> Timestamp:
    from pyvcs.cli.times import parse_time

    return parse_time(text, now=repository.timestamp(), option="--date")


def _person(text: str) -> Identity:
    from pyvcs.objects.commit import Identity

    name, separator, rest = text.partition("<")
    if not separator or not rest.endswith(">"):
        raise misused("write it as 'NAME <EMAIL>'", "--author")
    return Identity(name.strip(), rest[:-1].strip())


def _warn_of_rules(session: Session) -> None:
    """Tell of merge rules that cannot be read: merges then go on as if there were none."""
    repository = session.repository
    content = repository.worktree.read(b".pyvcs.toml")
    if content is None:
        return
    from pyvcs.merge.rules_file import InvalidRules, read_rules

    try:
        read_rules(content, repository.worktree.read)
    except InvalidRules as error:
        say(f"warning: .pyvcs.toml counts as empty: {error}")
