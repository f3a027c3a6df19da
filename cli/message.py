"""The message of a commit: given on the command line, read from a file, or written in an editor."""

from __future__ import annotations

import os
import sys

from pyvcs.cli.declaring import misused
from pyvcs.cli.output import path_text
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pyvcs.cli.session import Session
    from pyvcs.repository import Repository


@dataclass(frozen=True, slots=True)
class Message:
    """A message, and whether somebody wrote it just now and would not like to lose it."""

    text: str
    is_written: bool = False


def given_message(session: Session, messages: tuple[str, ...], file: str | None) -> Message | None:
    """What -m and -F say; None when they say nothing."""
    if file is not None:
        if messages:
            raise misused("give the message with -m or with -F, not both")
        messages = (_read(session, file),)
    if not messages:
        return None
    text = "\n\n".join(message.rstrip("\n") for message in messages)
    if not text.strip():
        raise misused("the message is empty; say with -m what the commit is about")
    return Message(text)


def last_message(session: Session) -> Message:
    """That of the commit which the working tree stands on; an empty one where there is none."""
    repository = session.repository
    here = repository.refs.position.commit
    return Message("" if here is None else repository.store.commit(here).message)


def written_message(
    session: Session, paths: Collection[bytes], *, amend: bool, verbose: bool
) -> Message:
    """What a person writes in an editor, who sees what will be recorded.

    NothingToCommit before anybody writes in vain.
    """
    from pyvcs.cli.editor import write_message
    from pyvcs.committing import nothing_to_commit
    from pyvcs.status import at_paths

    repository = session.repository
    status = at_paths(repository.status(), paths)
    if status.is_clean and not amend:
        raise nothing_to_commit()
    is_template = not amend
    start = last_message(session).text.rstrip("\n") if amend else _template(session)
    notes = [
        f"On {status.branch or 'no branch'}:",
        *(f"{each.kind.name[0]} {path_text(each.path)}" for each in status.changes),
    ]
    if verbose or repository.config.get("commit.verbose") is True:
        notes += ["", *_difference(repository, paths)]
    return Message(
        write_message(repository, start, notes, is_template=is_template), is_written=True
    )


def keep_message(session: Session, message: Message) -> str:
    """Where a message that was written and could not be recorded now lies, as a hint."""
    place = session.repository.place
    if not message.is_written or place is None:
        return ""
    path = os.path.join(os.fsdecode(place.folder), "message.txt")
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(message.text)
    return f"your message is kept: `pyvcs commit -F {path}`"


def _template(session: Session) -> str:
    found = session.repository.config.get("commit.template")
    if not found:
        return ""
    place = session.repository.place
    top = "" if place is None else place.name
    with open(os.path.join(top, os.path.expanduser(str(found))), encoding="utf-8") as file:
        return file.read().rstrip("\n")


def _difference(repository: Repository, paths: Collection[bytes]) -> Iterator[str]:
    from pyvcs.cli.colour import Paint
    from pyvcs.cli.difference import Form, patch_lines
    from pyvcs.diffing import diff_worktree
    from pyvcs.renamed_files import with_renames

    before = repository.refs.position.commit
    files = with_renames(diff_worktree(repository, before, list(paths)))
    return patch_lines(files, Form(), Paint(is_on=False))


def _read(session: Session, file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    with open(os.path.join(session.folder, file), encoding="utf-8", errors="replace") as opened:
        return opened.read()
