"""`pyvcs branch`."""

from __future__ import annotations

import click

from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session


@click.command("branch")
@click.argument("name", required=False)
@click.argument("start", default="HEAD")
@click.option("-d", "--delete", is_flag=True, help="Delete NAME.")
@click.option("--json", "as_json", is_flag=True, help="Print the branches as JSON.")
@pass_session
def command(session: Session, name: str | None, start: str, delete: bool, as_json: bool) -> None:
    """List the branches, make NAME at START, or delete NAME.

    A deletion travels to other replicas. Commits that somebody adds to the branch without having
    seen it deleted bring it back with just those commits.

    \b
    Example:
      pyvcs branch topic main~2
    """
    from pyvcs.branching import create_branch, delete_branch

    repository = session.repository
    if delete and start != "HEAD":
        raise click.UsageError("--delete takes one NAME")
    if name is None:
        if delete:
            raise click.UsageError("name the branch to delete")
        _list(session, as_json)
        return
    tip = delete_branch(repository, name) if delete else create_branch(repository, name, start)
    if as_json:
        out_json({"name": name, "tip": str(tip), "deleted": delete})
    elif delete:
        out(f"Deleted branch {name} (it was {tip.short()})")
    else:
        out(f"Made branch {name} at {tip.short()}")


def _list(session: Session, as_json: bool) -> None:
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
        out(f"{'*' if name == current else ' '} {name} {refs.tips[name].short()}{siblings}")
