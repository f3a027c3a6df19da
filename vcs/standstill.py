"""Standstill: what `status` said of a working tree in which nothing has moved since.

Idea.        What `status` says is a function of the refs, of what is remembered of remotes, and of
             the working tree. When it said that nothing changed, its words are kept under a hash of
             the former, with the names in each folder that are no files of the commit (folders,
             and what is ignored). If all of that, and every stat in the stat cache, is as it was,
             the words still hold, and none of the modules is loaded that found them.
Invariant.   What is recalled is what a whole `status` would say now. All that might change its mind
             is looked at: a name that is new, gone or of another sort, a stat that is not as
             known, an ignore file that is no file of the commit, refs, remotes, a bisection.
Cost.        That of looking (`looking`), by two processes if there is much to look at.
Result.      The words, or None: then somebody has to look closely. As a cache it may be lost.
Source.      The untracked cache of git has the same aim, and trusts the times of folders, which
             not every file system keeps; here the names are read.
Not handled. Systems without `dir_fd` (Windows); folders in which something is neither of the
             commit nor ignored. Nothing is recalled there.
"""

from __future__ import annotations

import os
from stat import S_IFMT

from blake3 import blake3

from pyvcs.looking import HAS_DIR_FD, differing, names_of, path_of
from pyvcs.objects.errors import NotARepository
from pyvcs.place import FORMAT, FORMAT_KEY, REFS_KEY, Place
from pyvcs.sealed import STAT_CACHE_KEY, seal, unseal, unseal_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyvcs.looking import Looked
    from pyvcs.replica import Replica
    from pyvcs.sealed import Packed

KEY = "standstill"
_MAGIC = b"pyvcsST\x02"

_WATCHED = (REFS_KEY, "remote-branches", "bisect")
"""The keys that `status` reads besides those of caches."""


class Moment:
    """A repository as it is before its status is looked for: what is noted later belongs to it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.looked: Looked | None = None
        """What was found when the words did not hold, for who looks closely now."""
        self.digest = blake3(b"\0".join(map(self._hashed, _WATCHED))).digest()

    def _hashed(self, key: str) -> bytes:
        content = self._place.read(key)
        return b"-" if content is None else blake3(content).digest()

    @classmethod
    def around(cls, path: str) -> Moment | None:
        """That of the repository in which a path lies, if it can be recalled there."""
        try:
            place = Place.around(path)
        except NotARepository:
            return None
        moment = cls(place) if place.root is not None and HAS_DIR_FD else None
        return moment if moment and place.read(FORMAT_KEY) == FORMAT else None

    def recall(self, *, may_fork: bool = False) -> str | None:
        """The words that were noted, if they hold. Two processes look, if this one may fork."""
        noted = unseal(_MAGIC, self._place.read(KEY))
        if noted is None or noted[0] != self.digest:
            return None
        _, commit, others, words = noted
        known = unseal_files(self._place.read(STAT_CACHE_KEY))
        if known is None or known[0] != commit:
            return None
        packed: Mapping[bytes, Packed] = known[2]
        found = differing(self._path(b""), packed, others, may_fork=may_fork)
        if not self._stands(found, others):
            self.looked = packed, found
            return None
        text: str = words
        return text

    def note(self, replica: Replica, words: str) -> None:
        """Keep what `status` says of a working tree in which nothing changed.

        It is kept only if it would be recalled now: nothing moved since, and all stats are known.
        """
        known = unseal_files(self._place.read(STAT_CACHE_KEY))
        if known is None:
            return
        commit, _, folders = known
        others = self._others(replica, folders)
        if others is None:
            return
        found = differing(self._path(b""), folders, others, may_fork=replica.may_fork)
        if not self._stands(found, others):
            return
        content = seal(_MAGIC, (self.digest, commit, others, words))
        try:
            replica.backend.append(KEY, content, at=0, durable=False)
        except OSError:
            return  # it is a cache

    def _stands(
        self, found: Mapping[bytes, list[bytes]], others: Mapping[bytes, Mapping[bytes, int]]
    ) -> bool:
        """Whether these are just the others, and of the sort that they were.

        Where there was a look, there is a folder: so only of the other names the sort is looked at.
        """
        for folder, names in others.items():
            if found.get(folder) != sorted(names):
                return False
            prefix = folder + b"/" if folder else b""
            unseen = {name: kind for name, kind in names.items() if prefix + name not in found}
            if not _are_as_before(self._path(folder), unseen):
                return False
        return True

    def _others(
        self, replica: Replica, known: Mapping[bytes, Packed]
    ) -> dict[bytes, dict[bytes, int]] | None:
        """The names that are no files of the commit, and their sort, by folder.

        None when one of them may change the mind of `status` without being seen.
        """
        from pyvcs.ignore import IGNORE_FILE, Ignore

        ignore = Ignore(replica.worktree.read)
        entered = {b""}
        for folder in known:
            while folder not in entered:
                entered.add(folder)
                folder = folder.rpartition(b"/")[0]
        found: dict[bytes, dict[bytes, int]] = {}
        for folder in sorted(entered):
            found[folder] = others = {}
            prefix = folder + b"/" if folder else b""
            tracked = set(names_of(known.get(folder)))
            for entry in os.scandir(self._path(folder)):
                path = prefix + entry.name
                is_dir = entry.is_dir(follow_symlinks=False)
                if entry.name in tracked:
                    continue
                is_left_out = path in entered or ignore.is_ignored(path, is_dir=is_dir)
                if not is_left_out or entry.name == IGNORE_FILE:
                    return None
                others[entry.name] = S_IFMT(entry.stat(follow_symlinks=False).st_mode)
        return found

    def _path(self, folder: bytes) -> bytes:
        assert self._place.root is not None
        return path_of(self._place.root, folder)


def _are_as_before(path: bytes, names: Mapping[bytes, int]) -> bool:
    """Whether names in a folder are of the sort that they were."""
    try:
        return all(
            S_IFMT(os.lstat(os.path.join(path, name)).st_mode) == kind
            for name, kind in names.items()
        )
    except OSError:
        return False
