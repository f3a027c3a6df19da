"""Patterns for the addresses of peers: which of those that others told of may be met.

A writer of the shared list could else make a server call any address that it reaches, those of its
own machine and network too.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from pyvcs.objects.errors import InvalidConfig
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class AddressPattern:
    """A scheme, a host in which `*` stands for any letters, and a port, None for any.

    >>> boats = AddressPattern.parse("https://*.boats.example")
    >>> boats.matches("https://ada.boats.example/notes")
    True
    >>> boats.matches("https://evil.example/ada.boats.example")
    False
    """

    scheme: str
    host: str
    port: int | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """The pattern SCHEME://HOST[:PORT]; the port may be `*`. InvalidConfig for another text."""
        scheme, _, rest = text.partition("://")
        host, _, port = rest.rstrip("/").partition(":")
        number = None if port == "*" else _number(port or str(_PORTS.get(scheme, "")))
        if scheme not in _PORTS or not host or set(host) & set("/@?#[]") or number == 0:
            raise InvalidConfig(
                f"{text!r} is no pattern for the addresses of peers",
                hint="for example: pyvcs config gossip.learn 'https://*.example.org'",
            )
        return cls(scheme, host.lower(), number)

    def matches(self, address: str) -> bool:
        """Whether an address is of this kind; one that cannot be read is of none."""
        try:
            found = urlsplit(address)
            port = found.port or _PORTS.get(found.scheme)
        except ValueError:
            return False
        return (
            found.scheme == self.scheme
            and "@" not in found.netloc
            and fnmatchcase(found.hostname or "", self.host)
            and self.port in (None, port)
        )


def _number(text: str) -> int:
    """A port, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
