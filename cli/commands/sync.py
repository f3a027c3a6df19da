"""`pyvcs sync`."""

from __future__ import annotations

from pyvcs.cli.declaring import SECONDS, argument, declared, option
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.reused import reusing, say_reused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.sync.report import Moved, Received, SyncReport


@declared("sync")
@argument("remote", required=False, metavar="[REMOTE-OR-PATH]", completes="remotes_and_folders")
@option("--pull", is_flag=True, help="Only take in what the other has.")
@option("--push", is_flag=True, help="Only give what we have.")
@option(
    "--allow-unrelated-histories",
    "allow_unrelated",
    is_flag=True,
    help="Also when the two have no commit in common.",
)
@option("--no-merge", is_flag=True, help="Leave concurrent heads apart, and show them.")
@option("--repack", is_flag=True, help="Write all of ours in a plain folder as one pack.")
@option("--watch", is_flag=True, help="Keep in step with peers or REMOTE, until Ctrl-C.")
@option(
    "--every",
    kind=SECONDS,
    default=5.0,
    show_default=True,
    help="With --watch: mean pause, seconds.",
)
@option("--no-verify", is_flag=True, help="Without the hook that can stop it.")
@option("--json", "as_json", is_flag=True, help="Print what moved on both sides as JSON.")
def command(
    session: Session,
    remote: str | None,
    pull: bool,
    push: bool,
    allow_unrelated: bool,
    no_merge: bool,
    repack: bool,
    watch: bool,
    every: float,
    no_verify: bool,
    as_json: bool,
) -> int:
    """Exchange commits with another replica, both ways, and merge what is concurrent.

    REMOTE-OR-PATH is a configured remote (`origin` by default), the folder of a repository,
    https://HOST[:PORT]/ or ssh://[USER@]HOST[:PORT]/PATH for one on another machine, or a plain
    folder that `pyvcs init --folder` made, on a stick or in a folder that other tools copy.
    A server may want a token: PYVCS_TOKEN, or `pyvcs config remote.NAME.token TOKEN`.
    Afterwards both hold the same commits and the same tips. The working tree goes along, and edits
    that are in no commit are merged with what came in when that is clean; else it stays where it
    is. With --no-merge it also stays when the branch has several heads. Exits with 1 when a tip
    that moved here holds conflicts, and when the working tree stayed. With --watch it goes on, at
    random intervals with a random one of the peers and remotes, or with REMOTE alone.

    \b
    Example:
      pyvcs sync ../laptop/notes
    """
    from pyvcs.cli.hooks import ask_hook, tell_hook, telling_of_moves
    from pyvcs.remotes import DEFAULT_REMOTE, path_of

    if watch:
        return _watch(session, remote, every)
    place = _place(session, remote or DEFAULT_REMOTE)
    told = place, path_of(session.repository, place)
    if not no_verify:
        ask_hook(session, "pre-sync", *told)
    with telling_of_moves(session, "post-merge"), reusing(session) as reused:
        report = session.repository.sync(
            place,
            pull=pull or not push,
            push=push or not pull,
            allow_unrelated=allow_unrelated,
            merge=not no_merge,
            repack=repack,
            token=session.token,
        )
    if as_json:
        out_json(_shape(report))
    else:
        _print(session, report, with_heads=no_merge)
    say_reused(session, reused)
    _advise(session, report)
    tell_hook(session, "post-sync", *told)
    return CONFLICTS if report.conflicts or not report.followed else DONE


def _watch(session: Session, remote: str | None, every: float) -> int:
    from pyvcs.cli.watching import watch_peers

    return watch_peers(session, None if remote is None else _place(session, remote), every)


def _place(session: Session, remote: str) -> str:
    """A remote as typed; a path is seen from the folder that the command runs in."""
    from pyvcs.remotes import is_url, remote_called

    is_path = not is_url(remote) and remote_called(session.repository, remote) is None
    return session.beside(remote) if is_path else remote


def _advise(session: Session, report: SyncReport) -> None:
    for note in report.notes:
        say(f"note: {note}")
    if not report.followed:
        say(f"hint: {why_it_stayed(session, report)}")


def why_it_stayed(session: Session, report: SyncReport) -> str:
    """What keeps the working tree where it is, and what to run."""
    from pyvcs.cli.text import some_paths

    refs = session.repository.refs
    commit, branch = refs.position.commit, refs.position.branch
    place = "where it is" if commit is None else f"at {commit.short()}"
    if report.following.in_the_way:
        paths = some_paths(report.following.in_the_way)
        return f"edits keep the working tree {place}: {paths}; `pyvcs commit` and they are merged"
    return f"the working tree stays {place}; `pyvcs merge {branch}` brings it to the merge"


def _print_heads(session: Session, report: SyncReport) -> None:
    for move in report.pulled.moved:
        if len(move.heads) > 1:
            out(f"Heads of {move.branch}:")
            for oid in move.heads:
                out(f"  {oid.short()} {session.repository.store.commit(oid).subject}")


def _shape(report: SyncReport) -> Shape:
    from pyvcs.cli.shapes import conflict_shape, path_shape

    return {
        "remote": report.remote,
        "pulled": received_shape(report.pulled),
        "pushed": received_shape(report.pushed),
        "followed": report.followed,
        "carried": [path_shape(path) for path in report.following.carried],
        "in_the_way": [path_shape(path) for path in report.following.in_the_way],
        "conflicts": [conflict_shape(conflict) for conflict in report.conflicts],
        "notes": list(report.notes),
    }


def received_shape(received: Received) -> Shape:
    """Commits and moves of one side."""
    from pyvcs.cli.shapes import oid_shape

    return {
        "commits": received.commits,
        "moved": [
            {
                "branch": move.branch,
                "before": oid_shape(move.before),
                "after": oid_shape(move.after),
                "heads": [str(oid) for oid in move.heads],
            }
            for move in received.moved
        ],
    }


def _print(session: Session, report: SyncReport, *, with_heads: bool) -> None:
    from pyvcs.cli.text import counted, some_paths

    out(f"pulled {counted(report.pulled.commits, 'commit')} from {report.remote}")
    for move in report.pulled.moved:
        out(_move_line(move))
    out(f"pushed {counted(report.pushed.commits, 'commit')}")
    for move in report.pushed.moved:
        out(_move_line(move))
    if report.following.carried:
        paths = some_paths(report.following.carried)
        out(f"your edits are kept, merged with what came in: {paths}")
    print_conflicts(session, report)
    if with_heads:
        _print_heads(session, report)


def print_conflicts(session: Session, report: SyncReport) -> None:
    """The conflicts in what came in; of those elsewhere than on our branch, where they are."""
    from pyvcs.cli.text import conflict_line

    repository = session.repository
    store, here = repository.store, repository.refs.position.branch
    moved = [(move.branch, move.after) for move in report.pulled.moved if move.after is not None]
    there = {branch: store.commit(tip).conflicts for branch, tip in moved}
    for conflict in report.conflicts:
        on = [name for name, oids in there.items() if conflict in map(store.conflict, oids)]
        where = "" if here in on else f" (on {', '.join(on)})"
        out(f"Conflict: {conflict_line(conflict)}{where}")


def print_received(what: str, received: Received) -> None:
    """What came in somewhere: a line, the branches that moved, and the edits that went along."""
    from pyvcs.cli.text import some_paths

    out(what)
    for move in received.moved:
        out(_move_line(move))
    if received.following.carried:
        out(f"  edits are kept, merged with what came in: {some_paths(received.following.carried)}")


def _move_line(move: Moved) -> str:
    if move.after is None:
        return f"  {move.branch}: deleted"
    heads = f" ({len(move.heads)} heads)" if len(move.heads) > 1 else ""
    before = "new" if move.before is None else move.before.short()
    return f"  {move.branch}: {before} -> {move.after.short()}{heads}"
