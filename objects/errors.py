"""The errors of pyvcs, one tree; all that a caller can meet and act on is here.

::

    PyvcsError                     what failed, on what; `hint` says what to do next
    ├── NotFound                   a thing that was named does not exist
    │   ├── ObjectMissing          an oid that no pack holds
    │   ├── RevisionUnknown        a name that leads to no commit
    │   └── PathUnknown            a path that a commit does not have
    ├── Ambiguous                  a prefix or name that leads to several things
    ├── InvalidObject              bytes or values that break the format of objects
    ├── InvalidConfig              a settings file that cannot be read
    ├── Corrupt                    stored bytes that are not what was written
    ├── NotARepository             no repository here, or one that is there already
    ├── UnsupportedFormat          written by a newer pyvcs
    ├── Refused                    would lose something, or the state does not allow it
    │   ├── IdentityUnknown        nothing says who commits
    │   ├── WouldOverwrite         content in the working tree that no commit holds
    │   └── NothingToCommit        the working tree equals its commit
    ├── Locked                     another process holds the repository
    ├── StaleRefs                  a compare-and-swap lost against another writer
    ├── ChangedWhileRead           a file grew or shrank under our hands
    ├── ConnectionLost             the other end of a sync went away, or never answered
    ├── GitFailed                  the system's git ended with an error, or is not there
    ├── RemoteProtocolError        the other end of a sync breaks the protocol
    └── Usage                      arguments that do not fit together

Faults of the program itself stay `ValueError`, `TypeError` and `AssertionError`.
"""

from __future__ import annotations


class PyvcsError(Exception):
    """Base of all errors: a message in one sentence, and a `hint` (what to do next, may be "")."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotFound(PyvcsError):
    """A thing that was named does not exist."""


class ObjectMissing(NotFound):
    """No pack holds an object of this oid."""


class RevisionUnknown(NotFound):
    """A revision that leads to no commit."""


class PathUnknown(NotFound):
    """A path that is not in the commit, or not in the working tree."""


class Ambiguous(PyvcsError):
    """A prefix or a name that leads to several things."""


class InvalidObject(PyvcsError):
    """Bytes or values that break the format of objects."""


class InvalidConfig(PyvcsError):
    """A settings file that cannot be read."""


class Corrupt(PyvcsError):
    """Stored bytes that are not what was written."""


class NotARepository(PyvcsError):
    """There is no repository here, or there is one already."""


class UnsupportedFormat(PyvcsError):
    """The repository or stream was written by a newer pyvcs."""


class Refused(PyvcsError):
    """The act would lose something, or the state does not allow it."""


class IdentityUnknown(Refused):
    """Nothing says who commits."""


class WouldOverwrite(Refused):
    """A file in the working tree holds content that is not in the store."""


class NothingToCommit(Refused):
    """The working tree equals the commit it stands on."""


class Locked(PyvcsError):
    """Another process holds the repository."""


class StaleRefs(PyvcsError):
    """A compare-and-swap of the refs lost against another writer."""


class ChangedWhileRead(PyvcsError):
    """A file changed its size while it was read."""


class ConnectionLost(PyvcsError):
    """The other end of a sync went away, or never answered."""


class GitFailed(PyvcsError):
    """The system's git ended with an error, whose words are in the message, or is not there."""


class RemoteProtocolError(PyvcsError):
    """The other end of a sync breaks the protocol: it is damaged, or lies."""


class Usage(PyvcsError):
    """Arguments that do not fit together."""
