"""The mergers of JSON that `merge_json.py` compares, and the clock; runs where they are installed.

Not a workload of its own: the folder with the node packages is the last argument.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from importlib import import_module
from time import perf_counter
from typing import Any

from timing import QUICK, Times, row

from pyvcs.merge import merge_json

SIZES = {"1 KB": (8, 41)}
if not QUICK:
    SIZES |= {"100 KB": (850, 9), "10 MB": (85_000, 3)}
"""Records of a document, and how often each merger takes its turn."""

SLOW = {"nbdime": "10 MB"}
"""Where one turn takes most of an hour, for time grows with the square of the size: left out."""

SEED = 1
Merger = Callable[[], float]
Edit = tuple[str, int, Any]

NODE = """
(async () => {
  const peer = await import('jsondiffpatch');
  const lines = require('readline').createInterface({input: process.stdin});
  const objectHash = (item) => item.id;
  const it = peer.create({objectHash, textDiff: {minLength: 1e9}});
  let base, ours, theirs;
  for await (const line of lines) {
    if (line !== '') { [base, ours, theirs] = JSON.parse(line); console.log('ready'); continue; }
    const copy = structuredClone(ours);
    const start = performance.now();
    it.patch(copy, it.diff(base, theirs));
    console.log((performance.now() - start) / 1000);
  }
})();
"""


def record(number: int, rng: random.Random) -> dict[str, Any]:
    """A record of about 120 bytes."""
    return {
        "id": f"r{number}",
        "name": f"record {number}",
        "size": rng.randrange(10**6),
        "tags": ["a", f"t{rng.randrange(99)}"],
        "place": {"x": rng.random(), "y": rng.random()},
    }


def edits(count: int, rng: random.Random) -> tuple[list[Edit], list[Edit]]:
    """Edits of both sides: new sizes of other records, one added, one deleted."""
    chosen = rng.sample(range(1, count - 1), max(2, 2 * (count // 100)))
    ours, theirs = chosen[::2], chosen[1::2]
    return (
        [*(("size", n, -n) for n in ours), ("add", count, record(count, rng))],
        [*(("size", n, -n) for n in theirs), ("delete", 0, None)],
    )


def edited(document: list[Any], side: list[Edit]) -> list[Any]:
    """A document after the edits of a side."""
    result = deepcopy(document)
    for act, n, value in side:
        if act == "size":
            result[n]["size"] = value
        elif act == "add":
            result.append(value)
        else:
            del result[n]
    return result


def timed(act: Callable[[], Any], expected: Any) -> float:
    """The time of a merge, which gives what is expected."""
    start = perf_counter()
    result = act()
    taken = perf_counter() - start
    assert result == expected, "the merge gave something else"
    return taken


def with_nbdime(base: Any, ours: Any, theirs: Any) -> Callable[[], Any]:
    """nbdime's merge of any JSON."""
    decisions = import_module("nbdime.merging.decisions")
    generic = import_module("nbdime.merging.generic")

    def merge() -> Any:
        return decisions.apply_decisions(base, generic.decide_merge(base, ours, theirs))

    return merge


def with_jsonpatch(base: Any, ours: Any, theirs: Any) -> Callable[[], Any]:
    """The patch from base to theirs, done to ours."""
    jsonpatch = import_module("jsonpatch")
    return lambda: jsonpatch.make_patch(base, theirs).apply(ours)


def with_loro(base: Any, ours: list[Edit], theirs: list[Edit]) -> Callable[[], Any]:
    """Load, edit, export; merge, and give the value."""
    loro = import_module("loro")

    def put(container: Any, key: Any, value: Any) -> None:
        if isinstance(value, dict):
            inner = container.insert_container(key, loro.LoroMap())
            for name, item in value.items():
                put(inner, name, item)
        elif isinstance(value, list):
            inner = container.insert_container(key, loro.LoroMovableList())
            for n, item in enumerate(value):
                put(inner, n, item)
        else:
            container.insert(key, value)

    first = loro.LoroDoc()
    items = first.get_movable_list("items")
    for n, item in enumerate(base):
        put(items, n, item)
    first.commit()
    stored = first.export(loro.ExportMode.Snapshot())

    def load_and_edit(side: list[Edit]) -> Any:
        document = loro.LoroDoc()
        document.import_(stored)
        records = document.get_movable_list("items")
        for act, n, value in side:
            if act == "size":
                records.get(n).container.insert("size", value)
            elif act == "add":
                put(records, n, value)
            else:
                records.delete(n, 1)
        document.commit()
        return document

    def merge() -> Any:
        mine, other = load_and_edit(ours), load_and_edit(theirs)
        mine.import_(other.export(loro.ExportMode.Updates(mine.oplog_vv)))
        return mine.get_deep_value()["items"]

    return merge


class Node:
    """jsondiffpatch in a process that stays, so that its start does not count."""

    def __init__(self, folder: str) -> None:
        self.process = subprocess.Popen(
            ["node", "-e", NODE],
            cwd=folder, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, line: str) -> str:
        """One line there, one back."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def merger(self, *sides: Any) -> Merger:
        """Gives the sides over; the merger is told the time by the process."""
        if self.ask(json.dumps(sides)) != "ready":
            raise OSError("node does not answer")
        return lambda: float(self.ask(""))


def mergers(records: int, folder: str) -> dict[str, Merger]:
    """Who takes turns on documents of a size."""
    rng = random.Random(SEED)
    base = [record(n, rng) for n in range(records)]
    our_edits, their_edits = edits(records, rng)
    ours, theirs = edited(base, our_edits), edited(base, their_edits)
    expected = edited(ours, their_edits)
    acts: dict[str, Callable[[], Callable[[], Any]]] = {
        "pyvcs": lambda: lambda: merge_json(base=base, ours=ours, theirs=theirs).value,
        "nbdime": lambda: with_nbdime(base, ours, theirs),
        "jsonpatch": lambda: with_jsonpatch(base, ours, theirs),
        "loro": lambda: with_loro(base, our_edits, their_edits),
    }
    found: dict[str, Merger] = {}
    for name, make in acts.items():
        try:
            act = make()
        except ImportError:
            continue
        found[name] = partial(timed, act, expected)
    with contextlib.suppress(OSError):
        found["jsondiffpatch"] = Node(folder).merger(base, ours, theirs)
    return found


def main_table(folder: str) -> None:
    """Measures every merger at every size; the ratio is to the quickest of those of Python."""
    for size, (records, turns) in SIZES.items():
        found = mergers(records, folder)
        times = {name: Times() for name in found}
        for name in [name for name in found if SLOW.get(name) == size]:
            times[name].failure = "left out, one turn would take most of an hour"
        for _ in range(turns):
            for name, merge in found.items():
                if times[name].failure:
                    continue
                try:
                    times[name].wall.append(1000 * merge())
                except Exception as error:  # noqa: BLE001 - a peer may fail as it likes
                    times[name].failure = f"{type(error).__name__}: {error}"
        row(f"JSON merge, {size}, parsed", times, 1.0, beside=("nbdime", "jsonpatch", "loro"))


if __name__ == "__main__":
    main_table(sys.argv[-1])
