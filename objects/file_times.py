"""File times: when the times of a file or folder tell of every change.

A file system's clock stands still between two ticks. What changes twice within one tick has the
same times after both changes; so who looks at something just changed may miss the next change. What
was changed longer ago than a tick, when one looked, has other times after it changes again.
"""

from __future__ import annotations

TICK_NS = 50_000_000
"""The clocks of file systems tick more often than this, in ns; but for those of whole seconds."""

_SECOND_NS = 1_000_000_000
_COARSE_NS = 2 * _SECOND_NS + TICK_NS
"""The same where the clock tells whole seconds, or every other one: FAT, ext3, some of ext4."""


def is_whole_second(time: int) -> bool:
    """Whether a time in ns may be that of a clock that tells whole seconds."""
    return time % _SECOND_NS == 0


def is_settled(modified: int, changed: int, *, at: int) -> bool:
    """Whether any change since `at` has other times. All in ns; `changed` is that of the inode."""
    tick = _COARSE_NS if is_whole_second(changed) else TICK_NS
    return max(modified, changed) < at - tick
