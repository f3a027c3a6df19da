"""Tokens: secrets that callers show, and what each allows. Bytes: docs/formats/tokens.md.

Only a hash of a secret is kept. It needs no slow hash: a secret is 256 random bits, not a password
that somebody could guess.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from blake3 import blake3

from pyvcs.objects.backends.base import Backend
from pyvcs.objects.errors import Corrupt, NotFound, Refused, UnsupportedFormat, Usage
from pyvcs.objects.values import dataclass
from pyvcs.plain_json import MISREAD, Value, indented, read_json
from pyvcs.sync.rights import Rights

TOKENS_KEY = "tokens"
FORMAT = 1
PREFIX = "pyvcs_"
_SECRET_BYTES = 32
_MAX_NAME = 64
_CONTEXT = "pyvcs 2026-11 tokens of a server"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: its name, the hash of its secret, rights and times.

    Times are milliseconds since 1970 UTC; `expires_ms` is None for never.
    """

    name: str
    hash: str
    rights: Rights
    created_ms: int
    expires_ms: int | None = None

    def is_expired(self, now_ms: int) -> bool:
        """Whether it is of no use any more."""
        return self.expires_ms is not None and now_ms >= self.expires_ms


class TokenStore:
    """The tokens of one repository."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def all(self) -> list[Token]:
        """All tokens, sorted by name."""
        return sorted(_decode(self._backend.read(TOKENS_KEY)), key=lambda token: token.name)

    def find(self, secret: str, now_ms: int) -> Token | None:
        """The token with this secret, unless it has expired."""
        wanted = hash_of(secret)
        found = (token for token in self.all() if token.hash == wanted)
        return next((token for token in found if not token.is_expired(now_ms)), None)

    def add(
        self, name: str, rights: Rights, *, now_ms: int, expires_ms: int | None = None
    ) -> tuple[Token, str]:
        """A new token and its secret, which is kept nowhere. Refused when the name is taken."""
        if not 0 < len(name) <= _MAX_NAME or not name.isprintable():
            raise Usage(f"the name of a token has 1 to {_MAX_NAME} printable characters: {name!r}")
        secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        token = Token(name, hash_of(secret), rights, now_ms, expires_ms)

        def added(tokens: list[Token]) -> list[Token]:
            if any(known.name == name for known in tokens):
                raise Refused(
                    f"there is a token {name!r} already", hint=f"`pyvcs token revoke {name}`"
                )
            return [*tokens, token]

        self._update(added)
        return token, secret

    def revoke(self, name: str) -> Token:
        """Remove a token; requests that begin later are refused. NotFound when there is none."""
        gone = next((token for token in self.all() if token.name == name), None)
        if gone is None:
            raise NotFound(f"there is no token {name!r}", hint="`pyvcs token list` lists them")
        self._update(lambda tokens: [token for token in tokens if token.name != name])
        return gone

    def _update(self, change: Callable[[list[Token]], list[Token]]) -> None:
        """Replace the tokens; `change` is asked again when another process was quicker."""
        while True:
            content = self._backend.read(TOKENS_KEY)
            new = _encode(change(_decode(content)))
            if self._backend.swap(TOKENS_KEY, expected=content, new=new):
                return


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return blake3(secret.encode(), derive_key_context=_CONTEXT).hexdigest()


def _encode(tokens: list[Token]) -> bytes:
    entries: Value = {
        token.name: {
            "hash": token.hash,
            "see": list(token.rights.see),
            "move": list(token.rights.move),
            "created": token.created_ms,
            "expires": token.expires_ms,
        }
        for token in tokens
    }
    return indented({"format": FORMAT, "tokens": entries}).encode() + b"\n"


def _decode(content: bytes | None) -> list[Token]:
    if content is None:
        return []
    try:
        document = read_json(content)
        if document["format"] != FORMAT:
            raise UnsupportedFormat(
                f"the tokens have format {document['format']!r}, and this pyvcs knows {FORMAT}",
                hint="use a newer pyvcs",
            )
        return [_token(name, entry) for name, entry in document["tokens"].items()]
    except MISREAD as error:
        raise Corrupt(
            f"the tokens of this repository cannot be read: {error!r}",
            hint="remove the file `tokens` in its folder, and make new ones",
        ) from None


def _token(name: str, entry: Mapping[str, Any]) -> Token:
    expires = entry["expires"]
    rights = Rights(tuple(map(str, entry["see"])), tuple(map(str, entry["move"])))
    when = None if expires is None else int(expires)
    return Token(name, str(entry["hash"]), rights, int(entry["created"]), when)
