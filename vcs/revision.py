"""Revisions: what people type to name a commit.

::

    main                a branch (its tip), else a tag
    HEAD, @             the commit that the working tree stands on
    3f2a, 3f2a9c…       the oid of a commit or tag, or its first digits (4 or more)
    REV~2               the first parent of the first parent
    REV^, REV^2         the first parent, the second parent
    main@{2}, @{2}      the tip of a branch (the current one) two moves ago, by the operation log
    HEAD@{2}            where the working tree stood two moves ago
    :/text              the latest commit of any branch whose message has the text
    A..B, A...B         in `diff`: two commits; from their merge base to B
"""

from __future__ import annotations

from itertools import repeat

from pyvcs.objects.errors import Ambiguous, InvalidObject, RevisionUnknown
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import MAX_TAGS, ObjectStore
from pyvcs.refs import Refs
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

_STEP = r"([~^])(\d{0,9})"
_STEPS = r"((?:[~^]\d{0,9})*)$"
_MOVES = r"([^@]*|@)@\{(\d{1,9})\}"


def resolve_revision(replica: Replica, refs: Refs, revision: str) -> Oid:
    """The commit that `revision` names. RevisionUnknown or Ambiguous, with what could be meant."""
    store = replica.store
    if revision.startswith(":/"):
        return _by_message(replica, refs, revision[2:])
    name, steps = _parted(revision)
    moves = _moves_in(name)
    named = _earlier(replica, refs, moves) if moves else _named(store, refs, name)
    oid = commit_of(store, named, revision)
    for sign, digits in steps:
        for which in _parents_to_take(sign, int(digits or 1)):
            parents = store.commit(oid).parents
            if which > len(parents):
                raise RevisionUnknown(
                    f"{revision!r} leads beyond the history: "
                    f"{oid.short()} has {_parents_text(len(parents))}"
                )
            oid = parents[which - 1] if which else oid
    return oid


def _parted(revision: str) -> tuple[str, list[tuple[str, str]]]:
    """The name that a revision begins with, and the steps behind it: sign and digits."""
    if "~" not in revision and "^" not in revision:
        return revision, []
    import re  # most revisions are just a name

    match = re.search(_STEPS, revision)
    assert match is not None  # it matches the empty end of any text
    return revision[: match.start()], re.findall(_STEP, match[1])


def _moves_in(name: str) -> re.Match[str] | None:
    """The name before `@{N}`, and N."""
    if not name.endswith("}"):
        return None
    import re

    return re.fullmatch(_MOVES, name)


def _parents_text(count: int) -> str:
    return {0: "no parent", 1: "one parent"}.get(count, f"{count} parents")


def _by_message(replica: Replica, refs: Refs, text: str) -> Oid:
    """The latest commit on any branch whose message has the text."""
    for entry in replica.history.log(refs.tips.values()):
        if text and text in entry.commit.message:
            return entry.oid
    raise RevisionUnknown(f"no commit has {text!r} in its message")


def _earlier(replica: Replica, refs: Refs, moves: re.Match[str]) -> Oid:
    """Where a branch, or the working tree, was a number of moves ago."""
    name, count = moves[1], int(moves[2])
    branch = refs.position.branch if name in ("", "@") else name
    if name == "HEAD":
        places = [_text(refs.position.commit)]
    else:
        places = [_text(refs.tips.get(branch or ""))]
    for operation in reversed(list(replica.ref_store.operations())):
        part, key = ("head", "commit") if name == "HEAD" else ("tips", branch)
        before, after = (state.get(part, {}) for state in (operation.before, operation.after))
        if key in before and before[key] != after.get(key):
            places.append(before[key])
    found = places[count] if count < len(places) else None
    if found is None:
        raise RevisionUnknown(
            f"{moves[0]!r} is before the beginning: {name or 'the branch'} moved "
            f"{len(places) - 1} times",
            hint="`pyvcs op log` shows every move",
        )
    return Oid.from_hex(found)


def _text(oid: Oid | None) -> str | None:
    return None if oid is None else str(oid)


def _parents_to_take(sign: str, count: int) -> Iterable[int]:
    """For each step, which parent to go to, from 1; 0 stays."""
    return repeat(1, count) if sign == "~" else repeat(count, 1)


def _named(store: ObjectStore, refs: Refs, name: str) -> Oid:
    if name in ("HEAD", "@", ""):
        oid = refs.position.commit or refs.tips.get(refs.position.branch or "")
        if oid is None:
            raise RevisionUnknown("there is no commit yet", hint="make one with `pyvcs commit`")
        return oid
    if name in refs.tips:
        return refs.tips[name]
    heads = refs.tag(name).oids
    if len(heads) > 1:
        raise Ambiguous(
            f"the tag {name!r} was set to {len(heads)} commits on different replicas: "
            + ", ".join(oid.short() for oid in heads),
            hint=f"name the commit that you mean, or settle it: `pyvcs tag --force {name} COMMIT`",
        )
    if heads:
        return heads[0]
    oid = store.one_by_prefix(name)
    if oid is None:
        raise RevisionUnknown(
            f"{name!r} names no branch, tag or commit",
            hint="`pyvcs branch` and `pyvcs log` show what there is",
        )
    return oid


def commit_of(store: ObjectStore, oid: Oid, revision: str) -> Oid:
    """The commit behind `oid`: itself, or what a tag object leads to."""
    target = store.peeled(oid)
    kind = store.kind(target)
    if kind is Kind.TAG:
        raise InvalidObject(f"{revision!r} leads through more than {MAX_TAGS} tags")
    if kind is not Kind.COMMIT:
        raise RevisionUnknown(f"{revision!r} is a {kind.value}, not a commit")
    return target
