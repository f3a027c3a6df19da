"""What a key of a backend may look like: the same rule for every backend, so that keys travel."""

from __future__ import annotations

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
_RESERVED = (".", "tmp-", "lock-")


def is_key(text: str) -> bool:
    """Whether the text is a key: words of `a-z 0-9 . _ -` joined by single slashes.

    No word begins with a dot, with `tmp-` or with `lock-`: backends keep such names for files of
    their own.

    >>> is_key("objects/ab12.pack"), is_key("../refs"), is_key("tmp-1f")
    (True, False, False)
    """
    return all(
        word and _LETTERS.issuperset(word) and not word.startswith(_RESERVED)
        for word in text.split("/")
    )


def check_key(key: str) -> str:
    """The key itself, or a ValueError that names it."""
    if not is_key(key):
        raise ValueError(
            f"{key!r} is not a key: words of a-z 0-9 . _ - joined by /, none beginning with a "
            "dot, tmp- or lock-"
        )
    return key
