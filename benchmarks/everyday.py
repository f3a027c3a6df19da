"""Everyday commands beside git and whoever is installed: whole processes, in turn.

All start from the same seeded files, with warm caches. `git tuned` is git with feature.manyFiles
and a commit-graph. hg is Mercurial. Times are medians; `spread` is the quickest and the slowest
run; MiB is the peak of the largest process.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from histories import Edits, TwoHistories
from timing import PYVCS, QUICK, Contestant, heading, in_turn, note, row, run

FILES = 1_000 if QUICK else 10_000
MANY = 2_000 if QUICK else 100_000
COMMITS = 500 if QUICK else 20_000
LARGE = (8 if QUICK else 1024) * 1024 * 1024
SEED = 1
GIT = [["git", "add", "-A"], ["git", "commit", "-qm", "x"]]
OURS = [[*PYVCS, "commit", "-m", "x"]]
HG = [["hg", "addremove", "-q"], ["hg", "commit", "-m", "x"]]


def make_files(folder: Path, files: int, seed: int = SEED) -> None:
    """Small texts of about 2.2 KB, 100 to a folder."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(3000)]
    for number in range(files):
        path = folder / f"d{number // 100:03}" / f"f{number:05}.txt"
        if number % 100 == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        lines = (" ".join(rng.choices(words, k=8)) for _ in range(40))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def programs() -> dict[str, list[str]]:
    """How each program that is installed makes a repository."""
    found = {"pyvcs": [*PYVCS, "init"], "git": ["git", "init", "-q", "-b", "main"]}
    if shutil.which("hg"):
        found["hg"] = ["hg", "init"]
    return found


def begin(folder: Path, files: Path, init: list[str]) -> None:
    """A fresh repository with the same files, nothing recorded yet."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(files, folder)
    run(init, folder)


def first_commit(root: Path, label: str, files: Path, goal: float, runs: int) -> None:
    """The first commit of all files; what it leaves in `root` is used by the others."""
    commands = {"pyvcs": OURS, "git": GIT, "hg": HG}
    contestants = [
        Contestant(name, root / name, commands[name], partial(begin, root / name, files, init))
        for name, init in programs().items()
    ]
    row(f"first commit, {label}", in_turn(contestants, runs), goal)


def store_bytes(root: Path) -> None:
    """How many bytes each store takes on the disk."""
    sizes = {"pyvcs": size(root / "pyvcs" / ".pyvcs"), "git loose": size(root / "git" / ".git")}
    run(["git", "gc", "-q"], root / "git")
    sizes["git packed"] = size(root / "git" / ".git")
    told = ", ".join(f"{name} {count / 1e6:.1f} MB" for name, count in sizes.items())
    print(f"bytes in the store: {told}; goal: at most git packed", flush=True)
    note(workload="bytes in the store", sizes=sizes)


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def edit_one(folder: Path) -> None:
    """Change one file of the many."""
    with (folder / "d005" / "f00500.txt").open("a", encoding="utf-8") as file:
        file.write("one more line\n")


def daily(root: Path) -> None:
    """Status, a small commit, start-up."""
    tuned = root / "git tuned"
    shutil.copytree(root / "git", tuned)
    run(["git", "config", "feature.manyFiles", "true"], tuned)
    run(["git", "commit-graph", "write"], tuned)
    names = {"pyvcs": PYVCS, "git": ["git"], "git tuned": ["git"], "hg": ["hg"]}
    there = {name: words for name, words in names.items() if (root / name).exists()}
    row(
        f"status, {FILES:,} files",
        in_turn([Contestant(name, root / name, [[*it, "status"]]) for name, it in there.items()]),
        1.8,
    )
    words = {"git": ["commit", "-qam", "x"], "git tuned": ["commit", "-qam", "x"]}
    contestants = [
        Contestant(
            name,
            root / name,
            [[*it, *words.get(name, ["commit", "-m", "x"])]],
            partial(edit_one, root / name),
        )
        for name, it in there.items()
    ]
    row(f"commit of 1 of {FILES:,} files", in_turn(contestants), 2.8)
    for typed in (["--help"], ["log", "-n", "10"]):
        pair = [
            Contestant("pyvcs", root / "pyvcs", [[*PYVCS, *typed]]),
            Contestant("git", root / "git", [["git", "--no-pager", *typed]]),
        ]
        row(" ".join(typed), in_turn(pair))


def log(root: Path) -> None:
    """Ids and subjects of a long history."""
    with_history = TwoHistories(root, Edits(200))
    with_history.grow(COMMITS)
    pair = [
        Contestant("pyvcs", root / "pyvcs", [[*PYVCS, "log", "--oneline"]]),
        Contestant("git", with_history.git, [["git", "--no-pager", "log", "--oneline"]]),
    ]
    row(f"log, {COMMITS:,} commits", in_turn(pair), 1.0)


def merge(root: Path, files: Path) -> None:
    """Two branches, a tenth of the files changed on each, 200 (or a fiftieth) on both, clean."""
    edits = FILES // 10
    both = FILES // 50
    pair = []
    for name in ("pyvcs", "git"):
        folder = root / name
        begin(folder, files, programs()[name])
        for command in {"pyvcs": OURS, "git": GIT}[name]:
            run(command, folder)
        switch = {"pyvcs": [*PYVCS, "switch"], "git": ["git", "switch", "-q"]}[name]
        create = [*switch, "-c" if name == "git" else "--create", "topic"]
        run(create, folder)
        change(folder, range(edits), last=True)
        for command in {"pyvcs": OURS, "git": GIT}[name]:
            run(command, folder)
        run([*switch, "main"], folder)
        change(folder, range(edits - both, 2 * edits - both), last=False)
        for command in {"pyvcs": OURS, "git": GIT}[name]:
            run(command, folder)
        aside = root / f"{name} before"
        shutil.copytree(folder, aside, symlinks=True)

        def again(folder: Path = folder, aside: Path = aside) -> None:
            shutil.rmtree(folder)
            subprocess.run(["cp", "-a", str(aside), str(folder)], check=True)
            tell = [*PYVCS, "status"] if folder.name == "pyvcs" else ["git", "status"]
            run(tell, folder)

        words = [*PYVCS, "merge"] if name == "pyvcs" else ["git", "merge", "-q", "--no-edit"]
        pair.append(Contestant(name, folder, [[*words, "topic"]], again))
    row(f"merge, {edits:,} of {FILES:,} files a side", in_turn(pair), 1.9)


def change(folder: Path, numbers: range, *, last: bool) -> None:
    """Change the first or the last line of some files."""
    for number in numbers:
        path = folder / f"d{number // 100:03}" / f"f{number:05}.txt"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[-1 if last else 0] = "changed\n"
        path.write_text("".join(lines), encoding="utf-8")


def clones(root: Path) -> None:
    """Clones of the many files, with and without a working tree."""
    for label, ours, git, goal in (
        ("with working tree", [], [], 0.6),
        ("without working tree", ["--bare"], ["--bare"], 0.5),
    ):
        pair = []
        for name, words in (
            ("pyvcs", [*PYVCS, "clone", *ours]),
            ("git", ["git", "clone", "-q", "--no-local", *git]),
        ):
            target = root / f"clone of {name}"
            gone = partial(shutil.rmtree, target, ignore_errors=True)
            pair.append(Contestant(name, root, [[*words, name, target.name]], gone))
        row(f"clone of {FILES:,} files, {label}", in_turn(pair), goal)


def large_file(root: Path, label: str, content: str) -> None:
    """The first commit of one large file."""
    files = root / "files"
    files.mkdir(parents=True)
    path = files / "large"
    rng = random.Random(SEED)
    words = ["".join(rng.choices("abcdefghijklmnop", k=6)) for _ in range(3000)]
    with path.open("wb") as file:
        while file.tell() < LARGE:
            if content == "random":
                file.write(rng.randbytes(1 << 20))
            else:
                lines = (" ".join(rng.choices(words, k=8)) + "\n" for _ in range(20_000))
                file.write("".join(lines).encode())
    first_commit(root, f"{label}, {content}", files, 0.2, 1)


def main() -> None:
    """Print the table."""
    if shutil.which("git") is None:
        print("left out: git is not installed")
        return
    heading()
    with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
        top = Path(name)
        files = top / "files"
        make_files(files, FILES)
        root = top / "small"
        first_commit(root, f"{FILES:,} files", files, 0.35, 3)
        store_bytes(root)
        daily(root)
        clones(root)
        shutil.rmtree(root)
        merge(top / "merge", files)
        (top / "log").mkdir()
        log(top / "log")
        make_files(top / "many", MANY)
        first_commit(top / "large", f"{MANY:,} files", top / "many", 0.4, 1)
        for content in ("random", "text"):
            shutil.rmtree(top / "large", ignore_errors=True)
            large_file(top / "large", f"a file of {LARGE >> 20} MiB", content)


if __name__ == "__main__":
    main()
