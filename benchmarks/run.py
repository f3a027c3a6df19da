"""Run the workloads of this folder: all of them, or those that are named.

Usage: python benchmarks/run.py [--quick] [--json FILE] [NAME...]

A workload is a module beside this file with a `main()` that notes rows or prints a table. Each runs
in a process of its own, so that neither its memory nor its warm caches reach the next one. At the
end all rows stand in one table. A full run of all of them writes RESULTS.md beside this file.
Progress goes to standard error. `-` for FILE prints JSON instead of the table.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from report import LEGEND, table

START = "import importlib, sys; importlib.import_module(sys.argv[1]).main()"
PACKAGES = ("breezy", "dulwich", "merge3", "nbdime", "jsonpatch", "loro")
ALIASES = {
    "status": "everyday", "commit": "everyday", "help": "everyday",
    "log": "history", "fetch": "history", "merge": "trees", "clone": "trees",
}  # fmt: skip
"""Commands, and the workload that has them."""

WHEN_NAMED = {"corpus", "foreign_cases"}
"""Workloads that compare results on files that you bring: left out of a run of all."""


def has_main(source: str) -> bool:
    """Whether a module of this source defines `main` at its top level."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(source).body
    )


def find_workloads(folder: Path) -> dict[str, Path]:
    """The workloads of a folder by name, sorted."""
    return {
        path.stem: path
        for path in sorted(folder.glob("*.py"))
        if path.name != Path(__file__).name and has_main(path.read_text(encoding="utf-8"))
    }


def run_workload(name: str, path: Path) -> tuple[bool, str]:
    """Run one workload: whether it ended well, and what it printed."""
    print(f"== {name}", file=sys.stderr, flush=True)
    started = time.perf_counter()
    search = [str(path.parent), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-c", START, path.stem],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(search).rstrip(os.pathsep)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    printed = done.stdout
    seconds = time.perf_counter() - started
    ending = "took"
    if done.returncode:
        ending = f"FAILED (exit {done.returncode}) after"
        printed += f"{name} FAILED (exit {done.returncode})\n"
    print(f"-- {name} {ending} {seconds:.1f} s", file=sys.stderr, flush=True)
    return done.returncode == 0, printed


def first_line(*command: str) -> str:
    """What a program says first, or nothing when it is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return (done.stdout or done.stderr).partition("\n")[0].strip()


def versions(folder: Path) -> Iterator[str]:
    """The day, the machine and the programs of this run, a line each."""
    commit = first_line("git", "-C", str(folder), "rev-parse", "--short=12", "HEAD")
    yield f"{time.strftime('%Y-%m-%d')}, pyvcs at commit {commit or 'unknown'}"
    models = [line for line in read_cpuinfo() if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else platform.machine()
    yield f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, {model}"
    yield f"data in {first_line('stat', '-f', '-c', '%T', tempfile.gettempdir()) or 'a folder'}"
    yield f"Python {platform.python_version()}"
    for command in (["git", "--version"], ["hg", "--version", "-q"], ["fossil", "version"]):
        yield first_line(*command)
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            yield f"{package} {version(package)}"


def read_cpuinfo() -> list[str]:
    """What Linux says of the processor, elsewhere nothing."""
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def page(about: list[str], rows: str, printed: dict[str, str], minutes: float) -> str:
    """The results of a run as a page, with the plots."""
    plots = sorted((Path(__file__).resolve().parent / "plots").glob("*.svg"))
    parts = [
        "# Results",
        f"Written by `make bench`, in {minutes:.0f} minutes. " + LEGEND,
        "\n".join(f"- {line}" for line in about),
        f"```\n{rows}\n```",
        *(f"## {name}\n\n```\n{text.rstrip()}\n```" for name, text in printed.items()),
    ]
    if plots:
        pictures = [f"![{plot.stem}](plots/{plot.name})" for plot in plots]
        parts += ["## How it grows", *pictures]
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str], folder: Path) -> int:
    """Run the named workloads, or all: 0 done, 1 one failed, 2 a name that is not there."""
    parser = argparse.ArgumentParser(prog="run.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small data, few runs")
    parser.add_argument("--json", metavar="FILE", help="write the figures of each run there")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    workloads = find_workloads(folder)
    names: list[str] = [ALIASES.get(name, name) for name in options.names]
    unknown = [name for name in names if name not in workloads]
    if unknown:
        there = [*workloads, *(name for name, of in ALIASES.items() if of in workloads)]
        print(f"no workload {', '.join(unknown)}; there are: {', '.join(there) or 'none'}")
        return 2
    os.environ.update({"BENCH_QUICK": "1"} if options.quick else {})
    started = time.perf_counter()
    printed: dict[str, str] = {}
    failed = False
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
        os.environ["BENCH_ROWS"] = file.name
        for name in names or sorted(workloads.keys() - WHEN_NAMED):
            went_well, text = run_workload(name, workloads[name])
            failed |= not went_well
            if text:
                printed[name] = text
        records = [json.loads(line) for line in file]
    about = [line for line in versions(folder) if line]
    rows = table(records)
    document = json.dumps({"versions": about, "rows": records, "printed": printed}, indent=1)
    if options.json and options.json != "-":
        Path(options.json).write_text(document + "\n", encoding="utf-8")
    if options.json == "-":
        print(document)
    else:
        print("\n".join([*about, "", rows, ""]))
        for name, text in printed.items():
            print(f"== {name}\n{text}")
    if not names and not options.quick:
        minutes = (time.perf_counter() - started) / 60
        (folder / "RESULTS.md").write_text(page(about, rows, printed, minutes), encoding="utf-8")
    failed |= any(program["failure"] for record in records for program in record["programs"][:1])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
