"""Looking ahead: a second process looks at the working tree while this one loads its modules.

Idea.        Loading what a commit needs takes as long as looking at 10,000 files, and a second
             processor has nothing to do meanwhile. So a child begins to look when the command line
             is read; what it has left when the commit wants to know is shared (`both_ends`).
Invariant.   What it tells is true of a moment since the command began, as is what a commit sees by
             itself. It is told once, and not if something may have happened since: another program
             that ran (`drop`), another command that changed files, which moves the refs when it is
             done, or a wait for the lock, in which people edit (`_MOST_SECONDS`). Who asks compares
             the rows that it began with with those of now (`Worktree.compared`).
Cost.        That of the child, 2 ms of CPU time, also where nobody asks.
Not handled. Small working trees, and systems without a second processor: nothing is begun there.
"""

from __future__ import annotations

import time

from pyvcs.looking import HAS_DIR_FD, begun, is_much, told
from pyvcs.objects.errors import NotARepository
from pyvcs.place import REFS_KEY, Place
from pyvcs.sealed import STAT_CACHE_KEY, unseal_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyvcs.both_ends import Begun
    from pyvcs.looking import Looked
    from pyvcs.sealed import Packed

_MOST_SECONDS = 1.0
"""What was begun longer ago is not told: who waited that long for the lock looks anew."""


class LookAhead:
    """A look at the working tree in which a path lies, begun by a second process if it is large."""

    def __init__(self, path: str) -> None:
        self._since = time.monotonic()
        self._look: Begun | None = None
        try:
            self._place = Place.around(path)
            if self._place.root is not None and HAS_DIR_FD:
                self._begin(self._place.root)
        except (NotARepository, OSError):
            return  # who needs the repository or the files will say what is wrong with them

    def _begin(self, root: bytes) -> None:
        self._refs = self._place.read(REFS_KEY)
        known = unseal_files(self._place.read(STAT_CACHE_KEY))
        self._packed: Mapping[bytes, Packed] = {} if known is None else known[2]
        if is_much(self._packed):
            self._look = begun(root, self._packed, self._packed, may_fork=True)

    def told(self) -> Looked | None:
        """What was seen, if it may still be told. For who holds the lock."""
        look, self._look = self._look, None
        if look is None:
            return None
        is_old = time.monotonic() - self._since > _MOST_SECONDS
        if is_old or self._place.read(REFS_KEY) != self._refs:
            look.drop()
            return None
        return self._packed, told(look)

    def drop(self) -> None:
        """Tell nothing, and end the child."""
        look, self._look = self._look, None
        if look is not None:
            look.drop()
