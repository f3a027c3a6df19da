"""The code of our modules in one file: a copy of the product, and real processes.

What is kept may save time, and nothing else: each test compares with what the ordinary import does.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from house import ROOMS, ROOT

from pyvcs.cli import exit_codes

WATCHED = """
import os, signal, sys
def watch(event, arguments):
    name = str(arguments[0]) if event == "open" else ""
    if name.endswith((".py", ".pyc")) and "/pyvcs/" in name:
        sys.stderr.write(f"{os.path.basename(name)}\\n")
sys.addaudithook(watch)
from pyvcs.cli.main import main
main(sys.argv[1:])
"""
"""Tells each file of a module that is opened."""

AT = """
import os, signal, sys
event, number, words = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
from pyvcs.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
sys.addaudithook(lambda found, _: os.kill(os.getpid(), number) if found == event else None)
main(words)
"""
"""Gets a signal when something happens."""

HOOKED = """
import sys
class Watching:
    @staticmethod
    def find_spec(name, path, target=None):
        sys.stderr.write(f"{name}\\n")
sys.meta_path.insert(0, Watching)
from pyvcs.cli.main import main
main(sys.argv[1:])
"""
"""Has a hook for imports, as coverage tools and checkers of types at run time have."""

FACTS = """
import sys
from pyvcs.cli.kept_code import use_kept_code
if sys.argv[1] == "kept":
    use_kept_code()
import inspect, json, traceback
from importlib.resources import files
from pyvcs.cli import exit_codes, overview
from pyvcs.objects import errors
import pyvcs.objects
def facts(module):
    spec = module.__spec__
    where = [module.__file__, module.__cached__, module.__package__, getattr(module, "__path__", 0)]
    told = [spec.name, spec.origin, spec.cached, spec.has_location, spec.parent]
    return [*where, *told, spec.submodule_search_locations, inspect.getsource(module), repr(module)]
try:
    overview.overview(None, 80)
except Exception:
    fault = traceback.format_exc()
print(json.dumps({
    "kept": sum(type(m.__loader__).__name__ == "KeptLoader" for m in list(sys.modules.values())
                if hasattr(m, "__loader__")),
    "facts": [facts(module) for module in (exit_codes, overview, errors, pyvcs.objects)],
    "fault": fault,
    "topics": sorted(path.name for path in files("pyvcs.cli").joinpath("topics").iterdir()),
}))
"""

BEFORE = {"__init__", "main", "kept_code"}
"""The modules that are loaded before anything can be kept of them."""


@dataclass(frozen=True)
class Installed:
    """A copy of the product, and who runs it in a folder."""

    root: Path
    folder: Path

    @property
    def kept(self) -> Path:
        """Where the code is kept: the file that pip removes as the bytecode of a module."""
        return Path(cache_from_source(os.fspath(self.root / "pyvcs" / "cli" / "kept.py")))

    @property
    def environ(self) -> dict[str, str]:
        """An environment that finds it, and has no wishes about bytecode."""
        plain = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
        return {**plain, "PYTHONPATH": os.fspath(self.root), "COLUMNS": "80"}

    def python(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run Python with this product."""
        done = self.command(sys.executable, *words)
        assert done.returncode == code, done
        return done

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run anything with it."""
        return subprocess.run(
            words,
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command that has nothing to say; what it printed."""
        done = self.python("-m", "pyvcs", *words, code=code)
        assert done.stderr == ""
        return done.stdout

    def opened(self, *words: str) -> set[str]:
        """The modules of which a command opens a file of their own."""
        names = self.python("-c", WATCHED, *words).stderr.split()
        return {name.partition(".")[0] for name in names} - BEFORE - {"kept"}

    def facts(self, how: str) -> dict[str, object]:
        """How modules look that are kept, or ordinary ones."""
        found: dict[str, object] = json.loads(self.python("-c", FACTS, how).stdout)
        return found


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """One that has its bytecode, and nothing kept."""
    root = tmp_path_factory.mktemp("installed")
    for room, package in ROOMS.items():
        target = root.joinpath(*package.split("."))
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / room, target, ignore=ignored, dirs_exist_ok=True)
    product = Installed(root, root)
    product.run("--help")
    product.kept.unlink()
    return product


@pytest.fixture
def product(first: Installed, tmp_path: Path) -> Installed:
    """One that nothing is kept of yet. Its modules are shared: nobody changes them."""
    for path in first.kept.parent.glob("kept.*"):
        path.unlink()
    return Installed(first.root, tmp_path)


@pytest.fixture
def own(product: Installed, tmp_path: Path) -> Installed:
    """One that may be changed."""
    shutil.copytree(product.root, tmp_path / "installed")
    return Installed(tmp_path / "installed", tmp_path)


def test_the_second_command_opens_no_file_of_a_module(product: Installed) -> None:
    assert {"overview", "output"} <= product.opened("--help")
    assert product.opened("--help") == set()


def test_commands_add_to_what_others_have_kept(product: Installed) -> None:
    product.run("--help")
    product.run("init")
    for words in (["init", "again"], ["--help"]):
        assert product.opened(*words) == set()


def test_modules_look_as_they_always_do(product: Installed) -> None:
    product.run("--help")
    kept, ordinary = product.facts("kept"), product.facts("ordinary")
    assert (kept.pop("kept"), ordinary.pop("kept")) == (4, 0)
    assert "overview.py" in str(kept["fault"])
    assert kept == ordinary


def edit(path: Path, old: str, new: str) -> None:
    """Change a source, and not its size; it is a second younger then."""
    assert len(old) == len(new)
    at = path.stat().st_mtime_ns + 10**9
    source = path.read_text(encoding="utf-8")
    assert source.count(old) == 1
    path.write_text(source.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(at, at))


def test_an_edit_of_the_same_size_is_seen(own: Installed) -> None:
    before = own.run("--help")
    overview = own.root / "pyvcs" / "cli" / "overview.py"
    edit(overview, '"Usage: ', '"USAGE: ')
    assert own.run("--help") == before.replace("Usage: ", "USAGE: ")
    edit(overview, '"USAGE: ', '"Usage: ')
    assert own.run("--help") == before
    assert own.run("--help") == before
    assert own.opened("--help") == set()


def test_a_tree_out_of_an_archive_that_knows_whole_seconds_is_as_it_was(own: Installed) -> None:
    own.run("--help")
    there = {path for path in own.root.rglob("*.pyc") if path != own.kept}
    for path in own.root.rglob("*.py"):
        whole = int(path.stat().st_mtime)
        os.utime(path, (whole, whole))
    assert own.opened("--help") == set()
    assert there <= set(own.root.rglob("*.pyc"))


def test_a_module_that_went_is_not_found(own: Installed) -> None:
    own.run("--help")
    (own.root / "pyvcs" / "cli" / "overview.py").unlink()
    told = own.python("-S", "-m", "pyvcs", "--help", code=exit_codes.INTERNAL).stderr
    assert "No module named 'pyvcs.cli.overview'" in told


def test_a_tree_that_was_moved_knows_its_new_place(own: Installed) -> None:
    own.run("--help")
    moved = Installed(own.root.rename(own.root.with_name("moved")), own.folder)
    assert moved.opened("--help") == set()
    assert "/moved/pyvcs/cli/overview.py" in str(moved.facts("kept")["fault"])


def _changed(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut in its head": lambda data: data[:9],
    "cut in its index": lambda data: data[:100],
    "cut in its code": lambda data: data[: len(data) // 2],
    "zeros": lambda data: bytes(len(data)),
    "with zeros in it": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    "with an endless index": lambda data: data[:8] + b"\xff" * 4 + data[12:],
    "with another seal": lambda data: _changed(data, 0),
    "with another index": lambda data: _changed(data, 40),
    "with another code": lambda data: _changed(data, len(data) - 300),
    "of something else": lambda data: b"#!/bin/sh\n" * 1000,
}


@pytest.fixture(scope="module")
def whole(first: Installed) -> tuple[str, bytes]:
    """What `--help` prints, and keeps."""
    return first.run("--help"), first.kept.read_bytes()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_damaged_is_made_anew(
    product: Installed, whole: tuple[str, bytes], damage: str
) -> None:
    printed, kept = whole
    product.kept.write_bytes(DAMAGES[damage](kept))
    assert product.run("--help") == printed
    assert product.opened("--help") == set()


def test_every_part_of_it_may_be_damaged(product: Installed, whole: tuple[str, bytes]) -> None:
    printed, kept = whole
    for place in range(0, len(kept), len(kept) // 7):
        product.kept.write_bytes(_changed(kept, place))
        assert product.run("--help") == printed


def test_the_file_of_another_python_is_none(product: Installed) -> None:
    before = product.run("--help")
    other = "import _frozen_importlib_external as e; e.MAGIC_NUMBER = b'xx\\r\\n'; "
    main = "from pyvcs.cli.main import main; main(['--help'])"
    written = product.kept.read_bytes()
    assert product.python("-c", other + main).stdout == before
    assert product.kept.read_bytes()[:8] != written[:8]
    assert product.run("--help") == before


@pytest.mark.parametrize("part", ["_imp.source_hash", "os.pread"])
def test_a_python_without_the_parts_of_it_does_without(product: Installed, part: str) -> None:
    before = product.run("--help")
    module = part.partition(".")[0]
    without = f"import {module}; del {part}; from pyvcs.cli.main import main; main(['--help'])"
    done = product.python("-c", without)
    assert (done.stdout, done.stderr) == (before, "")


@pytest.mark.parametrize("there", ["pyc", "pyc.new"])
def test_where_nothing_can_be_kept_nothing_is_said(own: Installed, there: str) -> None:
    in_the_way = own.kept.with_suffix(f".{there}")
    in_the_way.mkdir()
    assert own.run("--help") == own.run("--help")
    assert list(own.kept.parent.glob("kept.*")) == [in_the_way]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere: nothing is read-only")
def test_an_installation_that_is_read_only_has_nothing_kept(own: Installed) -> None:
    own.kept.parent.chmod(0o555)
    assert own.run("--help") == own.run("--help")
    assert "keeping_code" not in own.opened("--help")
    own.kept.parent.chmod(0o755)
    assert not own.kept.exists()


@pytest.mark.parametrize("option", ["-B", "-Xpycache_prefix=elsewhere"])
def test_who_wants_no_bytecode_there_has_nothing_kept(product: Installed, option: str) -> None:
    product.python(option, "-m", "pyvcs", "--help")
    assert not [*product.root.rglob("kept.*pyc*"), *product.folder.rglob("kept.*pyc*")]


def test_pyvcs_as_a_library_neither_keeps_nor_uses_it(product: Installed) -> None:
    call = "found = list(sys.meta_path); run(['--help']); assert sys.meta_path == found"
    product.python("-c", f"import sys; from pyvcs.cli.main import run; {call}")
    assert not product.kept.exists()


def test_what_watches_imports_sees_them_all(product: Installed) -> None:
    product.run("--help")
    assert "pyvcs.cli.overview" in product.python("-c", HOOKED, "--help").stderr


@pytest.mark.parametrize("kept", [b"", b"\0" * 500])
def test_a_file_that_is_not_used_is_closed(product: Installed, kept: bytes) -> None:
    product.run("--version")
    product.kept.write_bytes(kept)
    code = "from pyvcs.cli.kept_code import use_kept_code as use; use()"
    free = "import os; print(os.open(os.devnull, 0))"
    assert product.python("-c", f"{code}; {free}").stdout == product.python("-c", free).stdout


def test_a_command_that_is_interrupted_keeps_nothing(product: Installed) -> None:
    words = ("os.mkdir", str(int(signal.SIGINT)), "init")
    product.python("-c", AT, *words, code=exit_codes.INTERRUPTED)
    assert not product.kept.exists()


def test_a_fault_of_pyvcs_itself_is_not_kept(own: Installed) -> None:
    command = own.root / "pyvcs" / "cli" / "commands" / "init.py"
    command.write_text("raise ValueError('planted')\n", encoding="utf-8")
    own.python("-m", "pyvcs", "init", code=exit_codes.INTERNAL)
    assert not own.kept.exists()


def test_a_process_that_dies_while_it_writes_is_forgotten(product: Installed) -> None:
    product.python("-c", AT, "os.rename", str(int(signal.SIGKILL)), "--help", code=-9)
    begun = product.kept.with_suffix(".pyc.new")
    assert begun.exists()
    assert not product.kept.exists()
    product.run("--help")  # which may not know whether somebody is still writing
    assert not product.kept.exists()
    os.utime(begun, (0, 0))
    product.run("--help")
    assert not begun.exists()
    assert product.opened("--help") != set()
    assert product.opened("--help") == set()


def test_commands_that_write_at_once_do_no_harm(product: Installed) -> None:
    crowd = [
        subprocess.Popen(
            [sys.executable, "-m", "pyvcs", *words],
            cwd=product.folder,
            env=product.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for words in [["--help"], ["--version"], ["init", "a"], ["help", "sync"]] * 2
    ]
    told = [process.communicate()[1] for process in crowd]
    assert [process.returncode for process in crowd].count(0) >= len(crowd) - 1  # the second init
    assert not any(b"Traceback" in words for words in told)
    product.run("--help")
    assert product.opened("--help") == set()


def test_an_optimized_python_keeps_its_own(product: Installed) -> None:
    product.run("--help")
    written = product.kept.read_bytes()
    product.python("-O", "-m", "pyvcs", "--help")
    assert product.kept.read_bytes() == written
    assert Path(
        cache_from_source(str(product.root / "pyvcs/cli/kept.py"), optimization="1")
    ).exists()


def test_a_size_that_cannot_be_is_not_asked_for(product: Installed) -> None:
    before = product.run("--help")
    product.kept.write_bytes(DAMAGES["with an endless index"](product.kept.read_bytes()))
    limited = f"ulimit -v 1000000 && exec {sys.executable} -m pyvcs --help"
    done = product.command("sh", "-c", limited)
    assert (done.returncode, done.stdout, done.stderr) == (0, before, "")


def test_the_file_never_takes_the_place_of_a_stream_that_is_closed(product: Installed) -> None:
    product.run("--help")
    code = "from pyvcs.cli.kept_code import use_kept_code as use; use(); from pyvcs.cli import text"
    line = f"{sys.executable} -c '{code}; import os; print(os.open(os.devnull, 0))' <&-"
    assert product.command("sh", "-c", line).stdout == "0\n"
