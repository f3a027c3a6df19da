"""Run the workloads of this folder: all of them, or those that are named.

Usage: python benchmarks/run.py [--quick] [--json FILE] [NAME...]

A workload is a module beside this file with a `main()` that prints a table. Each runs in a
process of its own, so that neither its memory nor its warm caches reach the next one. A full run
of all of them writes RESULTS.md beside this file.
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
from collections.abc import Iterable
from pathlib import Path

START = "import runpy, sys; runpy.run_path(sys.argv[1])['main']()"


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


def run_workload(name: str, path: Path, tables: dict[str, str]) -> bool:
    """Run one workload; whether it ended well. What it prints goes through, and into `tables`."""
    print(f"== {name}", flush=True)
    started = time.perf_counter()
    search = os.pathsep.join([str(path.parent), os.environ.get("PYTHONPATH", "")]).rstrip(
        os.pathsep
    )
    lines = []
    with subprocess.Popen(
        [sys.executable, "-c", START, str(path)],
        env={**os.environ, "PYTHONPATH": search},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    tables[name] = "".join(lines)
    seconds = time.perf_counter() - started
    code = process.returncode
    ending = "took" if code == 0 else f"FAILED (exit {code}) after"
    print(f"-- {name} {ending} {seconds:.1f} s\n", flush=True)
    return code == 0


def versions() -> Iterable[str]:
    """The machine and the programs of this run, a line each."""
    yield f"{platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} cores"
    yield f"Python {platform.python_version()}"
    for command in (["git", "--version"], ["hg", "--version", "-q"], ["fossil", "version"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        yield done.stdout.splitlines()[0]


def write_results(path: Path, tables: dict[str, str]) -> None:
    """The tables of a run as a page."""
    parts = [
        "# Results",
        "Written by `make bench`; what each table counts stands at the head of its workload.",
        "\n".join(f"- {line}" for line in [time.strftime("%Y-%m-%d"), *versions()]),
        *(f"## {name}\n\n```\n{table.rstrip()}\n```" for name, table in tables.items()),
    ]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def main(arguments: list[str], folder: Path) -> int:
    """Run the named workloads, or all: 0 done, 1 one failed, 2 a name that is not there."""
    parser = argparse.ArgumentParser(prog="run.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small data, few runs")
    parser.add_argument("--json", metavar="FILE", help="write the figures of each run there")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    names: list[str] = options.names
    workloads = find_workloads(folder)
    unknown = [name for name in names if name not in workloads]
    if unknown:
        print(f"no workload {', '.join(unknown)}; there are: {', '.join(workloads) or 'none'}")
        return 2
    print("\n".join(versions()), "\n")
    tables: dict[str, str] = {}
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as rows:
        os.environ["BENCH_ROWS"] = rows.name
        if options.quick:
            os.environ["BENCH_QUICK"] = "1"
        chosen = names or list(workloads)
        failed = [name for name in chosen if not run_workload(name, workloads[name], tables)]
        if options.json:
            found = [json.loads(line) for line in rows]
            document = {"versions": list(versions()), "rows": found}
            Path(options.json).write_text(json.dumps(document, indent=1), encoding="utf-8")
    if not names and not options.quick:
        write_results(folder / "RESULTS.md", tables)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
