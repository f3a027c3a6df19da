"""`pyvcs git replay`: the merges of a history of git, made again here and there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from pyvcs.cli.declaring import number
from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyvcs.git.replay import Replayed, Verdict
    from pyvcs.git.replaying import Replays

_SHOWN = 10
"""Merges of one verdict that are listed; `--json` has them all."""


@click.command("replay")
@click.argument("source")
@click.option("--limit", type=number(1).for_click(), help="Only so many, the newest.")
@click.option("--text", "is_text_only", is_flag=True, help="Merge all files as text, JSON too.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes (default: one a processor).")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@pass_session
def replay(
    session: Session,
    source: str,
    limit: int | None,
    is_text_only: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Make the merges of a git history again, with git and with pyvcs, and tell what differs.

    SOURCE is the folder of a git repository, or a URL that git knows; it is only read. Every merge
    of two parents is made anew by `git merge-tree` (git 2.38 or later) and here, and both are held
    against what people committed: so one sees how many conflicts there would have been fewer.

    \b
    Example:
      pyvcs git replay ../project --limit 500
    """
    from pyvcs.git.mirror import opened
    from pyvcs.git.replaying import replay_git

    with opened(session.git_source(source)) as git:
        found = replay_git(
            git,
            limit=limit,
            is_text_only=is_text_only,
            jobs=jobs or os.cpu_count() or 1,
            progress=session.shown_progress,
        )
    if as_json:
        out_json(_document(found, is_text_only=is_text_only))
        return
    for line in _report(found):
        out(line)


def _document(found: Replays, *, is_text_only: bool) -> dict[str, object]:
    from pyvcs.git.replay import Verdict

    return {
        "git": found.version,
        "rules": "text" if is_text_only else "json",
        "counts": {verdict.value: found.counts[verdict] for verdict in Verdict},
        "as_committed": {verdict.value: found.as_committed[verdict] for verdict in Verdict},
        "time": {"pyvcs": found.ours._asdict(), "git": found.git._asdict()},
        "merges": [_merge(one) for one in found.notable],
    }


def _merge(one: Replayed) -> dict[str, object]:
    return {
        "commit": one.commit,
        "verdict": one.verdict.value,
        "as_committed": one.is_as_committed,
        "paths": [os.fsdecode(path) for path in one.paths],
        "conflicts": [
            {"kind": kind, "path": os.fsdecode(path), "pointer": pointer}
            for kind, path, pointer in one.conflicts
        ],
        "time": {"pyvcs": one.ours._asdict(), "git": one.git._asdict()},
        "why": one.why or None,
    }


def _report(found: Replays) -> Iterator[str]:
    """The findings in plain words."""
    from pyvcs.git.replay import Verdict

    words = {
        Verdict.EQUAL: "clean in both, the same tree",
        Verdict.DIFFERENT: "clean in both, different trees",
        Verdict.ONLY_PYVCS: "in conflict in git, clean here",
        Verdict.ONLY_GIT: "clean in git, in conflict here",
        Verdict.NEITHER: "in conflict in both",
        Verdict.NOT_JUDGED: "not judged",
    }
    yield f"{found.counts.total():,} merges made again, by git {found.version} and here:"
    for verdict, said in words.items():
        if found.counts[verdict]:
            yield f"{found.counts[verdict]:8,}  {said}{_committed(found, verdict)}"
    yield from _gain(found)
    for verdict in (Verdict.ONLY_PYVCS, Verdict.ONLY_GIT, Verdict.DIFFERENT, Verdict.NOT_JUDGED):
        listed = [one for one in found.notable if one.verdict is verdict]
        if listed:
            yield f"\n{words[verdict]}:"
            yield from map(_line, listed[:_SHOWN])
            if len(listed) > _SHOWN:
                yield f"  and {len(listed) - _SHOWN:,} more, which --json lists"


def _committed(found: Replays, verdict: Verdict) -> str:
    same = found.as_committed[verdict]
    return f", {same:,} of them just what people committed" if same else ""


def _gain(found: Replays) -> Iterator[str]:
    """What it comes to: conflicts, and time."""
    from pyvcs.git.replay import Verdict

    if not found.judged:
        return
    both, fewer = found.counts[Verdict.NEITHER], found.counts[Verdict.ONLY_PYVCS]
    left = both + fewer
    if left:
        share = f"{fewer:,} ({100 * fewer / left:.1f} %)"
        yield f"left to people by git: {left:,}; of those, clean here: {share}"
    here, there = (1000 * spent.wall / found.judged for spent in (found.ours, found.git))
    yield f"mean time of a merge: {here:.1f} ms here, {there:.1f} ms in git"


def _line(one: Replayed) -> str:
    from pyvcs.cli.output import path_text

    paths = one.paths or tuple(dict.fromkeys(path for _, path, _ in one.conflicts))
    shown = " ".join(map(path_text, paths[:3])) + (" ..." if len(paths) > 3 else "")
    told = "" if one.is_as_committed is not True else "  (as committed)"
    return f"  {one.commit[:12]}  {one.why or shown}{told}"
