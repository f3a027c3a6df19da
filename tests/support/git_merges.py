"""What git makes of merges of drawn trees: a scratch repository, and `git merge-tree` over it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drawn_trees import Files
from git_histories import ENVIRON

from pyvcs.objects.kind import Mode

GIT_MODE = {Mode.FILE: "100644", Mode.EXECUTABLE: "100755", Mode.SYMLINK: "120000"}
_MODE = {int(git): mode for mode, git in GIT_MODE.items()}

Sides = tuple[Files, Files, Files]
"""The trees of base, ours and theirs."""


@dataclass(frozen=True, slots=True)
class GitMerge:
    """git's answer: the files that it leaves, whether that is clean, and what it says."""

    files: dict[str, str]
    is_clean: bool
    says: tuple[str, ...]


class GitMerges:
    """A repository of git in which trees are merged, many in one go."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.folder = folder
        self.settings = [word for setting in settings for word in ("-c", setting)]
        folder.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet", "--bare", ".")

    def merge(self, *sides: Files) -> GitMerge:
        """One merge of (base, ours, theirs)."""
        base, ours, theirs = sides
        return self.merge_all([(base, ours, theirs)])[0]

    def merge_crossed(self, histories: Sequence[Sequence[Files]]) -> list[GitMerge]:
        """Criss-crosses (root, x, y, m, n): m and n, both with the parents x and y, are merged."""
        stream = "".join(_crossed(number, trees) for number, trees in enumerate(histories))
        return self._merges(stream, len(histories))

    def merge_all(self, merges: Sequence[Sides]) -> list[GitMerge]:
        """Many merges."""
        stream = "".join(_commits(number, sides) for number, sides in enumerate(merges))
        return self._merges(stream, len(merges))

    def _merges(self, stream: str, size: int) -> list[GitMerge]:
        self._git("fast-import", "--quiet", "--force", stdin=stream)
        wanted = "".join(f"ours{number} theirs{number}\n" for number in range(size))
        answer = self._git("merge-tree", "--write-tree", "-z", "--stdin", stdin=wanted)
        found = list(_answers(answer))
        trees = [self._files(fields[1]) for fields in found]
        contents = self._contents(sorted({oid for tree in trees for oid in tree.values()}))
        return [
            GitMerge(
                {path: contents[oid] for path, oid in tree.items()},
                fields[0] == "1",
                tuple(field.strip() for field in fields[2:] if "\n" in field),
            )
            for tree, fields in zip(trees, found, strict=True)
        ]

    def _files(self, tree: str) -> dict[str, str]:
        """The oids of the files in a tree; modes other than file stand in brackets."""
        files = {}
        for line in self._git("ls-tree", "-r", "-z", tree).split("\0")[:-1]:
            about, path = line.split("\t")
            mode, _, oid = about.split(" ")
            word = "" if int(mode) == 100644 else f" [{_MODE[int(mode)].word}]"
            files[path + word] = oid
        return files

    def _contents(self, oids: Sequence[str]) -> dict[str, str]:
        answer = self._git("cat-file", "--batch", stdin="".join(f"{oid}\n" for oid in oids))
        contents, at = {}, 0
        for oid in oids:
            end = answer.index("\n", at)
            size = int(answer[at:end].split(" ")[2])
            contents[oid] = answer[end + 1 : end + 1 + size]
            at = end + size + 2
        return contents

    def _git(self, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            ["git", *self.settings, *arguments],
            cwd=self.folder,
            env=ENVIRON,
            input=stdin.encode(),
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape")


def _answers(output: str) -> Iterator[list[str]]:
    """The answers of merge-tree: each begins with a line of 0 or 1 that stands for itself."""
    fields = output.split("\0")
    starts = [
        number
        for number, field in enumerate(fields)
        if field in ("0", "1") and number + 1 < len(fields) and _is_tree(fields[number + 1])
    ]
    for start, end in zip(starts, [*starts[1:], len(fields)], strict=True):
        yield fields[start:end]


def _is_tree(field: str) -> bool:
    return len(field) == 40 and set(field) <= set("0123456789abcdef")


def _commits(number: int, sides: Sides) -> str:
    mark = 3 * number + 1
    base, ours, theirs = sides
    return (
        _commit(f"base{number}", mark, base)
        + _commit(f"ours{number}", mark + 1, ours, mark)
        + _commit(f"theirs{number}", mark + 2, theirs, mark)
    )


def _crossed(number: int, trees: Sequence[Files]) -> str:
    mark = 5 * number + 1
    root, x, y, m, n = trees
    return (
        _commit(f"root{number}", mark, root)
        + _commit(f"x{number}", mark + 1, x, mark)
        + _commit(f"y{number}", mark + 2, y, mark)
        + _commit(f"ours{number}", mark + 3, m, mark + 1, mark + 2)
        + _commit(f"theirs{number}", mark + 4, n, mark + 2, mark + 1)
    )


def _commit(branch: str, mark: int, files: Files, *parents: int) -> str:
    text = f"commit refs/heads/{branch}\nmark :{mark}\n"
    text += "committer A <a@example.org> 1600000000 +0000\ndata 0\n"
    for number, parent in enumerate(parents):
        text += f"{'merge' if number else 'from'} :{parent}\n"
    text += "deleteall\n"
    for path, what in files.items():
        mode, content = (Mode.FILE, what) if isinstance(what, str) else what
        size = len(content.encode())
        text += f'M {GIT_MODE[mode]} inline "{path}"\ndata {size}\n{content}\n'
    return text
