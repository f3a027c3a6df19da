"""Run the workloads of this folder: all of them, or those that are named.

Usage: python benchmarks/run.py [NAME...]

A workload is a module beside this file with a `main()` that prints a table. Each runs in a
process of its own, so that neither its memory nor its warm caches reach the next one.
"""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
import time
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


def run_workload(name: str, path: Path) -> bool:
    """Run one workload; whether it ended well. What it prints goes through."""
    print(f"== {name}", flush=True)
    started = time.perf_counter()
    search = os.pathsep.join([str(path.parent), os.environ.get("PYTHONPATH", "")]).rstrip(
        os.pathsep
    )
    done = subprocess.run(
        [sys.executable, "-c", START, str(path)],
        env={**os.environ, "PYTHONPATH": search},
        check=False,
    )
    seconds = time.perf_counter() - started
    ending = "took" if done.returncode == 0 else f"FAILED (exit {done.returncode}) after"
    print(f"-- {name} {ending} {seconds:.1f} s\n", flush=True)
    return done.returncode == 0


def main(names: list[str], folder: Path) -> int:
    """Run the named workloads, or all: 0 done, 1 one failed, 2 a name that is not there."""
    workloads = find_workloads(folder)
    unknown = [name for name in names if name not in workloads]
    if unknown:
        print(f"no workload {', '.join(unknown)}; there are: {', '.join(workloads) or 'none'}")
        return 2
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n")
    failed = [name for name in names or workloads if not run_workload(name, workloads[name])]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
