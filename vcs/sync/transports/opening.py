"""From the name of a remote, a path or a URL to a transport."""

from __future__ import annotations

from pyvcs.objects.errors import Usage
from pyvcs.remotes import open_remote, remote_called
from pyvcs.replica import Replica
from pyvcs.sync.transports.base import Transport
from pyvcs.sync.transports.memory import MemoryTransport

_SSH = "ssh://"


def open_transport(here: Replica, remote: str | Replica) -> Transport:
    """The way to a peer: a configured name, a URL, the folder of a repository, or one that is open.

    A repository on this disk is opened in this process, and both ends of the talk run in it.
    """
    if not isinstance(remote, str):
        return MemoryTransport(remote)
    known = remote_called(here, remote)
    url = remote if known is None else known.url
    if url.startswith(_SSH):
        from pyvcs.sync.transports.ssh import ssh_transport

        return ssh_transport(url, here.environ)
    if is_url(url):
        raise Usage(
            f"{url.partition('://')[0]}:// is no way to a repository that this pyvcs knows",
            hint="use ssh://[USER@]HOST[:PORT]/PATH, or a path",
        )
    return MemoryTransport(open_remote(here, remote))


def is_url(remote: str) -> bool:
    """Whether a remote is given as a URL, not as a path or name.

    >>> is_url("ssh://host/notes"), is_url("../notes"), is_url("c:/notes")
    (True, False, False)
    """
    scheme, found, _ = remote.partition("://")
    return bool(found) and scheme.isalnum()
