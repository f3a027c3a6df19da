"""`pyvcs cat`."""

from __future__ import annotations

import os

import click

from pyvcs.cli.completing import revisions
from pyvcs.cli.output import out, out_bytes, path_text
from pyvcs.cli.session import Session, pass_session


@click.command("cat")
@click.argument("what", metavar="REV:PATH|OID", shell_complete=revisions)
@pass_session
def command(session: Session, what: str) -> None:
    """Print the file at PATH in a revision, or any object, as it is stored.

    Of a folder, the names in it. A blob is printed byte for byte.

    \b
    Example:
      pyvcs cat HEAD~1:package.json
    """
    from pyvcs.objects.errors import PathUnknown, RevisionUnknown
    from pyvcs.objects.listing import entry_at

    repository = session.repository
    revision, colon, path = what.partition(":")
    if not colon:
        oid = repository.store.one_by_prefix(what)
        if oid is None:
            raise RevisionUnknown(f"{what!r} is no object", hint="write REV:PATH for a file")
    else:
        where = os.fsencode(path.strip("/"))
        tree = repository.store.commit(repository.resolve(revision)).tree
        entry = entry_at(repository.store, tree, where)
        if entry is None:
            raise PathUnknown(f"{revision or 'HEAD'} has nothing at {path_text(where)}")
        oid = entry.oid
    _print(session, oid)


def _print(session: Session, oid: object) -> None:
    from pyvcs.objects.kind import Kind, Mode
    from pyvcs.objects.oid import Oid

    assert isinstance(oid, Oid)
    store = session.repository.store
    kind = store.kind(oid)
    if kind is Kind.BLOB:
        for piece in store.blob_stream(oid):
            out_bytes(piece)
    elif kind is Kind.TREE:
        for entry in store.tree(oid):
            out(path_text(entry.name) + ("/" if entry.mode is Mode.TREE else ""))
    else:
        out_bytes(store.body(oid)[1])
