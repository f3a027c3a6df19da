"""Texts whose changes are plain to see, merged without a search and without splitting them.

Idea.        Two texts are compared by stretches of bytes that grow while they are equal. Where they
             differ, the nearest place at which whole lines agree again ends the change. Such a
             script is a shortest one when no line is both removed and added, which two sets tell.
             The changes of both sides, put in order, are then the merge.
Invariant.   What lies before both places is known, and both are starts of lines.
Cost.        Linear in the bytes; memcmp compares them, and a change costs some microseconds.
Result.      The bytes of the merge. None where the search of `diff3` has to tell: a line may have
             moved, the sides change the same lines or neighbouring ones, or may do so because a
             change could as well stand elsewhere.
Source.      Galloping is that of Bentley and Yao, An almost optimal algorithm for unbounded
             searching, 1976.
Not handled. Texts that do not end with a newline.
"""

from __future__ import annotations

from itertools import accumulate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Hunk: TypeAlias = tuple[int, int, int, int, int]
"""Base[start:stop] gave way to other[start:stop], and the lines of the longer one."""

Change: TypeAlias = tuple[int, int, int, int, bytes, bool]
"""Low, high, start, stop, new, is_one: base[start:stop] gave way to new, and wherever this change
could stand instead, perhaps in parts, is in base[low:high]. If it is one hunk, no line in it stays.
"""

Both: TypeAlias = tuple[list[Change], list[Change]]
"""The changes of both sides."""

FIRST_STRETCH, LAST_STRETCH = 128, 1 << 16
"""So many bytes are compared at once: from the first to the last, more after each success."""

AGREEING = 6
"""Whole lines of more bytes than that, together, must agree where a change ends."""

MOST_ALIKE = 100
"""So many lines beside a change are looked at, whether they are as lines in it."""

FIRST_WINDOW, LAST_WINDOW = 1 << 10, 1 << 18
"""Within so many bytes the end of a change is looked for: the first window, and the last."""


def changes_of_both(*, base: bytes, ours: bytes, theirs: bytes) -> Both | None:
    """What ours and theirs changed; None when it is not plain."""
    with_ours = plain_changes(base, ours)
    with_theirs = None if with_ours is None else plain_changes(base, theirs)
    return None if with_ours is None or with_theirs is None else (with_ours, with_theirs)


def merged_plainly(base: bytes, changes: Both) -> bytes | None:
    """The merge of plain changes; None where some of both sides could meet.

    >>> base = b"a\\nb\\nc\\n"
    >>> changes = changes_of_both(base=base, ours=b"A\\nb\\nc\\n", theirs=b"a\\nb\\nC\\n")
    >>> merged_plainly(base, changes)
    b'A\\nb\\nC\\n'
    """
    merged: list[bytes] = []
    done, reached, before = 0, -1, None
    for change in sorted(changes[0] + changes[1]):
        low, high, start, stop, new, _ = change
        if low > reached:
            merged.append(base[done:start])
            merged.append(new)
            done, reached, before = stop, high, change
        elif change != before:  # else both sides made it
            return None
    merged.append(base[done:])
    return b"".join(merged)


def plain_changes(base: bytes, side: bytes) -> list[Change] | None:
    """The changes that make side out of base, in order; None when they are not plain."""
    if not (base.endswith(b"\n") and side.endswith(b"\n")):
        return None
    hunks = _hunks(base, side)
    return None if hunks is None else _apart(base, side, hunks)


def _hunks(base: bytes, side: bytes) -> list[Hunk] | None:
    """The nearest changes that make side out of base; None when an end is too far to be seen."""
    hunks: list[Hunk] = []
    find, other_find, agrees = base.find, side.find, side.startswith
    rfind, number = base.rfind, int.from_bytes
    size, other_size = len(base), len(side)
    i = j = 0
    while True:
        # The first stretch of `_unequal_from`, without a call: most changes are as near as that.
        x, y = base[i : i + FIRST_STRETCH], side[j : j + FIRST_STRETCH]
        if x == y:
            unequal = _unequal_from(base, i + len(x), side, j + len(y))
        elif len(x) == len(y):
            differing = number(x, "big") ^ number(y, "big")
            unequal = i + len(x) - (differing.bit_length() + 7 >> 3)
        else:
            unequal = _unequal_from(base, i, side, j)
        equal = rfind(b"\n", i, unequal) + 1
        if equal:
            i, j = equal, j + equal - i
        if i == size or j == other_size:
            break
        # Most changes add a line, take a line, or put one for another: these are tried first.
        other_next = other_find(b"\n", j) + 1
        if agrees(base[i : find(b"\n", i + AGREEING) + 1 or None], other_next):
            hunks.append((i, i, j, other_next, 1))
            j = other_next
            continue
        following = find(b"\n", i) + 1
        if following < size:
            lines = base[following : find(b"\n", following + AGREEING) + 1 or None]
            if agrees(lines, j):
                hunks.append((i, following, j, j, 1))
                i = following
                continue
            if agrees(lines, other_next):
                hunks.append((i, following, j, other_next, 1))
                i, j = following, other_next
                continue
        end = _end_of_change(base, i, side, j)
        if end is None:
            return None
        hunks.append((i, end[0], j, end[1], end[2]))
        i, j, _ = end
    if i < size or j < other_size:
        lines_left = base.count(b"\n", i) + side.count(b"\n", j)  # one of them is 0
        hunks.append((i, size, j, other_size, lines_left))
    return hunks


def _unequal_from(a: bytes, i: int, b: bytes, j: int) -> int:
    """Where in a the first byte stands that differs from that of b, when i and j are compared."""
    step = FIRST_STRETCH
    while (x := a[i : i + step]) == (y := b[j : j + step]):
        if len(x) < step:
            return len(a)
        i, j, step = i + step, j + step, min(4 * step, LAST_STRETCH)
    while len(x) > FIRST_STRETCH:
        half = len(x) // 2
        if x[:half] == y[:half]:
            i, x, y = i + half, x[half:], y[half:]
        else:
            x, y = x[:half], y[:half]
    if len(x) != len(y):  # the end of one of them
        size = min(len(x), len(y))
        x, y = x[:size], y[:size]
    differing = int.from_bytes(x, "big") ^ int.from_bytes(y, "big")
    return i + len(x) - (differing.bit_length() + 7) // 8


def _end_of_change(a: bytes, i: int, b: bytes, j: int) -> tuple[int, int, int] | None:
    """Where a and b agree again, and after how many lines; None when that is too far away."""
    window = FIRST_WINDOW
    while window <= LAST_WINDOW:
        end = _nearest(a, i, b, j, window)
        if end is not None:
            return end
        if i + window >= len(a) and j + window >= len(b):
            return len(a), len(b), max(a.count(b"\n", i), b.count(b"\n", j))
        window *= 4
    return None


def _nearest(a: bytes, i: int, b: bytes, j: int, window: int) -> tuple[int, int, int] | None:
    """Where whole lines agree after the fewest lines, within a window."""
    lines = a[i : i + window].split(b"\n")[:-1]
    others = b[j : j + window].split(b"\n")[:-1]
    starts = [*accumulate(map(len, lines), initial=i)]
    first = dict(zip(reversed(lines), range(len(lines) - 1, -1, -1), strict=True))
    best, least, y = None, len(lines) + len(others), j
    for q, line in enumerate(others):
        if q >= least:
            break
        p = first.get(line)
        if p is not None and p + q < least:
            x = starts[p] + p  # each line has its newline, too
            if b.startswith(a[x : a.find(b"\n", x + AGREEING) + 1 or None], y):
                best, least = (x, y, max(p, q)), p + q
        y += len(line) + 1
    return best


def _apart(base: bytes, side: bytes, hunks: list[Hunk]) -> list[Change] | None:
    """The hunks as changes; None when two of them could meet, or a line is removed and added.

    Hunks with few lines between them are one change: `diff3` may not match these lines.
    """
    changes: list[Change] = []
    removed: list[bytes] = []
    added: list[bytes] = []
    extents: list[tuple[int, int, int]] = []  # of each change its lines, and where it is in side
    joined: set[int] = set()  # which changes may be several hunks
    starts, ends = base.startswith, base.endswith
    other_starts, other_ends = side.startswith, side.endswith
    last = 0
    for i, stop, j, other_stop, size in hunks:
        low, start, high, new, is_loose, is_one = i, i, stop, b"", size > 1, True
        if i < stop:
            old = base[i:stop]
            removed.append(old)
            is_loose = is_loose or starts(old, stop) or ends(old, 0, i)
        if j < other_stop:
            new = side[j:other_stop]
            added.append(new)
            is_loose = is_loose or other_starts(new, other_stop) or other_ends(new, 0, j)
        if is_loose:
            up, down = _leeway(base, i, stop)
            other_up, other_down = _leeway(side, j, other_stop)
            low, high = i - max(up, other_up), stop + max(down, other_down)
        begin = j
        while size + last > 3 and changes:
            before_low, before_high, before, before_stop, _, _ = changes[-1]
            between = base.count(b"\n", before_stop, start)
            if 3 * between >= size + last:
                break
            changes.pop()
            before_size, begin, _ = extents.pop()
            size += before_size + between
            low, high, start = min(before_low, low), max(before_high, high), before
            is_one = False
            last = extents[-1][0] if extents else 0
        if changes and low <= changes[-1][1]:
            return None
        if not is_one:
            joined.add(len(changes))
        changes.append((low, high, start, stop, new, is_one))
        extents.append((size, begin, other_stop))
        last = size
    gone, come = (b"".join(lines).split(b"\n")[:-1] for lines in (removed, added))
    if not set(gone).isdisjoint(come):
        return None
    for n in joined:
        if n < len(changes) and not changes[n][-1]:
            changes[n] = (*changes[n][:4], side[extents[n][1] : extents[n][2]], False)
    return changes


def _leeway(text: bytes, start: int, stop: int) -> tuple[int, int]:
    """How many bytes of text before and after the lines text[start:stop] are lines as among these.

    As far as that a change may slide, or part: one of these lines belongs to the other text then.
    After MOST_ALIKE of them it is all of the text.
    """
    if start == stop:
        return 0, 0
    lines = set(text[start:stop].split(b"\n")[:-1])
    low, high = start, stop
    for _ in range(MOST_ALIKE):
        before = text.rfind(b"\n", 0, max(low - 1, 0)) + 1
        if not low or text[before : low - 1] not in lines:
            break
        low = before
    else:
        low = 0
    for _ in range(MOST_ALIKE):
        end = text.find(b"\n", high)
        if end < 0 or text[high:end] not in lines:
            break
        high = end + 1
    else:
        high = len(text)
    return start - low, high - stop
