"""Timing whole processes in turn, A B A B: medians, spread and peak memory, as a table."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

QUICK = bool(os.environ.get("BENCH_QUICK"))
"""Whether this run only tries the workloads: small data and few runs."""

RUNS = 3 if QUICK else 7
PYVCS = [shutil.which("pyvcs", path=os.path.dirname(sys.executable)) or "pyvcs"]
"""The console script beside this Python, as people start it."""

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
    "PYVCS_AUTHOR_NAME": "Ada",
    "PYVCS_AUTHOR_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "HGUSER": "Ada <ada@example.org>",
    "HGRCPATH": os.devnull,
}


@dataclass
class Times:
    """What one contestant took: milliseconds of wall and of CPU time a run, and the peak in MiB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0


@dataclass(frozen=True)
class Contestant:
    """One program in a workload: what is done before each run, unmeasured, and the commands."""

    name: str
    folder: Path
    commands: Sequence[Sequence[str]]
    before: Callable[[], object] = lambda: None


def run(command: Sequence[str], folder: Path) -> tuple[float, float, float]:
    """Run a command in a folder: wall and CPU time in ms, peak in MiB. It must end well."""
    started = perf_counter()
    child = os.fork()
    if child == 0:
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 0)
            os.dup2(nothing, 1)
            os.chdir(folder)
            os.execvpe(command[0], list(command), ENVIRONMENT)
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    wall = 1000 * (perf_counter() - started)
    if status:
        raise RuntimeError(f"{' '.join(command)} in {folder} ended with {status}")
    return wall, 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024


def in_turn(contestants: Sequence[Contestant], runs: int = RUNS) -> dict[str, Times]:
    """`runs` of all of them, A B A B, after one of each that does not count."""
    found = {each.name: Times() for each in contestants}
    for number in range(runs + 1):
        for each in contestants:
            each.before()
            figures = [run(command, each.folder) for command in each.commands]
            if number or runs == 1:
                times = found[each.name]
                times.wall.append(sum(wall for wall, _, _ in figures))
                times.cpu.append(sum(cpu for _, cpu, _ in figures))
                times.peak = max([times.peak, *(peak for _, _, peak in figures)])
    return found


def heading() -> None:
    """The head of the table that `row` goes on with."""
    print(
        f"{'':38} {'':>12} {'wall ms':>9} {'spread':>13} {'cpu ms':>8} {'MiB':>6}"
        f" {'wall/git':>8} {'cpu/git':>8}"
    )


def row(workload: str, found: Mapping[str, Times], goal: float | None = None) -> None:
    """A line for each contestant; the ratio is to git, so smaller is better."""
    git = found.get("git")
    for number, (name, times) in enumerate(found.items()):
        wall, cpu = median(times.wall), median(times.cpu)
        ratios = (wall / median(git.wall), cpu / median(git.cpu)) if git else (0.0, 0.0)
        label = workload if number == 0 else ""
        aim = f"  goal {goal:g}" if goal is not None and number == 0 else ""
        spread = f"{min(times.wall):.0f}-{max(times.wall):.0f}"
        print(
            f"{label:38} {name:>12} {wall:9.1f} {spread:>13} {cpu:8.1f} {times.peak:6.0f}"
            f" {ratios[0]:8.2f} {ratios[1]:8.2f}{aim}",
            flush=True,
        )
    note(workload=workload, goal=goal, times={name: asdict(each) for name, each in found.items()})


def note(**facts: object) -> None:
    """Keep the facts of a row for `--json`."""
    if path := os.environ.get("BENCH_ROWS"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")
