"""Revisions: what people type to name a commit.

::

    main                a branch (its tip), else a tag
    HEAD, @             the commit that the working tree stands on
    3f2a, 3f2a9c…       the oid of a commit or tag, or its first digits (4 or more)
    REV~2               the first parent of the first parent
    REV^, REV^2         the first parent, the second parent
    A..B, A...B         in `diff`: two commits; from their merge base to B
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import repeat

from pyvcs.objects.errors import Ambiguous, InvalidObject, RevisionUnknown
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.refs import Refs

_STEP = re.compile(r"([~^])(\d{0,9})")
_STEPS = re.compile(r"((?:[~^]\d{0,9})*)$")
_MAX_TAGS = 16


def resolve_revision(store: ObjectStore, refs: Refs, revision: str) -> Oid:
    """The commit that `revision` names. RevisionUnknown or Ambiguous, with what could be meant."""
    match = _STEPS.search(revision)
    assert match is not None  # it matches the empty end of any text
    name = revision[: match.start()]
    oid = commit_of(store, _named(store, refs, name), revision)
    for sign, digits in _STEP.findall(match[1]):
        for which in _parents_to_take(sign, int(digits or 1)):
            parents = store.commit(oid).parents
            if which > len(parents):
                raise RevisionUnknown(
                    f"{revision!r} leads beyond the history: "
                    f"{oid.short()} has {len(parents)} parents"
                )
            oid = parents[which - 1] if which else oid
    return oid


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
    target = peeled(store, oid)
    kind = store.kind(target)
    if kind is Kind.TAG:
        raise InvalidObject(f"{revision!r} leads through more than {_MAX_TAGS} tags")
    if kind is not Kind.COMMIT:
        raise RevisionUnknown(f"{revision!r} is a {kind.value}, not a commit")
    return target


def peeled(store: ObjectStore, oid: Oid) -> Oid:
    """What an object leads to when tag objects are followed, sixteen at most: itself, mostly."""
    for _ in range(_MAX_TAGS):
        if store.kind(oid) is not Kind.TAG:
            break
        oid = store.tag(oid).target
    return oid
