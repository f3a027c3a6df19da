"""Virtual bases that are kept: the same merges, and no more work the longer a history is."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from pasts import Past

from pyvcs.merge.canonical import canonical_merge
from pyvcs.merge.trees import MergedTree
from pyvcs.merge.virtual_bases import VirtualBases
from pyvcs.objects.oid import Oid


class Counted(VirtualBases):
    """Counts the folds that had to be made."""

    folds = 0

    def note(self, commits: tuple[Oid, ...], merged: MergedTree) -> None:
        self.folds += 1
        super().note(commits, merged)


def ladder(past: Past, rungs: int, width: int) -> list[list[Oid]]:
    """At each rung everybody has all that was done so far, and does one thing more."""
    rung = [past.commit({"t": "".join(f"{n}\n" for n in range(9))})]
    found = []
    for height in range(rungs):
        seen = past.files(past.merge(*rung))["t"]
        rung = [past.commit({"t": f"{seen}r{height} by {n}\n"}, *rung) for n in range(width)]
        found.append(rung)
    return found


def test_a_merge_makes_no_virtual_base_twice() -> None:
    past = Past()
    rungs = ladder(past, 8, 3)
    made = Counted()
    work = []
    for rung in rungs:
        made.folds = 0
        kept = canonical_merge(past.objects, past, rung, made=made)
        work.append(made.folds)
        assert kept == past.merge(*rung)
    assert work[2:] == [work[2]] * 6, "it grows with the history"
    without = Counted()
    canonical_merge(past.objects, past, rungs[-1], made=without)
    assert without.folds > 3 * work[-1]


def test_folds_share_their_first_commits() -> None:
    past = Past()
    base = past.commit({"t": "0\n"})
    a, b, c = (past.commit({"t": f"0\n{name}\n"}, base) for name in "abc")
    one, two = sorted((a, b))
    # Over {a, b}, and over {a, b, c} in the order of oids: if c is last, the first two are there.
    x, y = (past.commit({"t": f"{n}\n"}, a, b) for n in "xy")
    made = Counted()
    canonical_merge(past.objects, past, (x, y), made=made)
    assert made.folds == 1
    assert made.longest((one, two, c)) == 2
    assert made.longest((c, one, two)) == 1


@given(st.integers(0, 10**6))
def test_what_is_kept_changes_no_merge(seed: int) -> None:
    """Drawn histories of people who merge at random, each merge over what is kept so far."""
    rng = Random(seed)
    past = Past()
    commits = [past.commit({"t": "a\nb\nc\nd\n", "u": "1\n"})]
    made = VirtualBases()
    for number in range(rng.randrange(2, 10)):
        heads = past.heads(rng.sample(commits, min(len(commits), rng.randrange(1, 4))))
        tip = canonical_merge(past.objects, past, heads, made=made)
        assert tip == past.merge(*heads)
        files = past.files(tip)
        path = rng.choice("tuv")
        lines = files.get(path, "new\n").splitlines(keepends=True)
        lines[rng.randrange(len(lines))] = f"{number}\n"
        commits.append(past.commit({**files, path: "".join(lines)}, *heads))
