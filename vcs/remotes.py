"""Remotes: names for other replicas, kept in the configuration."""

from __future__ import annotations

from pyvcs.objects.errors import NotARepository, NotFound, Refused, Usage
from pyvcs.objects.values import dataclass
from pyvcs.refs import Refs, check_ref_name
from pyvcs.remote_branches import forget_remote, note_remote
from pyvcs.replica import Replica

DEFAULT_REMOTE = "origin"


@dataclass(frozen=True, slots=True)
class Remote:
    """A configured name for another replica, and where that is."""

    name: str
    url: str


def remotes(replica: Replica) -> list[Remote]:
    """All remotes, sorted by name."""
    found = []
    for key, value in replica.config.items():
        section, _, rest = key.partition(".")
        name, _, field = rest.rpartition(".")
        if section == "remote" and field == "url":
            found.append(Remote(name, str(value)))
    return sorted(found, key=lambda remote: remote.name)


def remote_called(replica: Replica, name: str) -> Remote | None:
    """The remote with this name, or None."""
    return next((remote for remote in remotes(replica) if remote.name == name), None)


def add_remote(replica: Replica, name: str, url: str) -> Remote:
    """Give `url` a name. Refused when the name is taken."""
    if "." in check_ref_name(name):
        raise Usage(f"the name of a remote has no dot: {name!r}")
    if remote_called(replica, name) is not None:
        raise Refused(
            f"there is a remote {name!r} already", hint=f"`pyvcs remote remove {name}` removes it"
        )
    replica.config.set(f"remote.{name}.url", url)
    return Remote(name, url)


def remove_remote(replica: Replica, name: str) -> None:
    """Forget a remote. NotFound when there is none of this name."""
    if remote_called(replica, name) is None:
        raise NotFound(f"there is no remote {name!r}", hint="`pyvcs remote` lists them")
    replica.config.unset(f"remote.{name}.url")
    forget_remote(replica.backend, name)


def note_met(replica: Replica, name_or_url: str, theirs: Refs) -> None:
    """Remember the branches of the remote of this name or URL, if there is one."""
    for remote in remotes(replica):
        if name_or_url in (remote.name, remote.url):
            note_remote(replica, remote.name, theirs)


def address_of(replica: Replica, name_or_address: str) -> str:
    """The URL or path of the remote with this name; what is no name is one itself."""
    remote = remote_called(replica, name_or_address)
    return name_or_address if remote is None else remote.url


def path_of(replica: Replica, name_or_path: str) -> str:
    """Where a remote's name or a path leads; relative paths of remotes are seen from ours."""
    remote = remote_called(replica, name_or_path)
    if remote is None:
        return name_or_path
    return remote.url if replica.place is None else replica.place.seen_from(remote.url)


def open_remote(replica: Replica, name_or_path: str) -> Replica:
    """The replica behind a remote's name or a path."""
    path = path_of(replica, name_or_path)
    try:
        return Replica.open(path, search=False)
    except NotARepository:
        known = ", ".join(each.name for each in remotes(replica)) or "none yet"
        raise NotARepository(
            f"{path!r} is neither a remote (there are: {known}) nor the folder of a repository",
            hint="`pyvcs remote add NAME PATH` gives another repository a name",
        ) from None


def remote_name(remote: str | Replica) -> str:
    """How a remote is called in reports."""
    if isinstance(remote, str):
        return remote
    return "memory" if remote.place is None else remote.place.name


def is_url(remote: str) -> bool:
    """Whether a remote is given as a URL, not as a path or name.

    >>> is_url("ssh://host/notes"), is_url("../notes"), is_url("c:/notes")
    (True, False, False)
    """
    scheme, found, _ = remote.partition("://")
    return bool(found) and scheme.isalnum()
