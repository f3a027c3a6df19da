"""Where a repository is: finding, making and recognising its folder."""

from __future__ import annotations

import os

from pyvcs.objects.errors import Corrupt, InvalidObject, NotARepository, UnsupportedFormat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.objects.backends.base import Backend
    from pyvcs.objects.clock import ReplicaId

FOLDER = b".pyvcs"
FORMAT_KEY, REPLICA_KEY, REFS_KEY = "format", "replica", "refs"
FORMAT = b"pyvcs repository, format 1\n"

FOLDER_MARK = "pyvcs-folder"
"""The file in a plain folder that replicas sync through."""


class Place:
    """A repository on a disk: its own folder, and the working tree around it if it has one.

    A plain class: a `status` makes no other value, and to load how they are made takes a fiftieth.
    """

    __slots__ = ("folder", "root")

    def __init__(self, folder: bytes, root: bytes | None) -> None:
        self.folder, self.root = folder, root

    @classmethod
    def of_worktree(cls, root: str | bytes) -> Place:
        """The place of a repository in a working tree."""
        path = os.path.abspath(os.fsencode(root))
        return cls(os.path.join(path, FOLDER), path)

    @classmethod
    def bare(cls, folder: str | bytes) -> Place:
        """The place of a repository without a working tree."""
        return cls(os.path.abspath(os.fsencode(folder)), None)

    @classmethod
    def at(cls, path: str | bytes) -> Place:
        """The repository whose working tree or own folder is just `path`."""
        for place in (cls.of_worktree(path), cls.bare(path)):
            if os.path.isfile(os.path.join(place.folder, FORMAT_KEY.encode())):
                return place
        raise NotARepository(
            f"{os.fsdecode(path)} is not a pyvcs repository", hint="`pyvcs init` makes one"
        )

    @classmethod
    def around(cls, path: str | bytes) -> Place:
        """The repository that `path` lies in: it, or the nearest folder above that is one."""
        folder = start = os.path.abspath(os.fsencode(path))
        while True:
            try:
                return cls.at(folder)
            except NotARepository:
                if folder == os.path.dirname(folder):
                    break
            folder = os.path.dirname(folder)
        raise NotARepository(
            f"neither {os.fsdecode(start)} nor a folder above it is a pyvcs repository",
            hint="`pyvcs init` makes one",
        )

    def read(self, key: str) -> bytes | None:
        """All bytes under a key of the repository, or None: what its backend would read."""
        try:
            with open(os.path.join(self.folder, key.encode()), "rb", buffering=0) as file:
                return file.read()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    @property
    def name(self) -> str:
        """The folder that people know it by."""
        return os.fsdecode(self.root or self.folder)

    def seen_from(self, path: str) -> str:
        """A path as it is meant in this repository: relative ones begin at its folder."""
        return os.path.join(self.name, path)

    @property
    def identity(self) -> str:
        """What tells this folder from a copy of it."""
        return f"{os.stat(self.folder).st_ino} {os.fsdecode(self.folder)!r}"


def check_format(backend: Backend) -> None:
    """Raise UnsupportedFormat unless this pyvcs can read the repository."""
    found = backend.read(FORMAT_KEY)
    if found != FORMAT:
        words = (found or b"nothing")[:60].decode("utf-8", "replace").strip()
        raise UnsupportedFormat(
            f"the repository says {words!r}, and this pyvcs knows {FORMAT.decode().strip()!r}",
            hint="use a newer pyvcs",
        )


def replica_of(backend: Backend, identity: str) -> ReplicaId:
    """The id of the replica that lives in `backend`, made anew in a copied folder.

    Two replicas with one id would take each other's events for their own and lose them. So the
    id stands beside what tells the folder from its copies, and a copy gets an id of its own at
    its first write.
    """
    content = backend.read(REPLICA_KEY)
    if content is not None:
        name, _, known = content.decode("utf-8", "surrogateescape").partition("\n")
        if known.rstrip("\n") == identity:
            return _parsed(name)
    fresh = _write_fresh(backend, identity, expected=content)
    return fresh or replica_of(backend, identity)


def renew_replica(backend: Backend, identity: str) -> None:
    """Give the replica a new id: for one whose refs go back to an earlier state.

    It has forgotten events that others may know, and the next event under the old id would tell
    them that those are over and done with.
    """
    while _write_fresh(backend, identity, expected=backend.read(REPLICA_KEY)) is None:
        pass


def _write_fresh(backend: Backend, identity: str, *, expected: bytes | None) -> ReplicaId | None:
    from pyvcs.objects.clock import REPLICA_BYTES, new_replica_id

    fresh = new_replica_id(os.urandom(REPLICA_BYTES))
    written = f"{fresh}\n{identity}\n".encode("utf-8", "surrogateescape")
    return fresh if backend.swap(REPLICA_KEY, expected=expected, new=written) else None


def _parsed(name: str) -> ReplicaId:
    from pyvcs.objects.clock import ReplicaId

    try:
        return ReplicaId(name)
    except InvalidObject as error:
        raise Corrupt(f"the file `replica` cannot be read: {error}", hint="remove it") from None


def is_plain_folder(path: str) -> bool:
    """Whether a path is that of a folder made to sync through."""
    return os.path.lexists(os.path.join(path, FOLDER_MARK))
