"""The build file lists what there is: a package that it forgets is missing from the wheel only."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from house import ROOMS, ROOT, plant

Rule = Callable[[Path], list[str]]


def read_setuptools(root: Path) -> dict[str, Any]:
    """The part of the build file that says what is installed."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    section: dict[str, Any] = tomllib.loads(text)["tool"]["setuptools"]
    return section


def package_of(root: Path, folder: Path) -> str:
    """The name under which a folder of the product is installed."""
    room, *below = folder.relative_to(root).parts
    return ".".join((ROOMS[room], *below))


def code_folders(root: Path) -> list[Path]:
    """The folders of the product that hold Python files."""
    return sorted({path.parent for room in ROOMS for path in (root / room).rglob("*.py")})


def misplaced_rooms(root: Path) -> list[str]:
    """Rooms that are installed under another name."""
    found = read_setuptools(root)["package-dir"]
    expected = {package: folder for folder, package in ROOMS.items()}
    return [] if found == expected else [f"pyproject.toml: package-dir is {found}, not {expected}"]


def unlisted_packages(root: Path) -> list[str]:
    """Packages that are not listed, and lines of the list that name no package."""
    listed = set(read_setuptools(root)["packages"])
    there = {package_of(root, f) for f in code_folders(root) if (f / "__init__.py").is_file()}
    return [f"pyproject.toml: list {name}" for name in sorted(there - listed)] + [
        f"pyproject.toml: {name} has no __init__.py" for name in sorted(listed - there)
    ]


def folders_without_init(root: Path) -> list[str]:
    """Folders with modules that are no packages."""
    return [
        f"{folder.relative_to(root).as_posix()}: has modules and no __init__.py"
        for folder in code_folders(root)
        if not (folder / "__init__.py").is_file()
    ]


def unlisted_data(root: Path) -> list[str]:
    """Files of the product that are not Python and that no package-data pattern takes along."""
    taken = {
        path
        for package, patterns in read_setuptools(root)["package-data"].items()
        for folder in [folder_of(root, package)]
        for pattern in patterns
        for path in folder.glob(pattern)
    }
    return [
        f"{path.relative_to(root).as_posix()}: no package-data pattern takes it along"
        for room in ROOMS
        for path in sorted((root / room).rglob("*"))
        if path.is_file() and path.suffix not in {".py", ".pyc"} and path not in taken
    ]


def folder_of(root: Path, package: str) -> Path:
    """The folder of a package: the room with the longest name that it is in."""
    rooms = {name: folder for folder, name in ROOMS.items()}
    parts = package.split(".")
    for count in range(len(parts), 0, -1):
        room = rooms.get(".".join(parts[:count]))
        if room is not None:
            return root.joinpath(room, *parts[count:])
    return root / package


def shadowed_modules(root: Path) -> list[str]:
    """Modules of `vcs` that a room beside it would hide."""
    names = [room for room in ROOMS if room != "vcs"]
    places = [root / "vcs" / name for name in names]
    return [
        f"{path.relative_to(root).as_posix()}: hidden by the room of that name"
        for place in places
        for path in (place, place.with_suffix(".py"))
        if path.exists()
    ]


def unclear_tests(root: Path) -> list[str]:
    """Test files of equal names, packages among the tests, and a conftest at the top."""
    tests = sorted((root / "tests").rglob("*.py"))
    names = Counter(path.name for path in tests if path.name != "conftest.py")
    return [
        f"{path.relative_to(root).as_posix()}: another test file has this name, or it is a package"
        for path in tests
        if names[path.name] > 1 or path.name == "__init__.py"
    ] + [f"{path.name}: keep it in tests/" for path in [root / "conftest.py"] if path.exists()]


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        misplaced_rooms,
        unlisted_packages,
        folders_without_init,
        unlisted_data,
        shadowed_modules,
        unclear_tests,
    )
}

BUILD = """
[tool.setuptools]
packages = ["pyvcs", "pyvcs.sync", "pyvcs.merge", "pyvcs.objects", "pyvcs.cli"]
[tool.setuptools.package-dir]
pyvcs = "vcs"
"pyvcs.merge" = "merge"
"pyvcs.objects" = "objects"
"pyvcs.cli" = "cli"
[tool.setuptools.package-data]
pyvcs = ["py.typed"]
"pyvcs.cli" = ["demo/*"]
"""

GOOD = {
    "pyproject.toml": BUILD,
    "vcs/__init__.py": "",
    "vcs/py.typed": "",
    "vcs/sync/__init__.py": "",
    "merge/__init__.py": "",
    "objects/__init__.py": "",
    "cli/__init__.py": "",
    "cli/demo/fruit.json": "{}",
    "tests/conftest.py": "",
    "tests/laws/test_a.py": "",
    "tests/vcs/test_b.py": "",
}

VIOLATIONS = {
    "misplaced_rooms": [("pyproject.toml", BUILD.replace('"merge"\n', '"merging"\n'))],
    "unlisted_packages": [
        ("vcs/git/__init__.py", ""),
        ("cli/demo/__init__.py", ""),
        ("pyproject.toml", BUILD.replace('"pyvcs.sync"', '"pyvcs.sync", "pyvcs.gone"')),
    ],
    "folders_without_init": [("vcs/git/export.py", ""), ("merge/types/deep/a.py", "")],
    "unlisted_data": [("vcs/server/static/page.html", ""), ("cli/demo/deep/a.json", "")],
    "shadowed_modules": [("vcs/merge.py", ""), ("vcs/cli/__init__.py", "")],
    "unclear_tests": [
        ("tests/laws/test_b.py", ""),
        ("tests/laws/__init__.py", ""),
        ("conftest.py", ""),
    ],
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_build_file_keeps_the_rule(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_rule_of_packages_lets_a_good_tree_pass(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("name", "path", "source"),
    [(name, path, source) for name, cases in VIOLATIONS.items() for path, source in cases],
)
def test_the_rule_of_packages_catches_a_planted_violation(
    name: str, path: str, source: str, tmp_path: Path
) -> None:
    assert RULES[name](plant(tmp_path, {**GOOD, path: source})) != []


def test_every_rule_of_packages_has_a_planted_violation() -> None:
    assert VIOLATIONS.keys() == RULES.keys()
