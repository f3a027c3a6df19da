"""`pyvcs branch`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("branch")
@argument("name", required=False, completes="branches")
@argument("start", required=False, completes="revisions")
@option("-d", "--delete", is_flag=True, help="Delete NAME.")
@option("-m", "--move", is_flag=True, help="Rename a branch: the arguments are [OLD] NEW.")
@option("-v", "--verbose", is_flag=True, help="Also the subject of each tip.")
@option("--json", "as_json", is_flag=True, help="Print the branches as JSON.")
def command(
    session: Session,
    name: str | None,
    start: str | None,
    delete: bool,
    move: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """List the branches, make NAME at START, or rename or delete one.

    A deletion or a new name travels to other replicas. Commits that somebody adds to the branch
    without having seen it deleted, or under its old name, bring that back with just those commits.

    \b
    Example:
      pyvcs branch topic main~2
      pyvcs branch --move topic done
    """
    if move:
        _move(session, name, start, delete, as_json)
    elif name is not None:
        _make_or_delete(session, name, start, delete, as_json)
    elif delete:
        raise misused("name the branch to delete")
    else:
        _list(session, verbose, as_json)


def _make_or_delete(
    session: Session, name: str, start: str | None, delete: bool, as_json: bool
) -> None:
    from pyvcs.branching import create_branch, delete_branch

    if delete and start is not None:
        raise misused("--delete takes one NAME")
    repository = session.repository
    if delete:
        tip = delete_branch(repository, name)
    else:
        tip = create_branch(repository, name, start or "HEAD")
    if as_json:
        out_json({"name": name, "tip": str(tip), "deleted": delete})
    elif delete:
        out(f"Deleted branch {name} (it was {tip.short()})")
    else:
        out(f"Made branch {name} at {tip.short()}")


def _move(
    session: Session, name: str | None, start: str | None, delete: bool, as_json: bool
) -> None:
    from pyvcs.branching import rename_branch

    if name is None or delete:
        raise misused("--move takes [OLD] NEW, and no --delete")
    repository = session.repository
    old, new = (name, start) if start else (repository.refs.position.branch, name)
    if old is None:
        raise misused("the working tree is on no branch; name the one to rename")
    tip = rename_branch(repository, old, new)
    if as_json:
        out_json({"name": new, "tip": None if tip is None else str(tip), "before": old})
    else:
        out(f"Branch {old} is {new} now")


def _list(session: Session, verbose: bool, as_json: bool) -> None:
    repository = session.repository
    refs = repository.refs
    current = refs.position.branch
    names = refs.live_branches()
    if as_json:
        out_json(
            [
                {
                    "name": name,
                    "tip": str(refs.tips[name]),
                    "heads": [str(oid) for oid in refs.branch(name).oids],
                    "current": name == current,
                }
                for name in names
            ]
        )
        return
    for name in names:
        heads = len(refs.branch(name).oids)
        siblings = f" ({heads} heads)" if heads > 1 else ""
        subject = f" {repository.store.commit(refs.tips[name]).subject}" if verbose else ""
        mark = "*" if name == current else " "
        out(f"{mark} {name} {refs.tips[name].short()}{siblings}{subject}")
