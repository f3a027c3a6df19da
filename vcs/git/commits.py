"""Commits of git as commits of ours, and back to the very bytes: docs/formats/git.md.

Idea.        A commit of ours that came from git says so in extra fields: its name there, what our
             trees cannot say, and, when writing it anew would give other bytes, those bytes. A
             commit that was made here says in a header of its git twin what git has no place for.
Invariant.   Both ways are functions of the commit and its ancestors alone: the same history has
             the same oids and names on every machine, and what went there and back is the same.
Result.      `to_ours` and `to_git`.
"""

from __future__ import annotations

from dataclasses import replace

from pyvcs.git import carried_conflicts
from pyvcs.git.git_objects import (
    GitCommit,
    Sha,
    message_of,
    read_person,
    write_commit,
    write_person,
)
from pyvcs.git.tree_import import ImportedTree, Oddity
from pyvcs.objects import codec
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit import Commit, Identity
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHA, RAW, ENTRY, RAW_TREE = "git", "git-commit", "git-entry", "git-tree"
HEADER = b"pyvcs"
"""The header of a commit of git with the commit of ours that it stands for."""

NOBODY = Identity("pyvcs", "canonical-merge@pyvcs.invalid")


def to_ours(
    sha: Sha, raw: bytes, git: GitCommit, tree: ImportedTree, parents: Mapping[Oid, Clock]
) -> Commit:
    """The commit of ours for one of git, read from `raw`, whose tree and parents were imported."""
    encoding = git.encoding
    author, authored = read_person(git.first(b"author"), encoding)
    committer, committed = read_person(git.first(b"committer"), encoding)
    last = max(parents.values(), default=Clock(0))
    commit = Commit(
        tree=tree.oid,
        parents=tuple(parents),
        message=message_of(git.message, encoding),
        authored=authored,
        committed=committed,
        clock=Clock(last.milliseconds, last.counter + 1),
        author=author,
        committer=committer,
        extra=((SHA, sha.encode()), *map(_field, tree.odd)),
    )
    shas = [sha.decode() for sha in dict.fromkeys(git.all(b"parent"))]
    plain = _headers(commit, (git.first(b"tree") or b"").decode(), shas)
    if write_commit(plain, commit.message.encode()) == raw:
        return commit
    return replace(commit, extra=(*commit.extra, (RAW, raw)))


def to_git(commit: Commit, tree: Sha, parents: Sequence[Sha], carried: bytes = b"") -> bytes:
    """The bytes of the commit of git for one of ours; `carried` are its conflicts, as a header."""
    raw = extra_of(commit, RAW)
    if raw is not None:
        return raw
    headers = _headers(commit, tree, parents)
    if extra_of(commit, SHA) is None:
        _, body = codec.split(codec.encode(commit))
        headers.append((HEADER, body.partition(b"\n\n")[0]))
        if carried:
            headers.append((carried_conflicts.HEADER, carried))
    return write_commit(headers, commit.message.encode())


def sha_of(commit: Commit) -> Sha | None:
    """The name that a commit has in git, if it came from there."""
    found = extra_of(commit, SHA)
    return None if found is None else found.decode("ascii", "replace")


def sha_in(canonical: bytes) -> Sha | None:
    """The same, from the bytes of a commit."""
    begin = canonical.find(b"\n%s " % SHA.encode(), 0, canonical.index(b"\n\n"))
    value = canonical[begin + len(SHA) + 2 :].partition(b"\n")[0]
    return None if begin < 0 else value.decode("ascii", "replace")


def extra_of(commit: Commit, key: str) -> bytes | None:
    """The value of an extra field, or None."""
    return next((value for known, value in commit.extra if known == key), None)


def oddities(commit: Commit) -> tuple[Oddity, ...]:
    """What the tree of git had and ours has not."""
    found: list[Oddity] = []
    for key, value in commit.extra:
        if key == ENTRY:
            mode, _, rest = value.partition(b" ")
            path, _, name = rest.partition(b"\0")
            found.append(Oddity(path, mode, name))
        elif key == RAW_TREE:
            path, _, body = value.partition(b"\0")
            found.append(Oddity(path, raw=body))
    return tuple(found)


def _field(odd: Oddity) -> tuple[str, bytes]:
    if odd.raw:
        return RAW_TREE, odd.path + b"\0" + odd.raw
    return ENTRY, odd.mode + b" " + odd.path + (b"\0" + odd.name if odd.name else b"")


def _headers(commit: Commit, tree: Sha, parents: Sequence[Sha]) -> list[tuple[bytes, bytes]]:
    author, committer = commit.author or NOBODY, commit.committer or NOBODY
    return [
        (b"tree", tree.encode()),
        *((b"parent", parent.encode()) for parent in parents),
        (b"author", write_person(author, commit.authored)),
        (b"committer", write_person(committer, commit.committed)),
    ]


def made_here(git: GitCommit, tree: ImportedTree, parents: Sequence[Oid]) -> Commit | None:
    """The commit of ours that a commit of git stands for, if its tree and parents are the same."""
    fields = git.first(HEADER)
    if fields is None:
        return None
    body = fields + b"\n\n" + git.message
    try:
        value = codec.decode_foreign(codec.header(Kind.COMMIT, len(body)) + body)
    except InvalidObject:  # somebody else's header of this name
        return None
    assert isinstance(value, Commit)
    same = value.tree == tree.oid and value.parents == tuple(parents)
    return value if same else None
