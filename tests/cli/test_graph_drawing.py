"""The graph beside a log: drawn cases, and drawings that are read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from graphs import drawn, histories
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.cli.graph import ASCII, BOXES, Glyphs, GraphDrawing
from pyvcs.objects.graph import line_by_line

History = Mapping[str, tuple[str, ...]]


def rows_of(history: History, glyphs: Glyphs = BOXES, hidden: str = "") -> list[str]:
    """The rows of a drawing, newest first, each commit's with its name."""
    drawing = GraphDrawing[str](glyphs)
    rows = []
    for node in reversed(list(history)):
        is_shown = node not in hidden
        first = drawing.draw(node, history[node], is_shown=is_shown).first
        names = [f" {node}" if is_shown else "", *[""] * len(first)]
        rows += [row.rstrip() + name for row, name in zip(first, names, strict=False)]
    return rows


CASES = {
    "a line": (
        "A B:A C:B",
        """\
* C
* B
* A""",
    ),
    "a branch that was merged": (
        "A B:A C:B D:B E:C,D",
        """\
* E
├─╮
│ * D
* │ C
├─╯
* B
* A""",
    ),
    "two tips": (
        "A B:A C:A",
        """\
* C
│ * B
├─╯
* A""",
    ),
    "a criss-cross": (
        "A B:A C:A D:B,C E:C,B",
        """\
* E
├─╮
│ │ * D
├─┼─╯
* │ C
│ * B
├─╯
* A""",
    ),
    "an octopus": (
        "A B:A C:A D:A E:B,C,D",
        """\
* E
├─┬─╮
│ │ * D
│ * │ C
│ ├─╯
* │ B
├─╯
* A""",
    ),
    "a line that passes another": (
        "A B:A C:A D:A E:A F:B,D G:C,E H:F,E",
        """\
* H
├─╮
│ │ * G
│ ├─┤
* │ │ F
├─│─│─╮
│ * │ │ E
│ │ │ * D
│ ├─│─╯
│ │ * C
│ ├─╯
* │ B
├─╯
* A""",
    ),
    "two roots": (
        "A B C:A,B",
        """\
* C
├─╮
│ * B
* A""",
    ),
    "nothing in common": (
        "A B C:B",
        """\
* C
* B
  * A""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_draws(case: str) -> None:
    history, expected = CASES[case]
    assert "\n".join(rows_of(drawn(history))) == expected


def test_draws_with_plain_letters_where_there_are_no_others() -> None:
    assert rows_of(drawn("A B:A C:A D:A E:B,C,D"), ASCII)[:2] == ["* E", "+-.-."]


def test_passes_what_is_not_shown() -> None:
    history = drawn("A B:A C:B D:B E:C,D F:E")
    assert rows_of(history, hidden="E") == ["* F", "├─╮", "│ * D", "* │ C", "├─╯", "* B", "* A"]
    assert rows_of(history, hidden="BCDEF") == ["* A"]


# -- reading back ------------------------------------------------------------------------------


def edges_drawn(rows: list[str]) -> dict[str, set[str]]:
    """The commits that lines lead down to from each commit, read from the picture alone."""
    return {
        row.split()[-1]: set(_below(rows, number, row.index("*")))
        for number, row in enumerate(rows)
        if "*" in row
    }


UP, DOWN, LEFT, RIGHT = "│├┤┼╰╯┴", "│├┤┼╭╮┬", "┤┼╯┴╮┬─", "├┼╰┴╭┬─"


def _at(rows: list[str], number: int, column: int) -> str:
    return (rows[number] + " " * 200)[column] if number < len(rows) else " "


def _below(rows: list[str], number: int, column: int) -> Iterator[str]:
    """The commits that the lines from below a place lead to."""
    start = column if "*" in rows[number] and rows[number].index("*") == column else None
    source = rows[number].find("*")
    number += 1
    while True:
        here = _at(rows, number, column)
        if here == "*":
            yield rows[number].split()[-1]
            return
        if here not in UP:
            return
        if here in DOWN:
            yield from _below(rows, number, column)
        if start is not None or here not in DOWN:
            for step, towards, away in ((-1, RIGHT, LEFT), (1, LEFT, RIGHT)):
                if here not in away:
                    continue
                x = column + step
                while True:
                    cell = _at(rows, number, x)
                    passes = cell == "│" and _at(rows, number, x + step) == "─"
                    if cell in towards and cell in DOWN and (start is not None or x == source):
                        yield from _below(rows, number, x)
                    if not (passes or cell in away):
                        break
                    x += step
        return


@given(histories(max_size=14), st.sampled_from(["as they came", "line by line"]))
def test_every_commit_appears_once_and_the_lines_are_those_to_its_parents(
    history: dict[int, tuple[int, ...]], order: str
) -> None:
    names = {number: chr(ord("A") + number) for number in history}
    tips = sorted(set(history) - {parent for parents in history.values() for parent in parents})
    nodes = list(line_by_line(history.__getitem__, tips))
    if order == "as they came":
        nodes = sorted(history, reverse=True)
    named = {names[node]: tuple(names[parent] for parent in history[node]) for node in nodes[::-1]}
    rows = rows_of(named)
    assert [row.split()[-1] for row in rows if "*" in row] == [names[node] for node in nodes]
    assert edges_drawn(rows) == {node: set(parents) for node, parents in named.items()}


@given(histories(max_size=14), st.sets(st.integers(0, 13)))
def test_what_is_shown_appears_once_whatever_is_hidden(
    history: dict[int, tuple[int, ...]], hidden: set[int]
) -> None:
    names = {number: chr(ord("A") + number) for number in history}
    named = {names[n]: tuple(names[parent] for parent in history[n]) for n in history}
    unseen = "".join(names[n] for n in hidden if n in names)
    shown = [row.split()[-1] for row in rows_of(named, hidden=unseen) if "*" in row]
    assert shown == [name for name in reversed(list(named)) if name not in unseen]
