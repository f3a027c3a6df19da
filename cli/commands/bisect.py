"""`pyvcs bisect`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from pyvcs.cli.completing import revisions
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import flush, out, out_json, say
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.bisecting import Progress
    from pyvcs.objects.oid import Oid

_SKIP = 125
_CANNOT_RUN = (126, 127)


@click.group("bisect")
def command() -> None:
    """Find the commit that broke something, by testing commits in between.

    Name one commit that is bad and one that is good, test what is checked out, and say `good`,
    `bad` or `skip` until one is left; or let `run` do that. `reset` goes back.

    \b
    Example:
      pyvcs bisect start main v1.0 && pyvcs bisect run make test
    """


_as_json = click.option("--json", "as_json", is_flag=True, help="Print how far it is as JSON.")


@command.command("start")
@click.argument("bad", required=False, shell_complete=revisions)
@click.argument("good", nargs=-1, shell_complete=revisions)
@_as_json
@pass_session
def start(session: Session, bad: str | None, good: tuple[str, ...], as_json: bool) -> int:
    """Begin, with a BAD commit and GOOD ones if they are known.

    \b
    Example:
      pyvcs bisect start main v1.0
    """
    from pyvcs.bisecting import start_bisection

    resolve = session.repository.resolve
    oid = None if bad is None else resolve(bad)
    progress = start_bisection(session.repository, oid, [resolve(name) for name in good])
    return _report(session, progress, as_json=as_json)


@command.command("good")
@click.argument("revisions", nargs=-1, metavar="[REVISION...]", shell_complete=revisions)
@_as_json
@pass_session
def good(session: Session, revisions: tuple[str, ...], as_json: bool) -> int:
    """Say that commits (the one that is checked out by default) are good.

    \b
    Example:
      pyvcs bisect good
    """
    return _mark(session, "good", revisions, as_json=as_json)


@command.command("bad")
@click.argument("revision", nargs=-1, metavar="[REVISION]", shell_complete=revisions)
@_as_json
@pass_session
def bad(session: Session, revision: tuple[str, ...], as_json: bool) -> int:
    """Say that a commit (the one that is checked out by default) is bad.

    \b
    Example:
      pyvcs bisect bad
    """
    if len(revision) > 1:
        raise click.UsageError("only one commit is the bad one")
    return _mark(session, "bad", revision, as_json=as_json)


@command.command("skip")
@click.argument("revisions", nargs=-1, metavar="[REVISION...]", shell_complete=revisions)
@_as_json
@pass_session
def skip(session: Session, revisions: tuple[str, ...], as_json: bool) -> int:
    """Say that commits (the one that is checked out by default) cannot be tested.

    \b
    Example:
      pyvcs bisect skip
    """
    return _mark(session, "skip", revisions, as_json=as_json)


@command.command("status")
@_as_json
@pass_session
def status(session: Session, as_json: bool) -> int:
    """Show how far it is, and what to test next.

    \b
    Example:
      pyvcs bisect status
    """
    from pyvcs.bisecting import progress_of

    return _report(session, progress_of(session.repository), as_json=as_json)


@command.command("reset")
@_as_json
@pass_session
def reset(session: Session, as_json: bool) -> None:
    """Go back to where the bisection began, and forget it.

    \b
    Example:
      pyvcs bisect reset
    """
    from pyvcs.bisecting import reset_bisection
    from pyvcs.cli.shapes import oid_shape

    position = reset_bisection(session.repository)
    if as_json:
        out_json({"branch": position.branch, "commit": oid_shape(position.commit)})
    elif position.branch is not None:
        out(f"On branch {position.branch}")
    elif position.commit is not None:
        out(f"Detached at {position.commit.short()}")


@command.command(
    "run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("words", nargs=-1, required=True, metavar="CMD...", type=click.UNPROCESSED)
@pass_session
def run(session: Session, words: tuple[str, ...]) -> int:
    """Test each commit with a command, run at the top of the working tree, until it is found.

    It exits with 0 for good, with 125 for what cannot be tested, with another code up to 124 for
    bad; 126 and more stop the run.

    \b
    Example:
      pyvcs bisect run sh -c 'make && ./soup --taste'
    """
    from pyvcs.bisecting import mark, progress_of

    repository = session.repository
    progress = progress_of(repository)
    if progress.next is None and progress.found is None and not progress.candidates:
        raise click.UsageError("name a bad and a good commit first: `pyvcs bisect start BAD GOOD`")
    while progress.next is not None:
        verdict = _verdict(os.fsdecode(repository.worktree.root), words)
        say(f"{progress.next.short()} is {verdict}" + ("ped" if verdict == "skip" else ""))
        progress = mark(repository, verdict, [progress.next])
    return _report(session, progress, as_json=False)


def _verdict(folder: str, words: tuple[str, ...]) -> str:
    """What a command says of the commit that is checked out."""
    import subprocess

    from pyvcs.objects.errors import Refused

    flush()
    code = subprocess.run(words, cwd=folder, check=False).returncode
    if code == _SKIP:
        return "skip"
    if code < 0 or code in _CANNOT_RUN or code > _CANNOT_RUN[-1]:
        raise Refused(
            f"{words[0]!r} ended with {code}, which says neither good nor bad",
            hint="`pyvcs bisect status` shows where it stopped",
        )
    return "bad" if code else "good"


def _mark(session: Session, word: str, names: tuple[str, ...], *, as_json: bool) -> int:
    from pyvcs.bisecting import mark, progress_of

    repository = session.repository
    progress_of(repository)  # says so when there is none
    commits: list[Oid] = [repository.resolve(name) for name in names or ("HEAD",)]
    return _report(session, mark(repository, word, commits), as_json=as_json)


def _report(session: Session, progress: Progress, *, as_json: bool) -> int:
    """Print how far it is; the exit code: 1 when only skipped commits are left."""
    from pyvcs.cli.text import counted

    is_stuck = bool(progress.candidates) and progress.next is None and progress.found is None
    if as_json:
        _print_json(progress)
    elif progress.found is not None:
        out(f"{_named(session, progress.found)} is the first bad commit")
    elif progress.next is not None:
        left = max(1, len(progress.candidates) // 2)
        steps = left.bit_length()
        rest = f"some {left} left after this, {counted(steps, 'step')}"
        out(f"To test: {_named(session, progress.next)} ({rest})")
    elif is_stuck:
        out("Only skipped commits are left. The first bad commit is one of these:")
        for oid in progress.candidates:
            out(f"  {_named(session, oid)}")
    else:
        missing = "a bad commit" if progress.state.bad is None else "a good commit"
        out(f"Name {missing}: `pyvcs bisect {missing.split()[1]} REVISION`")
    return CONFLICTS if is_stuck else DONE


def _named(session: Session, oid: Oid) -> str:
    return f"{oid.short()} {session.repository.store.commit(oid).subject}"


def _print_json(progress: Progress) -> None:
    from pyvcs.cli.shapes import oid_shape

    state = progress.state
    out_json(
        {
            "bad": oid_shape(state.bad),
            "good": [str(oid) for oid in state.good],
            "skipped": [str(oid) for oid in state.skipped],
            "next": oid_shape(progress.next),
            "found": oid_shape(progress.found),
            "candidates": [str(oid) for oid in progress.candidates],
        }
    )
