"""What everybody's files get without asking: docs/formats/rules.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyvcs.merge.driver import MergedFile, merge_file
from pyvcs.merge.markers import Labels

LABELS = Labels("base", "ours", "theirs")


def merged_file(path: bytes, base: Any, ours: Any, theirs: Any) -> MergedFile:
    """The merge, which must not depend on the order of the sides."""
    texts = [json.dumps(value, indent=2).encode() for value in (base, ours, theirs)]
    merged = merge_file(path, base=texts[0], ours=texts[1], theirs=texts[2], labels=LABELS)
    mirrored = merge_file(path, base=texts[0], ours=texts[2], theirs=texts[1], labels=LABELS)
    assert merged.content == mirrored.content
    assert len(merged.conflicts) == len(mirrored.conflicts)
    return merged


def value_of(merged: MergedFile) -> Any:
    """The merged value of a clean merge."""
    assert merged.is_clean
    return json.loads(merged.content)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "added"),
    [
        pytest.param(
            {"php": "^8.1", "we/log": "^1.0"},
            {"php": "^8.1", "we/log": "^2.0"},
            {"php": "^8.1", "we/log": "^1.0", "we/mail": "^1.0"},
            "^2.0",
            id="one package of the scope",
        ),
        pytest.param(
            {"@we/log": "1.0.0", "left": "1.0.0"},
            {"@we/log": "1.1.0", "left": "1.0.0"},
            {"@we/log": "1.0.0", "@we/mail": "1.0.0", "left": "1.0.0"},
            "1.1.0",
            id="others keep that version",
        ),
        pytest.param(
            {"@we/log": "1.0.0", "@we/old": "1.0.0"},
            {"@we/log": "1.1.0", "@we/old": "1.0.0"},
            {"@we/log": "1.0.0", "@we/mail": "1.0.0", "@we/old": "1.0.0"},
            "1.0.0",
            id="not all of the scope",
        ),
        pytest.param(
            {"@we/log": "1.0.0"},
            {"@we/log": "1.1.0"},
            {"@we/log": "1.0.0", "@they/mail": "1.0.0"},
            "1.0.0",
            id="of another scope",
        ),
    ],
)
def test_what_joins_a_scope_is_raised_with_it(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], added: str
) -> None:
    sides = ({"require": each} for each in (base, ours, theirs))
    new = ({*theirs} - {*base}).pop()
    assert value_of(merged_file(b"composer.json", *sides))["require"][new] == added
