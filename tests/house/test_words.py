"""Names say what a file is about, nothing is left for later, only one file prints, and no test asks
how long something took."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import ROOMS, ROOT, load_product, plant

Rule = Callable[[Path], list[str]]

VAGUE = {"util", "utils", "helper", "helpers", "common", "core", "misc", "shared", "stuff", "lib"}
"""Names under which anything could be filed, and therefore everything will be."""

LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
"""Put together from pieces, so that this file does not find itself."""

TIMED = re.compile(r"\b(?:process|thread)_" r"time(?:_ns)?\b|\bperf_" r"counter(?:_ns)?\b")
"""Clocks that tell how long something took; `monotonic` is for those who wait, and give up."""

SILENCED = re.compile(r"#\s*(?:pragma:\s*no\s+cover|type:\s*ignore(?!\[)|noqa(?!:))", re.IGNORECASE)

PRINTER = "cli/output.py"
FOLDERS = (*ROOMS, "tests", "benchmarks")
TEXTS = ("*.py", "*.md", "*.toml", "*.html", "*.css", "*.js")


def vague_names(root: Path) -> list[str]:
    """Files and folders of code that are named for nothing."""
    return [
        f"{path.relative_to(root).as_posix()}: say what it is about"
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.stem.lower().strip("_") in VAGUE
        and (path.suffix == ".py" or any(path.glob("**/*.py")))
    ]


def left_for_later(root: Path) -> list[str]:
    """Marks of unfinished work in code and documents."""
    top = (path for path in (root / "Makefile", *root.glob("*.md"), *root.glob("*.toml")))
    below = (
        path
        for folder in (*FOLDERS, "docs")
        for pattern in TEXTS
        for path in (root / folder).rglob(pattern)
    )
    return [
        f"{path.relative_to(root).as_posix()}:{number}: do it, or file an issue"
        for path in sorted({*top, *below})
        if path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LATER.search(line)
    ]


def silenced_checks(root: Path) -> list[str]:
    """Comments that switch a checker off without saying which complaint."""
    return [
        f"{path.relative_to(root).as_posix()}:{number}: name the complaint that is meant"
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*.py"))
        for number, comment in comments(path.read_text(encoding="utf-8"))
        if SILENCED.search(comment)
    ]


def comments(source: str) -> Iterator[tuple[int, str]]:
    """The comments of a module with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def stray_prints(root: Path) -> list[str]:
    """Talk to the terminal outside the one file for it."""
    return [
        f"{module.path}:{node.lineno}: {ast.unparse(node)}; return a value, {PRINTER} prints"
        for module in load_product(root).values()
        if module.path != PRINTER
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in {"click.echo", "click.secho"})
        or (
            isinstance(node, ast.Attribute)
            and not module.path.startswith("cli/")
            and ast.unparse(node) in {"sys.stdout", "sys.stderr", "sys.stdin"}
        )
    ]


def timed_tests(root: Path) -> list[str]:
    """Tests that a busy machine could fail."""
    return [
        f"{path.relative_to(root).as_posix()}:{number}: count the work, see counted_work.py"
        for path in sorted((root / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if TIMED.search(line)
    ]


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (vague_names, left_for_later, silenced_checks, stray_prints, timed_tests)
}

LATER_WORD = "TO" + "DO"

VIOLATIONS = {
    "vague_names": [
        ("vcs/utils.py", ""),
        ("merge/helpers/__init__.py", ""),
        ("merge/_common.py", ""),
        ("tests/support/helper.py", ""),
    ],
    "left_for_later": [
        ("vcs/a.py", f"# {LATER_WORD}: finish\n"),
        ("docs/deep/a.md", f"Then ({LATER_WORD})\n"),
        ("README.md", f"{LATER_WORD}\n"),
        ("cli/static/a.js", f"// {LATER_WORD}\n"),
        ("Makefile", f"# {LATER_WORD}\n"),
    ],
    "silenced_checks": [
        ("vcs/a.py", "x = 1  # type: " + "ignore\n"),
        ("tests/test_a.py", "x = 1  # prag" + "ma: no cover\n"),
        ("merge/a.py", "x = 1  # no" + "qa\n"),
    ],
    "stray_prints": [
        ("vcs/a.py", "print(1)\n"),
        ("cli/commands/a.py", "def f():\n    show = print\n"),
        ("cli/commands/a.py", "import click\nclick.echo(1)\n"),
        ("objects/a.py", "import sys\nsys.stderr.write('x')\n"),
    ],
    "timed_tests": [
        ("tests/test_a.py", "import time\nassert time.process_" + "time() < 5\n"),
        ("tests/merge/test_a.py", "from time import perf_" + "counter_ns\n"),
    ],
}

GOOD = {
    "vcs/commonplace.py": "x: int = f()  # type: ignore[no-any-return]\n",
    "cli/output.py": "import sys\nprint(1, file=sys.stderr)\n",
    "cli/main.py": "import sys\nsys.stdout.flush()\n",
    "tests/support/graphs.py": "# a todo list is data, TODOS too\n",
    "tests/support/patience.py": "end = time.monotonic() + 60\n",
    "benchmarks/a.py": "begun = time.perf_" + "counter()\n",
    "docs/a.md": "Nothing here.\n",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_project_keeps_the_rule_of_words(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_rule_of_words_lets_good_files_pass(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("name", "path", "source"),
    [(name, path, source) for name, cases in VIOLATIONS.items() for path, source in cases],
)
def test_the_rule_of_words_catches_a_planted_violation(
    name: str, path: str, source: str, tmp_path: Path
) -> None:
    findings = RULES[name](plant(tmp_path, {**GOOD, path: source}))
    place = path.removesuffix("/__init__.py")
    assert len(findings) == 1
    assert findings[0].startswith(place)


def test_every_rule_of_words_has_a_planted_violation() -> None:
    assert VIOLATIONS.keys() == RULES.keys()
