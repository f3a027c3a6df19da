"""Rules live in the tree: replicas merge by the same ones, whatever a machine is set to."""

from __future__ import annotations

import json

import pytest
from replicas import Team, assert_whole, settle, tips

COUNTER = b"""version = 1
[[file]]
path = "stats.json"
[[file.place]]
pointer = "/visits"
merge = "counter"
"""


def stats(visits: int) -> bytes:
    return json.dumps({"visits": visits}).encode()


def visits(team: Team, name: str = "stats.json") -> tuple[object, int]:
    """The counter at the tip, and how many conflicts are there; the same on every replica."""
    settle(team.replicas)
    assert len(set(tips(team.replicas))) == 1
    assert_whole(team.replicas)
    replica = team.replicas[0]
    tip = replica.tip()
    assert tip is not None
    found = json.loads(replica.read("main", name))["visits"]
    return found, len(replica.store.commit(tip).conflicts)


def test_three_replicas_count_together() -> None:
    team = Team(3)
    team.commit(0, {".pyvcs.toml": COUNTER, "stats.json": stats(10)})
    settle(team.replicas)
    for number in range(3):
        team.commit(number, {"stats.json": stats(11 + number)})
    assert visits(team) == (16, 0)


@pytest.mark.parametrize("folder", ["", "deep/"])
def test_equal_additions_are_two(folder: str) -> None:
    team = Team(3)
    name = f"{folder}stats.json"
    team.commit(0, {".pyvcs.toml": COUNTER, name: stats(10), f"{folder}other": b"1"})
    settle(team.replicas)
    for number in range(3):
        team.commit(number, {name: stats(11)})
    assert visits(team, name) == (13, 0)


def test_a_rule_that_one_side_brings_counts_at_once() -> None:
    team = Team(2)
    team.commit(0, {"stats.json": stats(10)})
    settle(team.replicas)
    team.commit(0, {".pyvcs.toml": COUNTER, "stats.json": stats(11)})
    team.commit(1, {"stats.json": stats(12)})
    assert visits(team) == (13, 0)


def test_rules_in_conflict_count_as_they_were() -> None:
    team = Team(2)
    team.commit(0, {".pyvcs.toml": COUNTER, "stats.json": stats(10)})
    settle(team.replicas)
    for number, word in enumerate((b"max", b"min")):
        rules = COUNTER.replace(b"counter", word)
        team.commit(number, {".pyvcs.toml": rules, "stats.json": stats(11 + number)})
    assert visits(team) == (13, 1)


def test_rules_that_cannot_be_read_count_as_none() -> None:
    team = Team(2)
    team.commit(0, {".pyvcs.toml": b"version = 9", "stats.json": stats(10)})
    settle(team.replicas)
    for number in range(2):
        team.commit(number, {"stats.json": stats(11 + number)})
    assert visits(team) == (12, 1)


def test_a_schema_in_the_tree_is_kept() -> None:
    team = Team(2)
    rules = b"version = 1\n[[file]]\npath = 'a.json'\nschema = 'schemas/a.json'\n"
    schema = json.dumps({"maxProperties": 2}).encode()
    start = {".pyvcs.toml": rules, "schemas/a.json": schema, "a.json": b'{"x": 1}'}
    team.commit(0, {**start})
    settle(team.replicas)
    team.commit(0, {"a.json": b'{"x": 1, "y": 1}'})
    team.commit(1, {"a.json": b'{"x": 1, "z": 1}'})
    settle(team.replicas)
    tip = team.replicas[0].tip()
    assert tip is not None
    [oid] = team.replicas[0].store.commit(tip).conflicts
    conflict = team.replicas[0].store.conflict(oid)
    assert (conflict.kind, conflict.pointer) == ("schema", "")
