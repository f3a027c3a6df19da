"""A repository of git inside ours, so that git itself can talk to its servers."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager

from pyvcs.git.git_objects import Sha
from pyvcs.git.plumbing import GitRepository
from pyvcs.objects.errors import GitFailed, Refused, Usage
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = b"git"
_TRANSPORTS = ("http://", "https://", "ssh://", "git://", "file://")


@contextmanager
def opened(source: str) -> Iterator[GitRepository]:
    """The repository at a path; one behind a URL is brought to a folder for that time."""
    if os.path.isdir(source):
        yield GitRepository.at(source)
        return
    with tempfile.TemporaryDirectory(prefix="pyvcs-import-") as folder:
        git = GitRepository.init(folder)
        _fetch(git, source)
        yield git


def mirror_of(replica: Replica) -> GitRepository:
    """The repository of git that a replica keeps for itself. Refused for one in memory."""
    if replica.place is None:
        raise Refused("a repository in memory has no folder for git")
    return GitRepository.init(os.fsdecode(os.path.join(replica.place.folder, FOLDER)))


def fetched(replica: Replica, url: str) -> GitRepository:
    """The mirror with just the branches and tags that a server has now."""
    git = mirror_of(replica)
    _fetch(git, url)
    return git


def pushed(git: GitRepository, url: str, refs: Mapping[str, Sha]) -> None:
    """Give refs to a server. Refused when it has commits that they do not contain."""
    try:
        wanted = [f"{sha}:{name}" for name, sha in refs.items()]
        git.run("push", "--quiet", "--atomic", _checked(url), *wanted)
    except GitFailed as error:
        raise Refused(
            f"{url} did not take it: {error.message.partition(': ')[2]}",
            hint="`pyvcs git pull` takes in what is there, then push again",
        ) from None


def _fetch(git: GitRepository, url: str) -> None:
    git.run(
        "fetch",
        "--quiet",
        "--prune",
        "--no-auto-gc",
        _checked(url),
        "+refs/heads/*:refs/heads/*",
        "+refs/tags/*:refs/tags/*",
    )
    branch = _head_there(git, url)
    if branch is not None:
        git.run("symbolic-ref", "HEAD", branch)


def _head_there(git: GitRepository, url: str) -> str | None:
    """The branch that the server's HEAD follows."""
    for line in git.run("ls-remote", "--symref", url, "HEAD").splitlines():
        if line.startswith(b"ref: "):
            return os.fsdecode(line[5:].partition(b"\t")[0])
    return None


def _checked(url: str) -> str:
    """A URL that git cannot take for an option or a command of its own."""
    if os.path.isdir(url) or url.startswith(_TRANSPORTS) or _is_like_scp(url):
        return url
    raise Usage(
        f"{url!r} is neither a folder nor an address that git knows",
        hint="for example https://git.example/project.git",
    )


def _is_like_scp(url: str) -> bool:
    host, found, path = url.partition(":")
    return bool(found and path) and not host.startswith("-") and "/" not in host and "::" not in url
