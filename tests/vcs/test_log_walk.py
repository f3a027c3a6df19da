"""What a log shows: ranges against slow truths, filters, and files through renames as git does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from graphs import histories, slow_ancestors
from hypothesis import given, settings
from hypothesis import strategies as st
from twins import ADA, START, Twins, store_commit

from pyvcs.log import LogFilter, walk
from pyvcs.objects.commit import Commit, Identity
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.repository import Repository

LONG = b"".join(b"line %d of a file that is moved\n" % number for number in range(20))


def names(twins: Twins, tip: str, *paths: str) -> list[str]:
    """The names of the commits that a log of these paths shows."""
    steps = walk(twins.repository, [twins.oids[tip]], paths=[path.encode() for path in paths])
    return [twins.name_of(step.oid) for step in steps if step.is_shown]


@settings(max_examples=60, deadline=None)
@given(histories(max_size=12), st.data())
def test_a_range_is_what_one_side_reaches_and_the_other_does_not(
    history: dict[int, tuple[int, ...]], data: st.DataObject
) -> None:
    repository = Repository.in_memory()
    oids: dict[int, Oid] = {}
    for number, parents in history.items():
        above = [oids[parent] for parent in parents]
        oids[number] = store_commit(repository, f"{number}", above, {}, seconds=START + number)
    nodes = st.sets(st.sampled_from(sorted(history)), min_size=1, max_size=3)
    wanted, hidden = data.draw(nodes), data.draw(st.one_of(st.just(set[int]()), nodes))
    reached = slow_ancestors(history)
    expected = set[int]().union(*(reached[n] for n in wanted))
    expected -= set[int]().union(*(reached[n] for n in hidden))
    for by_lines in (False, True):
        steps = list(
            walk(
                repository,
                [oids[n] for n in wanted],
                hidden=[oids[n] for n in hidden],
                by_lines=by_lines,
            )
        )
        found = [int(step.commit.message) for step in steps]
        assert sorted(found) == sorted(expected)
        for step in steps:
            shown_parents = {int(repository.store.commit(oid).message) for oid in step.parents}
            assert shown_parents == set(history[int(step.commit.message)]) & expected
            assert all(
                found.index(n) > found.index(int(step.commit.message)) for n in shown_parents
            )


class CountingStore(ObjectStore):
    """A store that counts the commits that are read."""

    read = 0

    def commit(self, oid: Oid) -> Commit:
        self.read += 1
        return super().commit(oid)


def test_the_first_commit_comes_before_the_others_are_read() -> None:
    repository = Repository.in_memory()
    tip: list[Oid] = []
    for number in range(300):
        tip = [store_commit(repository, f"{number}", tip, {}, seconds=START + number)]
    repository.history.graph.extend(tip)
    for by_lines in (False, True):
        reader = CountingStore(repository.backend)
        again = Repository(repository.backend, None)
        again.store = reader
        steps = walk(again, tip, by_lines=by_lines)
        assert next(steps).commit.message == "299\n"
        assert reader.read < 8


def shown(repository: Repository, tips: Iterable[Oid], wanted: LogFilter) -> list[str]:
    steps = walk(repository, list(tips), shown=wanted)
    return [step.commit.subject for step in steps if step.is_shown]


def test_filters_by_time_person_and_words() -> None:
    repository = Repository.in_memory()
    bob = Identity("Bob", "bob@example.org")
    a = store_commit(repository, "Add a", [], {}, seconds=START)
    b = store_commit(repository, "Fix b", [a], {}, seconds=START + 10, author=bob)
    c = store_commit(repository, "fix c\n\nlong", [a], {}, seconds=START + 20)
    d = store_commit(repository, "Merge", [b, c], {}, seconds=START + 30)
    bob_or_ada = (re.compile("bob@"), re.compile(ADA.name))
    fix_or_add = (re.compile("[Ff]ix"), re.compile("Add"))
    for wanted, expected in (
        (LogFilter(), ["Merge", "fix c", "Fix b", "Add a"]),
        (LogFilter(since=START + 20), ["Merge", "fix c"]),
        (LogFilter(until=START + 10), ["Fix b", "Add a"]),
        (LogFilter(authors=(re.compile("bob@"),)), ["Fix b"]),
        (LogFilter(authors=bob_or_ada), ["Merge", "fix c", "Fix b", "Add a"]),
        (LogFilter(messages=fix_or_add), ["fix c", "Fix b", "Add a"]),
        (LogFilter(messages=(re.compile("long"),), authors=(re.compile("Bob"),)), []),
        (LogFilter(merges=True), ["Merge"]),
        (LogFilter(merges=False), ["fix c", "Fix b", "Add a"]),
    ):
        assert shown(repository, [d], wanted) == expected


def test_follows_a_file_through_renames(tmp_path: Path) -> None:
    twins = Twins()
    other = {"other": b"nothing to do with it\n"}
    twins.commit("first", [], {"old": LONG, **other})
    twins.commit("elsewhere", ["first"], {"old": LONG, "other": b"x\n"})
    twins.commit("edited", ["elsewhere"], {"old": LONG + b"more\n", **other})
    twins.commit("moved", ["edited"], {"d/new": LONG + b"more\n", **other})
    twins.commit(
        "moved and edited", ["moved"], {"last": b"top\n" + LONG + b"more\n", "new": b"1\n"}
    )
    twins.commit("tip", ["moved and edited"], {"last": b"top\n" + LONG, "new": b"1\n"})
    twins.finish(tmp_path / "git")
    expected = ["tip", "moved and edited", "moved", "edited", "first"]
    assert names(twins, "tip", "last") == expected
    assert twins.ask("log", "--follow", "--format=%s", "tip", "--", "last").splitlines() == expected
    assert names(twins, "tip", "new") == ["moved and edited"]


def test_leaves_out_branches_that_changed_nothing_as_git_does(tmp_path: Path) -> None:
    twins = Twins()
    twins.commit("base", [], {"f": b"1\n", "g": b"1\n"})
    twins.commit("left", ["base"], {"f": b"2\n", "g": b"1\n"})
    twins.commit("right", ["base"], {"f": b"1\n", "g": b"2\n"})
    twins.commit("undone", ["right"], {"f": b"3\n", "g": b"2\n"})
    twins.commit("again", ["undone"], {"f": b"1\n", "g": b"2\n"})
    twins.commit("merge", ["left", "again"], {"f": b"2\n", "g": b"2\n"})
    twins.commit("both", ["merge", "right"], {"f": b"4\n", "g": b"2\n", "d/h": b"1\n"})
    twins.commit("tip", ["both"], {"f": b"4\n", "g": b"2\n", "d/h": b"2\n"})
    twins.finish(tmp_path / "git")
    for paths in (["f"], ["g"], ["d"], ["d/h"], ["f", "g"], ["nowhere"]):
        told = twins.ask("log", "--format=%s", "tip", "--", *paths).splitlines()
        assert names(twins, "tip", *paths) == told, paths


def test_a_file_that_came_with_a_merged_branch_is_followed_there() -> None:
    twins = Twins()
    twins.commit("base", [], {"a": LONG})
    twins.commit("moved", ["base"], {"b": LONG})
    twins.commit("beside", ["base"], {"a": LONG, "c": b"1\n"})
    twins.commit("merge", ["beside", "moved"], {"b": LONG, "c": b"1\n"})
    assert names(twins, "merge", "b") == ["moved", "base"]
