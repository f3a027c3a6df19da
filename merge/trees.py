"""Three-way merge of trees, path by path, renames followed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from operator import itemgetter

from pyvcs.merge.entries import Place, conflict_side, merge_entries
from pyvcs.merge.folders import Folders, Names, file_of, is_folder, names_of
from pyvcs.merge.names import keep_one_of_each_name
from pyvcs.merge.path_rules import rules_for
from pyvcs.merge.rename_relevance import BASE, OURS, THEIRS
from pyvcs.merge.result import TEXT_KINDS, ConflictKind
from pyvcs.merge.rules import Rules
from pyvcs.merge.sides import NONE, Objects, Side, State, merge_conflicts
from pyvcs.merge.tree_plan import Paths, TreePlan, Version, Versions, paths_of, plan_of
from pyvcs.merge.tree_rules import rules_of
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import Tree, TreeEntry, check_depth
from pyvcs.objects.values import dataclass

_Entries = tuple[TreeEntry | None, TreeEntry | None, TreeEntry | None]
_States = tuple[State, State, State]


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
    objects: Objects,
    *,
    base: Side,
    ours: Side,
    theirs: Side,
    rules: Rules | None = None,
    follow_folders: bool = True,
) -> MergedTree:
    """Merge two trees that come from `base`, by the rules of these trees, or by `rules`.

    Idea.        Renamed files are put at their new paths on all three sides first (tree_plan.py).
                 Then compare three states at each name. Equal sides, or a side that is as in the
                 base, decide it without looking inside. Folders on either side are merged entry by
                 entry; two files go to the driver for their content; what cannot be had twice
                 becomes a conflict object that holds base and both sides. A new file in a folder
                 that the other side renamed goes along, if `follow_folders`, and is in conflict.
    Invariant.   Every change of a side is in the result or in a conflict. The result does not
                 depend on which side is called ours, but for the order of the sides in conflicts.
    Cost.        Proportional to what changed on both sides: equal subtrees are never opened. Where
                 a deletion of one side may be a rename that the other side's change must follow,
                 also to what that side changed.
    Result.      A tree that is put into `objects` with all that is new in it.
    Source.      git's trivial merge cases (Documentation/technical/trivial-merge); merge-ort.c.
    """
    folders = Folders(objects)
    plan = plan_of(objects, folders, (base, ours, theirs), follow_folders=follow_folders)
    base, ours, theirs = (
        side.moved(objects, paths)
        for side, paths in zip((base, ours, theirs), plan.moved, strict=True)
    )
    merge = _TreeMerge(objects, folders, plan, (base, ours, theirs), rules)
    tree = merge.folder(b"", *(names_of(side.tree) for side in (base, ours, theirs)))
    return MergedTree(objects.put(tree), tuple(sorted(merge.conflicts)))


class _TreeMerge:
    """One merge on its way: the three sides, and the conflicts met so far."""

    def __init__(
        self,
        objects: Objects,
        folders: Folders,
        plan: TreePlan,
        sides: tuple[Side, Side, Side],
        rules: Rules | None,
    ) -> None:
        self.objects, self.folders, self.plan = objects, folders, plan
        self._given_rules = rules
        base, ours, theirs = sides
        self.base, self.ours, self.theirs = base, ours, theirs
        # A conflict names its path, so what becomes of those that were open needs no walk: it
        # also finds those at whose path no side has anything any more.
        met = merge_conflicts(base=base.all(), ours=ours.all(), theirs=theirs.all())
        self.conflicts = dict.fromkeys(met)
        self._report(plan.conflicts)

    @cached_property
    def rules(self) -> Rules:
        """The rules of this merge, looked for when a file is merged for the first time."""
        if self._given_rules is not None:
            return self._given_rules
        return rules_of(self.objects, base=self.base, ours=self.ours, theirs=self.theirs)

    def folder(self, path: bytes, base: Names, ours: Names, theirs: Names) -> Tree:
        """Merge the folder at `path`. What theirs left as it was is as ours has it."""
        check_depth(path)
        changed = {name for name, entry in theirs.items() if base.get(name) != entry}
        changed |= base.keys() - theirs.keys()
        changed.update(*(side.disputed_in(path) for side in (self.base, self.ours, self.theirs)))
        changed |= self.plan.names.get(path, set())
        merged = dict(ours)
        prefix = path + b"/" if path else b""
        for name in sorted(changed):
            result = self._name(prefix + name, base.get(name), ours.get(name), theirs.get(name))
            if result is None:
                merged.pop(name, None)
            else:
                merged[name] = result
        entries = sorted(merged.values(), key=itemgetter(0))
        kept, clashes = keep_one_of_each_name(prefix, entries, self.base.label)
        self._report(clashes)
        return Tree(kept)

    def _name(
        self,
        path: bytes,
        base: TreeEntry | None,
        ours: TreeEntry | None,
        theirs: TreeEntry | None,
    ) -> TreeEntry | None:
        entries = (base, ours, theirs)
        has_planned = path in self.plan.names
        if not has_planned and path not in self.plan.placed:
            old, one, other = self._at(path, entries)
            if old == other or (one == other and not self._adds_up(one, other)):
                return ours
            if old == one:
                return theirs
        if has_planned or is_folder(ours) or is_folder(theirs):
            return self._folders(path, entries)
        return self._files(path, self._states(path, entries))

    def _at(self, path: bytes, entries: _Entries) -> _States:
        """What the sides hold at a path, with what is in conflict there and below."""
        base, ours, theirs = entries
        return self.base.at(path, base), self.ours.at(path, ours), self.theirs.at(path, theirs)

    def _folders(self, path: bytes, entries: _Entries) -> TreeEntry | None:
        """One side or both have a folder at `path`; a file that is left has no room beside it."""
        tree = self.folder(path, *map(self.folders.below, entries))
        folder = None
        if tree.entries:
            folder = TreeEntry(path.rpartition(b"/")[2], Mode.TREE, self.objects.put(tree))
        states = self._states(path, entries)
        file = self._files(path, states, has_folder=folder is not None)
        if file is None or folder is None:
            return folder or file
        base, ours, theirs = entries
        ours_is_folder = is_folder(ours)
        if ours_is_folder == is_folder(theirs):
            ours_is_folder = states[1].entry is None
        kept = (folder, file) if ours_is_folder else (file, folder)
        labels = (self.ours.label, self.theirs.label)
        conflict = Conflict(
            kind=ConflictKind.FILE_DIRECTORY,
            path=path,
            pointer=None,
            base=conflict_side(self.base.label, base),
            sides=tuple(map(conflict_side, labels, kept)),
        )
        self._report([conflict])
        return folder

    def _states(self, path: bytes, entries: _Entries) -> _States:
        """What the sides have at a path besides folders, once renames are followed."""
        placed = self.plan.placed.get(path)
        if placed is None:
            base, ours, theirs = map(file_of, entries)
        else:
            base, ours, theirs = (
                self._placed(path, placed.base, BASE),
                self._placed(path, placed.ours, OURS),
                self._placed(path, placed.theirs, THEIRS),
            )
        return (
            State(base, self.base.conflicts.get(path, NONE)),
            State(ours, self.ours.conflicts.get(path, NONE)),
            State(theirs, self.theirs.conflicts.get(path, NONE)),
        )

    def _placed(
        self, path: bytes, version: Version | Versions | None, side: int
    ) -> TreeEntry | None:
        """A version of a file at the path where it is merged. One may be a merge itself; where
        that can only be one side or the other, it is what the side has."""
        if version is None:
            return None
        if isinstance(version, Version):
            return version.entry._replace(name=path.rpartition(b"/")[2])
        states = (
            State(self._placed(path, version.base, BASE)),
            State(self._placed(path, version.ours, OURS)),
            State(self._placed(path, version.theirs, THEIRS)),
        )
        before = len(self.conflicts)
        merged = self._files(path, states, paths=paths_of(version))
        # Those met since stand last; to copy all for each such version would be quadratic.
        new = islice(reversed(self.conflicts), len(self.conflicts) - before)
        met = [self.objects.conflict(oid) for oid in new]
        is_shown = all(each.pointer is not None or each.kind in TEXT_KINDS for each in met)
        return merged if is_shown else states[side].entry

    def _files(
        self,
        path: bytes,
        states: _States,
        *,
        has_folder: bool = False,
        paths: Paths | None = None,
    ) -> TreeEntry | None:
        base, ours, theirs = states
        adds_up = self._adds_up(ours, theirs)
        placed = self.plan.placed.get(path)
        if paths is None and placed is not None:
            if placed.rename_delete:
                return ours.entry or theirs.entry
            paths = paths_of(placed)
        if base == theirs or (ours == theirs and not adds_up):
            return ours.entry
        if base == ours:
            return theirs.entry
        if ours.entry == theirs.entry and not adds_up:
            return ours.entry
        if has_folder and (ours.entry is None or theirs.entry is None):
            return ours.entry or theirs.entry
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
            paths=paths,
        )
        entry, conflicts = merge_entries(self.objects, place)
        self._report(conflicts)
        return entry

    def _adds_up(self, ours: State, theirs: State) -> bool:
        """Whether equal sides may hold counters: what both added to one is then added twice."""
        return self.rules.adds_up and ours.entry is not None and theirs.entry is not None

    def _report(self, conflicts: Iterable[Conflict]) -> None:
        self.conflicts.update((self.objects.put(conflict), None) for conflict in conflicts)
