"""The library door `pyvcs.merge`: complete, pure, and light to import."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module

import pytest

import pyvcs.merge
from pyvcs.merge import merge_json

MERGES = (
    *("merge_file", "merge_json", "merge_json_text"),
    *("merge_text", "merge_lines", "merge_sequence"),
)

LIGHT = """
import sys
for name in ("dataclasses", "inspect", "typing", "decimal"):  # whoever is here already has them
    sys.modules[name] = None  # from now on, importing one fails
from pyvcs.merge import merge_json
assert merge_json(base={"a": [1]}, ours={"a": [2]}, theirs={"a": [1], "b": 1}).is_clean
print(*sorted(name for name in sys.modules))
"""

HEAVY = {
    *("click", "tomllib", "tomlkit", "asyncio", "logging", "tempfile", "subprocess"),
    *("socket", "http", "jsonschema", "blake3", "difflib", "unittest", "random"),
}


def test_every_public_name_is_there_and_sorted_into_the_list() -> None:
    for name in pyvcs.merge.__all__:
        assert getattr(pyvcs.merge, name) is not None
    assert len(set(pyvcs.merge.__all__)) == len(pyvcs.merge.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = pyvcs.merge.nothing


@pytest.mark.parametrize("name", MERGES)
def test_sides_are_given_by_keyword(name: str) -> None:
    kinds = inspect.signature(getattr(pyvcs.merge, name)).parameters
    for side in ("base", "ours", "theirs"):
        assert kinds[side].kind is inspect.Parameter.KEYWORD_ONLY


def test_the_door_loads_no_more_than_a_merge_needs() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & HEAVY
    ours = {name for name in loaded if name.startswith("pyvcs.") and "merge" not in name}
    assert ours <= {"pyvcs.objects", "pyvcs.objects.values", "pyvcs.objects.typed"}
    for name in ("rules_file", "schema", "markers", "text", "trees", "json_text", "driver"):
        assert f"pyvcs.merge.{name}" not in loaded
        import_module(f"pyvcs.merge.{name}")  # the names above are those of files


def test_values_stay_as_they_are() -> None:
    base, ours, theirs = {"l": [1, 2]}, {"l": [1, 2, 3]}, {"l": [0, 1, 2]}
    assert merge_json(base=base, ours=ours, theirs=theirs).value == {"l": [0, 1, 2, 3]}
    assert (base, ours, theirs) == ({"l": [1, 2]}, {"l": [1, 2, 3]}, {"l": [0, 1, 2]})
