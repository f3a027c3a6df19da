"""Exchanging with a plain folder: take in what every heads file there names, write what is lacking.

Idea.        A folder is no replica: nobody there merges or answers. Each replica reads the heads
             files of all, takes in what is new, and writes what the folder lacks of its own: first
             a pack, then its own heads file, so that a heads file never names what nobody wrote.
Invariant.   What is believed is in our store whole: a heads file whose objects have not all
             arrived is left for the next time, with a sentence, and nothing of it is seen.
Result.      The join of all heads files and of ours. Refs join in any order and any number of
             times, so late, lost and doubled files cost time and never a difference.
"""

from __future__ import annotations

from contextlib import suppress

from pyvcs.merge.canonical import canonical_merge
from pyvcs.objects.draft import Draft
from pyvcs.objects.errors import (
    Corrupt,
    InvalidObject,
    ObjectMissing,
    PyvcsError,
    Refused,
    UnsupportedFormat,
)
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore, pack_key
from pyvcs.objects.values import dataclass, replace
from pyvcs.refs import Position, Ref, Refs
from pyvcs.remotes import note_met
from pyvcs.replica import Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.heads_file import HeadsFile, decode_heads, encode_heads
from pyvcs.sync.joining import check_refs, commits_of, heads_of
from pyvcs.sync.receiving import receive
from pyvcs.sync.report import Moved, Received, SyncReport, report_of
from pyvcs.sync.transfer import write_objects
from pyvcs.sync.transports.folder import Folder, FolderBackend, pack_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_LEFT_BEHIND_MS = 24 * 60 * 60 * 1000
"""How old a file on its way must be to count as left behind by a killed process."""


def sync_with_folder(
    here: Replica,
    folder: Folder,
    *,
    name: str,
    pull: bool = True,
    push: bool = True,
    allow_unrelated: bool = False,
    merge: bool = True,
    repack: bool = False,
) -> SyncReport:
    """Take in what the folder has, and write what it lacks. Reports call the folder `name`.

    With `repack` all that this replica has goes into one new pack, in place of those that it
    wrote before: for a folder of many packs, or one that lost some. OSError when the folder cannot
    be written; what was taken in before that is kept.
    """
    visit = _Visit(here, folder)
    if not allow_unrelated:
        visit.check_related()
    pulled = visit.take_in(merge=merge) if pull else Received()
    try:
        pushed = visit.give(repack=repack) if push else Received()
    except OSError as error:
        why = f"cannot be written: {error.strerror}; what it had is taken in, `--pull` only reads"
        raise OSError(error.errno, why, str(folder.root)) from error
    note_met(here, name, visit.told(given=push))
    return report_of(here, name, pulled, pushed, visit.notes())


def take_in_folder(receiver: Replica, folder: Folder) -> Received:
    """Take in what the folder has, and leave the working tree alone: for a clone."""
    return _Visit(receiver, folder).take_in(worktree=False)


def heads_in_folder(here: Replica, folder: Folder) -> set[Oid]:
    """Every head that a heads file in the folder names, whether its objects are there or not."""
    return {oid for file in _Visit(here, folder).files for oid in heads_of(file.heads.refs)}


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A heads file that can be read."""

    heads: HeadsFile
    label: str


class _Visit:
    """One sync with a folder: what was read there, and what had to be left out."""

    def __init__(self, here: Replica, folder: Folder) -> None:
        self._here = here
        self._folder = folder
        self._backend = FolderBackend(folder.root, owner=here.id)
        self._store = ObjectStore(self._backend)
        self._left_out: list[str] = []
        self._doubted: set[str] = set()
        self.files = sorted(self._read(), key=lambda file: file.heads.replica)

    def _read(self) -> Iterator[_Arrived]:
        now_ms = self._here.now_ms()
        for name, content in self._folder.heads_files():
            label = f"heads/{name}.json"
            try:
                heads = decode_heads(content, label)
                if heads.replica != name:
                    raise InvalidObject(f"{label} is of the replica {heads.replica}")
                check_refs(heads.refs, now_ms)
                yield _Arrived(heads, label)
            except PyvcsError as error:
                self._left_out.append(f"{error.message}; it is left out")

    def notes(self) -> list[str]:
        """Sentences on what was left out."""
        packs = [f"the pack {name} {why}" for name, why in sorted(self._backend.unsound.items())]
        return [*self._left_out, *packs]

    def told(self, *, given: bool) -> Refs:
        """What the folder tells that can be believed; with what we wrote there if `given`."""
        files = [file.heads for file in self.files if file.label not in self._doubted]
        return _joined([*files, self._heads(self._here.refs)] if given else files)

    # -- taking in -----------------------------------------------------------------------------

    def check_related(self) -> None:
        """Refused when both sides have commits and, as far as can be read, none in common."""
        self._here.store.refresh()
        theirs = {oid for file in self.files for oid in heads_of(file.heads.refs)}
        if not theirs or not heads_of(self._here.refs):
            return
        try:
            related = any(map(self._here.store.has, self._ancestry(theirs)))
        except PyvcsError:
            related = True  # it breaks off before the beginning: taking it in will say where
        if not related:
            raise Refused(
                "this repository and the folder have no commit in common",
                hint="if they belong together all the same: "
                "`pyvcs sync --allow-unrelated-histories`",
            )

    def _ancestry(self, heads: Collection[Oid]) -> Iterator[Oid]:
        """The commits in the folder that these heads lead to, those here first of all."""
        here = self._here.store
        waiting = sorted(heads, key=here.has)
        seen = set(waiting)
        while waiting:
            oid = waiting.pop()
            yield oid
            kind = self._store.kind(oid)
            below: tuple[Oid, ...] = ()
            if kind is Kind.COMMIT:
                below = self._store.commit(oid).parents
            elif kind is Kind.TAG:
                below = (self._store.tag(oid).target,)
            waiting += [each for each in below if each not in seen]
            seen.update(below)

    def take_in(self, *, worktree: bool = True, merge: bool = True) -> Received:
        """Take in each heads file that has news; those that cannot be had in full are noted."""
        news = [file for file in self.files if _adds(file.heads.refs, to=self._here.refs)]
        with suppress(ObjectMissing, Corrupt, InvalidObject):  # all at once: one merge, not many
            return self._receive(
                _joined([file.heads for file in news]), worktree=worktree, merge=merge
            )
        taken = [self._receive_one(file, worktree=worktree, merge=merge) for file in news]
        return _summed([received for received in taken if received is not None])

    def _receive(self, refs: Refs, *, worktree: bool, merge: bool) -> Received:
        return receive(self._here, self._store.record, refs, worktree=worktree, merge=merge)

    def _receive_one(self, file: _Arrived, *, worktree: bool, merge: bool) -> Received | None:
        """Take in one heads file, once more without the damaged packs if there are some."""
        refs = file.heads.refs
        try:
            try:
                return self._receive(refs, worktree=worktree, merge=merge)
            except (Corrupt, InvalidObject):
                if not self._backend.refuse_damaged():
                    raise
                self._store = ObjectStore(self._backend)
                return self._receive(refs, worktree=worktree, merge=merge)
        except ObjectMissing as error:
            self._left_out.append(
                f"what {file.label} names has not arrived in full yet, it is left for the next"
                f" sync: {error.message}"
            )
        except (Corrupt, InvalidObject) as error:
            self._left_out.append(f"what {file.label} names is refused: {error.message}")
        self._doubted.add(file.label)
        return None

    # -- giving --------------------------------------------------------------------------------

    def give(self, *, repack: bool) -> Received:
        """Write what the folder lacks of ours: a pack if needed, and then our heads file.

        Packs are written without the lock of the repository: a stick may be slow.
        """
        refs, told = self._here.refs, self.told(given=False)
        moved = self._moved(told, refs)
        lost = any(self._folder.size_of(name) != size for name, size in self._own().packs.items())
        if repack or lost:
            commits = self._rewrite(refs)
        else:
            lacking = sorted(oid for oid in heads_of(refs) if not self._store.has(oid))
            if not lacking and not _adds(refs, to=told):
                return Received()
            commits = self._write_pack(self._store, lacking) if lacking else []
            self._tell(refs, self._backend.written)
        note_shared(self._here, commits_of(self._here.store, refs))
        return Received(len(commits), moved)

    def _own(self) -> HeadsFile:
        """Our heads file as it is now; an empty one when there is none that can be read."""
        content = self._folder.heads_of(self._here.id)
        with suppress(Corrupt, InvalidObject, UnsupportedFormat):
            heads = decode_heads(content or b"", self._here.id)
            if heads.replica == self._here.id:
                return heads
        return HeadsFile(self._here.id, {}, {})

    def _heads(self, refs: Refs) -> HeadsFile:
        return HeadsFile(self._here.id, refs.branches, refs.tags)

    def _write_pack(self, into: ObjectStore, wants: Collection[Oid]) -> list[Oid]:
        return write_objects(self._here, into, wants)

    def _tell(self, refs: Refs, written: Mapping[str, int], instead: Collection[str] = ()) -> None:
        """Write our heads file: what it says now, these refs, and packs, some instead of others.

        What it says now counts: another process of this replica may just have been here.
        """
        with self._here.locked("sync"):
            own = self._own()
            packs = {name: size for name, size in own.packs.items() if name not in instead}
            joined = self._heads(_joined([own, self._heads(refs)]))
            heads = replace(joined, packs={**packs, **written})
            self._folder.write_heads(self._here.id, encode_heads(heads))
            self._folder.sweep(self._here.id, before_ms=self._left_behind_ms())

    def _left_behind_ms(self) -> int:
        return self._here.now_ms() - _LEFT_BEHIND_MS

    def _rewrite(self, refs: Refs) -> list[Oid]:
        """Write all that this replica has to one pack in place of those it can stand for; the
        commits that were not in the folder before.

        What is only in an earlier pack, and no more in this repository, stays where it is: other
        replicas may have built on it. The new pack and the heads file stand before a pack goes.
        """
        self._backend.refuse_damaged()
        there = self._store = ObjectStore(self._backend)
        wants = set(heads_of(refs))
        instead: set[str] = set()
        for name in (*self._own().packs, *self._ownerless()):
            pack = there.packs.get(pack_key(name))
            oids = [] if pack is None else [oid for oid, _ in pack.index.items()]
            if all(map(self._here.store.has, oids)):
                instead.add(name)
            wants.update(filter(self._here.store.has, oids))
        hidden = [pack_name(key) or "" for key in there.packs]
        fresh = FolderBackend(self._folder.root, owner=self._here.id, hidden=hidden)
        commits = self._write_pack(ObjectStore(fresh), sorted(wants))
        self._tell(refs, fresh.written, instead)
        for name in instead - fresh.written.keys():
            self._folder.remove_pack(name)
        return [oid for oid in commits if not there.has(oid)]

    def _ownerless(self) -> list[str]:
        """Old packs that no heads file names: left by a process that was killed before it told.

        None while a heads file cannot be read: it may name them.
        """
        if self._left_out:
            return []
        told = {name for file in self.files for name in file.heads.packs}
        shown = (pack_name(key) for key in self._store.packs)
        return [
            name
            for name in shown
            if name is not None
            and name not in told
            and self._folder.written_before(name, self._left_behind_ms())
        ]

    def _moved(self, told: Refs, refs: Refs) -> tuple[Moved, ...]:
        """The branches that the folder did not know to stand where ours do."""
        found = []
        for name, ref in refs.branches.items():
            if told.branch(name).oids != ref.oids:
                before = self._tip(told.branch(name))
                found.append(Moved(name, before, refs.tips.get(name), ref.oids))
        return tuple(sorted(found, key=lambda move: move.branch))

    def _tip(self, ref: Ref) -> Oid | None:
        """The tip of a branch as the folder tells it; None when there is none that we know."""
        if not ref.heads or not all(map(self._here.store.has, ref.heads)):
            return None
        return canonical_merge(Draft(self._here.store), self._here.history, ref.oids)


def _joined(files: Collection[HeadsFile]) -> Refs:
    """What these heads files say together."""
    told = Refs(Position(None))
    for heads in files:
        for name, ref in heads.branches.items():
            told = told.with_branch(name, told.branch(name).join(ref), None)
        for name, ref in heads.tags.items():
            told = told.with_tag(name, told.tag(name).join(ref))
    return told


def _adds(refs: Refs, *, to: Refs) -> bool:
    """Whether refs say anything that others do not know."""
    return any(
        known.get(name, Ref()).join(ref) != known.get(name)
        for known, said in ((to.branches, refs.branches), (to.tags, refs.tags))
        for name, ref in said.items()
    )


def _summed(received: list[Received]) -> Received:
    """Several steps as one: each branch from where it stood first to where it stands now."""
    if not received:
        return Received()
    moves: dict[str, Moved] = {}
    for each in received:
        for move in each.moved:
            first = moves.get(move.branch, move)
            moves[move.branch] = replace(move, before=first.before)
    last = received[-1].following
    carried = {path for each in received for path in each.following.carried}
    return Received(
        sum(each.commits for each in received),
        tuple(moves[name] for name in sorted(moves)),
        replace(last, carried=tuple(sorted(carried))),
    )
