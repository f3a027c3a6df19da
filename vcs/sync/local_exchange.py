"""Exchanging with a repository on this disk: nobody is asked, for both ends are at hand.

Idea.        Both stores and all refs can be read here. So what one end lacks is found by walking
             down from the heads of the other, as far as there are commits that it lacks. Few are
             copied object by object; many, and all of a history, come in blocks.
Invariant.   As of a talk: neither end believes the other, each holds its own lock only while it
             takes in, and what goes wrong there is told as what the other side says.
Cost.        The commits that are missing, and one look at each head; then as in `transfer`, or as
             in `giving` and `taking`.
Result.      What both ends took in, and what the other end knows of branches and tags.
"""

from __future__ import annotations

from pyvcs.objects.contexts import suppress
from pyvcs.objects.errors import Corrupt
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack_index import Place
from pyvcs.objects.values import replace
from pyvcs.refs import Position, Ref, Refs
from pyvcs.replica import BYTES, Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.joining import check_refs, commits_here, heads_of, unrelated
from pyvcs.sync.meeting import as_ours, as_theirs, introduce, meet, peers_of
from pyvcs.sync.receiving import receive
from pyvcs.sync.recipes import Read
from pyvcs.sync.report import Received, Wish, stands_on_tip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import TypeAlias

    from pyvcs.replica import Progress
    from pyvcs.sync.block_exchange import Reading

FEW = 1000
"""So many commits are copied object by object."""

_Gap: TypeAlias = "tuple[Collection[Oid], int]"
"""The newest commits that both ends have, and how many of one the other lacks."""


def _are_few(gap: _Gap) -> bool:
    """Whether few are missing of a history that both ends have; a whole one is none of that."""
    common, lacking = gap
    return bool(common) and lacking <= FEW


def exchange(here: Replica, there: Replica, wish: Wish) -> tuple[Received, Received, Refs]:
    """Pull and push as wished: what we took in, what the other end took in, what it knows now.

    Refused when both have commits and none in common, unless the wish allows it.
    """
    here.store.refresh()
    with as_theirs():
        there.history.graph.doubt()
        theirs = there.refs
        there.store.refresh()
    news = _differing(theirs, here.refs)
    check_refs(news, here.now_ms())  # they are noted, if not pulled
    with as_theirs():
        gap = _between(there, here, heads_of(theirs))
        told = peers_of(there)
    if not gap[0] and not wish.allow_unrelated and _has_commits(here) and _has_commits(there):
        raise unrelated()
    ours = peers_of(here)
    with as_theirs(), suppress(OSError):  # of a repository that can only be read
        introduce(there, ours)
    introduce(here, told)
    pulled = pushed = Received()
    if wish.pull and (_is_any(news) or not stands_on_tip(here)):
        pulled = _pull(here, there, news, gap, wish)
    if wish.push:
        refs = here.refs
        pushed = _push(here, there, _differing(refs, theirs))
        theirs = _joined(theirs, refs)
    meet(here, there, theirs)
    return pulled, pushed, theirs


def _pull(here: Replica, there: Replica, news: Refs, gap: _Gap, wish: Wish) -> Received:
    if _are_few(gap):
        read = _reading(there, as_theirs, here.progress)
        pulled = receive(here, read, news, worktree=wish.worktree, merge=wish.merge)
    else:
        from pyvcs.sync.block_exchange import receive_blocks

        pulled = receive_blocks(
            here,
            there,
            news,
            gap[0],
            reading=as_theirs,
            progress=here.progress,
            worktree=wish.worktree,
            merge=wish.merge,
        )
    with suppress(OSError, Corrupt):  # of a repository that can only be read, or is damaged
        note_shared(there, commits_here(there.store, heads_of(news)))
    return pulled


def _push(here: Replica, there: Replica, news: Refs) -> Received:
    if not _is_any(news):
        return Received()
    gap = _between(here, there, heads_of(news))
    with as_theirs():
        if _are_few(gap):
            taken = receive(there, _reading(here, as_ours, here.progress), news)
        else:
            from pyvcs.sync.block_exchange import receive_blocks

            taken = receive_blocks(
                there, here, news, gap[0], reading=as_ours, progress=here.progress
            )
    return Received(taken.commits, taken.moved)


def _between(giver: Replica, taker: Replica, heads: Collection[Oid]) -> _Gap:
    """What lies between some heads of one replica and what the other one has."""
    while not all(map(giver.store.has, heads)) and giver.store.refresh():
        pass  # packs are merged there just now
    graph, has = giver.history.graph, taker.store.has
    waiting = [graph.ensure(oid) for oid in commits_here(giver.store, heads)]
    seen = set(waiting)
    common: list[Oid] = []
    while waiting:
        position = waiting.pop()
        oid = graph.oid(position)
        if has(oid):
            common.append(oid)
            continue
        parents = graph.parent_positions(position)
        if not parents:
            _check_root(giver, oid)
        new = [each for each in parents if each not in seen]
        seen.update(new)
        waiting += new
    return common, len(seen) - len(common)


def _check_root(giver: Replica, oid: Oid) -> None:
    """Corrupt if a commit has parents, after all: a graph that hides them hides what is common."""
    if giver.store.commit(oid).parents:
        raise Corrupt(
            f"the commit graph hides the parents of {oid.short()}", hint="`pyvcs gc` makes it anew"
        )


def _reading(giver: Replica, whose: Reading, progress: Progress) -> Read:
    """How objects of a giver are read, its faults told as theirs or ours; `progress` is told how
    many bytes came."""
    count = 0

    def read(oid: Oid) -> tuple[Place, bytes]:
        nonlocal count
        with whose():
            place, record = giver.store.record(oid)
        count += len(record)
        progress(BYTES, count)
        return place, record

    return read


def _has_commits(replica: Replica) -> bool:
    return bool(commits_here(replica.store, heads_of(replica.refs)))


def _differing(refs: Refs, others: Refs) -> Refs:
    """Those branches and tags that are another state there, or not known."""
    return Refs(
        Position(None),
        branches=_unlike(refs.branches, others.branches),
        tags=_unlike(refs.tags, others.tags),
    )


def _unlike(refs: Mapping[str, Ref], others: Mapping[str, Ref]) -> dict[str, Ref]:
    return {name: ref for name, ref in refs.items() if others.get(name) != ref}


def _is_any(refs: Refs) -> bool:
    return bool(refs.branches or refs.tags)


def _joined(theirs: Refs, ours: Refs) -> Refs:
    """What the other end knows after it was given all of ours."""
    branches = {name: theirs.branch(name).join(ref) for name, ref in ours.branches.items()}
    tags = {name: theirs.tag(name).join(ref) for name, ref in ours.tags.items()}
    return replace(theirs, branches={**theirs.branches, **branches}, tags={**theirs.tags, **tags})
