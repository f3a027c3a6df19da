"""Imports run down only, never in a circle, and the outside world is touched at the edge only.

    cli -> the door (pyvcs) -> pyvcs.server, pyvcs.git -> pyvcs.sync -> pyvcs.* -> merge -> objects

Each rule is a function from modules to findings; it must find nothing in the product, and it must
find the violation in a planted tree, so that no rule is dead.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest
from house import Module, import_graph, imports_of, is_within, load_product, plant

Rule = Callable[[Mapping[str, Module]], list[str]]

LAYERS: tuple[tuple[str, ...], ...] = (
    ("pyvcs.objects",),
    ("pyvcs.merge",),
    (),  # the rest of pyvcs: the repository and its acts
    ("pyvcs.sync",),
    ("pyvcs.git", "pyvcs.server"),
    (),  # the door: pyvcs/__init__.py and the Repository that it shows
    ("pyvcs.cli",),
    ("pyvcs.__main__",),
)
REPOSITORY_LAYER = 2
DOOR_LAYER = 5
DOOR = ("pyvcs", "pyvcs.repository")

VALUE_HALF = tuple(
    f"pyvcs.merge.{name}"
    for name in (
        *("diff", "diff3", "matching", "order", "shortest", "similar", "pointer", "result"),
        *(
            "text",
            "markers",
            "line_ends",
            "galloping",
            "refining",
            "readable",
            "sequences",
            "anchors",
            "sliding",
            "marked_json",
            "lists",
            "json*",
            "keyed*",
            "types*",
            "driver",
            "similarity",
            "similarity",
        ),
    )
)
"""The half of merge that works on plain values and knows no objects."""

HOW_VALUES_ARE_MADE = ("pyvcs.objects", "pyvcs.objects.values", "pyvcs.objects.typed")
"""What that half may use of ours: words for making values, which know nothing of any value."""

LIBRARIES = {
    "click": ("pyvcs.cli",),
    "blake3": (
        *("pyvcs.objects", "pyvcs.sealed", "pyvcs.standstill", "pyvcs.sync.transports"),
        *("pyvcs.sync.ref_digest", "pyvcs.sync.acquaintance", "pyvcs.server.tokens"),
    ),
    "backports": ("pyvcs.objects.compression",),
    "compression": ("pyvcs.objects.compression",),
    "pyfastcdc": ("pyvcs.objects",),
    "tomlkit": ("pyvcs.config",),
    "jsonschema": ("pyvcs.merge.schema",),
    "referencing": ("pyvcs.merge.schema",),
    "httpx": ("pyvcs.sync.transports.http",),
    "uvicorn": ("pyvcs.server.running",),
}
"""Who may import which library from outside; one that is not here is used nowhere."""

LATE = {
    "asyncio",
    "concurrent",
    "importlib.metadata",
    "jsonschema",
    "logging",
    "multiprocessing",
    "referencing",
    "tomlkit",
    "httpx",
    "uvicorn",
    *("pyvcs.server", "pyvcs.sync.transports.http"),
    *("pyvcs.cli.serving", "pyvcs.cli.watching"),
}
"""Too slow to load in every command: imported inside the function that needs them."""

WORLD = {
    *("fcntl", "glob", "mmap", "msvcrt", "os", "resource", "shutil", "tempfile"),
    *("ftplib", "http", "imaplib", "smtplib", "socket", "socketserver", "ssl", "urllib.request"),
    *("multiprocessing", "pty", "select", "selectors", "signal", "subprocess"),
    *("getpass", "platform", "pwd", "random", "secrets", "time", "uuid"),
}
"""Modules that reach the disk, the network, other processes, clocks or randomness."""

MAY_TOUCH_THE_WORLD = {
    "pyvcs.objects.ahead": "it asks how many processors there are",
    "pyvcs.objects.backends": "they keep bytes on a disk or behind a network",
    "pyvcs.sync.transports": "they carry bytes to a peer",
    "pyvcs.server": "it answers requests from the network",
    "pyvcs.git": "it reads and writes repositories of git",
    "pyvcs.cli": "it is the shell around everything",
    "pyvcs.__main__": "it starts the shell",
    "pyvcs.place": "it finds the folder of a repository",
    "pyvcs.replica": "the composition root: opens backends, reads the clock",
    "pyvcs.repository": "the door: takes paths as the caller has them",
    "pyvcs.sync.cloning": "it makes the folder of a replica, and removes it when that fails",
    "pyvcs.worktree": "it is the working tree, with the files of that name beside it",
    "pyvcs.looking": "it looks at the files of the working tree",
    "pyvcs.folder_times": "it asks the file system what the times of folders tell",
    "pyvcs.both_ends": "it forks a process that works beside it",
    "pyvcs.stat_cache": "it holds what stat said about the working tree",
    "pyvcs.standstill": "it looks whether anything moved in the working tree",
    "pyvcs.config": "it reads and replaces settings files, and asks git who commits",
    "pyvcs.locking": "a lock of the operating system",
    "pyvcs.replacing": "it writes files outside the store",
    "pyvcs.rules_on_disk": "it reads rules that are in no tree",
}


def layer(name: str) -> int:
    """How high a module stands; imports go to lower or equal numbers."""
    if name in DOOR:
        return DOOR_LAYER
    found = (number for number, rooms in enumerate(LAYERS) if is_within(name, rooms))
    return next(found, REPOSITORY_LAYER)


def room(name: str) -> str:
    """The room of a module in its layer."""
    return next((r for r in LAYERS[layer(name)] if is_within(name, [r])), "pyvcs")


def upward_imports(modules: Mapping[str, Module]) -> list[str]:
    """Imports of a higher layer, or of another room of the same layer."""
    return [
        f"{modules[name].path}:{line}: {name} imports {target}, which stands above or beside it"
        for name, targets in import_graph(modules).items()
        for target, line in targets.items()
        if layer(target) > layer(name)
        or (layer(target) == layer(name) and room(target) != room(name))
    ]


def circles(modules: Mapping[str, Module]) -> list[str]:
    """Modules that reach themselves through their imports."""
    graph = import_graph(modules)
    return [
        f"{modules[name].path}: {name} imports itself through {next(iter(sorted(round_trip)))}"
        for name in graph
        for round_trip in [{t for t in graph[name] if name in reach(graph, t)}]
        if round_trip
    ]


def reach(graph: Mapping[str, Mapping[str, int]], start: str) -> set[str]:
    """`start` and everything that it imports, directly or not."""
    seen = {start}
    waiting = [start]
    while waiting:
        new = set(graph[waiting.pop()]) - seen
        seen |= new
        waiting += new
    return seen


def value_half_reaching_out(modules: Mapping[str, Module]) -> list[str]:
    """Value modules of merge that reach a module of ours outside merge."""
    graph = import_graph(modules)
    return [
        f"{modules[name].path}: merges plain values, and yet reaches {target}"
        for name in graph
        if any(fnmatch(name, pattern) for pattern in VALUE_HALF)
        for target in sorted(reach(graph, name))
        if not is_within(target, ["pyvcs.merge"]) and target not in HOW_VALUES_ARE_MADE
    ]


def unclear_names(modules: Mapping[str, Module]) -> list[str]:
    """Relative imports, and the names of folders instead of packages."""
    return [
        f"{module.path}:{found.line}: imports {found.target}; say pyvcs.…"
        for module in modules.values()
        for found in imports_of(module)
        if found.target.startswith(".")
        or is_within(found.target, ["vcs", "merge", "objects", "cli"])
    ]


def stray_libraries(modules: Mapping[str, Module]) -> list[str]:
    """Imports from outside the standard library, in places that may not know that library."""
    return [
        f"{module.path}:{found.line}: imports {found.target}, see LIBRARIES in test_imports.py"
        for module in modules.values()
        for found in imports_of(module)
        if found.target.partition(".")[0] not in sys.stdlib_module_names | {"pyvcs", ""}
        and not any(
            is_within(found.target, [library]) and is_within(module.name, users)
            for library, users in LIBRARIES.items()
        )
    ]


def early_imports(modules: Mapping[str, Module]) -> list[str]:
    """Slow modules that are loaded before anybody needs them."""
    return [
        f"{module.path}:{found.line}: loads {found.target} at start-up; import it where it is used"
        for module in modules.values()
        for found in imports_of(module)
        if found.at_start and is_within(found.target, LATE) and not is_within(module.name, LATE)
    ]


def touches_of_the_world(modules: Mapping[str, Module]) -> list[str]:
    """Disk, network, processes, clocks and randomness outside the rooms for them."""
    return [
        f"{module.path}:{line}: uses {what}, see MAY_TOUCH_THE_WORLD in test_imports.py"
        for module in modules.values()
        if not any(
            is_within(module.name, [place]) or module.name.startswith(place + "_")
            for place in MAY_TOUCH_THE_WORLD
        )
        for line, what in world_uses(module)
    ]


def world_uses(module: Module) -> Iterator[tuple[int, str]]:
    """Line and name of everything in a module that reaches the outside world."""
    pure = layer(module.name) < REPOSITORY_LAYER
    for found in imports_of(module):
        disk = pure and is_within(found.target, ["pathlib"]) and "Pure" not in found.target
        if disk or is_within(found.target, WORLD):
            yield found.line, found.target
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        clock = called.endswith((".utcnow", ".today", "datetime.now"))
        if clock or called in {"open", "input", "io.open", "breakpoint"}:
            yield node.lineno, called


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        upward_imports,
        circles,
        value_half_reaching_out,
        unclear_names,
        stray_libraries,
        early_imports,
        touches_of_the_world,
    )
}

HOUSE = {
    "vcs/__init__.py": "",
    "vcs/repository.py": "class Repository: ...\n",
    "vcs/replica.py": "class Replica: ...\n",
    "vcs/sync/__init__.py": "",
    "vcs/sync/session.py": "",
    "vcs/server/__init__.py": "",
    "vcs/git/__init__.py": "",
    "merge/__init__.py": "",
    "merge/diff.py": "",
    "merge/bases.py": "from pyvcs.objects.oid import Oid\n",
    "objects/__init__.py": "",
    "objects/oid.py": "class Oid: ...\n",
    "objects/backends/__init__.py": "",
    "cli/__init__.py": "",
    "cli/commands/__init__.py": "",
}
"""A tree in which every rule is kept."""

VIOLATIONS = {
    "upward_imports": [
        ("objects/new.py", "from pyvcs.merge import diff\n"),
        ("objects/new.py", "import pyvcs.merge.diff\n"),
        ("merge/new.py", "def late():\n    from pyvcs.repository import Repository\n"),
        ("merge/new.py", "if TYPE_CHECKING:\n    from pyvcs.repository import Repository\n"),
        ("vcs/new.py", "class A:\n    def b(self):\n        import pyvcs.sync.session\n"),
        ("vcs/new.py", "import importlib\nimportlib.import_module('pyvcs.sync.session')\n"),
        ("vcs/new.py", "DOORS = {'Session': 'pyvcs.sync.session:Session'}\n"),
        ("vcs/sync/new.py", "import pyvcs.server\n"),
        ("vcs/git/new.py", "from pyvcs.server import __doc__\n"),
        ("vcs/new.py", "from pyvcs import Repository\n"),
        ("vcs/__init__.py", "from pyvcs.cli import commands\n"),
    ],
    "circles": [
        ("merge/bases.py", "from pyvcs.merge.bases2 import x\n"),
    ],
    "value_half_reaching_out": [
        ("merge/json_tree.py", "from pyvcs.objects.oid import Oid\n"),
        ("merge/diff.py", "def late():\n    from pyvcs.merge import bases\n"),
        ("merge/types/counter.py", "from pyvcs.objects import oid\n"),
    ],
    "unclear_names": [
        ("merge/new.py", "from . import diff\n"),
        ("merge/new.py", "from .diff import x\n"),
        ("merge/new.py", "import objects.oid\n"),
        ("merge/new.py", "def f():\n    from merge import diff\n"),
    ],
    "stray_libraries": [
        ("merge/new.py", "import click\n"),
        ("vcs/new.py", "def f():\n    from tomlkit import parse\n"),
        ("cli/new.py", "import numpy as np\n"),
    ],
    "early_imports": [
        ("cli/new.py", "import asyncio\n"),
        ("vcs/new.py", "from concurrent import futures\n"),
        ("vcs/new.py", "try:\n    import logging\nexcept ImportError:\n    raise\n"),
        ("vcs/config.py", "class A:\n    import tomlkit\n"),
        ("cli/new.py", "from importlib import metadata\n"),
    ],
    "touches_of_the_world": [
        ("objects/new.py", "import os\n"),
        ("objects/new.py", "from pathlib import Path\n"),
        ("merge/new.py", "def f():\n    from os import path\n"),
        ("merge/new.py", "def f():\n    return open('x')\n"),
        ("vcs/new.py", "from time import monotonic\n"),
        ("vcs/new.py", "import datetime\nNOW = datetime.datetime.now()\n"),
        ("vcs/new.py", "from datetime import date\nNOW = date.today()\n"),
        ("vcs/sync/session.py", "import socket\n"),
        ("vcs/repositories.py", "import random\n"),
    ],
}

ALLOWED = [
    ("cli/commands/commit.py", "import os\nimport click\nfrom pyvcs import Repository\n"),
    ("cli/commands/sync.py", "from pyvcs.sync import session\ndef f():\n    import pyvcs.server\n"),
    ("vcs/worktree_links.py", "import os\n"),
    ("vcs/sync/transports/http.py", "def f():\n    import http.client\n"),
    ("vcs/sync/new.py", "from pyvcs.replica import Replica\n"),
    ("vcs/__init__.py", "def f():\n    from pyvcs.sync import session\n"),
    ("vcs/config.py", "def f():\n    import tomlkit\n"),
    ("objects/backends/directory.py", "import os\nfrom pathlib import Path\n"),
    ("merge/new.py", "from pathlib import PurePosixPath\nfrom datetime import datetime\n"),
    ("cli/new.py", "HELP = 'pyvcs.cli is a sentence, not a module'\n"),
]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_product_keeps_the_rule(rule: Rule) -> None:
    assert rule(load_product()) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_rule_lets_a_good_house_pass(rule: Rule, tmp_path: Path) -> None:
    good = {**HOUSE, "vcs/__init__.py": "from pyvcs.repository import Repository\n"}
    assert rule(load_product(plant(tmp_path, good))) == []


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_the_rules_let_good_imports_pass(path: str, source: str, tmp_path: Path) -> None:
    good = {**HOUSE, "vcs/__init__.py": "from pyvcs.repository import Repository\n", path: source}
    modules = load_product(plant(tmp_path, good))
    assert [finding for rule in RULES.values() for finding in rule(modules)] == []


@pytest.mark.parametrize(
    ("name", "path", "source"),
    [(name, path, source) for name, cases in VIOLATIONS.items() for path, source in cases],
)
def test_the_rule_catches_a_planted_violation(
    name: str, path: str, source: str, tmp_path: Path
) -> None:
    files = {**HOUSE, "merge/bases2.py": "from pyvcs.merge import bases\n", path: source}
    findings = RULES[name](load_product(plant(tmp_path, files)))
    assert any(finding.startswith(path) for finding in findings), findings


def test_every_rule_has_a_planted_violation() -> None:
    assert VIOLATIONS.keys() == RULES.keys()
