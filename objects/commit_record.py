"""The bytes of the commit graph: lines of 64 bytes, each sealed by a checksum of all before it.

The exact layout, with a worked example, is in docs/formats/commit-graph.md. This file knows it
and nothing else does; `commit_graph` knows what the lines are for.
"""

from __future__ import annotations

from struct import Struct
from struct import error as struct_error
from zlib import crc32

from pyvcs.objects.errors import Corrupt
from pyvcs.objects.oid import OID_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

VERSION = 1
"""Written into the header. A file of any other version is rebuilt, never guessed at."""

LINE = 64
"""Length in bytes of the header and of every line after it."""

MAX_POSITION = 2**32 - 2
"""The last position that can be a parent; one more stands for "no parent"."""

MAX_GENERATION = 2**32 - 1
"""The largest generation number: more commits than there are positions for."""

FLAGS_MASK = 2**31 - 1
"""The flags that belong to the caller; the bit above them marks a line of further parents."""

Data: TypeAlias = bytes | bytearray | memoryview

_MAGIC = b"pyvcs commit-graph\n"
_NO_PARENT = 2**32 - 1
_FURTHER = 2**31
_PER_LINE = 13  # parents in a line of further parents

_HEADER = Struct("<32sI24x")
_COMMIT = Struct("<32sqIIIII")  # oid, time, generation, two parents, number of parents, flags
_MORE = Struct("<13III")  # parents, how many of them count, flags
_SEAL = Struct("<I")
_BODY = LINE - _SEAL.size

# A crc that is followed by itself always leads to the same state, and the seals would not chain.
# Multiplied by an odd number they do.
_MIX = 0x9E3779B1
_UNMIX = pow(_MIX, -1, 2**32)
_32_BITS = 2**32 - 1

_parents_from = Struct("<III").unpack_from
_u32_from = Struct("<I").unpack_from
_u64_from = Struct("<q").unpack_from
# Where the fields of position 0 begin.
_TIME_AT = LINE + OID_BYTES
_GENERATION_AT = _TIME_AT + 8
_PARENTS_AT = _GENERATION_AT + 4
_COUNT_AT = _PARENTS_AT + 8
_FLAGS_AT = _COUNT_AT + 4
_KIND = _FLAGS_AT - LINE + 3  # in a line, the byte that has the uppermost bit of the flags


def header() -> bytes:
    """The first line of a file, sealed."""
    return seal([_HEADER.pack(_MAGIC, VERSION)], 0)


def lines_of_commit(
    oid: bytes, *, parents: Sequence[int], generation: int, time: int, flags: int
) -> list[bytes]:
    """The unsealed lines of one commit, its own line last.

    `parents` are positions, `time` is in seconds. One line is enough for two parents; 13 more
    fit in each line that stands before it, so that a file cut between lines has no half commit.
    A number that does not fit is a ValueError; a generation, which comes from the file, Corrupt.
    """
    if generation > MAX_GENERATION:
        raise _lie("names a generation that cannot be")
    if not 0 <= flags <= FLAGS_MASK:
        raise ValueError(f"flags of a commit fit in 31 bits, {flags} do not")
    if not (-(2**63) <= time < 2**63 and max(parents, default=0) <= MAX_POSITION):
        raise ValueError(f"time {time} or parents {parents} do not fit in the commit graph")
    lines = []
    for start in range(2, len(parents), _PER_LINE):
        some = parents[start : start + _PER_LINE]
        padding = [_NO_PARENT] * (_PER_LINE - len(some))
        lines.append(_MORE.pack(*some, *padding, len(some), _FURTHER))
    first, second = (*parents, _NO_PARENT, _NO_PARENT)[:2]
    lines.append(_COMMIT.pack(oid, time, generation, first, second, len(parents), flags))
    return lines


def seal(lines: Sequence[bytes], before: int) -> bytes:
    """The lines with their seals; `before` is the `checksum` of the file that they continue."""
    sealed = []
    for line in lines:
        before = crc32(line, before)
        mixed = _SEAL.pack(before * _MIX & _32_BITS)
        before = crc32(mixed, before)
        sealed += [line, mixed]
    return b"".join(sealed)


def checksum(data: Data) -> int:
    """The crc32 of all the bytes of a file that is whole, learnt from its last seal alone."""
    last = bytes(data[-_SEAL.size :])
    return crc32(last, _SEAL.unpack(last)[0] * _UNMIX & _32_BITS)


def whole_length(data: Data, known: int = 0) -> int:
    """How many bytes from the start on are a graph of this version: 0, or a number of lines.

    The lines in the first `known` bytes were found to be whole before. One pass at the speed of
    crc32 when all is well; line by line only when something is wrong.
    """
    end = len(data) - len(data) % LINE
    if end == 0 or data[:LINE] != header():
        return 0
    view = memoryview(data)
    good = min(known, end) // LINE * LINE
    running = checksum(view[:good]) if good else 0
    if good == end or _is_sealed(view, end, crc32(view[good : end - _SEAL.size], running)):
        return end
    while good < end:
        running = crc32(view[good : good + _BODY], running)
        if not _is_sealed(view, good + LINE, running):
            break
        running = crc32(view[good + _BODY : good + LINE], running)
        good += LINE
    return good


def _is_sealed(data: memoryview, end: int, crc: int) -> bool:
    return bool(_SEAL.unpack_from(data, end - _SEAL.size)[0] == crc * _MIX & _32_BITS)


def oid_at(data: Data, position: int) -> bytes:
    """The 32 bytes of the oid at a position."""
    start = LINE + position * LINE
    return bytes(data[start : start + OID_BYTES])


def line_at(data: Data, position: int) -> tuple[bytes, int, tuple[int, ...]]:
    """Oid, generation number and positions of the parents, in one go."""
    oid, _, generation, first, _, count, _ = _COMMIT.unpack_from(data, LINE + position * LINE)
    if count == 1:
        return oid, generation, (first,)
    return oid, generation, parents_at(data, position)


def time_at(data: Data, position: int) -> int:
    """The committer time at a position, in seconds since 1970."""
    time: int = _u64_from(data, _TIME_AT + position * LINE)[0]
    return time


def generation_at(data: Data, position: int) -> int:
    """The generation number at a position; 1 for a root."""
    generation: int = _u32_from(data, _GENERATION_AT + position * LINE)[0]
    return generation


def flags_at(data: Data, position: int) -> int:
    """The caller's flags at a position."""
    flags: int = _u32_from(data, _FLAGS_AT + position * LINE)[0]
    return flags & FLAGS_MASK


def is_commit_from(data: Data, start: int) -> bool:
    """Whether the line of a commit begins at this byte: not a line of further parents, nor none."""
    return start % LINE == 0 and data[start + _KIND] < 0x80


def positions_of_commits(data: Data) -> dict[bytes, int]:
    """For every commit, by its 32 bytes of oid, the position."""
    raw = bytes(data)
    return {
        raw[start : start + OID_BYTES]: start // LINE - 1
        for start in range(LINE, len(raw), LINE)
        if raw[start + _KIND] < 0x80
    }


def parents_at(data: Data, position: int) -> tuple[int, ...]:
    """The positions of the parents, in the order of the commit."""
    first, second, count = _parents_from(data, _PARENTS_AT + position * LINE)
    if count == 1:
        return (first,)
    if count == 2:
        return (first, second)
    if count == 0:
        return ()
    return (first, second, *_further_parents(data, position, count - 2))


def parents_in(data: Data) -> Callable[[int], tuple[int, ...]]:
    """`parents_at` for a walk over one history: what nearly all commits have is told at once."""

    def parents(position: int) -> tuple[int, ...]:
        first, second, count = _parents_from(data, _PARENTS_AT + position * LINE)
        if count == 1:
            return (first,)
        return (first, second) if count == 2 else parents_at(data, position)

    return parents


def doubted_parents_at(data: Data, position: int) -> tuple[int, ...]:
    """The same of a file that need not be true. Corrupt unless all stand before the commit."""
    try:
        parents = parents_at(data, position)
    except struct_error:
        parents = (position,)
    for parent in parents:
        if parent >= position:
            raise _lie("names parents that cannot be")
    return parents


def _lie(what: str) -> Corrupt:
    return Corrupt(f"the commit graph {what}", hint="`pyvcs gc` makes it anew")


def _further_parents(data: Data, position: int, count: int) -> list[int]:
    parents: list[int] = []
    for line in range(position - -(-count // _PER_LINE), position):
        *some, used, _ = _MORE.unpack_from(data, LINE + line * LINE)
        parents += some[:used]
    return parents
