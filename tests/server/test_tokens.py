from __future__ import annotations

import re

import pytest
from house import ROOT

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.errors import Corrupt, NotFound, Refused, UnsupportedFormat, Usage
from pyvcs.server.limits import RateLimit
from pyvcs.server.tokens import TOKENS_KEY, TokenStore
from pyvcs.sync.rights import ALL_RIGHTS, READ_ONLY, Rights


def test_a_secret_finds_its_token_and_is_kept_nowhere() -> None:
    backend = MemoryBackend()
    store = TokenStore(backend)
    token, secret = store.add("ada", READ_ONLY, now_ms=5)
    _, other = store.add("bob", ALL_RIGHTS, now_ms=6)
    assert store.find(secret, 7) == token
    assert store.find(secret + "x", 7) is None
    assert len({secret, other}) == 2
    assert secret.encode() not in (backend.read(TOKENS_KEY) or b"")
    assert [token.name for token in store.all()] == ["ada", "bob"]


def test_a_token_ends_when_it_expires_or_is_revoked() -> None:
    store = TokenStore(MemoryBackend())
    _, secret = store.add("ada", ALL_RIGHTS, now_ms=0, expires_ms=100)
    assert store.find(secret, 99) is not None
    assert store.find(secret, 100) is None
    store.revoke("ada")
    assert store.find(secret, 99) is None
    with pytest.raises(NotFound):
        store.revoke("ada")


def test_a_name_is_taken_once_and_printable() -> None:
    store = TokenStore(MemoryBackend())
    store.add("ada", ALL_RIGHTS, now_ms=0)
    with pytest.raises(Refused, match="already"):
        store.add("ada", ALL_RIGHTS, now_ms=0)
    for name in ("", "a\nb", "x" * 65):
        with pytest.raises(Usage):
            store.add(name, ALL_RIGHTS, now_ms=0)


def test_the_example_of_the_document_is_read() -> None:
    text = (ROOT / "docs" / "formats" / "tokens.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```tokens-example\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    backend = MemoryBackend()
    assert backend.swap(TOKENS_KEY, expected=None, new=example.encode())
    found = TokenStore(backend).find("pyvcs_example", 0)
    assert found is not None
    assert (found.name, found.rights) == ("laptop", Rights(("*",), ("topic/*",)))
    TokenStore(backend).add("x", ALL_RIGHTS, now_ms=0)
    TokenStore(backend).revoke("x")
    assert backend.read(TOKENS_KEY) == example.encode()


ENDLESS = b"""{"format": 1, "tokens": {"a": {"hash": "", "see": [], "move": [], "created": 1e999,
 "expires": null}}}"""


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", Corrupt),
        (b"[]", Corrupt),
        (b"[" * 100_000, Corrupt),
        (b'{"format": 1, "tokens": {"a": {}}}', Corrupt),
        (ENDLESS, Corrupt),
        (b'{"format": 2}', UnsupportedFormat),
    ],
)
def test_a_damaged_file_is_told(content: bytes, error: type[Exception]) -> None:
    backend = MemoryBackend()
    assert backend.swap(TOKENS_KEY, expected=None, new=content)
    with pytest.raises(error):
        TokenStore(backend).all()


def test_a_rate_is_kept_for_each_caller_and_refills() -> None:
    rate = RateLimit(per_minute=60)
    assert all(rate.allows("ada", 0.0) for _ in range(60))
    assert not rate.allows("ada", 0.5)
    assert rate.allows("bob", 0.5)
    assert rate.allows("ada", 1.6)
    assert not rate.allows("ada", 1.7)


def test_many_callers_take_bounded_memory() -> None:
    rate = RateLimit(per_minute=1)
    for number in range(25_000):
        assert rate.allows(str(number), 0.0)
    assert not rate.allows("24999", 0.0)
    assert rate.allows("0", 0.0)
