"""The operation log when it is lost or damaged: it costs undo, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from people import commit, files_in, new_repository

from pyvcs.collecting import collect
from pyvcs.objects.errors import Corrupt, NotFound, Refused
from pyvcs.ref_store import LOG_KEY
from pyvcs.repository import Repository


def log_file(folder: Path) -> Path:
    """The log of the repository in a folder."""
    return folder / ".pyvcs" / LOG_KEY


def reopened(folder: Path) -> Repository:
    """The repository as the next command finds it."""
    return Repository.open(str(folder))


def test_a_log_that_was_lost_begins_anew(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    second = commit(repository, {"a": "2"})
    log_file(tmp_path).unlink()
    repository = reopened(tmp_path)
    assert list(repository.ref_store.operations()) == []
    with pytest.raises(Refused, match="no operation to undo"):
        repository.undo()
    with pytest.raises(NotFound, match="no operation 1"):
        repository.restore_operation(1)
    third = commit(repository, {"a": "3"})
    assert [each.number for each in repository.ref_store.operations()] == [1]
    repository.undo()
    assert repository.tip() == second
    repository.redo()
    assert repository.tip() == third
    repository.restore_operation(0)
    assert repository.tip() == second
    assert files_in(tmp_path) == {"a": b"2"}


def test_a_log_that_was_cut_is_told_and_nothing_moves(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    first = commit(repository, {"a": "1"})
    log_file(tmp_path).write_bytes(log_file(tmp_path).read_bytes()[:-1])
    repository = reopened(tmp_path)
    for act in (
        lambda: commit(repository, {"a": "2"}),
        repository.undo,
        lambda: list(repository.ref_store.operations()),
    ):
        with pytest.raises(Corrupt, match="`operations`") as caught:
            act()
        assert "remove it" in caught.value.hint
    assert repository.tip() == first


NOWHERE: dict[str, Any] = {"branch": 1, "commit": None, "resolved": []}
WRONG: list[Any] = [
    *({"operation": "1"}, {"operation": 2}, {"time": None}, {"before": []}),
    *({"after": {"head": {"branch": "main"}}}, {"after": {"head": NOWHERE}}),
    *({"before": {"branches": []}}, {"after": {"tags": {"x": 1}}}, {"after": {"tips": {"x": {}}}}),
    *({"before": {"files": {"a": file}}} for file in ("x", {"oid": "x", "mode": "file"})),
]


@pytest.mark.parametrize("wrong", [*WRONG, b"[" * 100_000, b"\xff", b"[]"])
def test_a_line_that_is_damaged_is_told(tmp_path: Path, wrong: dict[str, Any] | bytes) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    content = log_file(tmp_path).read_bytes()
    line = (
        wrong if isinstance(wrong, bytes) else json.dumps({**json.loads(content), **wrong}).encode()
    )
    log_file(tmp_path).write_bytes(line + b" " * (len(content) - len(line) - 1) + b"\n")
    refs = tmp_path / ".pyvcs" / "refs"
    document = json.loads(refs.read_bytes()) | {"log_bytes": log_file(tmp_path).stat().st_size}
    refs.write_text(json.dumps(document))
    repository = reopened(tmp_path)
    for act in (
        repository.undo,
        lambda: repository.restore_operation(0),
        lambda: collect(repository, prune=True),
    ):
        with pytest.raises(Corrupt, match="operations") as caught:
            act()
        assert "remove it" in caught.value.hint
