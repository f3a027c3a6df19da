"""Trees: which names may stand in one, which of them clash, and in which order they stand."""

from __future__ import annotations

import pytest
from counted_work import Copied, at_most_steps
from hypothesis import given, settings
from hypothesis import strategies as st
from object_strategies import names, trees

from pyvcs.objects.codec import decode, decode_body, encode, split
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import (
    MAX_DEPTH,
    MAX_NAME_BYTES,
    Tree,
    TreeEntry,
    are_plain,
    check_depth,
    check_name,
    check_path,
    folded,
    is_own_folder,
)

OID = Oid(b"\x11" * 32)


def tree_of(*found: str | bytes) -> Tree:
    """A tree of files with these names, in any order."""
    return Tree.of(TreeEntry(name_of(name), Mode.FILE, OID) for name in found)


def name_of(name: str | bytes) -> bytes:
    """The name as bytes."""
    return name.encode() if isinstance(name, str) else name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "/", "a/", "a\0", "\0", "..\\x", "a\\..\\..\\b", "\\.."]
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidObject):
        check_name(name.encode())


@pytest.mark.parametrize(
    "name",
    [b"a", b"...", b"..a", b" ", b"\n", b"-rf", b"\xff\xfe", b"a b", b"con", b"x:y", b"dev\\x2d1"],
)
def test_other_bytes_are_names(name: bytes) -> None:
    check_name(name)


def test_the_longest_name_is_allowed_and_a_longer_one_is_not() -> None:
    check_name(b"n" * MAX_NAME_BYTES)
    with pytest.raises(InvalidObject, match=str(MAX_NAME_BYTES + 1)):
        check_name(b"n" * (MAX_NAME_BYTES + 1))


OWN_FOLDER = {
    "as it is": ".pyvcs",
    "in capitals": ".PYVCS",
    "in mixed case": ".PyVcS",
    "with the long s, which folds to s": ".pyvc\u017f",
    "dot at the end": ".pyvcs.",
    "dots and spaces at the end": ".pyvcs . ..",
    "space at the end": ".pyvcs ",
    "short name": "pyvcs~1",
    "short name in capitals": "PYVCS~1",
    "second short name": "PYVCS~2",
    "short name with a dot": "PYVCS~1.",
    "directory stream": ".pyvcs::$INDEX_ALLOCATION",
    "named directory stream": ".PYVCS:$I30:$INDEX_ALLOCATION",
    "some stream": ".pyvcs:x",
    "space before the stream": ".pyvcs :x",
    "stream of a short name": "PYVCS~1:x",
    "below a folder, with Windows' separator": "a\\.pyvcs",
    "with a file below it": ".pyvcs\\refs",
    "capitals and dots between separators": "a\\.PYVCS. \\refs",
    "behind a separator": "\\.pyvcs",
    "zero width non-joiner": ".py\u200cvcs",
    "zero width space": ".pyv\u200bcs",
    "left-to-right mark in front": "\u200e.pyvcs",
    "right-to-left override at the end": ".pyvcs\u202e",
    "byte order mark in front": "\ufeff.pyvcs",
    "inhibit swapping": ".\u206apyvcs",
    "soft hyphen": ".py\u00advcs",
    "combining grapheme joiner": ".py\u034fvcs",
    "word joiner": ".pyvc\u2060s",
    "variation selector": ".pyvcs\ufe0f",
    "tag character": ".pyvcs\U000e0061",
    "Hangul filler": ".py\u3164vcs",
    "many of them, in capitals, with dots": "\u200d\u200d.P\u200cY\u200bV\ufeffCS\u2063. .",
}


@pytest.mark.parametrize("name", OWN_FOLDER.values(), ids=OWN_FOLDER)
def test_every_spelling_of_our_own_folder_is_refused(name: str) -> None:
    assert is_own_folder(name.encode())
    with pytest.raises(InvalidObject, match="own folder"):
        tree_of("a", name)


@pytest.mark.parametrize(
    "name",
    [
        "pyvcs",
        ".pyvcs2",
        ".pyvcsignore",
        ".pyvcs-ignore",
        "x.pyvcs",
        ".pyvc",
        ". pyvcs",
        ".py vcs",
        "pyvcs~",
        "pyvcs~1x",
        "pyvcs~a",
        "apyvcs~1",
        ":.pyvcs",
        "a:.pyvcs",
        "\u200c",
        "\uff0epyvcs",
        ".p\u0443vcs",
    ],
)
def test_names_that_only_look_like_it_are_allowed(name: str) -> None:
    assert not is_own_folder(name.encode())
    assert len(tree_of(name)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("readme", "README"),
        ("é", "e\u0301"),
        ("É", "e\u0301"),
        ("stra\u00dfe", "STRASSE"),
        ("\u03c3", "\u03c2"),
        ("\u212b", "\u00e5"),
        ("\ufb01x", "FIX"),
        (b"\xffA", b"\xffa"),
    ],
)
def test_a_clash_names_both(one: str | bytes, other: str | bytes) -> None:
    assert folded(name_of(one)) == folded(name_of(other))
    with pytest.raises(InvalidObject) as caught:
        tree_of("middle", one, other)
    for name in (one, other):
        assert name_of(name).decode("utf-8", "backslashreplace") in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("one", "other"), [("a", "á"), ("\u0131", "i"), (b"\xff", b"\xfe"), ("a", "a ")]
)
def test_names_that_differ_after_folding_live_side_by_side(
    one: str | bytes, other: str | bytes
) -> None:
    assert len(tree_of(one, other)) == 2


def test_entries_stand_in_the_order_of_their_bytes() -> None:
    tree = tree_of(b"\xff", "b", "a.", "a", "C", "a0", "a-")
    assert [entry.name for entry in tree] == [b"C", b"a", b"a-", b"a.", b"a0", b"b", b"\xff"]


def test_entries_out_of_order_or_twice_are_refused() -> None:
    one, two = TreeEntry(b"a", Mode.FILE, OID), TreeEntry(b"b", Mode.TREE, OID)
    with pytest.raises(InvalidObject, match="not in order"):
        Tree((two, one))
    with pytest.raises(InvalidObject, match="not in order"):
        Tree((one, one))


@settings(deadline=None, max_examples=100)
@given(trees, names)
def test_an_entry_is_found_by_its_name(tree: Tree, name: bytes) -> None:
    for entry in tree:
        assert tree.get(entry.name) == entry
    by_name = {entry.name: entry for entry in tree}
    assert tree.get(name) == by_name.get(name)


@settings(deadline=None, max_examples=200)
@given(names)
def test_folding_twice_changes_nothing(name: bytes) -> None:
    again = folded(folded(name).encode("utf-8", "surrogateescape"))
    assert again == folded(name)


@pytest.mark.parametrize("path", [b"", b"/", b"a//b", b"/a", b"a/", b"a/../b", b"a/.PYVCS/x"])
def test_a_path_is_names_with_one_slash_between_them(path: bytes) -> None:
    with pytest.raises(InvalidObject):
        check_path(path)


def test_folders_lie_only_so_deep() -> None:
    check_path(b"/".join([b"d"] * MAX_DEPTH))
    check_depth(b"d/" * (MAX_DEPTH - 1))
    for too_deep in (check_path, check_depth):
        with pytest.raises(InvalidObject, match=str(MAX_DEPTH)):
            too_deep(b"/".join([b"d"] * (MAX_DEPTH + 1)))


def test_the_names_of_many_entries_are_looked_at_all_at_once() -> None:
    """A check of each one would take longer than all else that is done to a large tree."""
    many = [TreeEntry(b"document-%05d.json" % n, Mode.FILE, OID) for n in range(10_000)]
    with at_most_steps(3 * len(many)):
        tree = Tree.of(reversed(many))
    assert tree == Tree(tuple(many))
    assert decode(encode(tree)) == tree


def test_a_large_tree_is_decoded_without_copies_of_what_is_left() -> None:
    many = tuple(TreeEntry(b"document-%05d.json" % n, Mode.FILE, OID) for n in range(1_000))
    kind, body = split(encode(Tree(many)))
    copied = [0]
    assert decode_body(kind, Copied.from_bytes(body, copied)) == Tree(many)
    assert len(body) // 2 < copied[0] < 3 * len(body)


@settings(deadline=None, max_examples=300)
@given(st.lists(names | st.sampled_from([b"P", b"p.", b".p", b"..", b".pyvcs", b"pYvcs~1"])))
def test_a_tree_takes_just_the_names_that_are_allowed_one_by_one(found: list[bytes]) -> None:
    ordered = sorted(set(found))
    try:
        for name in ordered:
            check_name(name)
        is_allowed = len({folded(name) for name in ordered}) == len(ordered)
    except InvalidObject:
        is_allowed = False
    try:
        tree_of(*ordered)
        assert is_allowed
    except InvalidObject:
        assert not is_allowed


own_looks = st.text(st.sampled_from("gitGhjpyvcs.~1: ax-_\u200c"), max_size=9) | st.builds(
    "".join, st.lists(st.sampled_from([".git", "git", "pyvcs", ".hg", ".jj", ".", "~1", ":", "x"]))
)


@settings(deadline=None, max_examples=300)
@given(own_looks)
def test_a_quick_look_lets_nothing_through(name: str) -> None:
    if are_plain([name.encode()]):
        check_name(name.encode())


def test_what_lies_in_nearly_every_root_is_seen_at_a_quick_look() -> None:
    """Else each name of such a folder is looked at twice, which takes three times as long."""
    assert are_plain([b".gitattributes", b".github", b".gitignore", b".hgignore", b"github.json"])
    assert are_plain([b"git", b"git.c", b"git:a", b"git.", b"pyvcs", b"pyvcs.toml", b"GIT-VERSION"])


@pytest.mark.parametrize("name", [b"a\0a", b"a\0", b"\0", b"a\0b"])
def test_a_name_with_nul_is_refused_in_a_tree_of_plain_names(name: bytes) -> None:
    with pytest.raises(InvalidObject):
        tree_of(name)
    with pytest.raises(InvalidObject):
        tree_of(name, "a", "z")


@pytest.mark.parametrize("name", [b".git", b".GIT", b"git~1", b".Git. ", b".hg", b".jj"])
def test_the_stores_of_others_are_refused(name: bytes) -> None:
    """A peer could otherwise put hooks into a git repository that lies in the same folder."""
    with pytest.raises(InvalidObject, match="own folder"):
        check_name(name)
    with pytest.raises(InvalidObject, match="own folder"):
        Tree((TreeEntry(name, Mode.FILE, Oid(bytes(32))),))


@pytest.mark.parametrize("name", [b".gitignore", b".github", b"git", b"pyvcs", b".hgtags"])
def test_files_about_them_are_not(name: bytes) -> None:
    assert len(Tree((TreeEntry(name, Mode.FILE, Oid(bytes(32))),))) == 1
