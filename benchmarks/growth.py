"""How the cost of everyday commands grows: 1, 10 and 100 times as much, with plots beside it.

Status and commit of one file over the number of files; log -n 10, status and commit over the
length of history, which should not matter. Milliseconds of wall time, medians; the plots go to
`benchmarks/plots/`, in a full run only.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from math import log10
from pathlib import Path
from statistics import median

from histories import Edits, TwoHistories
from programs import ALL, edit_one, make_files
from timing import LONG, PYVCS, QUICK, RUNS, Contestant, in_turn, row, run

SIZES = (600, 1_000, 2_000) if QUICK else (1_000, 10_000, 100_000)
LENGTHS = (10, 100, 200) if QUICK else (200, 2_000, 20_000)
PLOTS = Path(__file__).resolve().parent / "plots"
COLOURS = {"pyvcs": "#1a6fb0", "git": "#c04a2b"}
Points = dict[str, list[tuple[int, float]]]


def measure(found: dict[str, Points], what: str, at: int, pair: Sequence[Contestant]) -> None:
    """One workload at one size, into the table and among the points of its plot."""
    times = in_turn(pair, LONG if at > 50_000 else RUNS)
    row(f"{what}, {at:,}", times)
    for name, each in times.items():
        if not each.wall:
            continue
        found.setdefault(what, {}).setdefault(name, []).append((at, median(each.wall)))


def over_files(found: dict[str, Points], root: Path) -> None:
    """Commands on more and more files."""
    for files in SIZES:
        pairs: dict[str, list[Contestant]] = {}
        made = root / f"files {files}"
        make_files(made, files)
        for name in COLOURS:
            folder, program = root / f"{name} {files}", ALL[name]
            subprocess.run(["cp", "-a", str(made), str(folder)], check=True)
            run(program.init, folder)
            for command in program.first:
                run(command, folder)
            pairs.setdefault("status by files", []).append(
                Contestant(name, folder, [program.status])
            )
            pairs.setdefault("commit of one by files", []).append(
                Contestant(name, folder, program.again, partial(edit_one, folder))
            )
        for what, pair in pairs.items():
            measure(found, what, files, pair)
        shutil.rmtree(made)


def over_history(found: dict[str, Points], root: Path) -> None:
    """Commands on a longer and longer history of 200 files."""
    for length in LENGTHS:
        top = root / f"history {length}"
        top.mkdir()
        histories = TwoHistories(top, Edits(200))
        histories.grow(length)
        ours, git = top / "ours", top / "theirs"
        run([*PYVCS, "clone", "pyvcs", "ours"], top)
        run(["git", "clone", "-q", str(histories.git), "theirs"], top)
        for what, words in (("status", ["status"]), ("log -n 10", ["log", "-n", "10"])):
            pair = [
                Contestant("pyvcs", ours, [[*PYVCS, *words]]),
                Contestant("git", git, [["git", "--no-pager", *words]]),
            ]
            measure(found, f"{what} by length of history", length, pair)
        pair = [
            Contestant("pyvcs", ours, ALL["pyvcs"].again, partial(edit, ours)),
            Contestant("git", git, ALL["git"].again, partial(edit, git)),
        ]
        measure(found, "commit by length of history", length, pair)


def edit(folder: Path) -> None:
    """Change one file of a history."""
    with (folder / "d0005" / "f000050.txt").open("a", encoding="utf-8") as file:
        file.write("one more line\n")


def plot(what: str, points: Points) -> str:
    """An SVG with a line for each program, both axes logarithmic."""
    everything = [point for line in points.values() for point in line]
    low_x, high_x = (log10(pick(x for x, _ in everything)) for pick in (min, max))
    low_y, high_y = (log10(pick(y for _, y in everything)) for pick in (min, max))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (log10(x) - low_x) / max(high_x - low_x, 0.1)
        up = (log10(y) - low_y) / max(high_y - low_y, 0.1)
        return 60 + 380 * across, 220 - 170 * up

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="520" height="270" font-family="sans-serif"',
        f' font-size="12"><rect width="520" height="270" fill="#fff"/><text x="20" y="20">{what}',
        ": ms of wall time</text>",
    ]
    for name, line in points.items():
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in (place(*point) for point in line))
        colour = COLOURS[name]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in line:
            at_x, at_y = place(x, y)
            parts.append(
                f'<circle cx="{at_x:.0f}" cy="{at_y:.0f}" r="3" fill="{colour}"/>'
                f'<text x="{at_x - 12:.0f}" y="{at_y - 8:.0f}" fill="{colour}">{y:.0f}</text>'
                f'<text x="{at_x - 16:.0f}" y="250">{x:,}</text>'
            )
        at_x, at_y = place(*line[-1])
        parts.append(f'<text x="{at_x + 8:.0f}" y="{at_y + 4:.0f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Measure, and draw the plots."""
    found: dict[str, Points] = {}
    with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
        over_files(found, Path(name))
        over_history(found, Path(name))
    if QUICK:
        return
    PLOTS.mkdir(exist_ok=True)
    for what, points in found.items():
        (PLOTS / f"{what.replace(' ', '-')}.svg").write_text(plot(what, points), encoding="utf-8")


if __name__ == "__main__":
    main()
