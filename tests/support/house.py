"""Reads the product as a reader of its rules does: which modules there are, who imports whom.

Everything is read from source, nothing is imported, so that it works on a planted tree too.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

ROOMS = {"vcs": "pyvcs", "merge": "pyvcs.merge", "objects": "pyvcs.objects", "cli": "pyvcs.cli"}
"""The folders of the product, and the names they are installed under."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the product: its name when installed, its path below the root, its source."""

    name: str
    path: str
    source: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Import:
    """An import: the full dotted name (`from a import b` is `a.b`), where, and when it runs."""

    target: str
    line: int
    at_start: bool
    """Whether it runs when the module is loaded: not in a function, not for type checkers only."""


def load_product(root: Path = ROOT) -> dict[str, Module]:
    """All modules of the product by name."""
    modules: dict[str, Module] = {}
    for folder, package in ROOMS.items():
        for path in sorted((root / folder).rglob("*.py")):
            below = path.relative_to(root / folder).with_suffix("").parts
            parts = below[:-1] if below[-1] == "__init__" else below
            name = ".".join((package, *parts))
            source = path.read_text(encoding="utf-8")
            where = path.relative_to(root).as_posix()
            modules[name] = Module(name, where, source, ast.parse(source, where))
    return modules


def imports_of(module: Module) -> Iterator[Import]:
    """Every import of a module, those in functions and under TYPE_CHECKING too.

    A string that is exactly a dotted name beginning with `pyvcs.` counts as an import in a
    function: tables of lazily loaded modules are written so.
    """
    yield from _imports(module.tree.body, at_start=True)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.partition(":")[0]
            if name.startswith("pyvcs.") and name.replace(".", "").replace("_", "").isalnum():
                yield Import(name, node.lineno, at_start=False)


def _imports(body: Iterable[ast.AST], *, at_start: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, at_start)
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (node.module or "")
            for alias in node.names:
                yield Import(f"{package}.{alias.name}", node.lineno, at_start)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _imports(node.body, at_start=False)
            yield from _imports(node.orelse, at_start=at_start)
        else:
            deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(ast.iter_child_nodes(node), at_start=at_start and not deferred)


def resolve(target: str, names: Container[str]) -> str | None:
    """The module of ours that an import loads: `target`, or the one that `target` is a name in."""
    candidates = (target, target.rpartition(".")[0])
    return next((name for name in candidates if name in names), None)


def is_within(name: str, parents: Iterable[str]) -> bool:
    """Whether a dotted name is one of `parents` or below one."""
    return any(name == parent or name.startswith(parent + ".") for parent in parents)


def import_graph(modules: Mapping[str, Module]) -> dict[str, dict[str, int]]:
    """For each module, the modules of ours that it imports and the line of the first import."""
    graph: dict[str, dict[str, int]] = {}
    for module in modules.values():
        targets = graph.setdefault(module.name, {})
        for found in imports_of(module):
            target = resolve(found.target, modules)
            if target is not None and target != module.name:
                targets.setdefault(target, found.line)
    return graph


def plant(root: Path, files: Mapping[str, str]) -> Path:
    """Write a small tree of files, for a rule to judge; its root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
