"""Plain TOML is read as the parser of the standard library reads it, or not at all."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.config import Config
from pyvcs.plain_toml import read_plain

names = st.sampled_from(["a", "b", "c-d", "é", "1", "", "a b", '"a"', " a", "a.b"])
texts = st.sampled_from(
    ['"x"', '""', '"', '"x" # y', '"x" # "y"', '"\\n"', "'x'", '"ü\u00a0"', '"""x"""', '"a=b"']
)
values = texts | st.sampled_from(
    ["true", "false", "True", "3", "1.5", "[]", "{}", "", "2020-01-01"]
)
lines = st.one_of(
    st.lists(names, min_size=1, max_size=3).map(lambda path: f"[{'.'.join(path)}]"),
    st.tuples(names, st.sampled_from(["=", " = ", "\t=", "", "=="]), values).map("".join),
    st.sampled_from(
        ["", "# a = 1", "#\x00", "  ", "[[a]]", "[a] # b", "]", "[", "\ufeff", "\r", "\x0c"]
    ),
)


def parsed(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@given(st.lists(lines, max_size=6).map("\n".join))
def test_is_read_as_the_standard_library_reads_it_or_not_at_all(text: str) -> None:
    found = read_plain(text)
    assert found is None or found == parsed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[user]\nname = "Ada Lovelace"\nemail="ada@example.org"\n',
        '# mine\n\n[remote.origin]\nurl = "../x"\n[remote.backup]\n  url = "https://x/?a=b#c"\n',
        "[commit]\nverbose = true\n[resolve]\nreuse = false\n",
        'top = "x"\n[a.b]\nc = "1"\n[a]\nd = "2"\n',
    ],
)
def test_what_people_write_is_plain(text: str) -> None:
    assert read_plain(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "[a]\n[a]\n",
        '[a]\nb = "1"\nb = "2"\n',
        '[a]\nb = "1"\n[a.b]\n',
        '[a.b]\n[a]\nb = "1"\n',
        "a",
    ],
)
def test_mistakes_are_left_to_the_parser_which_tells_them(text: str) -> None:
    assert read_plain(text) is None
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)


def test_plain_settings_load_no_parser(tmp_path: Path) -> None:
    path = tmp_path / "config"
    Config({"repository": str(path)}).set("remote.origin.url", "../x")
    code = (
        "import sys\nfrom pyvcs.config import Config\n"
        f"assert Config({{'repository': {str(path)!r}}}).get('remote.origin.url') == '../x'\n"
        "assert not {'tomllib', 'typing', 'pyvcs.replacing'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
