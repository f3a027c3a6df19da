"""JSON Lines merged record by record."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import commit, files_in, new_repository

from pyvcs.merge.driver import merge_file
from pyvcs.merge.json_lines import merge_json_lines
from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import NotJson
from pyvcs.merge.markers import Labels
from pyvcs.merge.rules import FileRules, PlaceRule, PointerPattern
from pyvcs.resolving import resolve


def both_ways(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    merged = merge_json_lines(base=base, ours=ours, theirs=theirs)
    mirrored = merge_json_lines(base=base, ours=theirs, theirs=ours)
    assert merged.content == mirrored.content
    assert merged.is_clean
    return merged.content


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        pytest.param(
            b'{"at": 1}\n',
            b'{"at": 1}\n{"at": 3, "who":"ada"}\n',
            b'{"at": 1}\n{"at": 2}\n',
            b'{"at": 1}\n{"at": 2}\n{"at": 3, "who":"ada"}\n',
            id="both append",
        ),
        pytest.param(
            b'{"id": 1,  "v": 1}\n{"id": 2, "v": 1}\n',
            b'{"id": 1,  "v": 2}\n{"id": 2, "v": 1}\n',
            b'{"id": 1,  "v": 1, "w": 5}\n{"id": 3, "v": 0}\n',
            b'{"id": 1,  "v": 2, "w": 5}\n{"id": 3, "v": 0}\n',
            id="records with an identity merge inside",
        ),
        pytest.param(b"1\n2\n3\n", b"1\n3\n", b"1\n2\n3\n4\n", b"1\n3\n4\n", id="any values"),
        pytest.param(b"", b'{"a":1}\n', b'{"b":1}\n', b'{"a":1}\n{"b":1}\n', id="from nothing"),
        pytest.param(
            b"1\r\n", b"0\r\n1\r\n", b"1\r\n3\r\n", b"0\r\n1\r\n3\r\n", id="CRLF"
        ),
        pytest.param(b"1\n2", b"1\n2\n3", b"0\n1\n2", b"0\n1\n2\n3", id="no final newline"),
        pytest.param(b"1\n2", b"1\n2\n", b"0\n1\n2", b"0\n1\n2\n", id="a final newline comes"),
    ],
)  # fmt: skip
def test_merges(base: bytes, ours: bytes, theirs: bytes, merged: bytes) -> None:
    assert both_ways(base, ours, theirs) == merged


def log(*records: tuple[int, str]) -> bytes:
    """Records with an id and a time."""
    return b"".join(json.dumps({"time": time, "id": n}).encode() + b"\n" for n, time in records)


def test_what_both_add_goes_where_a_log_is_sorted_also_when_it_has_ids() -> None:
    old = [(n, f"0{n}:00") for n in range(1, 6)]
    base, ours, theirs = log(*old), log(*old, (9, "07:00")), log(*old, (10, "06:00"))
    assert both_ways(base, ours, theirs) == log(*old, (10, "06:00"), (9, "07:00"))


def test_what_both_add_is_kept_beside_a_record_that_one_edited() -> None:
    base = b'{"a": 1, "b": 1, "c": 1}\n'
    edited = b'{"a": 2, "b": 1, "c": 1}\n'
    merged = both_ways(base, edited + b'{"o": 1}\n', base + b'{"t": 1}\n')
    assert sorted(merged.splitlines()) == sorted([*edited.splitlines(), b'{"o": 1}', b'{"t": 1}'])


def test_a_record_that_both_changed_is_in_conflict_at_its_place() -> None:
    merged = merge_json_lines(
        base=b'{"id": 1}\n{"id": 2, "v": 1}\n',
        ours=b'{"id": 1}\n{"id": 2, "v": 2}\n',
        theirs=b'{"id": 1}\n{"id": 2, "v": 3}\n',
    )
    assert [conflict.pointer for conflict in merged.conflicts] == ["/1/v"]
    assert merged.content == b'{"id": 1}\n{"id": 2, "v": 3}\n'


@pytest.mark.parametrize("wrong", [b"1\n\n2\n", b"1\n{\n", b"1 2\n", b"\xff\n"])
def test_what_is_no_json_line_is_refused_and_merges_as_text(wrong: bytes) -> None:
    with pytest.raises(NotJson, match=r"^line \d"):
        merge_json_lines(base=b"1\n", ours=wrong, theirs=b"1\n2\n")
    merged = merge_file(
        b"log.jsonl", base=b"1\n", ours=wrong, theirs=b"0\n1\n", labels=Labels("b", "o", "t")
    )
    assert merged.kind_used == "text"
    assert "line" in merged.note


@given(st.integers(0, 10**9))
def test_logs_that_only_grow_lose_nothing_and_keep_every_line(seed: int) -> None:
    rng = Random(seed)

    def lines(most: int) -> list[str]:
        return [
            json.dumps({"n": rng.randrange(50)}) + " " * rng.randrange(3)
            for _ in range(rng.randrange(most))
        ]

    start, one, other = lines(6), lines(4), lines(4)
    texts = ["".join(f"{line}\n" for line in part) for part in (start, start + one, start + other)]
    base, ours, theirs = (text.encode() for text in texts)
    found = both_ways(base, ours, theirs).decode().splitlines()
    assert found[: len(start)] == start
    values = {line.strip() for line in found}
    assert values == {line.strip() for line in [*start, *one, *other]}


def test_a_conflict_in_a_repository_is_resolved_at_its_place(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"log.jsonl": '{"id": 1}\n{"id": 2,  "v": 1}\n'})
    repository.switch("topic", create=True)
    commit(repository, {"log.jsonl": '{"id": 1}\n{"id": 2,  "v": 2}\n'})
    repository.switch("main")
    commit(repository, {"log.jsonl": '{"id": 1}\n{"id": 2,  "v": 3}\n'})
    [conflict] = repository.merge("topic").conflicts
    assert conflict.pointer == "/1/v"
    resolve(repository, b"log.jsonl", pointer="/1/v", value=b"5")
    assert files_in(tmp_path)["log.jsonl"] == b'{"id": 1}\n{"id": 2,  "v": 5}\n'
    repository.commit("settled")
    assert repository.store.commit(repository.resolve()).conflicts == ()


def test_rules_say_afterwards_what_they_said_before() -> None:
    rules = FileRules(places=((PointerPattern.parse("/never"), PlaceRule(is_whole=True)),))
    log = merge_json_lines(base=b"1\n", ours=b"1\n2\n", theirs=b"1\n3\n", rules=rules)
    assert log.is_clean
    assert not merge_json(base=[1], ours=[1, 2], theirs=[1, 3], rules=rules).is_clean
