"""How changes become one: diff, diff3, text, JSON, trees, canonical merges.

What reads JSON or renders text is loaded when it is first asked for, so that a command which
merges nothing does not pay for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

# At once, for each bears the name of its file, which would take its place when loaded later.
from pyvcs.merge.diff import diff, patch
from pyvcs.merge.diff3 import diff3
from pyvcs.merge.result import ConflictKind

if TYPE_CHECKING:
    from pyvcs.merge.driver import merge_file
    from pyvcs.merge.json_text import merge_json_text
    from pyvcs.merge.json_tree import merge_json
    from pyvcs.merge.json_value import ABSENT, UNKNOWN, NotJson
    from pyvcs.merge.text import Labels, merge_text

__all__ = [
    "ABSENT",
    "UNKNOWN",
    "ConflictKind",
    "Labels",
    "NotJson",
    "diff",
    "diff3",
    "merge_file",
    "merge_json",
    "merge_json_text",
    "merge_text",
    "patch",
]

_HOMES = {
    "ABSENT": "json_value",
    "UNKNOWN": "json_value",
    "Labels": "text",
    "NotJson": "json_value",
    "merge_file": "driver",
    "merge_json": "json_tree",
    "merge_json_text": "json_text",
    "merge_text": "text",
}


def __getattr__(name: str) -> object:
    """Loads a public name from the file that it lives in."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # asked for once
    return value
