"""Changes: how the working tree differs from the commit that it stands on."""

from __future__ import annotations

from _operator import attrgetter

from pyvcs.objects.enumerated import Enum
from pyvcs.objects.kind import Mode
from pyvcs.objects.typed import NamedTuple
from pyvcs.stat_cache import Cached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.looking import Looked
    from pyvcs.objects.errors import ChangedWhileRead
    from pyvcs.objects.listing import File
    from pyvcs.objects.oid import Oid
    from pyvcs.stat_cache import StatCache
    from pyvcs.worktree import Found, Worktree

_PIECE = 1024 * 1024


class ChangeKind(Enum):
    """What happened to a file since the commit; the value is the letter people see."""

    ADDED = "A"
    MODIFIED = "M"
    DELETED = "D"
    MODE = "X"

    @property
    def word(self) -> str:
        """The name that people and `--json` see."""
        return self.name.lower()


class Change(NamedTuple):
    """One path at which the working tree differs; `before` is None for an added file.

    `found` is what stands there now, None when it was deleted.
    """

    path: bytes
    kind: ChangeKind
    before: File | None
    found: Found | None


def changes(worktree: Worktree, cache: StatCache, looked: Looked | None = None) -> list[Change]:
    """Every difference between the working tree and the cache's commit, sorted by path.

    Reads only files whose stat is not as it was; what turns out to be equal is noted in `cache`.
    `looked` is what a look just before has told: then nobody looks again.
    """
    from pyvcs.ignore import Ignore

    ignore = Ignore(worktree.read)
    found_changes: list[Change] = []

    def enter(folder: bytes) -> bool:
        return not ignore.is_ignored(folder, is_dir=True) or cache.holds_folder(folder)

    for path, row, met in worktree.compared(enter, cache.packed(), looked=looked):
        if row is None:
            if not ignore.is_ignored(path, is_dir=False):
                found_changes.append(Change(path, ChangeKind.ADDED, None, met))
            continue
        cached = Cached.of(row)
        # a folder that is not entered may still hold tracked files
        found = worktree.look(path) if met is None else met
        before = cached.mode, cached.oid
        if found is None:
            found_changes.append(Change(path, ChangeKind.DELETED, before, None))
        elif (kind := _compare(worktree, cache, cached, found)) is not None:
            found_changes.append(Change(path, kind, before, found))
    return sorted(found_changes, key=attrgetter("path"))


def _compare(
    worktree: Worktree, cache: StatCache, cached: Cached, found: Found
) -> ChangeKind | None:
    if cached.stat == found.stat and cached.mode is found.mode:
        return None
    same_sort = (cached.mode is Mode.SYMLINK) == (found.mode is Mode.SYMLINK)
    if not same_sort or oid_of_file(worktree, found) != cached.oid:
        return ChangeKind.MODIFIED
    if cached.mode is not found.mode:
        return ChangeKind.MODE
    cache.put(found.path, (cached.mode, cached.oid), found.stat)
    return None


def oid_of_file(worktree: Worktree, found: Found) -> Oid:
    """The oid that the content of a file would have as a blob. Reads it in pieces."""
    from pyvcs.objects import codec

    if found.mode is Mode.SYMLINK:
        return codec.oid_of(codec.encode(worktree.link_target(found.path)))
    size = found.stat.size
    if size < _PIECE:
        return codec.oid_of(codec.encode(small_content(worktree, found)))
    digest = codec.BlobHash(size)
    with worktree.open(found) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size -= len(piece)
    if size:
        raise changed_while_read(found)
    return digest.oid()


def small_content(worktree: Worktree, found: Found) -> bytes:
    """The whole content of a small file. ChangedWhileRead when it has another size by now."""
    content = worktree.content(found)
    if len(content) != found.stat.size:
        raise changed_while_read(found)
    return content


def changed_while_read(found: Found) -> ChangedWhileRead:
    """The error that names a file which somebody writes just now."""
    from pyvcs.objects import errors
    from pyvcs.objects.tree import display

    return errors.ChangedWhileRead(
        f"{display(found.path)} changed its size while it was read",
        hint="try again when the program that writes it is done",
    )
