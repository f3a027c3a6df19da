"""Bisecting: finding the commit that broke something, by testing commits in between.

What was tested is kept under one key of the repository: docs/formats/bisect.md.
"""

from __future__ import annotations

from pyvcs.bisection import choose
from pyvcs.objects.errors import Corrupt, Refused, UnsupportedFormat
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass, replace
from pyvcs.plain_json import MISREAD, Value, indented, read_json
from pyvcs.refs import Position
from pyvcs.replica import Replica
from pyvcs.status import BISECT_KEY
from pyvcs.switching import stand, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Bisection:
    """What is known: a bad commit, good ones, those that cannot be tested; and where to go back."""

    branch: str | None
    commit: Oid | None
    bad: Oid | None = None
    good: tuple[Oid, ...] = ()
    skipped: tuple[Oid, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bisection is: `next` is to be tested, `found` is the first bad commit.

    `candidates` are what may be it. Without `next` and `found`, either a good or a bad commit was
    not named yet, and there are none, or all that are left were skipped.
    """

    state: Bisection
    candidates: tuple[Oid, ...] = ()
    next: Oid | None = None
    found: Oid | None = None


def encode_bisection(state: Bisection) -> bytes:
    """The bytes under BISECT_KEY."""
    value: Value = {
        "format": FORMAT,
        "start": {
            "branch": state.branch,
            "commit": None if state.commit is None else str(state.commit),
        },
        "bad": None if state.bad is None else str(state.bad),
        "good": [str(oid) for oid in state.good],
        "skipped": [str(oid) for oid in state.skipped],
    }
    return indented(value).encode() + b"\n"


def decode_bisection(content: bytes) -> Bisection:
    """A bisection from its bytes; Corrupt or UnsupportedFormat."""
    try:
        value = read_json(content)
        if value["format"] != FORMAT:
            raise UnsupportedFormat(
                f"the file `bisect` has format {value['format']!r}, and this pyvcs knows {FORMAT}",
                hint="use a newer pyvcs",
            )
        branch, commit = value["start"]["branch"], _oid(value["start"]["commit"])
        if branch is not None and not isinstance(branch, str):
            raise ValueError(f"{branch!r} is no name of a branch")
        good, skipped = (tuple(map(Oid.from_hex, value[name])) for name in ("good", "skipped"))
        return Bisection(branch, commit, _oid(value["bad"]), good, skipped)
    except MISREAD as error:
        raise Corrupt(
            f"the file `bisect` cannot be read: {error}", hint="`pyvcs bisect reset` removes it"
        ) from None


def _oid(text: str | None) -> Oid | None:
    return None if text is None else Oid.from_hex(text)


def start_bisection(replica: Replica, bad: Oid | None, good: Collection[Oid]) -> Progress:
    """Begin to bisect. Refused when one is under way."""
    position = replica.refs.position
    state = Bisection(position.branch, position.commit, bad, tuple(dict.fromkeys(good)))
    progress = _progress(replica, state)
    if not replica.backend.swap(BISECT_KEY, expected=None, new=encode_bisection(state)):
        raise Refused("a bisection is under way", hint="`pyvcs bisect reset` ends it")
    return _go(replica, progress)


def progress_of(replica: Replica) -> Progress:
    """How far the bisection is. Refused when there is none."""
    return _progress(replica, decode_bisection(_stored(replica)))


def mark(replica: Replica, word: str, commits: Collection[Oid]) -> Progress:
    """Say of commits that they are `good`, `bad` or to `skip`, and stand on the next to test."""

    def marked(state: Bisection) -> Bisection:
        if word == "bad":
            return replace(state, bad=list(commits)[-1])
        if word == "good":
            return replace(state, good=tuple(dict.fromkeys([*state.good, *commits])))
        return replace(state, skipped=tuple(dict.fromkeys([*state.skipped, *commits])))

    return _go(replica, _change(replica, marked))


def reset_bisection(replica: Replica) -> Position:
    """Go back to where the bisection began, and forget it. Refused when there is none."""
    stored = _stored(replica)
    try:
        state = decode_bisection(stored)
    except Corrupt:
        state = Bisection(replica.refs.position.branch, replica.refs.position.commit)
    with replica.locked("bisect"):
        refs = replica.refs
        commit = refs.tips.get(state.branch, state.commit) if state.branch else state.commit
        is_there = state.branch in refs.tips or state.commit is None
        position = Position(state.branch if is_there else None, commit)
        stand(replica, refs, refs, position, "bisect reset")
    replica.backend.delete(BISECT_KEY)
    return position


def _stored(replica: Replica) -> bytes:
    content = replica.backend.read(BISECT_KEY)
    if content is None:
        raise Refused("no bisection is under way", hint="`pyvcs bisect start BAD GOOD` begins one")
    return content


def _change(replica: Replica, change: Callable[[Bisection], Bisection]) -> Progress:
    """Change the state, if it leads to something that can be: else nothing is written."""
    while True:
        before = _stored(replica)
        state = change(decode_bisection(before))
        progress = _progress(replica, state)
        if replica.backend.swap(BISECT_KEY, expected=before, new=encode_bisection(state)):
            return progress


def _progress(replica: Replica, state: Bisection) -> Progress:
    if state.bad is None or not state.good:
        return Progress(state)
    history, graph = replica.history, replica.history.graph
    for good in state.good:
        if history.is_ancestor(state.bad, good):
            raise Refused(
                f"the bad commit {state.bad.short()} comes before the good one {good.short()}: "
                "what was wrong was mended in between",
                hint="call good what is wrong, and bad what is mended, to find what mended it",
            )
    base = _base_to_test(replica, state)
    if base is not None:
        return Progress(state, (), base)
    choice = choose(
        graph.parent_positions,
        bad=graph.ensure(state.bad),
        good=[graph.ensure(oid) for oid in state.good],
        skipped=[graph.ensure(oid) for oid in state.skipped],
    )
    candidates = tuple(map(graph.oid, choice.candidates))
    best = None if choice.best is None else graph.oid(choice.best)
    return Progress(state, candidates, best, state.bad if len(candidates) == 1 else None)


def _base_to_test(replica: Replica, state: Bisection) -> Oid | None:
    """A merge base of bad and of a good commit beside it: only if that is good, too, the search
    among the ancestors of bad alone finds what broke."""
    history = replica.history
    assert state.bad is not None
    for good in state.good:
        for base in history.merge_bases([good], [state.bad]):
            known = any(history.is_ancestor(base, other) for other in state.good if other != good)
            if base != good and not known and base not in state.skipped:
                return base
    return None


def _go(replica: Replica, progress: Progress) -> Progress:
    """Stand on the commit to test, or on the first bad one."""
    target = progress.next or progress.found
    if replica.has_worktree and target is not None:
        switch(replica, str(target), detach=True)
    return progress
