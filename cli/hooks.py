"""Hooks: programs of the person at this repository that run before and after commands.

They lie in the repository's own folder, which no sync, clone or bundle writes into, and merges
never ask them. Which there are, and what each is given: docs/hooks.md.
"""

from __future__ import annotations

import os
import sys

from pyvcs.cli.output import say
from pyvcs.objects.contexts import contextmanager
from pyvcs.objects.errors import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyvcs.cli.session import Session

HOOKS = (
    "pre-commit",
    "commit-msg",
    "post-commit",
    "post-checkout",
    "post-merge",
    "pre-sync",
    "post-sync",
)
"""All there are. Those before something can stop it."""

_INSIDE = "PYVCS_HOOK"
"""Tells a hook its name; commands that it runs have no hooks of their own."""


def ask_hook(session: Session, name: str, *arguments: str) -> None:
    """Run a hook that can stop the command: Refused when it ends with another code than 0."""
    code = _run(session, name, arguments)
    if code:
        raise Refused(
            f"the hook {name} stopped it: it ended with {code}",
            hint="`--no-verify` goes without hooks that can stop a command",
        )


def tell_hook(session: Session, name: str, *arguments: str) -> None:
    """Run a hook that is told of something that is done."""
    code = _run(session, name, arguments)
    if code:
        say(f"warning: the hook {name} ended with {code}")


def checked_message(session: Session, message: str) -> str:
    """A commit's message as the hook commit-msg leaves it. Refused when the hook says no."""
    if find_hook(session, "commit-msg") is None:
        return message
    import tempfile

    with tempfile.TemporaryDirectory(prefix="pyvcs-") as folder:
        path = os.path.join(folder, "message.txt")
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(message.rstrip("\n") + "\n")
        ask_hook(session, "commit-msg", path)
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            changed = file.read()
    if not changed.strip():
        raise Refused("the hook commit-msg left an empty message: nothing was recorded")
    return changed


@contextmanager
def telling_of_moves(session: Session, name: str) -> Iterator[None]:
    """Run a hook after the block if it moved the working tree to another commit.

    It is given the oids of both commits, empty for none.
    """
    if find_hook(session, name) is None:
        yield
        return
    before = session.repository.refs.position.commit
    yield
    after = session.repository.refs.position.commit
    if before != after:
        tell_hook(session, name, str(before or ""), str(after or ""))


def find_hook(session: Session, name: str) -> str | None:
    """The path of a hook that may run, or None."""
    assert name in HOOKS
    repository = session.repository
    if repository.place is None or _INSIDE in os.environ:
        return None
    own = os.fsdecode(repository.place.folder)
    folder = str(repository.config.get("core.hooks") or os.path.join(own, "hooks"))
    path = os.path.join(repository.place.name, os.path.expanduser(folder), name)
    if not os.path.isfile(path):
        return None
    why = _why_not(path, own, repository.place.root)
    if why:
        say(f"warning: the hook {path} is left out: {why}")
        return None
    return path


def _why_not(path: str, own: str, root: bytes | None) -> str:
    """Why a hook may not run, or ""."""
    real = os.path.realpath(path)
    top = os.path.realpath(os.fsdecode(root)) if root is not None else ""
    if top and _is_in(real, top) and not _is_in(real, os.path.realpath(own)):
        return "it lies in the working tree, where a sync could have brought it"
    if not os.access(path, os.X_OK):
        return "it is not executable"
    owner = os.stat(path).st_uid
    if hasattr(os, "geteuid") and owner not in (0, os.geteuid()):
        return "it belongs to somebody else"
    return ""


def _is_in(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def _run(session: Session, name: str, arguments: Sequence[str]) -> int:
    """Run a hook, if there is one, at the top of the working tree; its exit code.

    What it prints goes to stderr: stdout is for the data of the command.
    """
    path = find_hook(session, name)
    if path is None:
        return 0
    import subprocess

    place = session.repository.place
    assert place is not None
    session.close()
    sys.stdout.flush()
    environ = {**os.environ, _INSIDE: name, "PYVCS_DIR": os.fsdecode(place.folder)}
    try:
        done = subprocess.run(
            [path, *arguments],
            cwd=place.name,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=2,
            check=False,
        )
    except OSError as error:
        raise Refused(
            f"the hook {path} cannot be run: {error.strerror}",
            hint="its first line names a program that is there, as in #!/bin/sh",
        ) from None
    return done.returncode
