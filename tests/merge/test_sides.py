"""A side of a merge: which of its conflicts are inside a folder."""

from __future__ import annotations

from drawn_trees import Drawing
from hypothesis import example, given
from hypothesis import strategies as st

from pyvcs.merge.sides import NONE
from pyvcs.objects.conflict import Conflict, ConflictSide

NAMES = st.lists(st.sampled_from([b"a", b"b", b"ab", b"c"]), min_size=1, max_size=4)
PATHS = st.sets(NAMES.map(b"/".join), max_size=12)


@given(paths=PATHS, folder=NAMES.map(b"/".join))
@example(paths={b"a/b", b"ab/c", b"a/b/c"}, folder=b"a")
def test_below_has_all_conflicts_whose_path_begins_with_the_folder(
    paths: set[bytes], folder: bytes
) -> None:
    drawing = Drawing()
    oids = {
        path: drawing.objects.put(
            Conflict(
                kind="modify/delete",
                path=path,
                pointer=None,
                base=ConflictSide("base"),
                sides=(ConflictSide("ours"), ConflictSide("theirs")),
            )
        )
        for path in paths
    }
    side = drawing.side({"x": "1"}, "side", tuple(oids.values()))
    inside = {oids[path] for path in paths if path.startswith(folder + b"/")}
    assert side.below(folder) == NONE | inside
