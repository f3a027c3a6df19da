"""Up to each stated limit a document merges by its values; one step beyond as text, saying why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyvcs.merge.driver import MergedFile, merge_file
from pyvcs.merge.json_value import MAX_BYTES, MAX_DEPTH, MAX_NUMBER_LENGTH
from pyvcs.merge.markers import Labels

LABELS = Labels("base", "ours", "theirs")

TOO_DEEP = f"nested deeper than {MAX_DEPTH}"
TOO_LONG = f"a number has at most {MAX_NUMBER_LENGTH:,} characters"


def nested(opening: str, leaf: str, closing: str) -> Callable[[int], str]:
    """A value of so many containers, one in the other, in the object that each document is."""
    return lambda depth: opening * (depth - 1) + leaf + closing * (depth - 1)


VALUES: dict[str, tuple[Callable[[int], str], int, str]] = {
    "lists": (nested("[", "1", "]"), MAX_DEPTH, TOO_DEEP),
    "objects": (nested('{"k": ', "{}", "}"), MAX_DEPTH - 1, TOO_DEEP),
    "an integer": (lambda n: "9" * n, MAX_NUMBER_LENGTH, TOO_LONG),
    "a negative one": (lambda n: "-" + "8" * (n - 1), MAX_NUMBER_LENGTH, TOO_LONG),
    "a fraction": (lambda n: "0." + "1" * (n - 2), MAX_NUMBER_LENGTH, TOO_LONG),
    "a huge exponent": (lambda n: "1e" + "9" * (n - 2), MAX_NUMBER_LENGTH, TOO_LONG),
    "a tiny one": (lambda n: "-1.5E-" + "7" * (n - 6), MAX_NUMBER_LENGTH, TOO_LONG),
}
"""A value of some size, the largest size that is read, and what is said of a larger one."""

FORMS: dict[str, Callable[[str], str]] = {
    "x.json": lambda document: document + "\n",
    "x.jsonc": lambda document: f"// a comment\n{document}\n",
    "x.jsonl": lambda document: f'{{"first": 1}}\n{document}\n',
}
"""How a document stands in a file of this name."""


def sides(form: Callable[[str], str], value: str) -> list[bytes]:
    """Base, ours and theirs with the value between two edits; and what they make together."""
    template = '{{"a": {}, "value": {}, "b": {}}}'
    edits = ((1, 1), (2, 1), (1, 2), (2, 2))
    return [form(template.format(a, value, b)).encode() for a, b in edits]


def merged(name: str, base: bytes, ours: bytes, theirs: bytes) -> MergedFile:
    return merge_file(name.encode(), base=base, ours=ours, theirs=theirs, labels=LABELS)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("below", [0, 1], ids=["at", "below"])
def test_up_to_the_limit_values_merge_and_keep_their_spelling(
    name: str, what: str, below: int
) -> None:
    value_of, most, _ = VALUES[what]
    *given, expected = sides(FORMS[name], value_of(most - below))
    found = merged(name, *given)
    assert (found.content, found.conflicts, found.note) == (expected, (), "")
    assert found.kind_used == ("jsonl" if name == "x.jsonl" else "json")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("side", range(3), ids=["base", "ours", "theirs"])
def test_beyond_it_the_file_merges_as_text_if_only_one_version_is_beyond(
    name: str, what: str, side: int
) -> None:
    value_of, most, why = VALUES[what]
    given = sides(FORMS[name], "0")[:3]
    given[side] = sides(FORMS[name], value_of(most + 1))[side]
    found = merged(name, *given)
    base, ours, theirs = given
    as_text = merge_file(b"x", base=base, ours=ours, theirs=theirs, labels=LABELS, kind="text")
    assert (found.content, found.kind_used) == (as_text.content, "text")
    assert found.note.startswith("merged as text: ")
    assert why in found.note


SMALL = sides(FORMS["x.json"], "0")


def test_a_document_of_the_most_bytes_merges() -> None:
    base, ours, theirs, expected = SMALL
    found = merged("x.json", base.ljust(MAX_BYTES), ours, theirs)
    assert (found.content, found.kind_used) == (expected, "json")


def test_one_byte_more_merges_as_text() -> None:
    base, ours, theirs, _ = SMALL
    found = merged("x.json", base.ljust(MAX_BYTES + 1), ours, theirs)
    assert (found.kind_used, found.is_clean) == ("text", False)
    assert found.note == "merged as text: the document has 67,108,865 bytes, more than 67,108,864"
