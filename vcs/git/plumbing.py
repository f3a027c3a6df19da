"""A repository of git, through the system's git: its plumbing, whose output never changes."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pyvcs.git.git_objects import Sha
from pyvcs.objects.errors import GitFailed, NotARepository, ObjectMissing, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SCRUBBED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")


class GitRepository:
    """One repository of git, bare or not; in messages it is `called` what people know it by."""

    def __init__(self, folder: str, called: str = "") -> None:
        self.folder = folder
        self.called = called

    @classmethod
    def at(cls, path: str) -> Self:
        """The repository at a path. NotARepository when there is none; Refused for SHA-256."""
        found = cls(path)
        if not os.path.isdir(path):
            raise NotARepository(f"{path!r} is no folder", hint="name a repository of git")
        try:
            found.folder = found.path("rev-parse", "--absolute-git-dir")
        except GitFailed:
            raise NotARepository(f"{path!r} is no repository of git") from None
        if found.run("rev-parse", "--show-object-format").strip() != b"sha1":
            raise Refused(f"{path!r} names its objects by SHA-256, which is not known here yet")
        return found

    @classmethod
    def init(cls, path: str) -> Self:
        """The repository at a path, which is made, bare, when nothing is there."""
        if os.path.isdir(path) and os.listdir(path):
            return cls.at(path)
        os.makedirs(path, exist_ok=True)
        cls(path).run("init", "--quiet", "--bare", ".")
        return cls.at(path)

    def run(self, *arguments: str, stdin: bytes | IO[bytes] = b"") -> bytes:
        """What a command of git prints. GitFailed, with its words, when it fails."""
        code, output, errors = self.attempt(*arguments, stdin=stdin)
        if code:
            raise GitFailed(f"git {arguments[0]} in {self.called or self.folder}: {_told(errors)}")
        return output

    def path(self, *arguments: str) -> str:
        """The path that a command prints, whatever its bytes are."""
        return os.fsdecode(self.run(*arguments).removesuffix(b"\n"))

    def attempt(self, *arguments: str, stdin: bytes | IO[bytes] = b"") -> tuple[int, bytes, bytes]:
        """Exit code, output and words of a command whose exit code says something."""
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                env=_environment(),
                input=stdin if isinstance(stdin, bytes) else None,
                stdin=None if isinstance(stdin, bytes) else stdin,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise GitFailed("git is not installed", hint="it is needed for this command") from None
        return done.returncode, done.stdout, done.stderr

    def refs(self, *prefixes: str) -> dict[str, Sha]:
        """Full names of refs, and what they name."""
        lines = self.run("for-each-ref", "--format=%(objectname) %(refname)", *prefixes)
        pairs = (line.partition(" ") for line in lines.decode("utf-8", "replace").splitlines())
        return {name: sha for sha, _, name in pairs}

    def head(self) -> str | None:
        """The full name of the branch that HEAD follows, or None."""
        try:
            return self.run("symbolic-ref", "--quiet", "HEAD").decode().strip()
        except GitFailed:
            return None

    def commits(self, tips: Iterable[Sha]) -> list[Sha]:
        """All commits that the tips reach, parents first; the same order for the same history."""
        listed = self.run("rev-list", "--topo-order", "--reverse", "--stdin", stdin=_lines(tips))
        return listed.decode().split()

    def set_refs(self, refs: dict[str, Sha]) -> None:
        """Set refs by their full names."""
        orders = "".join(f"update {name} {sha}\n" for name, sha in refs.items())
        self.run("update-ref", "--stdin", stdin=orders.encode())

    def follow(self, wanted: str, refs: Collection[str]) -> None:
        """Let a HEAD that follows no branch that is there follow `wanted`, or the first of refs."""
        branches = sorted(name for name in refs if name.startswith("refs/heads/"))
        if branches and self.head() not in (None, *self.refs("refs/heads")):
            branch = wanted if wanted in branches else branches[0]
            self.run("symbolic-ref", "HEAD", branch)

    def add_pack(self, path: Path) -> None:
        """Take in a pack."""
        with path.open("rb") as pack:
            self.run("index-pack", "--stdin", stdin=pack)

    def objects(self) -> GitReader:
        """A context that reads objects, one after the other."""
        return GitReader(self.folder, self.called or self.folder)


class GitReader:
    """Reads objects through one `git cat-file --batch`."""

    def __init__(self, folder: str, called: str) -> None:
        self._folder = folder
        self._called = called

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            ["git", "cat-file", "--batch"],
            cwd=self._folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what a git that died was not asked any more
                    pipe.close()
        self.process.wait()

    def begin(self, sha: Sha) -> tuple[str, int, GitBody]:
        """The kind and size of an object, and its bytes, all of which must be read before the next.

        ObjectMissing when git has not got it, GitFailed when git ended.
        """
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(sha.encode() + b"\n")
            stdin.flush()
        except BrokenPipeError:
            raise self.ended(sha) from None
        words = stdout.readline().decode("utf-8", "replace").split()
        if not words:
            raise self.ended(sha)
        if len(words) != 3:
            raise ObjectMissing(
                f"git has no object {sha} in {self._called}",
                hint="`git fsck` there says what else it lacks; a whole clone has it,"
                " a shallow or partial one has not",
            )
        return words[1], int(words[2]), GitBody(self, sha, stdout, int(words[2]))

    def read(self, sha: Sha) -> tuple[str, bytes]:
        """The kind and body of an object."""
        kind, size, body = self.begin(sha)
        return kind, body.read(size)

    def ended(self, sha: Sha) -> GitFailed:
        """The error for a git that is no more there, when it was asked for an object."""
        code = self.process.wait()
        told = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return GitFailed(
            f"git {told}, in {self._called}, when asked for {sha}",
            hint="what came before is kept: import again; `git fsck` there looks for damage",
        )


class GitBody:
    """The bytes of an object on their way from git, as a stream that ends."""

    def __init__(self, reader: GitReader, sha: Sha, stream: IO[bytes], size: int) -> None:
        self._reader, self._sha, self._stream, self._left = reader, sha, stream, size
        if not size:
            stream.read(1)

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes. GitFailed when git ended before the last of them."""
        wanted = self._left if size < 0 else min(size, self._left)
        content = self._stream.read(wanted)
        if len(content) < wanted:
            raise self._reader.ended(self._sha)
        self._left -= wanted
        if wanted and not self._left:
            self._stream.read(1)  # the line break behind it
        return content


def _told(errors: bytes) -> str:
    """What git says of an error: the end of its words, without the advice that may follow."""
    words = errors.decode("utf-8", "replace").strip().partition("\n\n")[0]
    return "; ".join(map(str.strip, words.splitlines()[-2:]))


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _SCRUBBED}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}


def _lines(words: Iterable[str]) -> bytes:
    return "".join(f"{word}\n" for word in words).encode()
