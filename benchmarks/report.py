"""The rows of a run as one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]

LEGEND = (
    "Medians of `runs` runs of whole processes in turn, unless the workload says otherwise, with"
    " the quickest and the slowest; CPU time, the peak memory of the largest process, and the ratio"
    " of the medians to git's or, where git has no part, to the quickest other. The goal is"
    " for pyvcs, of the ratio or of what it says."
)

HEAD = (
    f"{'workload':45} {'program':13} {'runs':>4} {'median':>12} {'spread':>15} {'cpu ms':>9}"
    f" {'MiB':>6} {'ratio':>6}  goal"
)


def table(records: Iterable[Record]) -> str:
    """All rows under one head."""
    lines = [HEAD, "-" * len(HEAD)]
    for record in records:
        lines.extend(lines_of(record))
    return "\n".join(lines)


def lines_of(record: Record) -> Iterator[str]:
    """A line for each program; the goal stands beside the first, which is ours."""
    label = record["workload"]
    for program in record["programs"]:
        if program.get("runs"):
            aim = goal(record, program) if program["name"] == "pyvcs" else ""
            yield f"{label:45} {figures(program, record['unit'])}  {aim}".rstrip()
        if program["failure"]:
            yield f"{label:45} {program['name']:13} FAILED: {program['failure']}"
        label = ""


def figures(program: Record, unit: str) -> str:
    """The columns of one program."""
    runs = program["runs"]
    low, high = min(runs), max(runs)
    spread = f"{low:.4g}-{high:.4g}" if len(runs) > 1 else ""
    cpu = f"{program['cpu']:.1f}" if program["cpu"] is not None else ""
    peak = f"{program['peak']:.0f}" if program["peak"] else ""
    ratio = f"{program['ratio']:.2f}" if program["ratio"] is not None else ""
    value = f"{program['median']:.{1 if program['median'] >= 10 else 3}f} {unit:3}"
    return (
        f"{program['name']:13} {len(runs):>4} {value:>12} {spread:>15}"
        f" {cpu:>9} {peak:>6} {ratio:>6}"
    )


def goal(record: Record, program: Record) -> str:
    """What the row should reach, and whether it does."""
    aim = record["goal"]
    if aim is None:
        return ""
    what = {"ratio": "ratio", "value": "median", "peak": "peak"}[record["goal_of"]]
    found = program[what]
    if found is None:
        return f"<= {aim:g}: nothing to compare with"
    unit = {"ratio": f" of {record['beside']}", "value": f" {record['unit']}", "peak": " MiB"}
    return f"<= {aim:g}{unit[record['goal_of']]}: {'met' if found <= aim else 'MISSED'}"
