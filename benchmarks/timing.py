"""Timing whole processes in turn, A B A B: medians, spread and peak memory, as rows of a table."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from report import lines_of

QUICK = bool(os.environ.get("BENCH_QUICK"))
"""Whether this run only tries the workloads: small data and few runs."""

RUNS = 2 if QUICK else 7
LONG = 1 if QUICK else 3
"""Runs of a row that takes minutes."""

SHORT = 3 * RUNS
"""Of commands that take less than 0.1 s: some runs are a fifth slower than others."""

EVERY = 99
"""As many runs as a row has."""

SCRIPTS = os.path.dirname(sys.executable)
PYVCS = [shutil.which("pyvcs", path=SCRIPTS) or "pyvcs"]
"""The console script beside this Python, as people start it."""

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
    "PATH": os.pathsep.join([SCRIPTS, os.environ.get("PATH", os.defpath)]),
    "PYVCS_AUTHOR_NAME": "Ada",
    "PYVCS_AUTHOR_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    # Else git packs in the background after a first commit, beside whatever is measured next.
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "gc.auto",
    "GIT_CONFIG_VALUE_0": "0",
    "HGUSER": "Ada <ada@example.org>",
    "HGRCPATH": os.devnull,
    "FOSSIL_USER": "ada",
    "BRZ_EMAIL": "Ada <ada@example.org>",
}


@dataclass
class Times:
    """What one contestant took: milliseconds of wall and of CPU time a run, and the peak in MiB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0
    failure: str = ""


@dataclass(frozen=True)
class Contestant:
    """One program in a workload: what is done before each run, unmeasured, and the commands."""

    name: str
    folder: Path
    commands: Sequence[Sequence[str]]
    before: Callable[[], object] = lambda: None
    most: int = EVERY


@cache
def spawner() -> subprocess.Popen[str]:
    """The process that runs the commands: small, so that none of its memory counts as theirs."""
    script = Path(__file__).with_name("spawner.py")
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, script], env=ENVIRONMENT, stdin=pipe, stdout=pipe, text=True
    )


def run(command: Sequence[str], folder: Path) -> tuple[float, float, float]:
    """Run a command in a folder: wall and CPU time in ms, peak in MiB. It must end well."""
    program = shutil.which(command[0], path=ENVIRONMENT["PATH"]) or command[0]
    process = spawner()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([program, list(command), os.path.abspath(folder)]) + "\n")
    process.stdin.flush()
    status, wall, cpu, peak = json.loads(process.stdout.readline())
    if status:
        code = os.waitstatus_to_exitcode(status)
        raise RuntimeError(f"{Path(command[0]).name} {' '.join(command[1:3])} ended with {code}")
    return wall, cpu, peak


def in_turn(contestants: Sequence[Contestant], runs: int = RUNS) -> dict[str, Times]:
    """`runs` of all of them, A B A B; when there are many, after one that does not count.

    One that fails is left alone from then on, and keeps the reason.
    """
    found = {each.name: Times() for each in contestants}
    warm_up = 1 if runs > LONG else 0
    for number in range(-warm_up, runs):
        for each in contestants:
            times = found[each.name]
            if times.failure or number >= each.most:
                continue
            try:
                each.before()
                figures = [run(command, each.folder) for command in each.commands]
            except (OSError, RuntimeError, ValueError) as error:
                times.failure = str(error)
                continue
            if number >= 0:
                times.wall.append(sum(wall for wall, _, _ in figures))
                times.cpu.append(sum(cpu for _, cpu, _ in figures))
                times.peak = max([times.peak, *(peak for _, _, peak in figures)])
    return found


def row(
    workload: str,
    found: Mapping[str, Times],
    goal: float | None = None,
    *,
    unit: str = "ms",
    of: str = "ratio",
    beside: Sequence[str] = ("git",),
) -> None:
    """A row for each contestant, kept for the table and told on standard error.

    The ratio is to git, or to the quickest of those that it is set `beside`, or else of all
    others; smaller is better. The goal is one of the ratio, or `of` the "value" or "peak" of pyvcs
    itself.
    """
    medians = {name: median(each.wall) for name, each in found.items() if each.wall}
    others = {name: value for name, value in medians.items() if name != "pyvcs"}
    rivals = [name for name in beside if name in others] or list(others)
    baseline = min(rivals, key=others.__getitem__, default="")
    programs = [facts(name, each, medians.get(baseline)) for name, each in found.items()]
    note(
        {
            "workload": workload,
            "unit": unit,
            "goal": goal,
            "goal_of": of,
            "beside": baseline,
            "programs": programs,
        }
    )


def facts(name: str, times: Times, baseline: float | None) -> dict[str, Any]:
    """What one program did in a row."""
    if not times.wall:
        return {"name": name, "failure": times.failure or "not run"}
    middle = median(times.wall)
    return {
        "name": name,
        "failure": times.failure,
        "runs": times.wall,
        "median": middle,
        "cpu": median(times.cpu) if times.cpu else None,
        "peak": times.peak or None,
        "ratio": middle / baseline if baseline else None,
    }


def note(record: Mapping[str, Any]) -> None:
    """Keep a row for the table and `--json`, and show that it is there."""
    print(*lines_of(record), sep="\n", file=sys.stderr, flush=True)
    if path := os.environ.get("BENCH_ROWS"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
