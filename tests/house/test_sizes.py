"""Files and functions stay small: the walls are numbers, and this is where they stand.

A function's docstring does not count: an algorithm is asked to explain itself at length.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from house import ROOMS, ROOT, plant


@dataclass(frozen=True, slots=True)
class Walls:
    """The most lines of a file and of a function."""

    file: int
    function: int


PRODUCT = Walls(file=400, function=60)
TESTS = Walls(file=600, function=120)
FOLDERS = {**dict.fromkeys(ROOMS, PRODUCT), "tests": TESTS, "benchmarks": TESTS}


def oversized(root: Path) -> list[str]:
    """Every file and function that is longer than its wall."""
    return [
        finding
        for folder, walls in FOLDERS.items()
        for path in sorted((root / folder).rglob("*.py"))
        for finding in too_long(path.relative_to(root), path.read_text(encoding="utf-8"), walls)
    ]


def too_long(path: Path, source: str, walls: Walls) -> Iterator[str]:
    """What is too long in one file."""
    lines = len(source.splitlines())
    if lines > walls.file:
        yield f"{path.as_posix()}: {lines} lines, more than {walls.file}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = function_lines(node)
            if length > walls.function:
                where = f"{path.as_posix()}:{node.lineno}"
                yield f"{where}: {node.name} has {length} lines, more than {walls.function}"


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From the `def` to the last line, without the docstring."""
    first = node.body[0]
    explained = isinstance(first, ast.Expr) and ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if explained else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def function_of(lines: int, docstring: int = 0) -> str:
    """The source of a function with so many lines, and a docstring of so many more."""
    doc = ['    """Doc.', *["    more"] * (docstring - 2), '    """'] if docstring else []
    return "\n".join(["def f() -> None:", *doc, *["    x = 1"] * (lines - 1), ""])


def test_no_file_or_function_is_over_its_wall() -> None:
    assert oversized(ROOT) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("vcs/a.py", "x = 1\n" * 400),
        ("cli/commands/a.py", function_of(60)),
        ("merge/a.py", function_of(60, docstring=30)),
        ("tests/house/test_a.py", "x = 1\n" * 600),
        ("tests/house/test_a.py", function_of(120)),
        ("benchmarks/a.py", function_of(120)),
    ],
)
def test_what_reaches_the_wall_may_stay(path: str, source: str, tmp_path: Path) -> None:
    assert oversized(plant(tmp_path, {path: source})) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("vcs/a.py", "x = 1\n" * 401),
        ("cli/commands/a.py", function_of(61)),
        ("merge/a.py", function_of(61, docstring=30)),
        ("merge/a.py", f"class A:\n    {function_of(61).replace(chr(10), chr(10) + '    ')}"),
        ("merge/a.py", f"async {function_of(61)}"),
        ("tests/house/test_a.py", "x = 1\n" * 601),
        ("tests/house/test_a.py", function_of(121)),
        ("benchmarks/a.py", function_of(121)),
    ],
)
def test_what_is_over_the_wall_is_caught(path: str, source: str, tmp_path: Path) -> None:
    findings = oversized(plant(tmp_path, {path: source}))
    assert len(findings) == 1
    assert findings[0].startswith(path)
