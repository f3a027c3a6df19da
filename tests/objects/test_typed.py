"""What `typing` makes at run time, without it: the same named tuples, and nothing of it loaded."""

from __future__ import annotations

import pickle
import subprocess
import sys
import typing
from typing import Any

import pytest

from pyvcs.objects import typed
from pyvcs.objects.pack_index import Place
from pyvcs.objects.tree import TreeEntry
from pyvcs.repository import Repository


def defined(module: Any) -> Any:
    """One class by the base of a module: that of pyvcs, or that of `typing`."""

    class Point(module.NamedTuple):  # type: ignore[misc]
        """A point."""

        x: int
        y: int = 3

        @property
        def sum(self) -> int:
            return self.x + self.y

        @classmethod
        def at(cls, x: int) -> Any:
            return cls(x)

    return Point


def test_named_tuples_are_those_of_typing() -> None:
    ours, theirs = defined(typed), defined(typing)
    assert repr(ours(1)) == repr(theirs(1)) == "Point(x=1, y=3)"
    assert ours(1) == theirs(1) == (1, 3)
    assert ours.at(2).sum == theirs.at(2).sum == 5
    assert ours(1)._replace(y=4) == (1, 4)
    for name in ("_fields", "_field_defaults", "__doc__", "__qualname__", "__module__", "__mro__"):
        assert str(getattr(ours, name)) == str(getattr(theirs, name)), name
    assert ours(1)._asdict() == theirs(1)._asdict() == {"x": 1, "y": 3}
    for cls in (ours, theirs):
        assert cls(y=4, x=2) < cls(3)
        for wrong in ([], [1, 2, 3]):
            with pytest.raises(TypeError):
                cls(*wrong)
        with pytest.raises(AttributeError):
            cls(1).x = 2
        with pytest.raises(AttributeError):
            cls(1).z = 2


def named(module: Any) -> Any:
    """Fields whose names a maker of values might need itself."""

    class Edit(module.NamedTuple):  # type: ignore[misc]
        cls: str
        new: bytes = b""

    return Edit


@pytest.mark.parametrize("words", [{}, {"cls": "a", "old": b""}, {"new": b""}])
def test_a_field_may_have_any_name_and_what_is_wrong_is_told_alike(words: Any) -> None:
    ours, theirs = named(typed), named(typing)
    assert ours("a", b"b") == ours(new=b"b", cls="a") == theirs("a", b"b")
    assert ours("a").new == b""
    with pytest.raises(TypeError) as told:
        theirs(**words)
    with pytest.raises(TypeError) as also:
        ours(**words)
    assert str(also.value) == str(told.value)


@pytest.mark.parametrize("kind", [Place, TreeEntry])
def test_they_are_found_again_by_pickle(kind: Any) -> None:
    value = kind(*range(len(kind._fields)))
    assert pickle.loads(pickle.dumps(value)) == value


HEAVY = (
    *("typing", "dataclasses", "pathlib", "click", "pyvcs.merge"),
    *("collections", "enum", "functools", "re", "contextlib", "json"),
)
"""What takes longer to load than it helps a small command."""


def test_everyday_commands_load_neither_typing_nor_what_merges(tmp_path: Any) -> None:
    (tmp_path / "a").write_text("a\n")
    Repository.init(str(tmp_path))
    Repository.init(str(tmp_path / "here"))
    code = (
        "import sys\n"
        f"names = {HEAVY!r}\n"
        "for name in names: sys.modules.pop(name, None)  # the installation may have loaded some\n"
        "from pyvcs.cli.main import run\n"
        "words = 'commit -m one', 'log -n 1', 'branch', 'switch -c two', 'sync --pull here'\n"
        "assert [run(each.split()) for each in words] == [0] * len(words)\n"
        "loaded = [name for name in names if name in sys.modules]\n"
        "assert not loaded, loaded"
    )
    environ = {"PYVCS_AUTHOR_NAME": "Ada", "PYVCS_AUTHOR_EMAIL": "ada@example.org"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, check=True)
