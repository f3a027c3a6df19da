"""From a URL to a transport."""

from __future__ import annotations

from pyvcs.objects.errors import InvalidConfig, Usage
from pyvcs.remotes import remotes
from pyvcs.replica import Replica
from pyvcs.sync.transports.base import SILENT_SECONDS, Transport

_SSH = "ssh://"
_A_DAY = 24 * 60 * 60.0
_HTTP = ("http://", "https://")


def open_transport(here: Replica, url: str, *, token: str | None = None) -> Transport:
    """The way to the peer at a URL.

    A server is shown the token of the remote with just this URL, and without one `token`.
    """
    if url.startswith(_SSH):
        from pyvcs.sync.transports.ssh import ssh_transport

        return ssh_transport(url, here.environ, seconds=_patience(here))
    if is_http(url):
        from pyvcs.sync.transports.http import HttpTransport

        return HttpTransport(url, _token_of(here, url) or token, seconds=_patience(here))
    raise Usage(
        f"{url.partition('://')[0]}:// is no way to a repository that this pyvcs knows",
        hint="use https://HOST[:PORT]/, ssh://[USER@]HOST[:PORT]/PATH, or a path",
    )


def _patience(here: Replica) -> float:
    """How many seconds the other end may be silent."""
    found = here.config.get("sync.timeout")
    if found is None:
        return SILENT_SECONDS
    if isinstance(found, bool) or not isinstance(found, int | float) or not found > 0:
        raise InvalidConfig(
            f"sync.timeout is {found!r}, and should be a number of seconds",
            hint="for example: pyvcs config sync.timeout 60",
        )
    return min(found, _A_DAY)  # nobody waits longer, and what waits knows no larger numbers


def _token_of(here: Replica, url: str) -> str | None:
    """The token of the remote at a URL. A secret goes nowhere but to where it was given for."""
    for remote in remotes(here):
        found = here.config.get(f"remote.{remote.name}.token")
        if remote.url == url and found is not None:
            return str(found)
    return None


def is_http(remote: str) -> bool:
    """Whether a remote is a server that is reached by HTTP."""
    return remote.startswith(_HTTP)
