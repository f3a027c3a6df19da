"""Checkout: bringing the working tree from one commit to another without losing anything."""

from __future__ import annotations

from pyvcs.changes import oid_of_file
from pyvcs.objects.errors import WouldOverwrite
from pyvcs.objects.listing import Difference, File, commit_differences
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader, ObjectStore
from pyvcs.objects.tree import display
from pyvcs.objects.values import dataclass
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import Worktree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_NAMED = 10


@dataclass(frozen=True, slots=True)
class CheckoutPlan:
    """What has to change in the working tree, all of it checked to be safe."""

    removed: tuple[Difference, ...]
    written: tuple[Difference, ...]
    commit: Oid | None

    @classmethod
    def of(cls, differences: Collection[Difference], to: Oid | None) -> CheckoutPlan:
        """The plan to let these files become what `to` has there."""
        removed = tuple(found for found in differences if found.after is None)
        written = tuple(found for found in differences if found.after is not None)
        return cls(removed, written, to)


def plan_checkout(
    objects: ObjectReader, worktree: Worktree, cache: StatCache, *, to: Oid | None
) -> CheckoutPlan:
    """The way from the cache's commit to `to`. WouldOverwrite, naming the paths, if it is unsafe.

    A file may go only when it is what the commit that is left has there, or already what the
    new one wants: all else would be lost, for it is in no commit. Files that do not differ
    between the two commits stay as they are, edited or not.
    """
    found = list(commit_differences(objects, cache.commit, to))
    leaving = {difference.path for difference in found if difference.after is None}
    unsafe = [
        difference.path
        for difference in found
        if not _is_safe(worktree, cache, difference, leaving)
    ]
    if unsafe:
        raise _would_overwrite(unsafe)
    return CheckoutPlan.of(found, to)


def carry_out(
    store: ObjectStore,
    worktree: Worktree,
    cache: StatCache,
    plan: CheckoutPlan,
    progress: Callable[[str, int], None],
    *,
    is_new: bool = False,
) -> None:
    """Change the working tree as planned, and the cache with it. May be carried out again.

    With `is_new` the tree is empty, and goes as a whole if this is cut: files are made in place.
    """
    write = worktree.create if is_new else worktree.write
    for difference in plan.removed:
        worktree.remove(difference.path)
        cache.remove(difference.path)
    for number, (path, _, after) in enumerate(plan.written):
        progress("writing files", number)
        assert after is not None
        mode, oid = after
        found = write(path, mode, store.blob_stream(oid))
        cache.put(path, after, found.stat)
    cache.commit = plan.commit
    cache.changed = True


def _is_safe(
    worktree: Worktree, cache: StatCache, difference: Difference, leaving: set[bytes]
) -> bool:
    """Whether what stands at the path may go: it is in the store, or nothing is in the way."""
    path, before, after = difference
    standing = standing_at(worktree, cache, path)
    if standing is not None:
        return standing in (before, after)
    return after is None or not is_blocked(worktree, path, leaving)


def standing_at(worktree: Worktree, cache: StatCache, path: bytes) -> File | None:
    """What stands at a path, None for nothing; read only when its stat is not as it was."""
    found = worktree.look(path)
    if found is None:
        return None
    cached = cache.get(path)
    if cached is not None and cached.stat == found.stat:
        return cached.mode, cached.oid
    return found.mode, oid_of_file(worktree, found)


def is_blocked(worktree: Worktree, path: bytes, leaving: set[bytes]) -> bool:
    """Whether something stands in the way that is not about to leave.

    A folder where a file should be, with files that stay; or a file where a folder should be.
    """
    if any(file not in leaving for file in worktree.everything(path)):
        return True
    parts = path.split(b"/")
    above = (b"/".join(parts[:end]) for end in range(1, len(parts)))
    return any(worktree.look(folder) is not None and folder not in leaving for folder in above)


def _would_overwrite(paths: list[bytes]) -> WouldOverwrite:
    names = ", ".join(display(path) for path in paths[:_NAMED])
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return WouldOverwrite(
        f"changes that are in no commit would be overwritten: {names}{more}",
        hint="commit them, or move the files away, and try again",
    )
