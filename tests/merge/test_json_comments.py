"""JSON with comments and trailing commas: merged by values, the comments kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, files_in, new_repository

from pyvcs.merge.driver import merge_file
from pyvcs.merge.json_comments import merge_json_with_comments, parse_commented
from pyvcs.merge.json_value import NotJson
from pyvcs.merge.markers import Labels
from pyvcs.resolving import resolve

LABELS = Labels("base", "ours", "theirs")
SETTINGS = """\
// What the compiler is told.
{
  "compilerOptions": {
    "target": "es2020", // the oldest browser that we have
    "lib": ["dom", "es2020"],
    /* nobody wants
       it otherwise */
    "strict": true,
  },
  // Paths from the top.
  "files": [
    "a.ts", // first
    "b.ts" // last
  ],
}
"""


def edited(*edits: tuple[str, str]) -> bytes:
    text = SETTINGS
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        pytest.param(
            [('"es2020", //', '"es2022", //')],
            [('["dom", "es2020"]', '["dom", "es2022"]')],
            [('"es2020", //', '"es2022", //'), ('["dom", "es2020"]', '["dom", "es2022"]')],
            id="neighbouring lines",
        ),
        pytest.param(
            [("oldest browser", "slowest browser")],
            [('["dom", "es2020"]', '["dom"]')],
            [("oldest browser", "slowest browser"), ('["dom", "es2020"]', '["dom"]')],
            id="a comment changed beside a value",
        ),
        pytest.param(
            [('"b.ts" // last\n', '"b.ts", // last\n    "c.ts" // new\n')],
            [('"a.ts", // first', '"A.ts", // first')],
            [
                ('"b.ts" // last\n', '"b.ts", // last\n    "c.ts" // new\n'),
                ('"a.ts", // first', '"A.ts", // first'),
            ],
            id="an item behind the last comment",
        ),
        pytest.param(
            [('"strict": true,\n', '"strict": true,\n    "noEmit": true,\n')],
            [('"strict": true,\n', '"strict": false,\n')],
            [('"strict": true,\n', '"strict": false,\n    "noEmit": true,\n')],
            id="a member behind a trailing comma",
        ),
        pytest.param(
            [("// What the", "// All that the")],
            [("// Paths from", "// Files, from")],
            [("// What the", "// All that the"), ("// Paths from", "// Files, from")],
            id="a comment each",
        ),
    ],
)
def test_values_merge_and_comments_stay(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], merged: list[tuple[str, str]]
) -> None:
    base, one, other = SETTINGS.encode(), edited(*ours), edited(*theirs)
    for sides in ((one, other), (other, one)):
        found = merge_file(
            b"tsconfig.json", base=base, ours=sides[0], theirs=sides[1], labels=LABELS
        )
        assert (found.kind_used, found.note) == ("json", "")
        assert found.is_clean
        assert found.content.decode() == edited(*merged).decode()


def test_a_conflict_has_its_pointer_and_every_comment_stays() -> None:
    merged = merge_json_with_comments(
        base=SETTINGS.encode(),
        ours=edited(('"es2020", //', '"es2021", //')),
        theirs=edited(('"es2020", //', '"es2022", //')),
    )
    assert [conflict.pointer for conflict in merged.conflicts] == ["/compilerOptions/target"]
    assert merged.content == edited(('"es2020", //', '"es2022", //'))


def test_a_comment_that_both_changed_is_never_lost_in_silence() -> None:
    one, other = edited(("oldest", "slowest")), edited(("oldest", "smallest"))
    with pytest.raises(NotJson, match="around a comment"):
        merge_json_with_comments(base=SETTINGS.encode(), ours=one, theirs=other)
    merged = merge_file(
        b"tsconfig.json", base=SETTINGS.encode(), ours=one, theirs=other, labels=LABELS
    )
    assert merged.kind_used == "text"
    assert [str(conflict.kind) for conflict in merged.conflicts] == ["contents"]
    assert b"slowest" in merged.content
    assert b"smallest" in merged.content


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"// a\n1", 1),
        (b"[1, /* , */ 2,]", [1, 2]),
        (b'{"a": "// none", "b": "/* nor this */"}', {"a": "// none", "b": "/* nor this */"}),
        (b'{"a": "\\"//", } // end', {"a": '"//'}),
        (b"[1 , \n // x\n ]", [1]),
    ],
)  # fmt: skip
def test_reads(text: bytes, value: object) -> None:
    assert parse_commented(text).value == value


@pytest.mark.parametrize(
    "text",
    [b"[1,,]", b"[,]", b"/* open", b"{'a': 1}", b"[1] 2", b"[NaN,]", b'{"a":1,"a":2,}', b"/"],
)
def test_what_is_none_either_is_never_repaired(text: bytes) -> None:
    with pytest.raises(NotJson):
        parse_commented(text)
    merged = merge_file(b"a.jsonc", base=b"1\n", ours=text, theirs=b"2\n", labels=LABELS)
    assert merged.kind_used == "text"
    assert merged.note


def test_many_comments_and_commas_take_linear_time() -> None:
    parse_commented(b"[" + b"1, // x\n" * 50_000 + b"]")
    with pytest.raises(NotJson):
        parse_commented(b"/*" * 200_000)
    with pytest.raises(NotJson):
        parse_commented(b"[" + b"," * 200_000)
    with pytest.raises(NotJson):
        parse_commented(b'"\\' * 100_000)


def test_a_conflict_in_a_repository_is_resolved_and_the_comments_stay(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"tsconfig.json": SETTINGS})
    repository.switch("topic", create=True)
    commit(repository, {"tsconfig.json": edited(('"es2020", //', '"es2021", //')).decode()})
    repository.switch("main")
    commit(repository, {"tsconfig.json": edited(('"es2020", //', '"es2022", //')).decode()})
    [conflict] = repository.merge("topic").conflicts
    assert conflict.pointer == "/compilerOptions/target"
    resolve(repository, b"tsconfig.json", pointer=conflict.pointer, value=b'"es2023"')
    assert files_in(tmp_path)["tsconfig.json"] == edited(('"es2020", //', '"es2023", //'))
