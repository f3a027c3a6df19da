"""A small language for scenarios of tree merges, and the look at one from all sides.

    a new file follows its folder
        base    z/b:B z/c:C
        ours    y/b:B y/c:C
        theirs  z/b:B z/c:C z/d:D
        ends    location

What it ends in is the kinds of its conflicts, or that it is clean; a line `git` says why git ends
otherwise: is clean or not, or leaves other paths.

A tree is a line of words `PATH:CONTENT`; `PATH*:CONTENT` is executable, `PATH->TARGET` a symlink.
A content is parts joined by `+`: a part in capitals stands for ten lines of that letter, any other
for a line of its own, NUL for a NUL byte. So `z/b:B+x` is the ten lines of B and a line x.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drawn_trees import Drawing, Files
from git_merges import GitMerge, GitMerges

from pyvcs.objects.kind import Mode


@dataclass(frozen=True, slots=True)
class Scenario:
    """A merge as a story, the kinds of conflicts that it has here, and why git's are others."""

    story: str
    base: str
    ours: str
    theirs: str
    kinds: tuple[str, ...]
    differs: str = ""

    @property
    def sides(self) -> tuple[Files, Files, Files]:
        """The trees of base, ours and theirs."""
        return tree(self.base), tree(self.ours), tree(self.theirs)


def scenarios(text: str) -> Iterator[Scenario]:
    """The scenarios of a text."""
    for each in text.strip("\n").split("\n\n"):
        story, *lines = each.splitlines()
        told = {line[:12].strip(): line[12:].strip() for line in lines}
        sides = told["base"], told["ours"], told["theirs"]
        ends = told["ends"]
        kinds = () if ends == "clean" else tuple(ends.split(", "))
        yield Scenario(story, *sides, kinds, told.get("git", ""))


def tree(line: str) -> dict[str, str | tuple[Mode, str]]:
    """The files of a tree."""
    files: dict[str, str | tuple[Mode, str]] = {}
    for word in line.split():
        if "->" in word:
            path, target = word.split("->")
            files[path] = (Mode.SYMLINK, target)
            continue
        path, content = word.split(":")
        text = "".join(map(part, content.split("+"))) if content else ""
        files[path.rstrip("*")] = (Mode.EXECUTABLE, text) if path.endswith("*") else text
    return files


def part(word: str) -> str:
    """The lines of one part of a content."""
    if word == "NUL":
        return "\0\n"
    return "".join(f"{word} {n}\n" for n in range(10)) if word.isupper() else f"{word}\n"


def answers_of_git(told: Sequence[Scenario], folder: Path) -> dict[str, GitMerge]:
    """git's answers to all scenarios by their stories, asked at once."""
    found = GitMerges(folder).merge_all([scenario.sides for scenario in told])
    return {scenario.story: answer for scenario, answer in zip(told, found, strict=True)}


def look_at(scenario: Scenario, git: GitMerge) -> str:
    """What is not as the scenario says: a sentence, or nothing."""
    drawing = Drawing()
    base, ours, theirs = scenario.sides
    merged, mirrored = drawing.merge(base, ours, theirs), drawing.merge(base, theirs, ours)
    if drawing.outline(merged) != drawing.outline(mirrored):
        return "it is another one with the sides swapped"
    kinds = sorted(kind for kind, _ in drawing.outline(merged))
    if kinds != sorted(scenario.kinds):
        return f"the conflicts are {drawing.outline(merged)}"
    files = drawing.files(merged.tree)
    if merged.is_clean and git.is_clean:
        is_same = files == git.files and mirrored.tree == merged.tree
    else:
        is_same = merged.is_clean == git.is_clean and files.keys() == git.files.keys()
    if is_same == bool(scenario.differs):
        return f"git {_verdict(git.is_clean)} has {sorted(git.files)}, we have {sorted(files)}"
    return ""


def _verdict(is_clean: bool) -> str:
    return "clean" if is_clean else "in conflict"
