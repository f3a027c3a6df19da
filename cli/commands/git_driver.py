"""`pyvcs git install-driver`, `uninstall-driver`, `driver` and `mergetool`: git merges with us."""

from __future__ import annotations

import os

import click

from pyvcs.cli.completing import paths as paths_here
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, say
from pyvcs.cli.session import Session, pass_session

_where = click.option(
    "--global/--local", "is_global", help="For all repositories of this user, or for this one."
)


@click.command("install-driver")
@_where
@click.option(
    "--private", "is_private", is_flag=True, help="In .git/info/attributes, not .gitattributes."
)
@click.option(
    *("--pattern", "--patterns", "patterns"),
    multiple=True,
    metavar="PATTERN",
    help="Which files (repeatable).",
)
@pass_session
def install_driver(
    session: Session, is_global: bool, is_private: bool, patterns: tuple[str, ...]
) -> None:
    """Let git merge JSON, notebooks and lock files with pyvcs, in this repository of git.

    It writes git's configuration and .gitattributes (or the attributes of the user, with --global),
    so that merge, rebase, cherry-pick and stash pop use it. Lines of your own are not touched, and
    what they say of a file stands. Rules come from the repository's .pyvcs.toml.

    \b
    Example:
      pyvcs git install-driver --pattern '*.json' --pattern '*.ipynb'
    """
    from pyvcs.cli.text import some_paths
    from pyvcs.git.driver_install import install

    if is_global and is_private:
        raise click.UsageError("--private is about one repository, and --global about all")
    done = install(session.folder, is_global=is_global, is_private=is_private, patterns=patterns)
    out(f"git merges {' '.join(done.patterns)} with pyvcs; see {done.path}")
    if done.kept_away:
        paths = some_paths([os.fsencode(path) for path in done.kept_away])
        say(f"hint: attributes of your own keep another merge for {paths}")
    if done.is_shared:
        say("hint: commit .gitattributes, and others who install the driver merge alike")


@click.command("uninstall-driver")
@_where
@pass_session
def uninstall_driver(session: Session, is_global: bool) -> None:
    """Undo just what install-driver did.

    \b
    Example:
      pyvcs git uninstall-driver
    """
    from pyvcs.git.driver_install import uninstall

    uninstall(session.folder, is_global=is_global)
    out("git merges as it did before")


@click.command("driver", hidden=True)
@click.argument("base", type=click.Path())
@click.argument("ours", type=click.Path())
@click.argument("theirs", type=click.Path())
@click.option("--path", required=True, help="What the file is called in the tree (%P).")
@click.option("--marker-size", type=click.IntRange(1, 1000), default=7, help="As git's %L.")
@click.option("--labels", nargs=3, default=("base", "ours", "theirs"), help="Of the markers.")
@pass_session
def driver(
    session: Session,
    base: str,
    ours: str,
    theirs: str,
    path: str,
    marker_size: int,
    labels: tuple[str, str, str],
) -> int:
    """Merge three files for git: the result takes the place of OURS (%A).

    Exits with 0 when it is clean, 1 for conflicts. Whatever goes wrong here, git's own merge of
    the three is what stands in OURS then.

    \b
    Example:
      pyvcs git driver %O %A %B --path %P --marker-size %L
    """
    from pyvcs.git.driver import merge_for_git
    from pyvcs.replacing import replace_file

    places = [session.beside(each) for each in (base, ours, theirs)]
    merged = merge_for_git(*places, path=path, marker_size=marker_size, labels=labels)
    if merged.content is not None:
        replace_file(places[1], merged.content)
    for line in merged.said:
        say(line)
    return DONE if merged.is_clean else CONFLICTS


@click.command("mergetool")
@click.argument("paths", nargs=-1, shell_complete=paths_here)
@pass_session
def mergetool(session: Session, paths: tuple[str, ...]) -> int:
    """Merge again what git has left in conflict: all of it, or PATHS.

    What comes out clean is written and added; what stood there is kept as a blob of git, and named.
    Exits with 1 when something stays in conflict.

    \b
    Example:
      pyvcs git mergetool package.json
    """
    from pyvcs.git.driver import remerge, settle

    left = 0
    for path, merged in remerge(session.folder, paths):
        if merged.is_clean and merged.content is not None:
            kept = settle(session.folder, path, merged.content)
            out(f"merged {path}")
            if kept is not None:
                say(f"hint: what stood there before: git cat-file blob {kept}")
        else:
            left += 1
            out(f"still in conflict: {path}")
    return CONFLICTS if left else DONE
