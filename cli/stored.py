"""Files and objects printed as they are stored."""

from __future__ import annotations

import os

from pyvcs.cli.output import out, out_bytes, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.objects.oid import Oid
    from pyvcs.repository import Repository


def names_a_file(word: str) -> bool:
    """Whether a word is REV:PATH, and not a revision such as `:/text`."""
    return ":" in word and not word.startswith(":/")


def print_stored(repository: Repository, what: str) -> None:
    """Print what REV:PATH or an oid leads to. PathUnknown or RevisionUnknown."""
    from pyvcs.objects.errors import PathUnknown, RevisionUnknown
    from pyvcs.objects.listing import entry_at

    revision, colon, path = what.partition(":")
    if not colon:
        oid = repository.store.one_by_prefix(what)
        if oid is None:
            raise RevisionUnknown(f"{what!r} is no object", hint="write REV:PATH for a file")
        _print(repository, oid)
        return
    where = os.fsencode(path.strip("/"))
    tree = repository.store.commit(repository.resolve(revision)).tree
    entry = entry_at(repository.store, tree, where)
    if entry is None:
        raise PathUnknown(f"{revision or 'HEAD'} has nothing at {path_text(where)}")
    _print(repository, entry.oid)


def _print(repository: Repository, oid: Oid) -> None:
    from pyvcs.objects.kind import Kind, Mode

    store = repository.store
    kind = store.kind(oid)
    if kind is Kind.BLOB:
        for piece in store.blob_stream(oid):
            out_bytes(piece)
    elif kind is Kind.TREE:
        for entry in store.tree(oid):
            out(path_text(entry.name) + ("/" if entry.mode is Mode.TREE else ""))
    else:
        out_bytes(store.body(oid)[1])
