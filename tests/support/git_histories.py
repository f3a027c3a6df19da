"""Histories of git for tests, made by git's own plumbing, with all that is odd in real ones."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ENVIRON = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Bob",
    "GIT_COMMITTER_EMAIL": "bob@example.org",
}


class GitHistory:
    """A repository of git in a folder, on branch main."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = ENVIRON
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", ".")
        self._seconds = 1_600_000_000

    def git(self, *arguments: str | bytes, stdin: bytes = b"") -> str:
        """What git prints, without the last line break."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=self.environ,
            input=stdin,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "replace").removesuffix("\n")

    def commit(self, files: Mapping[str, bytes | None], message: str = "edit") -> str:
        """Write files (None removes one) and commit them; the name of the commit."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
        self.git("add", "--all", ".")
        self._seconds += 60
        when = f"{self._seconds} +0130"
        self.git("commit", "--quiet", "--allow-empty", "--date", when, "-m", message)
        return self.git("rev-parse", "HEAD")

    def put(self, kind: str, body: bytes) -> str:
        """Store an object as it is, however odd."""
        return self.git("hash-object", "-t", kind, "-w", "--stdin", "--literally", stdin=body)

    def raw_commit(
        self,
        tree: str,
        parents: list[str],
        *,
        author: bytes = b"Ada <ada@example.org> 1600000000 +0000",
        headers: bytes = b"",
        message: bytes = b"raw\n",
    ) -> str:
        """A commit with these very bytes."""
        lines = [b"tree " + tree.encode(), *(b"parent " + p.encode() for p in parents)]
        lines += [b"author " + author, b"committer " + author]
        return self.put("commit", b"\n".join(lines) + b"\n" + headers + b"\n" + message)

    def branch(self, name: str, sha: str) -> None:
        """Set a branch."""
        self.git("update-ref", f"refs/heads/{name}", sha)

    def refs(self) -> dict[str, str]:
        """Branches and tags by full names."""
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split(" ") for line in lines)


def odd_history(folder: Path) -> GitHistory:
    """Everything at once: see the names of the branches and tags."""
    git = GitHistory(folder)
    first = git.commit({"a.txt": b"1\n", "d/b.txt": b"2\n"}, "first")
    (folder / "run").write_bytes(b"#!/bin/sh\n")
    (folder / "run").chmod(0o755)
    (folder / "link").symlink_to("a.txt")
    second = git.commit({}, "modes")
    tree = git.git("rev-parse", "HEAD^{tree}")
    blob = git.git("rev-parse", "HEAD:a.txt")
    empty = git.put("tree", b"")

    def entries(*rows: tuple[bytes, bytes, str]) -> str:
        body = b"".join(b"%s %s\0%s" % (m, n, bytes.fromhex(sha)) for m, n, sha in rows)
        return git.put("tree", body)

    inner = entries((b"100664", b"group", blob), (b"160000", b"sub", first))
    odd = {
        "octopus": git.raw_commit(tree, [first, second, git.raw_commit(tree, [first])]),
        "empty-tree": git.raw_commit(empty, []),
        "empty-folder": git.raw_commit(entries((b"40000", b"e", empty)), []),
        "group-mode": git.raw_commit(entries((b"100664", b"a", blob)), [second]),
        "submodule": git.raw_commit(entries((b"160000", b"s", first)), [second]),
        "nested": git.raw_commit(entries((b"40000", b"x", inner)), [second]),
        "bytes-name": git.raw_commit(entries((b"100644", b"\xff\xfe", blob)), []),
        "cases": git.raw_commit(
            entries((b"100644", b"README", blob), (b"100644", b"readme", blob)), []
        ),
        "own-folder": git.raw_commit(entries((b"40000", b".pyvcs", tree)), []),
        "folder-order": git.raw_commit(
            entries((b"100644", b"a-b", blob), (b"40000", b"a", tree), (b"100644", b"a0", blob)),
            [],
        ),
        "wrong-order": git.raw_commit(
            entries((b"100644", b"b", blob), (b"100644", b"a", blob)), []
        ),
        "wrong-order-below": git.raw_commit(
            entries(
                (
                    b"40000",
                    b"d",
                    entries((b"100644", b"b", blob), (b"160000", b"a", first)),
                )
            ),
            [],
        ),
        "latin": git.raw_commit(
            tree,
            [],
            author="Zoë <z@x> 1600000000 +0000".encode("latin-1"),
            headers=b"encoding ISO-8859-1\n",
            message="Größe\n".encode("latin-1"),
        ),
        "no-encoding": git.raw_commit(tree, [], message=b"\xff\xfe broken\n"),
        "unknown-encoding": git.raw_commit(tree, [], headers=b"encoding nonsense\n"),
        "signed": git.raw_commit(tree, [], headers=b"gpgsig -----BEGIN\n \n abc\n -----END\n"),
        "before-1970": git.raw_commit(tree, [], author=b"A <a> -5000 -0330"),
        "odd-zone": git.raw_commit(tree, [], author=b"A <a> 1600000000 +9999"),
        "minus-zero": git.raw_commit(tree, [], author=b"A <a> 1600000000 -0000"),
        "no-email": git.raw_commit(tree, [], author=b"A <> 1600000000 +0000"),
        "angles": git.raw_commit(tree, [], author=b"A <<a@b>> 1600000000 +0000"),
        "no-time": git.raw_commit(tree, [], author=b"nobody"),
        "no-newline": git.raw_commit(tree, [], message=b"no newline"),
        "no-message": git.raw_commit(tree, [], message=b""),
        "nul-message": git.raw_commit(tree, [], message=b"a\0b\n"),
        "same-parent-twice": git.raw_commit(tree, [first, first]),
        "extra-header": git.raw_commit(tree, [], headers=b"HG:extra x\nodd \n"),
        "false-twin": git.raw_commit(tree, [], headers=b"pyvcs nonsense\n"),
    }
    for name, sha in odd.items():
        git.branch(name, sha)
    git.git("tag", "light", first)
    git.git("tag", "-a", "-m", "annotated", "heavy", second)
    git.git("tag", "-a", "-m", "of a tag", "nested", "heavy")
    return git
