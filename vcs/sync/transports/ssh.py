"""`ssh://[user@]host[:port]/path`: pyvcs on another machine, through the system's own ssh.

PYVCS_SSH names another program than `ssh`, with options if need be, as GIT_SSH_COMMAND does.
"""

from __future__ import annotations

import re
import shlex

from pyvcs.objects.errors import Usage
from pyvcs.objects.values import dataclass
from pyvcs.sync.transports.pipe import PipeTransport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

SCHEME = "ssh://"
SSH_VARIABLE = "PYVCS_SSH"

# No part may begin with `-`: ssh would take it for an option, as `-oProxyCommand=…`.
_URL = re.compile(
    r"""ssh://
    (?:(?P<user>[A-Za-z0-9_.][A-Za-z0-9_.+-]*)@)?
    (?P<host>[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?\])
    (?::(?P<port>[0-9]{1,5}))?
    (?P<path>/[^\0\n\r]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class SshUrl:
    """Where a repository is behind ssh. `/~/notes` is `notes` in the home of the user there."""

    user: str | None
    host: str
    port: int | None
    path: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """The parts of a URL; Usage when it is none that is safe to give to ssh.

        >>> SshUrl.parse("ssh://ada@example.org:2222/srv/notes").port
        2222
        """
        match = _URL.fullmatch(url)
        port = None if match is None or match["port"] is None else int(match["port"])
        if match is None or (port is not None and not 0 < port < 65536):
            raise Usage(
                f"{url!r} is no address for ssh", hint="write ssh://[USER@]HOST[:PORT]/PATH"
            )
        return cls(match["user"], match["host"].strip("[]"), port, match["path"])

    def command(self, environ: Mapping[str, str]) -> list[str]:
        """The command that runs `pyvcs serve --stdio` there."""
        program = shlex.split(environ.get(SSH_VARIABLE, "")) or ["ssh"]
        port = [] if self.port is None else ["-p", str(self.port)]
        target = self.host if self.user is None else f"{self.user}@{self.host}"
        path = self.path.removeprefix("/~/")
        return [*program, *port, target, f"pyvcs serve --stdio -- {shlex.quote(path)}"]


def ssh_transport(url: str, environ: Mapping[str, str], *, seconds: float) -> PipeTransport:
    """A way to the repository at an `ssh://` URL."""
    return PipeTransport(SshUrl.parse(url).command(environ), url, environ=environ, seconds=seconds)
