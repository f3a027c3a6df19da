"""How changes become one: diff, diff3, text, JSON, trees, canonical merges.

What reads JSON or renders text is loaded when it is first asked for, so that a command which
merges nothing does not pay for it.
"""

from __future__ import annotations

# At once, for each bears the name of its file, which would take its place when loaded later.
from pyvcs.merge.diff import Hunk, diff, patch
from pyvcs.merge.diff3 import diff3
from pyvcs.merge.result import Chunk, ChunkKind, ConflictKind, Merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.driver import FileConflict, MergedFile, merge_file
    from pyvcs.merge.json_diff import diff_json
    from pyvcs.merge.json_number import Number
    from pyvcs.merge.json_patch import Operation, PatchError, patch_json
    from pyvcs.merge.json_style import dump_json
    from pyvcs.merge.json_text import MergedJsonText, merge_json_text
    from pyvcs.merge.json_tree import JsonConflict, MergedJson, SettledByRule, merge_json
    from pyvcs.merge.json_value import ABSENT, UNKNOWN, NotJson, parse_json
    from pyvcs.merge.marked_json import read_conflicts, with_conflicts
    from pyvcs.merge.markers import Labels, Marked, Plain, parse
    from pyvcs.merge.readable import diff_text
    from pyvcs.merge.rules import FileRules, Rules
    from pyvcs.merge.rules_file import InvalidRules, read_rules
    from pyvcs.merge.sequences import merge_lines, merge_sequence
    from pyvcs.merge.text import LineConflict, MergedText, merge_text

__all__ = [
    "ABSENT",
    "UNKNOWN",
    "Chunk",
    "ChunkKind",
    "ConflictKind",
    "FileConflict",
    "FileRules",
    "Hunk",
    "InvalidRules",
    "JsonConflict",
    "Labels",
    "LineConflict",
    "Marked",
    "Merged",
    "MergedFile",
    "MergedJson",
    "MergedJsonText",
    "MergedText",
    "NotJson",
    "Number",
    "Operation",
    "PatchError",
    "Plain",
    "Rules",
    "SettledByRule",
    "diff",
    "diff3",
    "diff_json",
    "diff_text",
    "dump_json",
    "merge_file",
    "merge_json",
    "merge_json_text",
    "merge_lines",
    "merge_sequence",
    "merge_text",
    "parse",
    "parse_json",
    "patch",
    "patch_json",
    "read_conflicts",
    "read_rules",
    "with_conflicts",
]

_HOMES = {
    "ABSENT": "json_value",
    "FileConflict": "driver",
    "FileRules": "rules",
    "InvalidRules": "rules_file",
    "JsonConflict": "json_tree",
    "Labels": "markers",
    "LineConflict": "text",
    "Marked": "markers",
    "MergedFile": "driver",
    "MergedJson": "json_tree",
    "MergedJsonText": "json_text",
    "MergedText": "text",
    "NotJson": "json_value",
    "Number": "json_number",
    "Operation": "json_patch",
    "PatchError": "json_patch",
    "Plain": "markers",
    "Rules": "rules",
    "SettledByRule": "json_tree",
    "UNKNOWN": "json_value",
    "diff_json": "json_diff",
    "diff_text": "readable",
    "dump_json": "json_style",
    "merge_file": "driver",
    "merge_json": "json_tree",
    "merge_json_text": "json_text",
    "merge_lines": "sequences",
    "merge_sequence": "sequences",
    "merge_text": "text",
    "parse": "markers",
    "parse_json": "json_value",
    "patch_json": "json_patch",
    "read_conflicts": "marked_json",
    "read_rules": "rules_file",
    "with_conflicts": "marked_json",
}


def __getattr__(name: str) -> object:
    """Loads a public name from the file that it lives in."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # asked for once
    return value
