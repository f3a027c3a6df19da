"""`pyvcs bundle`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from pyvcs.cli.completing import paths, revisions
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.reused import reusing, say_reused
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.sync.bundle_header import BundleHeader


@click.command("bundle")
@click.argument("action", type=click.Choice(["create", "apply", "verify", "list"]))
@click.argument("file", shell_complete=paths)
@click.argument("names", nargs=-1, metavar="[BRANCH-OR-TAG]...", shell_complete=revisions)
@click.option(
    "--since",
    multiple=True,
    metavar="REV|REMOTE",
    help="Leave out what a commit or remote has (can be repeated).",
    shell_complete=revisions,
)
@click.option("--no-merge", is_flag=True, help="Leave concurrent heads apart, and show them.")
@click.option(
    "--allow-unrelated-histories",
    "allow_unrelated",
    is_flag=True,
    help="Also when repository and bundle have no commit in common.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what is in FILE, or moved, as JSON.")
@pass_session
def command(
    session: Session,
    action: str,
    file: str,
    names: tuple[str, ...],
    since: tuple[str, ...],
    no_merge: bool,
    allow_unrelated: bool,
    as_json: bool,
) -> int:
    """Carry commits, branches and tags in one FILE: create, apply, verify or list it.

    What `create` writes `apply` takes in as a sync would, any number of times and in any order;
    `clone FILE` makes a replica of it. With --since the file is smaller, and builds on commits that
    have to be there already. `apply` exits with 1 for conflicts and a working tree that stayed,
    `verify` when commits are missing here.

    \b
    Example:
      pyvcs bundle create ../friday.bundle main --since v1.0
      pyvcs -C ../laptop bundle apply ../friday.bundle
    """
    if action != "create" and (names or since):
        raise click.UsageError(f"{action} takes one FILE; names and --since are for create")
    if action != "apply" and (no_merge or allow_unrelated):
        raise click.UsageError("--no-merge and --allow-unrelated-histories are for apply")
    path = session.beside(file)
    if action == "create":
        return _create(session, path, names, since, as_json)
    if action == "apply":
        return _apply(session, path, no_merge, allow_unrelated, as_json)
    return _verify(session, path, as_json) if action == "verify" else _list(path, as_json)


def _create(
    session: Session, path: str, names: tuple[str, ...], since: tuple[str, ...], as_json: bool
) -> int:
    from pyvcs.cli.text import counted

    made = session.repository.bundle(path, names, since=since)
    size = os.path.getsize(path)
    if as_json:
        out_json({"path": path, "bytes": size, "commits": made.commits, **_shape(made.header)})
        return DONE
    what = f"{counted(made.commits, 'commit')}, {size:,} bytes"
    out(f"Wrote {path}: {what}")
    _print_needed(made.header)
    return DONE


def _apply(
    session: Session, path: str, no_merge: bool, allow_unrelated: bool, as_json: bool
) -> int:
    from pyvcs.cli.commands.sync import (
        print_conflicts,
        print_received,
        received_shape,
        why_it_stayed,
    )
    from pyvcs.cli.shapes import conflict_shape

    with reusing(session) as reused:
        report = session.repository.apply_bundle(
            path, allow_unrelated=allow_unrelated, merge=not no_merge
        )
    if as_json:
        conflicts = [conflict_shape(conflict) for conflict in report.conflicts]
        followed = {"followed": report.followed, "conflicts": conflicts}
        out_json({"path": path, **received_shape(report.pulled), **followed})
    else:
        print_received(f"applied {path}", report.pulled)
        print_conflicts(session, report)
    say_reused(session, reused)
    if not report.followed:
        say(f"hint: {why_it_stayed(session, report)}")
    return CONFLICTS if report.conflicts or not report.followed else DONE


def _verify(session: Session, path: str, as_json: bool) -> int:
    from pyvcs.cli.text import counted
    from pyvcs.objects.errors import NotARepository
    from pyvcs.sync.bundling import verify_bundle
    from pyvcs.sync.transports.bundle import Bundle

    bundle = Bundle.open(path)
    try:
        repository = session.repository
    except NotARepository:
        found = verify_bundle(bundle)
    else:
        found = verify_bundle(bundle, repository)
    missing = [str(oid) for oid in found.missing]
    if as_json:
        out_json({"path": path, "objects": found.objects, "missing": missing})
    else:
        out(f"{counted(found.objects, 'object')} checked, no problem")
        for oid in missing:
            out(f"not here: {oid}")
    return CONFLICTS if missing else DONE


def _list(path: str, as_json: bool) -> int:
    from pyvcs.sync.transports.bundle import Bundle

    header = Bundle.open(path).header
    if as_json:
        out_json({"path": path, **_shape(header)})
        return DONE
    for sort, refs in (("branch", header.branches), ("tag", header.tags)):
        for name, ref in sorted(refs.items()):
            heads = " ".join(oid.short() for oid in ref.oids) or "deleted"
            out(f"{sort} {name} {heads}")
    _print_needed(header)
    return DONE


def _print_needed(header: BundleHeader) -> None:
    for oid in header.prerequisites:
        out(f"needs {oid}")


def _shape(header: BundleHeader) -> Shape:
    def heads(refs: object) -> Shape:
        assert isinstance(refs, dict)
        return {name: [str(oid) for oid in ref.oids] for name, ref in sorted(refs.items())}

    return {
        "branches": heads(dict(header.branches)),
        "tags": heads(dict(header.tags)),
        "prerequisites": [str(oid) for oid in header.prerequisites],
    }
