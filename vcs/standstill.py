"""Standstill: what `status` said of a working tree in which nothing has moved since.

Idea.        What `status` says is a function of the refs, of what is remembered of remotes, and of
             the working tree. When it said that nothing changed, its words are kept under a hash of
             the former, with the names in each folder that are no files of the commit (folders,
             and what is ignored). If all of that, and every stat in the stat cache, is as it was,
             the words still hold, and none of the modules is loaded that found them. Folders whose
             times tell that no name came are not listed (`folder_times`). Other folders in which
             there is nothing to record are looked at like those of the commit; the stores of
             others (`.git`) are not entered, as `status` does not enter them.
Invariant.   What is recalled is what a whole `status` would say now. All that might change its mind
             is looked at: a name that is new, gone or of another sort, a stat that is not as
             known, an ignore file that is no file of the commit, refs, remotes, a bisection.
Cost.        That of looking (`looking`), by two processes if there is much to look at: a stat a
             file, one a folder. If many folders had to be listed, their times are noted (`renew`).
Result.      The words, or None: then somebody has to look closely. As a cache it may be lost.
Source.      The untracked cache of git has the same aim.
Not handled. Systems without `dir_fd` (Windows); sockets, devices, and repositories in the tree that
             are not ignored. Nothing is recalled there. Folders whose times tell too little
             (`folder_times`) are listed each time.
"""

from __future__ import annotations

import os
import time
from stat import S_IFMT, S_ISDIR

from blake3 import blake3

from pyvcs.looking import HAS_DIR_FD, differing, names_of, path_of, stamp_at
from pyvcs.objects.errors import NotARepository
from pyvcs.place import FORMAT, FORMAT_KEY, REFS_KEY, Place
from pyvcs.sealed import STAT_CACHE_KEY, seal, unseal, unseal_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from pyvcs.looking import Differing, Looked, Stamp
    from pyvcs.replica import Replica
    from pyvcs.sealed import Packed

Others: TypeAlias = "dict[bytes, dict[bytes, int]]"
"""By folder the names in it that are no files of the commit, and their sort."""

Noted: TypeAlias = "tuple[bytes, bytes, Others, dict[bytes, Stamp] | None, str]"
"""Hash of what is watched, commit, the other names, stamps that are trusted, and the words.

No stamps at all (None) where the file system does not keep the times of folders.
"""

KEY = "standstill"
_MAGIC = b"pyvcsST\x03"
_MANY = 16
"""So many folders that are listed in vain take longer than to note their times."""

_WATCHED = (REFS_KEY, "remote-branches", "bisect")
"""The keys that `status` reads besides those of caches."""


class Moment:
    """A repository as it is before its status is looked for: what is noted later belongs to it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.looked: Looked | None = None
        """What was found when the words did not hold, for who looks closely now."""
        self._recalled: tuple[Noted, Mapping[bytes, Packed], Differing] | None = None
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
        noted: Noted | None = unseal(_MAGIC, self._place.read(KEY))
        if noted is None or noted[0] != self.digest:
            return None
        _, commit, others, stamps, words = noted
        known = unseal_files(self._place.read(STAT_CACHE_KEY))
        if known is None or known[0] != commit:
            return None
        packed: Mapping[bytes, Packed] = known[2]
        found = differing(self._path(b""), packed, others, stamps, may_fork=may_fork)
        if not self._stands(found, others):
            for folder, names in found.items():
                found[folder] = sorted(others[folder]) if names is None else names
            self.looked = packed, found
            return None
        self._recalled = noted, packed, found
        return words

    def renew(self) -> None:
        """After words were recalled: note the times of folders that were listed and need not be.

        Those of a new working tree are too young when it is looked at first. Nothing is written
        for a few folders, nor before so many are old enough.
        """
        assert self._recalled is not None
        noted, packed, found = self._recalled
        digest, commit, others, stamps, words = noted
        vain = [folder for folder, names in found.items() if names is not None]
        if stamps is None or len(vain) < _MANY:
            return
        from pyvcs.folder_times import Shown, listed, trusted

        try:
            now = Shown(stamp_at(self._place.folder)[-1], time.time_ns())
            if sum(now.is_trusted(stamp_at(self._path(folder))) for folder in vain) < _MANY:
                return
            shown = Shown.by(self._place.folder)
            for folder in vain:
                stamp, names = listed(self._path(folder))
                is_same = {*names} == {*names_of(packed.get(folder)), *others[folder]}
                if is_same:
                    stamps[folder] = stamp
                else:  # a name came just now: the next status tells it
                    stamps.pop(folder, None)
            if shown.at or shown.is_lacking:
                self._write((digest, commit, others, trusted(shown, stamps), words))
        except OSError:
            return  # it is a cache

    def note(self, replica: Replica, words: str) -> None:
        """Keep what `status` says of a working tree in which nothing changed.

        It is kept only if it would be recalled now: nothing moved since, and all stats are known.
        """
        from pyvcs.folder_times import Shown, trusted

        known = unseal_files(self._place.read(STAT_CACHE_KEY))
        if known is None:
            return
        commit, _, folders = known
        try:
            seen = self._seen(replica, folders)
            if seen is None:
                return
            others, stamps = seen
            shown = Shown.by(self._place.folder)  # before the look, which lists all folders again
            found = differing(self._path(b""), folders, others, may_fork=replica.may_fork)
            if self._stands(found, others):
                self._write((self.digest, commit, others, trusted(shown, stamps), words))
        except OSError:
            return  # it is a cache

    def _write(self, noted: Noted) -> None:
        from pyvcs.objects.backends.directory import DirectoryBackend

        backend = DirectoryBackend(os.fsdecode(self._place.folder), durable=False)
        backend.append(KEY, seal(_MAGIC, noted), at=0)

    def _stands(self, found: Differing, others: Others) -> bool:
        """Whether these are just the others, and of the sort that they were.

        Where there was a look, there is a folder: so only of the other names the sort is looked at.
        """
        for folder, names in others.items():
            if folder not in found:
                return False
            differing = found[folder]
            if differing is not None and differing != sorted(names):
                return False
            prefix = folder + b"/" if folder else b""
            unseen = {name: kind for name, kind in names.items() if prefix + name not in found}
            if unseen and not _are_as_before(self._path(folder), unseen):
                return False
        return True

    def _seen(
        self, replica: Replica, known: Mapping[bytes, Packed]
    ) -> tuple[Others, dict[bytes, Stamp]] | None:
        """The names that are no files of the commit, and the stamps that the folders had before.

        None when one of them may change the mind of `status` without being seen.
        """
        from pyvcs.folder_times import listed
        from pyvcs.ignore import IGNORE_FILE, Ignore
        from pyvcs.worktree import FOREIGN_FOLDERS

        ignore = Ignore(replica.worktree.read)
        entered = _folders_of(known)
        found: Others = {}
        stamps: dict[bytes, Stamp] = {}
        waiting = [*entered]
        while waiting:
            folder = waiting.pop()
            found[folder] = others = {}
            prefix = folder + b"/" if folder else b""
            stamps[folder], names = listed(self._path(folder))
            for name in {*names}.difference(names_of(known.get(folder))):
                path = prefix + name
                others[name] = kind = _sort(self._path(path))
                is_dir = S_ISDIR(kind)
                if name == IGNORE_FILE:
                    return None
                is_foreign = is_dir and name in FOREIGN_FOLDERS
                if path in entered or is_foreign or ignore.is_ignored(path, is_dir=is_dir):
                    continue
                if not is_dir or replica.worktree.is_repository(name, path):
                    return None
                waiting.append(path)  # there is nothing in it to record, as far as is known
        return found, stamps

    def _path(self, folder: bytes) -> bytes:
        assert self._place.root is not None
        return path_of(self._place.root, folder)


def _folders_of(known: Mapping[bytes, Packed]) -> set[bytes]:
    """The folders that have files of the commit, those above them, and the root."""
    found = {b""}
    for folder in known:
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition(b"/")[0]
    return found


def _sort(path: bytes) -> int:
    """What stands at a path: the bits of its mode that tell."""
    return S_IFMT(os.lstat(path).st_mode)


def _are_as_before(path: bytes, names: Mapping[bytes, int]) -> bool:
    """Whether names in a folder are of the sort that they were."""
    try:
        return all(_sort(os.path.join(path, name)) == kind for name, kind in names.items())
    except OSError:
        return False
