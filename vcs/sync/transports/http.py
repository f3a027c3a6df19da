"""`http://` and `https://`: a turn is a POST, the answer its response.

Connections are checked against the certificates of the system; SSL_CERT_FILE names a file with
others. The token travels in the header `Authorization`, and is in no error and no address.
"""

from __future__ import annotations

import ssl
from types import TracebackType
from urllib.parse import urlsplit

import httpx

from pyvcs.objects.errors import (
    ConnectionLost,
    NotARepository,
    PyvcsError,
    Refused,
    RemoteProtocolError,
    Usage,
)
from pyvcs.sync.transports.base import SILENT_SECONDS
from pyvcs.sync.transports.media_type import MEDIA_TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

_CONNECT_SECONDS = 20.0
_SENTENCE_BYTES = 500


class HttpTransport:
    """A way to a peer behind HTTP. Redirects are not followed: a token is for one address."""

    def __init__(
        self, url: str, token: str | None = None, *, seconds: float = SILENT_SECONDS
    ) -> None:
        self.address = _checked(url)
        headers = {"content-type": MEDIA_TYPE, "user-agent": "pyvcs"}
        if token is not None:
            headers["authorization"] = f"Bearer {_plain(token)}"
        self._client = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS)),
            verify=ssl.create_default_context() if url.startswith("https:") else False,
        )

    def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
        """Post a turn, and read what comes back as it comes."""
        begun = False
        try:
            with self._client.stream("POST", self.address, content=iter(turn)) as response:
                self._check(response)
                for data in response.iter_bytes():
                    begun = True
                    yield data
        except httpx.TimeoutException:
            raise ConnectionLost(
                f"{self.address} said nothing for too long",
                hint="sync again: what came so far is kept",
            ) from None
        except httpx.TransportError as error:
            if not begun:
                raise self._unreachable(error) from None

    def _unreachable(self, error: httpx.TransportError) -> ConnectionLost:
        words = str(error) or type(error).__name__
        if "CERTIFICATE_VERIFY_FAILED" in words:
            return ConnectionLost(
                f"the certificate of {self.address} is not trusted here",
                hint="SSL_CERT_FILE names a file with the certificates to trust",
            )
        return ConnectionLost(
            f"{self.address} cannot be reached: {words}",
            hint="is the address right, and does `pyvcs serve --http` run there?",
        )

    def _check(self, response: httpx.Response) -> None:
        """Raise unless a response carries a turn."""
        if response.status_code == httpx.codes.OK:
            if response.headers.get("content-type") != MEDIA_TYPE:
                raise RemoteProtocolError(f"what answers at {self.address} is no pyvcs")
            return
        kind, hint = _KINDS.get(response.status_code, (RemoteProtocolError, ""))
        raise kind(f"{self.address} answers {response.status_code}: {_words(response)}", hint=hint)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()


_KINDS: dict[int, tuple[type[PyvcsError], str]] = {
    401: (
        Refused,
        (
            "`pyvcs token add` makes a token there; show it by PYVCS_TOKEN, or keep it with"
            " `pyvcs config remote.NAME.token TOKEN`"
        ),
    ),
    403: (Refused, ""),
    404: (NotARepository, "is the address right? The repository is at its root"),
    413: (Refused, "sync fewer commits at once, or ask its owner for a higher limit"),
    429: (ConnectionLost, "wait a little"),
    503: (ConnectionLost, "wait a little"),
}


def _words(response: httpx.Response) -> str:
    """The beginning of what a response says, as one line."""
    if not response.headers.get("content-type", "").startswith("text/plain"):
        return response.reason_phrase
    said = b""
    for data in response.iter_bytes():
        said += data
        if len(said) > _SENTENCE_BYTES:
            break
    text = said[:_SENTENCE_BYTES].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _checked(url: str) -> str:
    """A URL that may be called. Usage for one with a secret in it: it would be in every log."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        raise Usage(f"{url!r} is no address", hint="write https://HOST[:PORT]/") from None
    if parts.username is not None or parts.password is not None:
        raise Usage(
            f"the address of {parts.hostname} has a secret in it",
            hint="show a token by PYVCS_TOKEN, or `pyvcs config remote.NAME.token TOKEN`",
        )
    if not parts.hostname or parts.query or parts.fragment or not url.isprintable():
        raise Usage(f"{url!r} is no address", hint="write https://HOST[:PORT]/")
    return url


def _plain(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise Usage("a token has printable ASCII characters, no spaces; yours has others")
    return token
