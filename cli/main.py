"""The command line: a table of commands, and the one place where errors become text."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from pyvcs.cli.group import Commands

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
    "completion": "Print a script for a shell to complete words",
    "config": "Read and change settings",
    "conflicts": "List what is in conflict",
    "demo": "Show two replicas edit, merge and converge",
    "diff": "Show what changed",
    "fsck": "Check that the repository is whole",
    "gc": "Merge packs and rebuild the commit graph",
    "git": "Import from git, export to it, pull and push",
    "grep": "Find lines in the files of a commit",
    "help": "Explain a command, a topic, or a word of git",
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
`pyvcs.cli.commands.NAME` (with `_` for `-`), imported only when it runs: one of click, or one
that is told as data (`declaring`), which runs without click when its words are plain."""

_CONTAINERS = 50_000
"""How many new containers let Python look for garbage in circles. At its own 700 it looks again and
again while modules are loaded, and finds none."""

_FREED = 31 * 1024 * 1024
"""So many bytes are taken and freed when a command begins: by that glibc learns to keep what is
freed for what comes next. Else it gives back the end of the heap whenever some megabytes are free
there, and takes it again, page by page: 10,900 faults of a clone of 10,000 files, not 3,300."""

_made: list[Commands] = []


def __getattr__(name: str) -> Commands:
    """`pyvcs`, the group of all commands, made when it is first asked for."""
    if name != "pyvcs":
        raise AttributeError(f"module 'pyvcs.cli.main' has no attribute {name!r}")
    if not _made:
        from pyvcs.cli.group import group_of

        _made.append(group_of(COMMANDS))
    return _made[0]


def _group() -> Commands:
    return __getattr__("pyvcs")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run pyvcs with these arguments (those of the process by default), and exit.

    At once: to take a Python process apart, module by module, takes as long as a small command.
    """
    import gc

    gc.set_threshold(_CONTAINERS)
    bytes(_FREED)
    code = run(arguments, keeps_code=True)
    from pyvcs.cli.output import flush

    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        sys.exit(code)
    try:
        flush()
        _keep_code(code)
    finally:
        os._exit(code)  # whatever went wrong: the output has a reader no more, or code is not kept


def _keep_code(code: int) -> None:
    """Write down what was loaded in the ordinary way, unless the command broke off."""
    from pyvcs.cli import exit_codes

    module = sys.modules.get("pyvcs.cli.kept_code")
    kept = module.kept_code_in_use() if module is not None else None
    if kept is None or not kept.missed or sys.dont_write_bytecode:
        return
    if not os.access(os.path.dirname(kept.path), os.W_OK):
        return  # somebody else's installation, for every command of ours: nothing is loaded for it
    if code not in (exit_codes.INTERRUPTED, exit_codes.INTERNAL):
        from pyvcs.cli.keeping_code import keep

        keep(kept)


def run(arguments: Sequence[str] | None = None, *, keeps_code: bool = False) -> int:
    """Run pyvcs; the exit code. Nothing is imported before: an interrupt may come at any time.

    Only a process that does nothing else `keeps_code` and loads it from where it is kept.
    """
    try:
        if keeps_code:
            _use_kept_code()
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        from pyvcs.cli import exit_codes

        return _failed("interrupted; nothing is half-done", "", exit_codes.INTERRUPTED)


def _use_kept_code() -> None:
    try:
        from pyvcs.cli.kept_code import use_kept_code
    except ImportError:  # a Python without the parts that it is made of
        return
    use_kept_code()


def _run(words: Sequence[str]) -> int:
    """The same, but for interrupts. The only except clauses that turn an error into text."""
    from pyvcs.cli import exit_codes
    from pyvcs.cli.output import flush, prepare
    from pyvcs.objects.errors import PyvcsError

    try:
        prepare()
        result = _invoke(words)
        flush()
        return result if isinstance(result, int) else exit_codes.DONE
    except PyvcsError as error:
        return _failed(error.message, error.hint, exit_codes.code_of(error))
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain at exit again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.BROKEN_PIPE
    except OSError as error:
        return _failed(_system_message(error), "", exit_codes.SYSTEM)
    except Exception as error:
        if "click" in sys.modules and (code := _group().code_of(error, words)) is not None:
            return code
        if os.environ.get("PYVCS_TRACEBACK"):
            raise
        message = f"a fault of pyvcs itself: {type(error).__name__}: {error}"
        return _failed(message, "set PYVCS_TRACEBACK=1 to see where", exit_codes.INTERNAL)


def _invoke(words: Sequence[str]) -> object:
    """Run a command line: plain words of a command told as data at once, all else by click."""
    if "_PYVCS_COMPLETE" in os.environ:
        _group().answer_shell()
        return None
    if words in ([], ["-h"], ["--help"], ["--version"]):
        return _introduce(words)
    folder, typed = _parted(words)
    if typed and typed[0] in COMMANDS:
        from pyvcs.cli.declaring import Declared, load

        command = load(typed[0])
        if isinstance(command, Declared) and (found := command.read(typed[1:])) is not None:
            return command.run(found, folder)
    return _group().run(words)


def _parted(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The folder that a command runs in, and its words; a wrong `-C` is left to click."""
    has_folder = len(words) > 2 and words[0] == "-C" and os.path.isdir(words[1])
    return (words[1], words[2:]) if has_folder else (os.curdir, words)


def _introduce(words: Sequence[str]) -> int:
    """Print what is asked of pyvcs as a whole, without click."""
    from pyvcs import __version__
    from pyvcs.cli import exit_codes
    from pyvcs.cli.output import out
    from pyvcs.cli.overview import overview, terminal_width

    wants_version = words == ["--version"]
    out(f"pyvcs {__version__}" if wants_version else overview(COMMANDS, terminal_width()))
    return exit_codes.DONE if words else exit_codes.USAGE


def _failed(message: str, hint: str, code: int) -> int:
    from pyvcs.cli.output import say

    say(f"error: {message}")
    if hint:
        say(f"hint: {hint}")
    return code


def _system_message(error: OSError) -> str:
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    return f"{where}{error.strerror or error}"
