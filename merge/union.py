"""Text merged so that it never conflicts: where the sides differ, the lines of both are kept."""

from __future__ import annotations

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.result import ChunkKind
from pyvcs.merge.text import split_lines


def merge_union(*, base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """The clean changes of both sides; of a conflict the lines of one side, then of the other.

    For change logs and lists of names. Which side comes first does not depend on who is ours: the
    one whose lines sort first. A last line without an end gets one before another follows.
    """
    merged: list[bytes] = []
    b, o, t = map(split_lines, (base, ours, theirs))
    for chunk in diff3(base=b, ours=o, theirs=t, stays="second").chunks:
        if chunk.kind is ChunkKind.CONFLICT:
            for lines in sorted((chunk.ours, chunk.theirs)):
                merged.extend(lines)
        else:
            merged.extend(chunk.result)
    ends = [line if line.endswith(b"\n") else line + b"\n" for line in merged[:-1]]
    return b"".join([*ends, *merged[-1:]])
