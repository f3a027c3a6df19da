"""`pyvcs commit`."""

from __future__ import annotations

import os

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_json, say
from pyvcs.objects.errors import PyvcsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.message import Message
    from pyvcs.cli.session import Session
    from pyvcs.objects.commit import Identity, Timestamp
    from pyvcs.objects.oid import Oid
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
@option(
    "-F",
    "--file",
    metavar="FILE",
    help="Read the message from FILE ('-': stdin).",
    completes="paths",
)
@option("--amend", is_flag=True, help="Put it in the place of the last commit.")
@option("--no-edit", is_flag=True, help="With --amend: keep the message.")
@option("--author", metavar="'NAME <EMAIL>'", help="Who made it, if not you.")
@option("--date", metavar="TIME", help="When its changes were made, if not now.")
@option("-v", "--verbose", is_flag=True, help="Show the editor what changed.")
@option("-n", "--no-verify", is_flag=True, help="Without the hooks that can stop it.")
@option("--json", "as_json", is_flag=True, help="Print the commit as JSON.")
@argument("paths", nargs=-1, metavar="[PATH]...", completes="changed_paths")
def command(
    session: Session,
    messages: tuple[str, ...],
    file: str | None,
    amend: bool,
    no_edit: bool,
    author: str | None,
    date: str | None,
    verbose: bool,
    no_verify: bool,
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
    if messages:  # else somebody writes one, and may go on editing files before
        session.look_ahead()
    from pyvcs.cli.hooks import ask_hook, tell_hook
    from pyvcs.cli.message import given_message, last_message, written_message

    if no_edit and (not amend or messages or file):
        raise misused("--no-edit goes with --amend, and no other message")
    inside = session.paths(paths)
    given = last_message(session) if no_edit else given_message(session, messages, file)
    if not no_verify:
        ask_hook(session, "pre-commit", *map(os.fsdecode, inside))
    if given is None:
        _check_first(session, author, amend=amend)
    message = given or written_message(session, inside, amend=amend, verbose=verbose)
    oid = _record(
        session,
        message,
        inside,
        author=None if author is None else _person(author),
        time=None if date is None else _time(session.repository, date),
        amend=amend,
        no_verify=no_verify,
    )
    _warn_of_rules(session)
    _print(session.repository, oid, as_json)
    tell_hook(session, "post-commit", str(oid))


def _check_first(session: Session, author: str | None, *, amend: bool) -> None:
    """What would refuse the commit whatever its message is: nobody should write one in vain."""
    repository = session.repository
    if author is None:
        repository.identity()
    if amend:
        from pyvcs.amending import amendable

        amendable(repository, repository.refs)


def _record(
    session: Session,
    message: Message,
    paths: list[bytes],
    *,
    author: Identity | None,
    time: Timestamp | None,
    amend: bool,
    no_verify: bool,
) -> Oid:
    """Record what the hook commit-msg has seen; a message that was written is not lost."""
    from pyvcs.cli.hooks import checked_message
    from pyvcs.cli.message import keep_message
    from pyvcs.committing import commit_worktree

    try:
        text = message.text if no_verify else checked_message(session, message.text)
        return commit_worktree(
            session.repository,
            text,
            paths,
            author=author,
            time=time,
            amend=amend,
            look=session.looked,
        )
    except PyvcsError as error:
        error.hint = keep_message(session, message) or error.hint
        raise


def _print(repository: Repository, oid: Oid, as_json: bool) -> None:
    commit = repository.store.commit(oid)
    if as_json:
        from pyvcs.cli.shapes import commit_shape

        out_json(commit_shape(oid, commit, repository.branches_at(oid)))
        return
    out(f"[{repository.refs.position.branch or 'detached'} {oid.short()}] {commit.subject}")
    if commit.conflicts:
        from pyvcs.cli.text import counted

        say(f"{counted(len(commit.conflicts), 'conflict')} still to resolve (`pyvcs conflicts`)")


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
