"""Three-way merge of trees, path by path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pyvcs.merge.builtin_rules import rules_for
from pyvcs.merge.entries import Objects, Place, conflict_side, merge_entries
from pyvcs.merge.names import keep_one_of_each_name
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.rules import Rules
from pyvcs.merge.sides import Side, State, merge_conflicts
from pyvcs.merge.tree_rules import rules_of
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import EMPTY, Tree, TreeEntry, check_depth


@dataclass(frozen=True, slots=True)
class MergedTree:
    """The merged tree, stored, and every conflict in it, sorted by oid."""

    tree: Oid
    conflicts: tuple[Oid, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is in conflict."""
        return not self.conflicts


def merge_trees(
    objects: Objects, *, base: Side, ours: Side, theirs: Side, rules: Rules | None = None
) -> MergedTree:
    """Merge two trees that come from `base`, by the rules of these trees, or by `rules`.

    Idea.        At each name compare three states. Equal sides, or a side that is as in the base,
                 decide it without looking inside. Folders on either side are merged entry by
                 entry; two files go to the driver for their content; what cannot be had twice
                 becomes a conflict object that holds base and both sides.
    Invariant.   Every change of a side is in the result or in a conflict. The result does not
                 depend on which side is called ours, but for the order of the sides in conflicts.
    Cost.        Proportional to what changed on both sides: equal subtrees are never opened.
    Result.      A tree that is put into `objects` with all that is new in it.
    Source.      git's trivial merge cases (Documentation/technical/trivial-merge).
    Not handled. Renames: a renamed file is one deleted and one added.
    """
    merge = _TreeMerge(objects, base, ours, theirs, rules)
    tree = merge.folder(b"", base.tree, ours.tree, theirs.tree)
    return MergedTree(objects.put(tree), tuple(sorted(merge.conflicts)))


class _TreeMerge:
    """One merge on its way: the three sides, and the conflicts met so far."""

    def __init__(
        self, objects: Objects, base: Side, ours: Side, theirs: Side, rules: Rules | None
    ) -> None:
        self.objects = objects
        self._given_rules = rules
        self.base, self.ours, self.theirs = base, ours, theirs
        # A conflict names its path, so what becomes of those that were open needs no walk: it
        # also finds those at whose path no side has anything any more.
        self.conflicts = set(merge_conflicts(base=base.all(), ours=ours.all(), theirs=theirs.all()))

    @cached_property
    def rules(self) -> Rules:
        """The rules of this merge, looked for when a file is merged for the first time."""
        if self._given_rules is not None:
            return self._given_rules
        return rules_of(self.objects, base=self.base, ours=self.ours, theirs=self.theirs)

    def folder(self, path: bytes, base: Tree, ours: Tree, theirs: Tree) -> Tree:
        """Merge the folder at `path`."""
        check_depth(path)
        by_name: dict[bytes, list[TreeEntry | None]] = {}
        for side, tree in enumerate((base, ours, theirs)):
            for entry in tree:
                by_name.setdefault(entry.name, [None, None, None])[side] = entry
        prefix = path + b"/" if path else b""
        merged: list[TreeEntry] = []
        for name, (base_entry, our_entry, their_entry) in sorted(by_name.items()):
            at = prefix + name
            result = self._name(
                at,
                self.base.at(at, base_entry),
                self.ours.at(at, our_entry),
                self.theirs.at(at, their_entry),
            )
            if result is not None:
                merged.append(result)
        kept, clashes = keep_one_of_each_name(prefix, merged, self.base.label)
        self._report(clashes)
        return Tree(kept)

    def _name(self, path: bytes, base: State, ours: State, theirs: State) -> TreeEntry | None:
        if base == theirs or (ours == theirs and not self._adds_up(ours, theirs)):
            return ours.entry
        if base == ours:
            return theirs.entry
        if _is_folder(ours) or _is_folder(theirs):
            return self._folders(path, base, ours, theirs)
        return self._files(path, base, ours, theirs)

    def _folders(self, path: bytes, base: State, ours: State, theirs: State) -> TreeEntry | None:
        """One side or both have a folder at `path`; a file of the other side has no room."""
        tree = self.folder(path, *(self._tree(state.entry) for state in (base, ours, theirs)))
        folder = None
        if tree.entries:
            folder = TreeEntry(path.rpartition(b"/")[2], Mode.TREE, self.objects.put(tree))
        without = State(None, base.conflicts)
        file = self._files(path, without, _file_of(ours), _file_of(theirs))
        if file is None or folder is None:
            return folder or file
        kept = (folder, file) if _is_folder(ours) else (file, folder)
        labels = (self.ours.label, self.theirs.label)
        conflict = Conflict(
            kind=ConflictKind.FILE_DIRECTORY,
            path=path,
            pointer=None,
            base=conflict_side(self.base.label, base.entry),
            sides=tuple(map(conflict_side, labels, kept)),
        )
        self._report([conflict])
        return folder

    def _files(self, path: bytes, base: State, ours: State, theirs: State) -> TreeEntry | None:
        adds_up = self._adds_up(ours, theirs)
        if base == theirs or (ours == theirs and not adds_up):
            return ours.entry
        if base == ours:
            return theirs.entry
        if ours.entry == theirs.entry and not adds_up:
            return ours.entry
        kept = merge_conflicts(base=base.conflicts, ours=ours.conflicts, theirs=theirs.conflicts)
        settled = sorted(base.conflicts - ours.conflicts - theirs.conflicts)
        place = Place(
            path,
            base.entry,
            ours.entry,
            theirs.entry,
            labels=(self.base.label, self.ours.label, self.theirs.label),
            settled=[self.objects.conflict(oid) for oid in settled],
            still_open=[self.objects.conflict(oid) for oid in sorted(kept)],
            rules=rules_for(self.rules, path),
        )
        entry, conflicts = merge_entries(self.objects, place)
        self._report(conflicts)
        return entry

    def _adds_up(self, ours: State, theirs: State) -> bool:
        """Whether equal sides may hold counters: what both added to one is then added twice."""
        return self.rules.adds_up and ours.entry is not None and theirs.entry is not None

    def _tree(self, entry: TreeEntry | None) -> Tree:
        if entry is None or entry.mode is not Mode.TREE:
            return EMPTY
        return self.objects.tree(entry.oid)

    def _report(self, conflicts: list[Conflict]) -> None:
        self.conflicts |= {self.objects.put(conflict) for conflict in conflicts}


def _is_folder(state: State) -> bool:
    return state.entry is not None and state.entry.mode is Mode.TREE


def _file_of(state: State) -> State:
    """The state without its folder, if it has one."""
    return State(None, state.conflicts) if _is_folder(state) else state
