"""`pyvcs git`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli.commands.git_driver import driver, install_driver, mergetool, uninstall_driver
from pyvcs.cli.commands.git_replay import replay
from pyvcs.cli.completing import branches, folders
from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.git.exporting import Exported
    from pyvcs.git.importing import Imported
    from pyvcs.repository import Repository


@click.group("git")
def command() -> None:
    """Bring a history of git here, take ours there, or let git merge with pyvcs.

    \b
    Example:
      pyvcs git import ../project project
    """


_chosen_branches = click.option(
    "--branch",
    "branches",
    multiple=True,
    help="Only this branch (can be repeated).",
    shell_complete=branches,
)


@command.command("import")
@click.argument("source")
@click.argument("directory", required=False, shell_complete=folders)
@_chosen_branches
@click.option("--json", "as_json", is_flag=True, help="Print what came as JSON.")
@pass_session
def import_(
    session: Session,
    source: str,
    directory: str | None,
    branches: tuple[str, ...],
    as_json: bool,
) -> None:
    """Import the history of a git repository: SOURCE is its folder, or a URL that git knows.

    With DIRECTORY it goes into a new repository there, or into the one that is there. A second
    import brings what is new. The same history has the same commits on every machine, so two who
    imported it can sync. docs/formats/git.md tells what is kept of what.

    \b
    Example:
      pyvcs git import ../project project
    """
    from pyvcs.git.importing import import_git
    from pyvcs.git.mirror import opened

    with opened(session.git_source(source)) as git:  # first: else a wrong name makes a folder
        repository, is_new = _target(session, directory)
        imported = import_git(repository, git, branches=branches)
    _follow(repository, is_new=is_new)
    _report(imported, as_json)


@command.command("export")
@click.argument("directory", shell_complete=folders)
@_chosen_branches
@click.option("--json", "as_json", is_flag=True, help="Print the refs as JSON.")
@pass_session
def export(session: Session, directory: str, branches: tuple[str, ...], as_json: bool) -> None:
    """Write branches and tags into the git repository in DIRECTORY, which is made if need be.

    What was imported has its old names there. A branch with several heads is one merge, the same
    on every replica. A second export writes what is new.

    \b
    Example:
      pyvcs git export ../project.git
    """
    from pyvcs.cli.text import counted
    from pyvcs.git.exporting import export_git
    from pyvcs.git.plumbing import GitRepository

    target = GitRepository.init(session.beside(directory))
    exported = export_git(session.repository, target, branches=branches)
    done = f"exported {counted(exported.commits, 'commit')}, {counted(len(exported.refs), 'ref')}"
    _report_export(exported, done, as_json=as_json)


@command.command("pull")
@click.argument("url")
@_chosen_branches
@click.option("--json", "as_json", is_flag=True, help="Print what came as JSON.")
@pass_session
def pull(session: Session, url: str, branches: tuple[str, ...], as_json: bool) -> None:
    """Take in what a git server has, beside our own: concurrent heads merge as after a sync.

    \b
    Example:
      pyvcs git pull https://git.example/project.git
    """
    from pyvcs.git.importing import import_git
    from pyvcs.git.mirror import fetched

    repository = session.repository
    imported = import_git(
        repository, fetched(repository, session.git_source(url)), branches=branches
    )
    _follow(repository, is_new=False)
    _report(imported, as_json)


@command.command("push")
@click.argument("url")
@_chosen_branches
@click.option("--json", "as_json", is_flag=True, help="Print the refs as JSON.")
@pass_session
def push(session: Session, url: str, branches: tuple[str, ...], as_json: bool) -> None:
    """Give a git server our branches and tags. It takes what contains all that it has: pull first.

    \b
    Example:
      pyvcs git push https://git.example/project.git --branch main
    """
    from pyvcs.cli.text import counted
    from pyvcs.git.exporting import export_git
    from pyvcs.git.mirror import mirror_of, pushed

    repository = session.repository
    git = mirror_of(repository)
    exported = export_git(repository, git, branches=branches)
    pushed(git, session.git_source(url), exported.refs)
    _report_export(exported, f"pushed {counted(len(exported.refs), 'ref')}", as_json=as_json)


def _target(session: Session, directory: str | None) -> tuple[Repository, bool]:
    """The repository to import into, and whether it was made for that."""
    from pyvcs.objects.errors import NotARepository
    from pyvcs.repository import Repository

    if directory is None:
        return session.repository, False
    folder = session.beside(directory)
    try:
        return session.watched(Repository.open(folder, search=False)), False
    except NotARepository:
        return session.watched(Repository.init(folder)), True


def _follow(repository: Repository, *, is_new: bool) -> None:
    from pyvcs.cli.text import some_paths
    from pyvcs.following import follow
    from pyvcs.switching import fill

    if is_new:
        fill(repository)
        return
    in_the_way = follow(repository).in_the_way
    if in_the_way:
        say(f"hint: edits keep the working tree where it is: {some_paths(in_the_way)}")


def _report_export(exported: Exported, done: str, *, as_json: bool) -> None:
    if as_json:
        out_json({"commits": exported.commits, "refs": dict(sorted(exported.refs.items()))})
    else:
        out(done)


def _report(imported: Imported, as_json: bool) -> None:
    from pyvcs.cli.text import counted

    if as_json:
        out_json(
            {
                "commits": imported.commits,
                "branches": list(imported.branches),
                "tags": list(imported.tags),
                "notes": list(imported.notes),
            }
        )
    else:
        commits = counted(imported.commits, "commit")
        branches, tags = len(imported.branches), len(imported.tags)
        out(f"imported {commits}, {counted(branches, 'branch')}, {counted(tags, 'tag')}")
    for note in imported.notes:
        say(f"note: {note}")


for _each in (driver, install_driver, mergetool, replay, uninstall_driver):
    command.add_command(_each)
