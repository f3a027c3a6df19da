"""The command line: a table of commands, and the one place where errors become text."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

COMMANDS: dict[str, str] = {
    "archive": "Write the files of a commit to a tar or zip file",
    "bisect": "Find the commit that broke something",
    "blame": "Show which commit set each line, or each JSON value",
    "branch": "List, make, rename or delete branches",
    "bundle": "Carry commits in a file: create, apply, verify or list it",
    "cat": "Print a file or object as it is stored",
    "cherry-pick": "Apply what commits changed, as new commits",
    "clone": "Make a replica of another repository",
    "commit": "Record the working tree",
    "config": "Read and change settings",
    "conflicts": "List what is in conflict",
    "demo": "Show two replicas edit, merge and converge",
    "diff": "Show what changed",
    "fsck": "Check that the repository is whole",
    "gc": "Merge packs and rebuild the commit graph",
    "git": "Import from git, export to it, pull and push",
    "grep": "Find lines in the files of a commit",
    "heads": "List the heads of a branch",
    "init": "Make a new repository",
    "log": "Show the history",
    "merge": "Merge a branch or commit into the current branch",
    "merge-base": "Find the merge bases of commits",
    "merge-file": "Merge three files, without any repository",
    "mv": "Move files in the working tree",
    "op": "List the operations on this repository, or go back to one",
    "peers": "List, add or remove the replicas to keep in step with",
    "redo": "Do again what the last undo took back",
    "remote": "List, add or remove remotes",
    "resolve": "Mark conflicts as resolved, or take a side",
    "restore": "Bring files back as a commit has them",
    "rev-parse": "Print the full oid of a revision",
    "revert": "Take out what commits changed, in new commits",
    "rm": "Remove files from the working tree",
    "serve": "Let other replicas sync with a repository",
    "show": "Show a commit and what it changed",
    "status": "Show where the working tree stands and what changed",
    "switch": "Stand on another branch or commit",
    "sync": "Exchange commits with another replica",
    "tag": "List, set or delete tags",
    "token": "Make, list or revoke the tokens of a server",
    "undo": "Take back the last operation",
}
"""Every command and its first line of help. A command is the object `command` of the module
`pyvcs.cli.commands.NAME` (with `_` for `-`), imported only when it runs."""


class _Commands(click.Group):
    """The group of all commands, which imports one when it is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pyvcs.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from pyvcs import __version__
        from pyvcs.cli.output import out

        out(f"pyvcs {__version__}")
        ctx.exit()


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", metavar="DIR", default=".", help="Run as if started in DIR.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Print the version.",
)
@click.pass_context
def pyvcs(ctx: click.Context, folder: str) -> None:
    """A version store, like git, whose merges converge.

    \b
    Example:
      pyvcs init && pyvcs commit -m "first"
    """
    from pyvcs.cli.session import Session

    if not os.path.isdir(folder):
        raise click.BadParameter(f"{folder!r} is not a folder", param_hint="-C")
    ctx.obj = Session(folder)
    ctx.call_on_close(ctx.obj.close)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run pyvcs with these arguments (those of the process by default), and exit."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run pyvcs; the exit code. The only except clauses that turn an error into text."""
    from pyvcs.cli import exit_codes
    from pyvcs.cli.output import flush, prepare
    from pyvcs.objects.errors import PyvcsError

    prepare()
    try:
        words = sys.argv[1:] if arguments is None else list(arguments)
        with pyvcs.make_context("pyvcs", words) as context:
            result = pyvcs.invoke(context)
        flush()
        return result if isinstance(result, int) else exit_codes.DONE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return exit_codes.USAGE
    except (click.Abort, KeyboardInterrupt):
        return _failed("interrupted; nothing is half-done", "", exit_codes.INTERRUPTED)
    except PyvcsError as error:
        return _failed(error.message, error.hint, exit_codes.code_of(error))
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain at exit again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.BROKEN_PIPE
    except OSError as error:
        return _failed(_system_message(error), "", exit_codes.SYSTEM)
    except Exception as error:
        if os.environ.get("PYVCS_TRACEBACK"):
            raise
        message = f"a fault of pyvcs itself: {type(error).__name__}: {error}"
        return _failed(message, "set PYVCS_TRACEBACK=1 to see where", exit_codes.INTERNAL)


def _failed(message: str, hint: str, code: int) -> int:
    from pyvcs.cli.output import say

    say(f"error: {message}")
    if hint:
        say(f"hint: {hint}")
    return code


def _system_message(error: OSError) -> str:
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    return f"{where}{error.strerror or error}"
