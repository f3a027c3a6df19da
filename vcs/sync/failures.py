"""Errors that travel: a Failure names the kind of an error, and becomes one again there."""

from __future__ import annotations

from pyvcs.objects import errors
from pyvcs.objects.errors import PyvcsError, RemoteProtocolError
from pyvcs.sync.messages import Failure

_KINDS: dict[str, type[PyvcsError]] = {
    kind.__name__: kind
    for kind in (
        errors.NotFound,
        errors.Ambiguous,
        errors.InvalidObject,
        errors.Corrupt,
        errors.NotARepository,
        errors.UnsupportedFormat,
        errors.Refused,
        errors.Locked,
        errors.StaleRefs,
        errors.Usage,
        errors.RemoteProtocolError,
    )
}


def failure_of(error: PyvcsError | OSError) -> Failure:
    """An error of ours as a message. What the system said stays here but for its words."""
    if isinstance(error, OSError):
        return Failure("System", error.strerror or type(error).__name__)
    kind = next((each.__name__ for each in type(error).__mro__ if each.__name__ in _KINDS), "")
    return Failure(kind, error.message, error.hint)


def error_of(failure: Failure) -> PyvcsError:
    """The error that a message tells of, as one of ours."""
    kind = _KINDS.get(failure.kind, RemoteProtocolError)
    return kind(f"the other side says: {failure.message}", hint=failure.hint)
