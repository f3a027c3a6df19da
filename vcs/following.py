"""Following: a working tree goes along with its branch, which a commit or a sync has moved.

What moves it is loaded only when it has to move: every commit and every sync asks.
"""

from __future__ import annotations

from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.replica import Replica


@dataclass(frozen=True, slots=True)
class Following:
    """How a working tree took it that its branch moved.

    `carried` are edited files whose edits were merged with what came in; they are still edits.
    `in_the_way` are those that could not be, and kept the working tree where it was. `is_apart`:
    it stayed because the branch has several heads, which were not to be merged here.
    """

    carried: tuple[bytes, ...] = ()
    in_the_way: tuple[bytes, ...] = ()
    is_apart: bool = False

    @property
    def stands_on_tip(self) -> bool:
        """Whether the working tree stands on the tip of its branch, if it is on one."""
        return not self.in_the_way and not self.is_apart


FOLLOWED = Following()
"""The working tree stands on the tip; nothing had to be merged for that."""


def follow(replica: Replica, *, merge: bool = True) -> Following:
    """Bring a working tree whose branch has moved to the new tip, with the edits that are in it.

    An edited file that changed on the way is merged, when that is clean; it stays an edit. If one
    is not clean nothing happens: the working tree stays on its commit, and a commit made there
    joins the branch. Without `merge` it follows a branch of one head only, and merges no edits.
    """
    refs = replica.refs
    branch = refs.position.branch
    tip = refs.tips.get(branch or "")
    if branch is None or not replica.has_worktree or tip in (None, refs.position.commit):
        return FOLLOWED
    assert tip is not None
    if not merge and len(refs.branch(branch).oids) > 1:
        return Following(is_apart=True)
    from pyvcs.carrying import carry_edits, plan_carrying
    from pyvcs.refs import Position
    from pyvcs.stat_cache import StatCache
    from pyvcs.switching import arrive

    worktree = replica.worktree
    cache = StatCache.load(replica.backend, replica.store, refs.position.commit)
    plan = plan_carrying(replica, worktree, cache, tip)
    edited = tuple(edit.path for edit in plan.edits)
    if plan.in_the_way or (edited and not merge):
        return Following(in_the_way=plan.in_the_way or edited)
    carry_edits(replica, worktree, cache, plan)
    cache.save(replica.backend)
    arrive(replica, refs, refs, Position(branch, tip), f"follow {branch}")
    return Following(carried=edited)
