"""A history of git replayed: git and pyvcs make the same merges, and are compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from git_histories import ENVIRON, GitHistory
from terminal import Terminal

from pyvcs.git.plumbing import GitRepository
from pyvcs.git.replay import Replayed, Verdict, checked_version
from pyvcs.git.replaying import Replays, replay_git
from pyvcs.objects.errors import Refused

Files = Mapping[str, bytes | None]


def merged(git: GitHistory, base: Files, ours: Files, theirs: Files, result: Files) -> str:
    """A merge of two branches in which people made of it what `result` says; its name."""
    start = git.commit(base, "base")
    git.git("checkout", "--quiet", "--detach", start)
    topic = git.commit(theirs, "theirs")
    git.git("checkout", "--quiet", "main")
    git.commit(ours, "ours")
    git.git("merge", "--quiet", "--no-commit", "--strategy=ours", topic)
    return git.commit(result, "merged")


def lines(*words: str) -> bytes:
    return "".join(f"{word}\n" for word in words).encode()


def document(**values: object) -> bytes:
    return json.dumps(values, indent=2).encode() + b"\n"


def replayed(git: GitHistory, *, is_text_only: bool = False, jobs: int = 1) -> Replays:
    return replay_git(GitRepository.at(str(git.folder)), is_text_only=is_text_only, jobs=jobs)


def verdicts(found: Replays) -> dict[str, Verdict]:
    return {one.commit: one.verdict for one in found.notable}


def only(found: Replays) -> Replayed:
    (one,) = found.notable
    return one


WORDS = lines(*"abcdefgh")


def test_what_both_merge_alike_is_equal(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    ours, theirs = lines(*"Abcdefgh"), lines(*"abcdefgH")
    merged(git, {"f": WORDS}, {"f": ours}, {"f": theirs}, {"f": lines(*"AbcdefgH")})
    found = replayed(git)
    assert found.counts == {Verdict.EQUAL: 1}
    assert found.as_committed == {Verdict.EQUAL: 1}
    assert not found.notable


def test_an_edit_that_people_made_in_the_merge_is_seen(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    merged(git, {"f": WORDS}, {"f": lines("A")}, {"g": WORDS}, {"f": lines("by hand"), "g": WORDS})
    found = replayed(git)
    assert found.counts == {Verdict.EQUAL: 1}
    assert not found.as_committed[Verdict.EQUAL]


def package_history(folder: Path) -> GitHistory:
    """One merge: both sides added a key at the end of package.json."""
    git = GitHistory(folder)
    versions = [document(a=1), document(a=1, b=2), document(a=1, c=3), document(a=1, b=2, c=3)]
    base, ours, theirs, result = ({"package.json": each} for each in versions)
    merged(git, base, ours, theirs, result)
    return git


def test_json_that_stops_git_is_clean_here_and_as_people_committed_it(tmp_path: Path) -> None:
    one = only(replayed(package_history(tmp_path / "git")))
    assert (one.verdict, one.is_as_committed) == (Verdict.ONLY_PYVCS, True)
    assert one.paths == (b"package.json",)


def test_with_text_only_json_conflicts_as_in_git(tmp_path: Path) -> None:
    one = only(replayed(package_history(tmp_path / "git"), is_text_only=True))
    assert one.verdict is Verdict.NEITHER
    assert one.conflicts == (("contents", b"package.json", None),)


def test_a_key_that_lines_would_give_twice_differs(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    values = {f"k{n}": n for n in range(9)}
    base = {"a.json": document(**values)}
    ours = {"a.json": document(new=1, **values)}
    theirs = {"a.json": document(**values, new=1)}
    merged(git, base, ours, theirs, ours)
    one = only(replayed(git))
    assert (one.verdict, one.paths) == (Verdict.DIFFERENT, (b"a.json",))


def test_a_key_that_got_two_values_is_clean_in_git_alone(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    values = {f"k{n}": n for n in range(9)}
    base = {"a.json": document(**values)}
    ours = {"a.json": document(new=1, **values)}
    theirs = {"a.json": document(**values, new=2)}
    merged(git, base, ours, theirs, ours)
    one = only(replayed(git))
    assert one.verdict is Verdict.ONLY_GIT
    assert one.conflicts == (("value", b"a.json", "/new"),)


def test_a_merge_whose_objects_are_gone_is_not_judged(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    merged(git, {"f": WORDS}, {"f": lines("A")}, {"f": lines("B")}, {"f": WORDS})
    blob = git.git("rev-parse", "main^1:f")
    path = git.folder / ".git/objects" / blob[:2] / blob[2:]
    path.unlink()
    one = only(replayed(git))
    assert one.verdict is Verdict.NOT_JUDGED
    assert one.why == f"git has no object {blob} in {git.folder / '.git'}"


def test_a_criss_cross_has_the_virtual_base_of_git(tmp_path: Path) -> None:
    """Both sides merged both first edits, and each went on at another end of the file.

    ::

        base <- one <- left <- merge      one and two are both parents of left and of right
           ^      x            /
            - two <- right <---
    """
    git = GitHistory(tmp_path / "git")
    base = git.commit({"f": WORDS})
    one = git.commit({"f": lines(*"abcDefgh")})
    git.git("checkout", "--quiet", "--detach", base)
    two = git.commit({"f": lines(*"abcdEfgh")})
    sides = []
    for first, second, text in ((one, two, "Abc12fgh"), (two, one, "abc12fgH")):
        git.git("checkout", "--quiet", "--detach", first)
        git.git("merge", "--quiet", "--no-commit", "--strategy=ours", second)
        sides.append(git.commit({"f": lines(*text)}))
    git.git("checkout", "--quiet", "--detach", sides[0])
    git.git("merge", "--quiet", "--no-commit", "--strategy=ours", sides[1])
    git.branch("main", git.commit({"f": lines(*"Abc12fgH")}))
    found = replayed(git)
    newest = git.git("rev-parse", "main")
    assert newest not in verdicts(found)
    assert found.counts == {Verdict.EQUAL: 1, Verdict.NEITHER: 2}


def test_submodules_and_names_of_one_spelling_keep_their_places(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    first = git.commit({"f": WORDS})
    blob = git.git("rev-parse", "HEAD:f")

    def side(parents: list[str], content: bytes) -> str:
        edited = git.put("blob", content)
        rows = [
            (b"100644", b"README", blob),
            (b"120000", b"link", blob),
            (b"100644", b"readme", edited),
            (b"160000", b"sub", first),
            (b"100755", b"tool", edited),
        ]
        body = b"".join(b"%s %s\0%s" % (m, n, bytes.fromhex(sha)) for m, n, sha in rows)
        return git.raw_commit(git.put("tree", body), parents)

    base = side([], WORDS)
    sides = [side([base], lines(*"Abcdefgh")), side([base], lines(*"abcdefgH"))]
    git.branch("main", side(sides, lines(*"AbcdefgH")))
    found = replayed(git)
    assert found.counts == {Verdict.EQUAL: 1}
    assert found.as_committed == {Verdict.EQUAL: 1}


def test_a_pool_finds_what_one_process_finds_and_the_history_is_only_read(tmp_path: Path) -> None:
    git = package_history(tmp_path / "git")
    merged(git, {"f": WORDS}, {"f": lines("A")}, {"f": lines("B")}, {"f": WORDS})
    (git.folder / ".git/info/attributes").write_text("f merge=union\n")
    before = git.git("count-objects", "-v"), git.refs()
    alone, together = replayed(git), replayed(git, jobs=2)
    assert alone.counts == together.counts == {Verdict.ONLY_PYVCS: 1, Verdict.NEITHER: 1}
    assert verdicts(alone) == verdicts(together)
    assert (git.git("count-objects", "-v"), git.refs()) == before


def test_a_head_without_a_commit_hides_nothing(tmp_path: Path) -> None:
    git = package_history(tmp_path / "git")
    git.git("symbolic-ref", "HEAD", "refs/heads/none-yet")
    assert replayed(git).judged == 1


def test_a_merge_that_only_a_detached_head_reaches_counts(tmp_path: Path) -> None:
    git = package_history(tmp_path / "git")
    git.git("checkout", "--quiet", "--detach")
    git.git("branch", "--delete", "--force", "main")
    assert replayed(git).judged == 1


@pytest.mark.parametrize("words", ["git version 2.37.9", "git version 1.99", "nonsense"])
def test_an_old_git_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(Refused, match=r"needs git 2\.38"):
        checked_version(words)


def run(git: GitHistory, *options: str) -> str:
    person = Terminal(git.folder)
    person.environ.update(ENVIRON)
    return person.run("git", "replay", ".", "--jobs", "1", *options).out


def test_the_report_says_in_words_what_one_would_gain(tmp_path: Path) -> None:
    git = package_history(tmp_path / "git")
    commit = git.git("rev-parse", "main")
    said = run(git)
    assert "1  in conflict in git, clean here, 1 of them just what people committed" in said
    assert "left to people by git: 1; of those, clean here: 1 (100.0 %)" in said
    assert f"{commit[:12]}  package.json  (as committed)" in said


def test_the_json_lists_every_merge_that_is_not_equal(tmp_path: Path) -> None:
    git = package_history(tmp_path / "git")
    found = json.loads(run(git, "--json", "--text"))
    assert found["rules"] == "text"
    assert found["counts"]["neither"] == 1
    (merge,) = found["merges"]
    assert merge["paths"] == ["package.json"]
    assert merge["conflicts"] == [{"kind": "contents", "path": "package.json", "pointer": None}]
    assert set(found["time"]) == set(merge["time"]) == {"pyvcs", "git"}


def test_a_limit_takes_the_newest(tmp_path: Path) -> None:
    git = package_history(tmp_path / "git")
    merged(git, {"f": WORDS}, {"f": lines("A")}, {"f": lines("B")}, {"f": WORDS})
    found = json.loads(run(git, "--json", "--limit", "1"))
    assert [merge["verdict"] for merge in found["merges"]] == ["neither"]


def test_a_history_without_merges_has_nothing_to_judge(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"f": WORDS})
    assert run(git).startswith("0 merges made again")
