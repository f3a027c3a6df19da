"""Folder times: whether the times of a folder tell, later, that no name came into it.

Idea.        A name that comes into a folder, or goes, changes the folder's times. So a folder need
             not be listed again whose times, inode and file system (its stamp) are those that it
             had just before it was listed.
Invariant.   A stamp is trusted only where the next name that comes makes another one. The file
             system has just shown that it keeps the times of folders: a new file changed those of
             the repository's own folder (`Shown`). The folder lies there, too (`st_dev`). Its clock
             is a fine one, and has ticked between the folder's last change and the listing, by the
             time of that new file: what time this machine has does not matter. Nobody sets the
             time at which an inode changed; what is copied or mounted there is another inode.
Cost.        To ask: a file made and removed. A stamp: one call of the system.
Result.      The stamps of folders with their names, and which of them to trust.
Source.      git's untracked cache, which tries a file system out before it trusts its folders.
Not handled. Where other machines change files as well (NFS, sshfs), the system may tell old times
             for some seconds, as it may old names. A clock that is set back may show just the time
             at which a folder changed, to the nanosecond. An overlay that is mounted again on
             another lower layer tells the times of the upper one, and the names of both. Systems
             that tell the time that people set for that of the inode (some in user space).
"""

from __future__ import annotations

import os

from pyvcs.looking import FOLDER, stamp_at, stamp_of
from pyvcs.objects.file_times import is_settled
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyvcs.looking import Stamp

_FINE_NS = 10_000_000
"""FAT and exFAT tell hundredths of a second at best, old file systems of Unix whole seconds. Others
write to the former, on a stick, and leave the times of folders as they were."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a new file has shown of the file system that it was made in.

    `device` is the file system's `st_dev`. `at` is the time there, in ns; 0 when the times of the
    folder did not change. `is_lacking`: they do not, and not only because the clock did not tick.
    """

    device: int
    at: int
    is_lacking: bool = False

    @classmethod
    def by(cls, folder: bytes) -> Shown:
        """What a new file in `folder` shows; it is removed again. OSError where none can be."""
        from pyvcs.objects.backends.directory import DirectoryBackend

        before = stamp_at(folder)
        path, descriptor = DirectoryBackend(os.fsdecode(folder)).new_file()
        try:
            return cls.of(before, stamp_of(descriptor), stamp_at(folder))
        finally:
            os.close(descriptor)
            os.unlink(path)

    @classmethod
    def of(cls, before: Stamp, file: Stamp, after: Stamp) -> Shown:
        """What the stamps of a folder show, before and after a file with a stamp came into it."""
        device = after[3]
        if after[0] != before[0] and after[1] != before[1]:
            return cls(device, min(after[:2]))
        return cls(device, 0, is_lacking=is_settled(*before[:2], at=file[0]))

    def is_trusted(self, stamp: Stamp) -> bool:
        """Whether a folder that is listed from now on has this stamp only as long as its names."""
        modified, changed, _, device = stamp
        is_fine = changed % _FINE_NS != 0
        return device == self.device and is_fine and is_settled(modified, changed, at=self.at)


def trusted(shown: Shown, stamps: Mapping[bytes, Stamp]) -> dict[bytes, Stamp] | None:
    """The stamps that are trusted, of folders listed since; None where folders keep no times."""
    if shown.is_lacking:
        return None
    return {folder: stamp for folder, stamp in stamps.items() if shown.is_trusted(stamp)}


def listed(path: bytes) -> tuple[Stamp, list[bytes]]:
    """The stamp of a folder, and then its names. OSError where there is none, or a symlink."""
    folder = os.open(path, FOLDER)
    try:
        stamp = stamp_of(folder)
        return stamp, [os.fsencode(name) for name in os.listdir(folder)]
    finally:
        os.close(folder)
