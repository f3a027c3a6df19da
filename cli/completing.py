"""What may be typed for a parameter: revisions, paths, remotes, …, as click asks for it.

Each function is given the context, the parameter and the beginning that is typed. What cannot be
found out (outside a repository, say) is no choice.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click
    from click.shell_completion import CompletionItem

    from pyvcs.repository import Repository

    Items = list[CompletionItem[str]]


def revisions(ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """Branches and tags; behind `..` too, and the files of a commit behind REV:."""
    revision, colon, path = beginning.partition(":")
    if colon and revision:
        return _starting(ctx, beginning, lambda repository: _files(repository, revision, path))
    dots = beginning.rfind("..")
    prefix = beginning[: dots + 2] if dots >= 0 else ""
    return _starting(ctx, beginning, lambda repository: _names(repository, prefix))


def branches(ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """The branches."""
    return _starting(ctx, beginning, lambda repository: repository.refs.live_branches())


def tags(ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """The tags."""
    return _starting(ctx, beginning, lambda repository: [tag.name for tag in repository.tags()])


def paths(_ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """Files, as the shell completes them."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(beginning, type="file")]


def folders(_ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """Folders, as the shell completes them."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(beginning, type="dir")]


def revisions_and_paths(ctx: click.Context, param: click.Parameter, beginning: str) -> Items:
    """Revisions, and files when no revision begins so."""
    found = [] if ctx.params.get("after") is not None else revisions(ctx, param, beginning)
    return found or paths(ctx, param, beginning)


def changed_paths(ctx: click.Context, param: click.Parameter, beginning: str) -> Items:
    """The files that changed, those that are gone too; any file when none begins so."""

    def find(repository: Repository) -> list[str]:
        return _typed(ctx, repository, [change.path for change in repository.status().changes])

    return _starting(ctx, beginning, find) or paths(ctx, param, beginning)


def conflicted_paths(ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """The files that are in conflict."""

    def find(repository: Repository) -> list[str]:
        return _typed(ctx, repository, {each.path for each in repository.status().conflicts})

    return _starting(ctx, beginning, find)


def remotes_and_folders(ctx: click.Context, param: click.Parameter, beginning: str) -> Items:
    """The remotes, and folders when none begins so."""
    return remotes(ctx, param, beginning) or folders(ctx, param, beginning)


def remotes(ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """The names of the remotes."""

    def find(repository: Repository) -> list[str]:
        from pyvcs.remotes import remotes as all_remotes

        return [remote.name for remote in all_remotes(repository)]

    return _starting(ctx, beginning, find)


def settings(ctx: click.Context, _param: click.Parameter, beginning: str) -> Items:
    """The keys of settings that pyvcs reads, and those that are set."""

    def find(repository: Repository) -> set[str]:
        from pyvcs.config import KNOWN_KEYS

        plain = {key for key in KNOWN_KEYS if "NAME" not in key}
        return plain | {key for key, _ in repository.config.items()}

    return _starting(ctx, beginning, find)


def _starting(
    ctx: click.Context, beginning: str, find: Callable[[Repository], Iterable[str]]
) -> Items:
    """What a repository has that begins so, sorted; nothing where there is none."""
    from click.shell_completion import CompletionItem

    from pyvcs.cli.session import Session
    from pyvcs.objects.errors import PyvcsError

    try:
        found = find(Session(ctx.find_root().params.get("folder") or ".").repository)
        return [CompletionItem(each) for each in sorted(found) if each.startswith(beginning)]
    except (PyvcsError, OSError):
        return []


def _names(repository: Repository, prefix: str) -> list[str]:
    names = ["HEAD", *repository.refs.live_branches(), *(tag.name for tag in repository.tags())]
    return [prefix + name for name in names]


def _files(repository: Repository, revision: str, path: str) -> list[str]:
    """The entries of the folder of a commit that a path has come to."""
    from pyvcs.objects.kind import Mode
    from pyvcs.objects.listing import entry_at

    store = repository.store
    tree = store.commit(repository.resolve(revision)).tree
    folder = path[: path.rfind("/") + 1]
    if folder:
        entry = entry_at(store, tree, os.fsencode(folder.rstrip("/")))
        if entry is None or entry.mode is not Mode.TREE:
            return []
        tree = entry.oid
    return [
        f"{revision}:{folder}{os.fsdecode(entry.name)}" + ("/" if entry.mode is Mode.TREE else "")
        for entry in store.tree(tree)
    ]


def _typed(ctx: click.Context, repository: Repository, found: Iterable[bytes]) -> list[str]:
    """Paths of the working tree as one types them in the folder where the command runs."""
    folder = os.path.abspath(ctx.find_root().params.get("folder") or ".")
    root = os.fsdecode(repository.worktree.root)
    return [os.path.relpath(os.path.join(root, os.fsdecode(path)), folder) for path in found]
