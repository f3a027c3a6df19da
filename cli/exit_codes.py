"""Exit codes: what a script can tell from how pyvcs ended. The table: docs/exit-codes.md."""

from __future__ import annotations

from pyvcs.objects import errors

DONE = 0
CONFLICTS = 1
"""Done, and there is something to look at: conflicts, differences, or nothing to commit."""
USAGE = 2
NOT_A_REPOSITORY = 3
NOT_FOUND = 4
REFUSED = 5
LOCKED = 6
CORRUPT = 7
INVALID = 8
SYSTEM = 9
INTERNAL = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

CODES: dict[type[errors.PyvcsError], int] = {
    errors.NothingToCommit: CONFLICTS,
    errors.Usage: USAGE,
    errors.NotARepository: NOT_A_REPOSITORY,
    errors.NotFound: NOT_FOUND,
    errors.Ambiguous: NOT_FOUND,
    errors.Refused: REFUSED,
    errors.Locked: LOCKED,
    errors.StaleRefs: LOCKED,
    errors.Corrupt: CORRUPT,
    errors.InvalidObject: INVALID,
    errors.UnsupportedFormat: INVALID,
    errors.InvalidConfig: INVALID,
    errors.ChangedWhileRead: SYSTEM,
    errors.ConnectionLost: SYSTEM,
    errors.GitFailed: SYSTEM,
    errors.RemoteProtocolError: INVALID,
    errors.PyvcsError: INTERNAL,
}


def code_of(error: errors.PyvcsError) -> int:
    """The exit code for an error: that of its nearest kind in the table."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
