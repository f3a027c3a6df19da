"""Renames among the files that went and the files that came on one side of a merge.

Idea.        Three looks, each among what the one before left: files with the same content; files
             that alone bear their name on both sides (or whose folder seems to have moved) and are
             three quarters alike; and the most similar pairs that are half alike, the best first.
Invariant.   No file is paired twice. The result depends on nothing but paths and contents.
Cost.        The contents of the files that matter, and of all that came. With none that matters,
             nothing.
Source.      git diffcore-rename.c; the looks, their thresholds and the order among equals.
Not handled. Copies; files that went and came at one path; empty files, which come from nowhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice

from pyvcs.merge.folders import folder_of
from pyvcs.merge.nearest import base_name, nearest
from pyvcs.merge.similarity import MOST_BYTES, NAMESAKES_ALIKE, Spans, similarity, spans_of
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File
from pyvcs.objects.oid import Oid
from pyvcs.objects.typed import Protocol

Files = Mapping[bytes, File]
Renames = dict[bytes, bytes]
"""Old paths by new ones."""

MOST_EQUAL = 100
"""How many files of equal content are looked through for one of the same name."""


class Contents(Protocol):
    """Contents by oid: the blobs of a store, or files that are nowhere yet."""

    def blob(self, oid: Oid) -> bytes:
        """A content."""
        ...

    def blob_size(self, oid: Oid) -> int:
        """Its length in bytes."""
        ...


def find_renames(
    contents: Contents,
    gone: Files,
    came: Files,
    *,
    matters: Collection[bytes] | None = None,
    folder_moves: Callable[[Renames], Mapping[bytes, bytes]] = lambda _: {},
) -> Renames:
    """Where files that came came from. Only those in `matters` are looked for by likeness; among
    equals the order of `gone` and `came` decides.

    `folder_moves` guesses from the first renames which folders went where.
    """
    search = _Search(contents, gone, came)
    search.by_content()
    search.by_name(matters, folder_moves)
    search.by_likeness(matters)
    return search.found


class _Search:
    """A search on its way. Files are taken in the order in which they are given."""

    def __init__(self, contents: Contents, gone: Files, came: Files) -> None:
        self.contents = contents
        self.gone = dict(gone)
        self.came = dict(came)
        self.found: Renames = {}
        self.spans: dict[Oid, Spans | None] = {}

    def pair(self, old: bytes, new: bytes) -> None:
        """Take the two for one file."""
        self.found[new] = old
        del self.gone[old], self.came[new]

    def by_content(self) -> None:
        """Pair files of equal content, the first by path with those of the same name first."""
        # Ordered, for the first ones go again and again, and a dict would walk over their gaps.
        by_oid: dict[Oid, OrderedDict[bytes, Mode]] = {}
        for old, (mode, oid) in self.gone.items():
            by_oid.setdefault(oid, OrderedDict())[old] = mode
        for new, (mode, oid) in list(self.came.items()):
            left = by_oid.get(oid, OrderedDict())
            same = [old for old in islice(left, MOST_EQUAL) if _may_follow(left[old], mode)]
            if same and self.contents.blob_size(oid):
                namesakes = (old for old in same if base_name(old) == base_name(new))
                old = next(namesakes, same[0])
                del left[old]
                self.pair(old, new)

    def by_name(
        self,
        matters: Collection[bytes] | None,
        folder_moves: Callable[[Renames], Mapping[bytes, bytes]],
    ) -> None:
        """Pair files that have their name alone on either side, when they are clearly alike."""
        self._leave(matters)
        if not self.gone or not self.came:
            return
        old_names, new_names = _names(self.gone), _names(self.came)
        moves = folder_moves(self.found)
        for old in list(self.gone):
            name = base_name(old)
            olds, news = old_names[name], new_names.get(name, ())
            new = news[0] if len(olds) == len(news) == 1 else self._moved(old, moves)
            if news and new in self.came and self._alike(old, new) >= NAMESAKES_ALIKE:
                self.pair(old, new)

    def _moved(self, old: bytes, moves: Mapping[bytes, bytes]) -> bytes:
        folder = moves.get(folder_of(old))
        if folder is None:
            return b""
        return folder + b"/" + base_name(old) if folder else base_name(old)

    def by_likeness(self, matters: Collection[bytes] | None) -> None:
        """Pair what is most alike."""
        self._leave(matters)
        for _, _, old, new in nearest(self._measured(self.gone), self._measured(self.came)):
            if old in self.gone and new in self.came:
                self.pair(old, new)

    def _leave(self, matters: Collection[bytes] | None) -> None:
        """Leave out the files that do not matter."""
        if matters is not None:
            self.gone = {old: file for old, file in self.gone.items() if old in matters}

    def _alike(self, old: bytes, new: bytes) -> int:
        one, other = self._spans(self.gone[old]), self._spans(self.came[new])
        return 0 if one is None or other is None else similarity(one, other, NAMESAKES_ALIKE)

    def _measured(self, files: Files) -> dict[bytes, Spans]:
        found = ((path, self._spans(file)) for path, file in files.items())
        return {path: spans for path, spans in found if spans is not None}

    def _spans(self, file: File) -> Spans | None:
        """The spans of a file; None for a symlink, and one that is empty or very large."""
        mode, oid = file
        if not mode.is_file:
            return None
        if oid not in self.spans:
            size = self.contents.blob_size(oid)
            is_measured = 0 < size <= MOST_BYTES
            self.spans[oid] = spans_of(self.contents.blob(oid)) if is_measured else None
        return self.spans[oid]


def _may_follow(old: Mode, new: Mode) -> bool:
    """Whether a file of one mode can become one of the other by a rename."""
    return old is new or (old.is_file and new.is_file)


def _names(paths: Iterable[bytes]) -> dict[bytes, Sequence[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for path in paths:
        found.setdefault(base_name(path), []).append(path)
    return dict(found)
