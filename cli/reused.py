"""Conflicts that were settled here before: settled again after a command, and said so."""

from __future__ import annotations

from pyvcs.cli.output import say
from pyvcs.objects.contexts import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyvcs.cli.session import Session
    from pyvcs.open_conflicts import OpenConflict
    from pyvcs.resolutions import Resolution

Reused = list[tuple["OpenConflict", "Resolution"]]


@contextmanager
def reusing(session: Session) -> Iterator[Reused]:
    """Settle what a command brought into conflict as it was settled before; filled at the end."""
    repository = session.repository
    before = repository.refs.position.commit
    reused: Reused = []
    yield reused
    commit = repository.refs.position.commit
    if commit not in (None, before) and repository.store.commit(commit).conflicts:
        from pyvcs.resolving import settle_as_before

        reused += settle_as_before(repository)


def say_reused(session: Session, reused: Reused) -> None:
    """Tell which conflicts were settled as before, and how not to have it so."""
    from pyvcs.cli.text import conflict_line

    for item, resolution in reused:
        commit = session.repository.store.commit(resolution.commit)
        said = f"as in {resolution.commit.short()} {commit.subject}"
        say(f"resolved as before: {conflict_line(item.conflict)} ({said})")
    if reused:
        say("hint: `pyvcs commit` records it, `pyvcs undo` opens the conflicts again")
