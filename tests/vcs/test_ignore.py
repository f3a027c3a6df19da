"""Ignore files: drawn cases, and git as the witness on many hostile ones. No known differences."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyvcs.ignore import Ignore
from pyvcs.objects.path_pattern import parse_line

Tree = dict[bytes, bool]
"""Paths, and whether each is a folder."""

Rules = dict[bytes, bytes]
"""The ignore file of each folder that has one; b"" is the root."""


def ignore_of(rules: Mapping[bytes, bytes]) -> Ignore:
    files = {
        (folder + b"/" if folder else b"") + b".pyvcsignore": text for folder, text in rules.items()
    }
    return Ignore(files.get)


DRAWN = [
    # rules of the root, path, is it a folder, is it ignored
    (b"*.log", b"a.log", False, True),
    (b"*.log", b"deep/down/a.log", False, True),
    (b"*.log\n!keep.log", b"keep.log", False, False),
    (b"!keep.log\n*.log", b"keep.log", False, True),
    (b"build/", b"build", True, True),
    (b"build/", b"build", False, False),
    (b"build/", b"build/out/a", False, True),
    (b"build/\n!build/a", b"build/a", False, True),
    (b"build/*\n!build/a", b"build/a", False, False),
    (b"/a", b"a", False, True),
    (b"/a", b"b/a", False, False),
    (b"b/a", b"b/a", False, True),
    (b"b/a", b"c/b/a", False, False),
    (b"**/b/a", b"c/b/a", False, True),
    (b"a/**", b"a", True, False),
    (b"a/**", b"a/b/c", False, True),
    (b"a/**/z", b"a/z", False, True),
    (b"a/**/z", b"a/b/c/z", False, True),
    (b"a/*/z", b"a/b/c/z", False, False),
    (b"a**/z", b"a/z", False, True),
    (b"# a", b"# a", False, False),
    (b"\\#a", b"#a", False, True),
    (b"\\!a", b"!a", False, True),
    (b"a ", b"a", False, True),
    (b"a\\ ", b"a ", False, True),
    (b"a\t", b"a", False, False),
    (b"a\r\nb\r\n", b"a", False, True),
    (b"\xef\xbb\xbfa", b"a", False, True),
    (b"[a-c]x", b"bx", False, True),
    (b"[!a-c]x", b"bx", False, False),
    (b"[c-a]x\nz", b"z", False, True),
    (b"[a\nz", b"a", False, False),
    (b"[[:digit:]]", b"7", False, True),
    (b"[[:digits:]]\nz", b"7", False, False),
    (b"a[b/c]d", b"ab/cd", False, False),
    (b"?", b"\xff", False, True),
    (b"?", b"\xc3\xa9", False, False),
    (b"a\0b", b"a", False, True),
    (b"", b"a", False, False),
    (b"/\n!\n!/\n\\\n\n", b"a", False, False),
    (b"a\nb", b"c", False, False),
]


@pytest.mark.parametrize(("text", "path", "is_dir", "expected"), DRAWN)
def test_decides_as_gitignore_is_read(
    text: bytes, path: bytes, is_dir: bool, expected: bool
) -> None:
    assert ignore_of({b"": text}).is_ignored(path, is_dir=is_dir) is expected


def test_the_deepest_file_that_says_anything_decides() -> None:
    ignore = ignore_of({b"": b"*.txt\n", b"a": b"!b.txt\n", b"a/c": b"b.txt\n/d.txt\n"})
    assert ignore.is_ignored(b"b.txt", is_dir=False)
    assert not ignore.is_ignored(b"a/b.txt", is_dir=False)
    assert not ignore.is_ignored(b"a/e/b.txt", is_dir=False)
    assert ignore.is_ignored(b"a/c/b.txt", is_dir=False)
    assert ignore.is_ignored(b"a/c/d.txt", is_dir=False)


def test_a_file_in_an_ignored_folder_says_nothing() -> None:
    ignore = ignore_of({b"": b"a/\n", b"a": b"!b\n"})
    assert ignore.is_ignored(b"a/b", is_dir=False)


@pytest.mark.parametrize("path", [b".pyvcs", b"sub/.pyvcs"])
def test_the_repository_itself_is_always_ignored(path: bytes) -> None:
    ignore = ignore_of({b"": b"!.pyvcs\n!.pyvcs/config\n"})
    assert ignore.is_ignored(path, is_dir=True)
    assert ignore.is_ignored(path + b"/config", is_dir=False)


def test_each_ignore_file_is_read_once() -> None:
    asked: list[bytes] = []

    def read(path: bytes) -> bytes | None:
        asked.append(path)
        return b"x\n"

    ignore = Ignore(read)
    for name in (b"a/b", b"a/c", b"d", b"a/b"):
        ignore.is_ignored(name, is_dir=False)
    assert sorted(asked) == [b".pyvcsignore", b"a/.pyvcsignore"]


def test_no_line_makes_matching_slow() -> None:
    """Nothing counts the steps of a pattern. A search that is tried again for each star does not
    end within a life, so it is enough that this ends; in a process that can be given up.
    """
    program = """
from pyvcs.ignore import Ignore
lines = b"*a" * 30 + b"b", b"**/a*/" * 20 + b"b", b"**/*a*a*a/" * 15 + b"**/b", b"*" * 5000
found = [
    Ignore({b".pyvcsignore": line}.get).is_ignored(path, is_dir=False)
    for line in lines
    for path in (b"/".join([b"a" * 200] * 15) + b"/c", b"a")
]
assert found == [False] * 6 + [True] * 2, found
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_patterns_are_not_loaded_without_an_ignore_file() -> None:
    program = (
        "import sys; from pyvcs.ignore import Ignore; "
        "Ignore(lambda path: None).is_ignored(b'a/b', is_dir=False); "
        "sys.exit('pyvcs.objects.path_pattern' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_comment_and_an_impossible_line_have_no_pattern() -> None:
    assert [parse_line(line) for line in (b"", b"# a", b"!", b"/", b"[a", b"a\\")] == [None] * 6


# -- git as the witness ----------------------------------------------------------------------------

NAMES = (
    *(b"a", b"b", b"ab", b"ba", b"A", b"a.b", b".a", b"a b", b"a ", b"#a", b"!a", b"a\\", b"*"),
    *(b"[a]", b"a-b", b"]", b"aa", b"\xff", b"\xc3\xa9", b"^", b"-", b"a1", b"abc", b"a\nb"),
)
ORDINARY = (
    *(b"a", b"b", b"*", b"**", b"?", b"/", b"/", b"**/", b"/**/", b"/**", b"a*", b"[ab]", b"\\a"),
    *(b"\\/", b"***", b".", b"[!b]", b"[a-b]", b"\\ "),
)
HOSTILE = (
    *ORDINARY,
    *(b"[^a]", b"[", b"]", b"\\", b" ", b"!", b"#", b"\xff", b"\xc3\xa9", b"-", b"[]a]", b"[]"),
    *(b"\t", b"[a-]", b"[\\]]", b"[b-a]", b"[^]]", b"[a/b]", b"[!-a]", b"^", b"$", b"(", b"|"),
    *(b"+", b"{a}", b"\r", b"[[:alpha:]]", b"[[:space:]]", b"[[:bad:]]", b"[[:]", b"[[::]]"),
    *(b"[[:punct:]]", b"[a[:digit:]-z]", b"[\\a-\\c]", b"[a-c-e]", b"[--0]"),
)


def draw_tree(chance: random.Random, prefix: bytes = b"", depth: int = 0) -> Tree:
    tree: Tree = {}
    for name in chance.sample(NAMES, chance.randint(2, 6)):
        is_folder = depth < 3 and chance.random() < 0.4
        tree[prefix + name] = is_folder
        if is_folder:
            tree |= draw_tree(chance, prefix + name + b"/", depth + 1)
    return tree


def draw_line(chance: random.Random, alphabet: tuple[bytes, ...]) -> bytes:
    line = b"".join(chance.choices(alphabet, k=chance.randint(1, 6)))
    return chance.choice((b"", b"", b"", b"!")) + line + chance.choice((b"", b"", b"", b"/"))


def draw_rules(chance: random.Random, tree: Tree, alphabet: tuple[bytes, ...]) -> Rules:
    folders = [b"", *(path for path, is_folder in tree.items() if is_folder)]
    return {
        folder: b"\n".join(draw_line(chance, alphabet) for _ in range(chance.randint(1, 4)))
        for folder in folders
        if not folder or chance.random() < 0.3
    }


def write_case(root: bytes, tree: Tree, rules: Rules) -> None:
    os.mkdir(root)
    for path, is_folder in tree.items():
        if is_folder:
            os.mkdir(os.path.join(root, path))
        else:
            Path(os.fsdecode(os.path.join(root, path))).touch()
    for folder, text in rules.items():
        place = os.fsdecode(os.path.join(root, folder, b".gitignore"))
        Path(place).write_bytes(text)


def ask_git(root: Path, paths: list[bytes]) -> set[bytes]:
    """Those of the paths that git ignores."""
    environ = {**os.environ, "HOME": str(root), "XDG_CONFIG_HOME": str(root)}
    environ |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(root.parent)}
    git = ["git", "-c", "core.ignoreCase=false", "-C", str(root)]
    subprocess.run([*git, "init", "-q"], env=environ, check=True)
    done = subprocess.run(
        [*git, "check-ignore", "--no-index", "-z", "-v", "-n", "--stdin"],
        input=b"\0".join(paths) + b"\0",
        env=environ,
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    fields = done.stdout.split(b"\0")[:-1]
    lines = zip(fields[2::4], fields[3::4], strict=True)
    return {path for line, path in lines if line and not line.startswith(b"!")}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here to be the witness")
@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8 need Linux")
@pytest.mark.parametrize("alphabet", [ORDINARY, HOSTILE], ids=["ordinary", "hostile"])
def test_decides_as_git_does_on_random_rules(alphabet: tuple[bytes, ...], tmp_path: Path) -> None:
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    cases = []
    for number in range(150):
        tree = draw_tree(chance)
        rules = draw_rules(chance, tree, alphabet)
        write_case(os.fsencode(tmp_path / str(number)), tree, rules)
        cases.append((b"%d/" % number, tree, rules))
    expected = ask_git(tmp_path, [start + path for start, tree, _ in cases for path in tree])
    for start, tree, rules in cases:
        ignore = ignore_of(rules)
        ours = {path for path, is_dir in tree.items() if ignore.is_ignored(path, is_dir=is_dir)}
        gits = {path for path in tree if start + path in expected}
        assert ours == gits, f"seed {seed}: {rules}"
    assert expected, f"seed {seed}: nothing was ignored"
