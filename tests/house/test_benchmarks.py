"""The benchmark runner finds, runs and names workloads; the workloads that are there compile."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORKLOAD = '"""A workload."""\n\n\ndef main() -> None:\n    print("table of NAME")\n'


def bench(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the runner that stands in `folder`."""
    for name in ("run.py", "report.py"):
        copy = (ROOT / "benchmarks" / name).read_text(encoding="utf-8")
        (folder / name).write_text(copy, encoding="utf-8")
    runner = folder / "run.py"
    return subprocess.run(
        [sys.executable, str(runner), *names], capture_output=True, text=True, check=False
    )


def plant(folder: Path, *names: str) -> None:
    for name in names:
        (folder / f"{name}.py").write_text(WORKLOAD.replace("NAME", name), encoding="utf-8")


def test_runs_every_workload_in_order(tmp_path: Path) -> None:
    plant(tmp_path, "second", "first")
    (tmp_path / "shared.py").write_text("ROWS = 3\n", encoding="utf-8")
    done = bench(tmp_path)
    assert done.returncode == 0, done.stderr
    tables = [line for line in done.stdout.splitlines() if line.startswith("table")]
    assert tables == ["table of first", "table of second"]


def test_runs_only_the_workload_that_is_named(tmp_path: Path) -> None:
    plant(tmp_path, "first", "second")
    done = bench(tmp_path, "second")
    assert done.returncode == 0, done.stderr
    assert "table of second" in done.stdout
    assert "table of first" not in done.stdout


def test_names_the_workloads_when_one_is_not_there(tmp_path: Path) -> None:
    plant(tmp_path, "first")
    done = bench(tmp_path, "third")
    assert done.returncode == 2
    assert "no workload third; there are: first" in done.stdout


def test_a_failing_workload_fails_the_run_but_not_the_next(tmp_path: Path) -> None:
    plant(tmp_path, "second")
    (tmp_path / "first.py").write_text("def main():\n    raise SystemExit(5)\n", encoding="utf-8")
    done = bench(tmp_path)
    assert done.returncode == 1
    assert "FAILED (exit 5)" in done.stdout
    assert "table of second" in done.stdout


def test_every_module_of_the_folder_compiles_and_says_what_it_is() -> None:
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
        assert isinstance(code.co_consts[0], str), f"{path.name} has no docstring"


def test_rows_of_a_workload_stand_in_the_table_and_in_json(tmp_path: Path) -> None:
    for name in ("timing.py", "spawner.py"):
        content = (ROOT / "benchmarks" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(content, encoding="utf-8")
    source = (
        '"""Two programs, one of which fails."""\n'
        "import pathlib, sys\n"
        "from timing import Contestant, in_turn, row\n"
        "def main():\n"
        "    here = pathlib.Path()\n"
        "    good = Contestant('git', here, [[sys.executable, '-c', 'pass']])\n"
        "    bad = Contestant('hg', here, [[sys.executable, '-c', 'raise SystemExit(3)']])\n"
        "    row('nothing', in_turn([good, bad], 2), 1.5)\n"
    )
    (tmp_path / "first.py").write_text(source, encoding="utf-8")
    rows = tmp_path / "rows.json"
    done = bench(tmp_path, "--json", str(rows), "first")
    assert done.returncode == 0, done.stderr
    assert "ended with 3" in done.stdout
    (record,) = json.loads(rows.read_text(encoding="utf-8"))["rows"]
    git, hg = record["programs"]
    assert len(git["runs"]) == 2
    assert git["ratio"] == 1
    assert "runs" not in hg
    assert not (tmp_path / "RESULTS.md").exists()
