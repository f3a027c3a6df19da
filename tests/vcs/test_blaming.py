"""Blame: as git has it by line, and by value inside documents, through merges and renames."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from twins import Files, Twins

from pyvcs.blaming import blame_lines, blame_values
from pyvcs.merge.json_value import Json


def told_by_git(twins: Twins, name: str, path: str) -> list[tuple[str, int, str]]:
    """Commit, line there and path there of each line, by `git blame --porcelain`."""
    names = {commit: name for name, commit in twins.hashes.items()}
    found: list[tuple[str, int, str]] = []
    paths: dict[str, str] = {}
    commit, number = "", 0
    for line in twins.ask("blame", "--porcelain", twins.hashes[name], "--", path).splitlines():
        words = line.split()
        if line.startswith("\t"):
            found.append((names[commit], number, paths[commit]))
        elif words[0] == "filename":
            paths[commit] = words[1]
        elif words[0] in names:
            commit, number = words[0], int(words[1])
    return found


def told(twins: Twins, name: str, path: str) -> list[tuple[str, int, str]]:
    lines = blame_lines(twins.repository, twins.oids[name], path.encode())
    return [(twins.name_of(b.commit), b.place, b.path.decode()) for _, b in lines]


def edited(rng: Random, lines: list[str], made: list[int]) -> list[str]:
    """Some lines taken out, others put in; no line ever comes twice."""
    lines = [line for line in lines if rng.random() > 0.15]
    for _ in range(rng.randrange(1, 4)):
        made[0] += 1
        lines.insert(rng.randrange(len(lines) + 1), f"line {made[0]} of the file")
    return lines


def woven(seed: int) -> Twins:
    """A history of one file with branches and merges; it is renamed now and then."""
    rng, made, twins = Random(seed), [0], Twins()
    versions = {"c0": ("file", edited(rng, [], made))}

    def record(name: str, parents: list[str], path: str, lines: list[str]) -> None:
        versions[name] = path, lines
        files: Files = {path: "".join(f"{line}\n" for line in lines).encode()}
        twins.commit(name, parents, {**files, "beside": name.encode()})

    record("c0", [], *versions["c0"])
    for number in range(1, 14):
        names = list(versions)
        ours, theirs = names[-1], rng.choice(names[-4:])
        path, lines = versions[ours]
        if number % 4 == 0 and ours != theirs:
            other = [line for line in versions[theirs][1] if line not in lines]
            at = rng.randrange(len(lines) + 1)
            record(f"c{number}", [ours, theirs], path, lines[:at] + other + lines[at:])
        elif number % 5 == 0:
            record(f"c{number}", [ours], f"moved{number}", lines)
        else:
            path, lines = versions[theirs]
            record(f"c{number}", [theirs], path, edited(rng, lines, made))
    return twins


@pytest.mark.parametrize("seed", range(8))
def test_says_of_lines_what_git_says(seed: int, tmp_path: Path) -> None:
    twins = woven(seed)
    twins.finish(tmp_path / "git")
    for name in list(twins.oids)[::4] + list(twins.oids)[-1:]:
        path = twins.ask("ls-tree", "--name-only", twins.hashes[name]).replace("beside", "").strip()
        assert told(twins, name, path) == told_by_git(twins, name, path)


def document(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def values(twins: Twins, name: str, path: str, pointer: str) -> dict[str, str]:
    found = blame_values(twins.repository, twins.oids[name], path.encode(), pointer)
    return {place: twins.name_of(blamed.commit) for place, _, blamed in found}


def test_says_which_commit_set_a_value_through_merges_renames_and_moves() -> None:
    twins = Twins()
    soup: dict[str, Json] = {"title": "Soup", "steps": ["boil", "season"], "serves": 4}
    twins.commit("first", [], {"soup.json": document(soup)})
    leek = soup | {"title": "Leek soup"}
    twins.commit("leek", ["first"], {"soup.json": document(leek)})
    chop = soup | {"steps": ["chop", "boil", "season"]}
    twins.commit("chop", ["first"], {"soup.json": document(chop)})
    both = chop | {"title": "Leek soup"}
    twins.commit("merge", ["leek", "chop"], {"soup.json": document(both)})
    twins.commit("moved", ["merge"], {"leek.json": document(both)})
    last = {"steps": ["season", "chop", "boil"], "name": "Leek soup", "serves": 4.0}
    twins.commit("last", ["moved"], {"leek.json": json.dumps(last).encode()})
    assert values(twins, "last", "leek.json", "/name") == {"/name": "leek"}
    assert values(twins, "last", "leek.json", "/serves") == {"/serves": "first"}
    assert values(twins, "last", "leek.json", "/steps") == {
        "/steps": "last",
        "/steps/0": "first",
        "/steps/1": "chop",
        "/steps/2": "first",
    }
    assert values(twins, "last", "leek.json", "")[""] == "last"
    assert values(twins, "merge", "soup.json", "/steps")["/steps"] == "chop"
    found = blame_values(twins.repository, twins.oids["last"], b"leek.json", "/name")
    assert [(b.path, b.place) for _, _, b in found] == [(b"soup.json", "/title")]


def test_a_value_that_went_and_came_again_is_the_later_one() -> None:
    twins = Twins()
    for number, value in enumerate([1, 2, 1, 1]):
        above = [f"c{number - 1}"] if number else []
        twins.commit(f"c{number}", above, {"a.json": document({"a": value, "n": number})})
    assert values(twins, "c3", "a.json", "/a") == {"/a": "c2"}
    twins.commit("text", ["c3"], {"a.json": b"{"})
    twins.commit("again", ["text"], {"a.json": document({"a": 1})})
    assert values(twins, "again", "a.json", "/a") == {"/a": "again"}
