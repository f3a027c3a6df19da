"""Undoing: the refs, the working tree and its position as an earlier operation left them.

The operation log is never cut: taking something back is an operation of its own, and can be taken
back. It is local. The commits stay in the store, and what other replicas have learned of them
comes back with the next sync: to take something away everywhere is an edit, like any other.
"""

from __future__ import annotations

from pyvcs.changes import oid_of_file
from pyvcs.objects.errors import Refused, WouldOverwrite
from pyvcs.objects.listing import File
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import display
from pyvcs.objects.values import dataclass, replace
from pyvcs.ref_store import Operation
from pyvcs.refs import Refs
from pyvcs.replica import Replica
from pyvcs.restoring import put_in_worktree
from pyvcs.switching import bring_worktree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

UNDO, REDO, FOLLOW, COMMIT = "undo", "redo", "follow", "commit"


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back (or done again), oldest first, and where the working tree stands now."""

    operations: tuple[Operation, ...]
    refs: Refs


def undo(replica: Replica) -> Undone:
    """Take back the last operation that is not taken back yet; a series of them goes on back.

    A commit is taken back without touching a file: its changes are uncommitted again. All else
    that moved the working tree moves it back. Refused at the beginning of the log,
    WouldOverwrite when a later edit is in the way.
    """
    with replica.locked(UNDO):
        log = list(replica.ref_store.operations())
        last = _standing_after(log, len(log))
        if last == 0:
            raise Refused("there is no operation to undo", hint="see `pyvcs op log`")
        first = last
        while first > 1 and log[first - 1].command.startswith(FOLLOW):
            first -= 1  # the working tree followed by itself: part of what came before
        taken = log[first - 1 : last]
        for operation in reversed(taken):
            _change_files(replica, operation, back=True)
        return Undone(tuple(taken), _go_to(replica, first - 1, f"{UNDO} {first}"))


def redo(replica: Replica) -> Undone:
    """Do again what the last `undo` took back. Refused when something was done since."""
    with replica.locked(REDO):
        log = list(replica.ref_store.operations())
        undone = _to_redo(log)
        if undone is None:
            raise Refused("there is nothing to redo", hint="see `pyvcs op log`")
        first, last = _number(undone), _standing_after(log, undone.number - 1)
        again = log[first - 1 : last]
        for operation in again:
            _change_files(replica, operation, back=False)
        return Undone(tuple(again), _go_to(replica, last, f"{REDO} {last}"))


def restore_operation(replica: Replica, number: int) -> Undone:
    """Bring refs and working tree to where operation `number` left them (0: the very beginning).

    Uncommitted edits stay; WouldOverwrite when one is in the way. NotFound for an unknown number.
    """
    with replica.locked("op restore"):
        old, new = replica.refs, replica.ref_store.state_after(number)
        if replica.has_worktree:
            bring_worktree(replica, old.position.commit, new.position.commit)
        return Undone((), _go_to(replica, number, f"op restore {number}"))


def _go_to(replica: Replica, number: int, command: str) -> Refs:
    """Let the refs be as operation `number` left them."""
    old, state = replica.refs, replica.ref_store.state_after(number)
    if (old.branches, old.tags) != (state.branches, state.tags):
        replica.renew_id()
    # Logged even where no ref moved: the next undo has to know that this one was.
    new = replace(state, clock=old.clock, operation=old.operation, log_bytes=old.log_bytes)
    return replica.ref_store.swap(old, new, command=command, now_ms=replica.now_ms())


def _standing_after(log: Sequence[Operation], number: int) -> int:
    """The operation whose state operation `number` came back to, if it is an undo or redo."""
    while number:
        operation = log[number - 1]
        if _is(operation, UNDO):
            number = _number(operation) - 1
        elif _is(operation, REDO):
            number = _number(operation)
        else:
            break
    return number


def _to_redo(log: Sequence[Operation]) -> Operation | None:
    """The last undo that no redo has done again, with nothing but undos and redos since."""
    done_again = 0
    for operation in reversed(log):
        if _is(operation, REDO):
            done_again += 1
        elif not _is(operation, UNDO):
            return None
        elif done_again:
            done_again -= 1
        else:
            return operation
    return None


def _is(operation: Operation, word: str) -> bool:
    name, _, number = operation.command.partition(" ")
    return name == word and number.isdecimal()


def _number(operation: Operation) -> int:
    return int(operation.command.partition(" ")[2])


def _change_files(replica: Replica, operation: Operation, *, back: bool) -> None:
    """Take back in the working tree what an operation did there, or do it again."""
    if not replica.has_worktree:
        return
    files = operation.files(before=back)
    if files:
        _put_files(replica, files, operation.files(before=not back))
    elif not operation.command.startswith(COMMIT):
        states = (operation.before, operation.after)
        leaving, going = (_commit(state) for state in (reversed(states) if back else states))
        _bring(replica, leaving, going)


def _bring(replica: Replica, leaving: Oid | None, going: Oid | None) -> None:
    """Move the working tree; edits that a sync merged with what came in are taken out of it."""
    bring_worktree(replica, leaving, going, merge=True)


def _commit(state: dict[str, dict[str, str | None]]) -> Oid | None:
    found = state.get("head", {}).get("commit")
    return None if found is None else Oid.from_hex(found)


def _put_files(
    replica: Replica, files: dict[bytes, File | None], standing: dict[bytes, File | None]
) -> None:
    """Put files in place, all of which must be as the operation left them."""
    worktree = replica.worktree
    for path, expected in standing.items():
        found = worktree.look(path)
        there = None if found is None else (found.mode, oid_of_file(worktree, found))
        if there not in (expected, files[path]):
            raise WouldOverwrite(
                f"{display(path)} was changed since: taking that back would lose it",
                hint="commit it, and try again",
            )
    for path, file in sorted(files.items(), key=lambda item: item[1] is not None):
        put_in_worktree(replica, worktree, path, file)
