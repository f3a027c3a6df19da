"""The wheel, built as a user's pip builds it, holds the whole product and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from house import ROOMS, ROOT

INGREDIENTS = ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of a copy of the product: a build in the checkout would leave files behind."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in INGREDIENTS:
        shutil.copy(ROOT / name, folder / name)
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "out"]
    done = subprocess.run(
        [*command, "."], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    (path,) = (folder / "out").glob("*.whl")
    return zipfile.ZipFile(path)


def installed_name(path: Path) -> str:
    """Where a file of the product is in the wheel."""
    room, *below = path.relative_to(ROOT).parts
    return "/".join((*ROOMS[room].split("."), *below))


def test_puts_only_pyvcs_at_its_top_level(wheel: zipfile.ZipFile) -> None:
    top = {name.partition("/")[0] for name in wheel.namelist()}
    assert "pyvcs" in top
    (metadata,) = top - {"pyvcs"}
    assert metadata.startswith("pyvcs_store-")
    assert metadata.endswith(".dist-info")


def test_holds_every_file_of_the_product(wheel: zipfile.ZipFile) -> None:
    files = {
        installed_name(path)
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {name for name in wheel.namelist() if name.startswith("pyvcs/")}
    assert "pyvcs/py.typed" in held
    assert held == files


def test_starts_the_command_and_carries_the_licence(wheel: zipfile.ZipFile) -> None:
    (entry,) = (name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    assert "pyvcs = pyvcs.cli.main:main" in wheel.read(entry).decode()
    assert any(name.endswith("/LICENSE") for name in wheel.namelist())
