"""Folders that one side renamed, and what becomes of the files that the other put into them.

Idea.        A folder that is gone went where most of its files did. What the other side added to
             it, or renamed into it, follows, unless something is there, or two files would meet.
Invariant.   No file follows into a folder that its own side renamed, and none follows twice.
Cost.        The renames of both sides, and the folders above them.
Source.      git merge-ort.c and diffcore-rename.c (`update_dir_rename_counts`,
             `check_for_directory_rename`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from pyvcs.merge.folders import folder_of, folders_above
from pyvcs.merge.rename_relevance import Matters
from pyvcs.merge.renames import Renames
from pyvcs.objects.values import dataclass

Moves = dict[bytes, bytes]
"""Where folders went: new paths by old ones."""

Removed = Mapping[bytes, Matters]


@dataclass(frozen=True, slots=True)
class FolderRenames:
    """The folders that a side renamed, and those of which nobody can tell where they went."""

    moves: Moves
    split: frozenset[bytes]

    def without(self, folders: Collection[bytes]) -> FolderRenames:
        """The same without some folders: those that both sides renamed go nowhere."""
        moves = {old: new for old, new in self.moves.items() if old not in folders}
        return FolderRenames(moves, self.split)


def folder_renames(renames: Renames, removed: Removed) -> FolderRenames:
    """Which of the removed folders that matter went where."""
    moves: Moves = {}
    split: set[bytes] = set()
    for folder, targets in _votes(renames, removed).items():
        if removed[folder] is Matters.NOT:
            continue
        (best, votes), *others = targets.most_common(2)
        if others and others[0][1] == votes:
            split.add(folder)
        else:
            moves[folder] = best
    return FolderRenames(moves, frozenset(split))


def guessed_moves(renames: Renames, removed: Removed) -> Moves:
    """Where removed folders seem to have gone; of equal guesses the first by path."""
    return {
        folder: min(targets, key=lambda target: (-targets[target], target))
        for folder, targets in _votes(renames, removed).items()
    }


def _votes(renames: Renames, removed: Removed) -> dict[bytes, Counter[bytes]]:
    """How many files of each removed folder went to which.

    `a/b/x` that became `c/b/x` also tells that `a` went to `c`.
    """
    votes: dict[bytes, Counter[bytes]] = {}
    for new, old in renames.items():
        came_from, went_to = folder_of(old), folder_of(new)
        is_first = True
        while came_from in removed:
            why = removed[came_from]
            if is_first or why is Matters.FOR_A_NEW_FILE:
                votes.setdefault(came_from, Counter())[went_to] += 1
            is_first = False
            if why is Matters.NOT or not came_from or not went_to:
                break
            if came_from.rpartition(b"/")[2] != went_to.rpartition(b"/")[2]:
                break
            came_from, went_to = folder_of(came_from), folder_of(went_to)
    return votes


@dataclass(frozen=True, slots=True)
class Following:
    """New files of a side in folders that the other renamed: where they go, and who cannot."""

    moves: Mapping[bytes, bytes]
    stuck: frozenset[bytes]


def following(
    came: Iterable[bytes],
    other_moves: FolderRenames,
    own_moves: Moves,
    is_taken: Callable[[bytes], bool],
) -> Following:
    """What becomes of the files that came on a side when the other side renamed folders.

    `is_taken` tells whether the side has anything at a path.
    """
    wanted: dict[bytes, list[bytes]] = {}
    stuck: set[bytes] = set()
    for path in sorted(came):
        above = [folder for folder in folders_above(path) if folder]
        old = next((folder for folder in above if folder in other_moves.moves), None)
        if old is None:
            if any(folder in other_moves.split for folder in above):
                stuck.add(path)
        elif other_moves.moves[old] not in own_moves:
            new = other_moves.moves[old]
            rest = path[len(old) + 1 :]
            wanted.setdefault(new + b"/" + rest if new else rest, []).append(path)
    moves: Moves = {}
    for target, paths in wanted.items():
        if len(paths) > 1 or is_taken(target):
            stuck.update(paths)
        else:
            moves[paths[0]] = target
    return Following(moves, frozenset(stuck))
