"""A replica: what one repository holds. It does nothing by itself; the acts are given one."""

from __future__ import annotations

import os
import time

from pyvcs.objects.errors import NotARepository, Refused
from pyvcs.objects.once import cached_property
from pyvcs.place import FORMAT, FORMAT_KEY, Place, check_format, renew_replica, replica_of
from pyvcs.ref_store import RefStore
from pyvcs.refs import Position, Refs, check_ref_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Self, TypeAlias

    from pyvcs.config import Config
    from pyvcs.history import CommitHistory
    from pyvcs.objects.backends.base import Backend
    from pyvcs.objects.clock import ReplicaId, Stamp
    from pyvcs.objects.commit import Identity, Timestamp
    from pyvcs.objects.oid import Oid
    from pyvcs.objects.store import ObjectStore
    from pyvcs.worktree import Worktree

DEFAULT_BRANCH = "main"


def wall_clock_ms() -> int:
    """The time of this machine, in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


Progress: TypeAlias = "Callable[[str, int], None]"
"""Is told what is being done, and how many of them are done."""


BYTES = "bytes"
"""The word for bytes that travelled, which are shown beside what is being done."""


def quiet(what: str, done: int) -> None:
    """Progress that nobody sees."""


class Replica:
    """One repository in a set that sync with each other. Made by `init`, `open` or `in_memory`.

    `now_ms` is where it reads the time; tests give their own.
    """

    def __init__(
        self, backend: Backend, place: Place | None, *, now_ms: Callable[[], int] = wall_clock_ms
    ) -> None:
        self.backend = backend
        self.place = place
        self.now_ms = now_ms
        self.ref_store = RefStore(backend)
        self.environ: Mapping[str, str] = os.environ
        self.progress: Progress = quiet
        self.may_fork = False
        """Whether the process is ours alone, so that it may be forked to do two things at once."""

    # -- making and opening --------------------------------------------------------------------

    @classmethod
    def init(
        cls, path: str | bytes = ".", *, branch: str = DEFAULT_BRANCH, bare: bool = False
    ) -> Self:
        """Make a new repository at `path`, with a working tree unless `bare`.

        NotARepository when there is one already.
        """
        replica = cls._in_folder(path, bare=bare, durable=True)
        replica._create(branch)
        return replica

    @classmethod
    def begin(cls, path: str | bytes, *, bare: bool = False) -> Self:
        """A new repository that is none for others, and waits for no disk, until `complete`.

        NotARepository when there is one already.
        """
        replica = cls._in_folder(path, bare=bare, durable=False)
        replica.ref_store.create(Refs(Position(DEFAULT_BRANCH)))
        return replica

    def complete(self) -> None:
        """Wait until the disk has all that was written since `begin`, then be a repository."""
        from pyvcs.objects.backends.directory import DirectoryBackend

        assert isinstance(self.backend, DirectoryBackend)
        self.backend.flush_all()
        self.backend.durable = True
        self.backend.swap(FORMAT_KEY, expected=None, new=FORMAT)

    @classmethod
    def _in_folder(cls, path: str | bytes, *, bare: bool, durable: bool) -> Self:
        from pyvcs.objects.backends.directory import DirectoryBackend

        place = Place.bare(path) if bare else Place.of_worktree(path)
        if os.path.exists(os.path.join(place.folder, FORMAT_KEY.encode())):
            raise NotARepository(f"{os.fsdecode(path)} is a repository already")
        os.makedirs(place.folder, exist_ok=True)
        return cls(DirectoryBackend(os.fsdecode(place.folder), durable=durable), place)

    @classmethod
    def open(cls, path: str | bytes = ".", *, search: bool = True) -> Self:
        """Open the repository that `path` lies in; with `search=False` only one just there."""
        from pyvcs.objects.backends.directory import DirectoryBackend

        place = Place.around(path) if search else Place.at(path)
        replica = cls(DirectoryBackend(os.fsdecode(place.folder)), place)
        check_format(replica.backend)
        return replica

    @classmethod
    def in_memory(
        cls, *, branch: str = DEFAULT_BRANCH, now_ms: Callable[[], int] = wall_clock_ms
    ) -> Self:
        """A new repository without files, gone with the process."""
        from pyvcs.objects.backends.memory import MemoryBackend

        replica = cls(MemoryBackend(), None, now_ms=now_ms)
        replica._create(branch)
        return replica

    def _create(self, branch: str) -> None:
        self.ref_store.create(Refs(Position(check_ref_name(branch))))
        # Last: what has no format is no repository yet, and may be made again.
        self.backend.swap(FORMAT_KEY, expected=None, new=FORMAT)

    # -- what it holds -------------------------------------------------------------------------

    @cached_property
    def store(self) -> ObjectStore:
        """Its objects."""
        from pyvcs.objects.store import ObjectStore

        return ObjectStore(self.backend)

    @cached_property
    def history(self) -> CommitHistory:
        """Questions about the commits."""
        from pyvcs.history import CommitHistory
        from pyvcs.objects.commit_graph import CommitGraph

        return CommitHistory(self.store, CommitGraph(self.backend, load_commit=self._load_commit))

    def collect_if_many(self) -> None:
        """Merge packs of a like size when there are many. The caller holds the lock."""
        from pyvcs.objects.store import MANY_PACKS

        if len(self.store.packs) <= MANY_PACKS:
            return  # nearly always: nothing is loaded then
        from pyvcs.objects.repack import merge_packs, packs_to_merge

        keys = packs_to_merge({key: pack.size for key, pack in self.store.packs.items()})
        if keys:
            merge_packs(self.store, keys)

    def _load_commit(self, oid: Oid) -> tuple[Sequence[Oid], int, int]:
        from pyvcs.history import facts_of

        return facts_of(self.store.commit(oid))

    @cached_property
    def config(self) -> Config:
        """The settings of this repository over those of the user."""
        from pyvcs.config import Config

        folder = None if self.place is None else os.fsdecode(self.place.folder)
        return Config.load(folder, self.environ)

    @cached_property
    def id(self) -> ReplicaId:
        """The id of this replica."""
        return replica_of(self.backend, self._where)

    def renew_id(self) -> None:
        """Take a new id, as a replica that goes back to an earlier state must."""
        renew_replica(self.backend, self._where)
        self.__dict__.pop("id", None)

    @property
    def _where(self) -> str:
        return "memory" if self.place is None else self.place.identity

    @property
    def worktree(self) -> Worktree:
        """The working tree, looked at afresh; Refused when this repository has none."""
        if self.place is None or self.place.root is None:
            raise Refused(
                "this repository has no working tree", hint="clone it to get one, or give changes"
            )
        from pyvcs.worktree import Worktree

        return Worktree(self.place.root, may_fork=self.may_fork)

    @property
    def has_worktree(self) -> bool:
        """Whether there is a working tree."""
        return self.place is not None and self.place.root is not None

    @property
    def refs(self) -> Refs:
        """The refs as they are now."""
        return self.ref_store.read()

    def locked(self, command: str) -> AbstractContextManager[object]:
        """Hold off other processes while `command` changes things. Locked after a while."""
        if self.place is None:
            from contextlib import nullcontext

            return nullcontext()
        from pyvcs.locking import lock

        return lock(os.fsdecode(self.place.folder), command=command)

    def stamp(self, refs: Refs, *parents: Oid) -> Stamp:
        """The stamp of an event that comes after all of `refs` and the commits `parents`."""
        from pyvcs.objects.clock import ZERO, Stamp, tick

        last = max([refs.clock, ZERO, *(self.store.commit(oid).clock for oid in parents)])
        return Stamp(tick(last, now_ms=self.now_ms()), self.id)

    def identity(self) -> Identity:
        """Who commits here. IdentityUnknown, with what to set, when nothing says so."""
        from pyvcs.config import identity

        return identity(self.config, self.environ)

    def timestamp(self) -> Timestamp:
        """Now, with this machine's offset from UTC."""
        from pyvcs.objects.commit import Timestamp

        seconds = self.now_ms() // 1000
        return Timestamp(seconds, (time.localtime(seconds).tm_gmtoff or 0) // 60)
