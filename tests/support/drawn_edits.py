"""Edits of shared JSON documents and texts, each with a token that is nowhere else.

The message of a commit names its token, and the tokens that its author saw and took away on
purpose. So the history alone tells which edits somebody made, and a token that is neither in the
files, nor in a conflict, nor taken away by somebody who saw it, is an edit that was lost.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable

from pyvcs.objects.commit import Identity
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.repository import Repository

DOCUMENTS = ("data0.json", "data1.json")
TEXTS = ("notes0.txt", "notes1.txt")
SHARED_KEYS = 3
"""Of each document: keys that all replicas set, so that they conflict."""

_REPLACES = "replaces: "
_TOKEN = re.compile(r"\br\d+x\d+\b")
_MARKER = re.compile(r"^(<{7,}|\|{7,}|={7,}|>{7,})( .*)?$")


def first_files() -> dict[str, bytes | None]:
    """What all replicas begin with."""
    shared = {f"shared{number}": "" for number in range(SHARED_KEYS)}
    document = json.dumps({**shared, "own": {}}, indent=1).encode() + b"\n"
    text = b"".join(b"line %d\n" % number for number in range(40))
    return {**dict.fromkeys(DOCUMENTS, document), **dict.fromkeys(TEXTS, text)}


def make_edit(repository: Repository, token: str, rng: random.Random) -> Oid:
    """Commit one drawn edit of what the tip shows, as a person would who sees what is there."""
    seen = repository.tip("main")
    assert seen is not None
    path = rng.choice(DOCUMENTS + TEXTS)
    before = repository.read(str(seen), path).decode()
    disputed = _disputed(repository, seen, path)
    change = _edited_document if path in DOCUMENTS else _edited_text
    after, gone = change(before, token, sorted(disputed), rng)
    message = f"{token}\n\n{_REPLACES}{' '.join(sorted(gone))}\n"
    author = Identity(token.partition("x")[0], "x@example.org")
    return repository.commit(message, changes={path: after.encode()}, onto=seen, author=author)


def _edited_document(
    before: str, token: str, disputed: list[str], rng: random.Random
) -> tuple[str, set[str]]:
    """The document with one key set, and the tokens that stood there. What was disputed is kept."""
    document = json.loads(before)
    gone: set[str] = set()
    if disputed:  # a commit settles the conflicts of the file that it writes
        document["own"][f"settled by {token}"] = " ".join(disputed)
    if rng.random() < 0.5:
        key = f"shared{rng.randrange(SHARED_KEYS)}"
        gone = tokens_in(document[key])
        document[key] = token
    else:
        document["own"][token] = {"by": token, "n": rng.randrange(100)}
    return json.dumps(document, indent=1) + "\n", gone


def _edited_text(
    before: str, token: str, disputed: list[str], rng: random.Random
) -> tuple[str, set[str]]:
    """The text with one line changed or added, and the tokens of the line that went."""
    # Who settles a conflict keeps each line once: all of base, ours and theirs, again and again by
    # many people at once, would be a text that doubles with every conflict.
    lines = list(dict.fromkeys(x for x in before.splitlines() if not _MARKER.match(x)))
    lines += [f"settled {each}" for each in disputed if each not in tokens_in(before)]
    at = rng.randrange(len(lines))
    gone: set[str] = set()
    if rng.random() < 0.5:
        gone = tokens_in(lines[at])
        lines[at] = f"changed {token}"
    else:
        lines.insert(at, f"added {token}")
    return "\n".join([*lines, ""]), gone


def tokens_in(text: str) -> set[str]:
    """All tokens that a text holds."""
    return set(_TOKEN.findall(text))


def _disputed(repository: Repository, seen: Oid, path: str) -> set[str]:
    conflicts = map(repository.store.conflict, repository.store.commit(seen).conflicts)
    return _tokens_of(repository, (each for each in conflicts if each.path == path.encode()))


def _open(repository: Repository) -> tuple[Oid, ...]:
    tip = repository.tip("main")
    return () if tip is None else repository.store.commit(tip).conflicts


def _tokens_of(repository: Repository, conflicts: Iterable[Conflict]) -> set[str]:
    blobs = (
        repository.store.blob(side.oid)
        for conflict in conflicts
        for side in (conflict.base, *conflict.sides)
        if side.oid is not None and side.mode is Mode.FILE
    )
    return {token for blob in blobs for token in tokens_in(blob.decode())}


def edits_made(repository: Repository) -> set[str]:
    """The tokens of all edits in the history."""
    subjects = (entry.commit.subject for entry in repository.log("main"))
    return {subject for subject in subjects if _TOKEN.fullmatch(subject)}


def edits_disputed(repository: Repository) -> set[str]:
    """The tokens in the conflicts of the tip."""
    return _tokens_of(repository, map(repository.store.conflict, _open(repository)))


def edits_told(repository: Repository) -> set[str]:
    """The tokens that are in a file, in a conflict, or were taken away by somebody who saw them."""
    return edits_shown(repository) | edits_disputed(repository) | edits_replaced(repository)


def edits_shown(repository: Repository) -> set[str]:
    """The tokens in the files of the tip."""
    texts = (repository.read("main", path).decode() for path in DOCUMENTS + TEXTS)
    return {token for text in texts for token in tokens_in(text)}


def edits_replaced(repository: Repository) -> set[str]:
    """The tokens that somebody saw and took away."""
    messages = (entry.commit.message for entry in repository.log("main"))
    return {token for text in messages for token in tokens_in(text.partition(_REPLACES)[2])}
