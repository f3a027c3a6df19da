"""Settings: two files, comments that stay, files that are broken; and who commits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.config import KNOWN_KEYS, Config, identity, user_path
from pyvcs.objects.commit import Identity
from pyvcs.objects.errors import IdentityUnknown, InvalidConfig, NotFound, Usage


def config_in(folder: Path) -> Config:
    """The settings of a repository in `folder`, with the user's beside it."""
    environ = {"XDG_CONFIG_HOME": str(folder / "xdg")}
    return Config.load(str(folder), environ)


def test_a_setting_is_read_back_by_the_next_process(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    assert config.get("user.name") is None
    config.set("user.name", "Ada")
    assert config.get("user.name") == config_in(tmp_path).get("user.name") == "Ada"


def test_the_repositorys_value_counts_over_the_users(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    config.set("user.name", "everywhere", "user")
    config.set("user.email", "a@example.org", "user")
    config.set("user.name", "here")
    assert config.get("user.name") == "here"
    assert list(config.items()) == [("user.email", "a@example.org"), ("user.name", "here")]
    config.unset("user.name")
    assert config.get("user.name") == "everywhere"


def test_comments_order_and_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"# mine\r\n[user]\r\nname = 'old' # a comment\r\n\r\n[z]\r\nx = 1\r\n")
    config_in(tmp_path).set("user.name", "new")
    assert path.read_bytes() == (
        b'# mine\r\n[user]\r\nname = "new" # a comment\r\n\r\n[z]\r\nx = 1\r\n'
    )


def test_a_settings_file_behind_a_symlink_stays_behind_it(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "pyvcs.toml"
    kept.parent.mkdir()
    kept.write_text("[user]\nname = 'old'\n")
    (tmp_path / "config").symlink_to(kept)
    config_in(tmp_path).set("user.name", "new")
    assert (tmp_path / "config").is_symlink()
    assert 'name = "new"' in kept.read_text()


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    config_in(tmp_path).set("user.name", "Ada")
    assert [path.name for path in tmp_path.iterdir()] == ["config"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[user\n", "line 1"),
        (b"a = 1\nb = = 2\n", "line 2"),
        (b"a = '\xff'\n", "utf-8"),
        (b"a = " + b"9" * 5_000, "4300 digits"),
    ],
)
def test_a_broken_file_is_named_with_the_line(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "config").write_bytes(content)
    with pytest.raises(InvalidConfig) as caught:
        config_in(tmp_path)
    assert str(tmp_path / "config") in caught.value.message
    assert told in caught.value.message


def test_what_is_nested_thousands_deep_is_told_or_left_out(tmp_path: Path) -> None:
    deep = 5_000
    (tmp_path / "config").write_text(f"[a{'.a' * deep}]\nb = 1\n[user]\nname = 'Ada'\n")
    assert dict(config_in(tmp_path).items())["user.name"] == "Ada"
    (tmp_path / "config").write_text(f"a = {'[' * deep}{']' * deep}\n")
    with pytest.raises(InvalidConfig, match="nested too deep"):
        config_in(tmp_path)


def test_a_file_that_breaks_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (tmp_path / "config").write_text("[user\n")
    with pytest.raises(InvalidConfig):
        config.set("user.name", "Ada")
    assert (tmp_path / "config").read_text() == "[user\n"


@pytest.mark.parametrize("key", ["", "user", ".name", "user.", "a..b", "a.b\n", "a.\udcff"])
def test_a_key_has_a_section_and_a_name(tmp_path: Path, key: str) -> None:
    config = config_in(tmp_path)
    with pytest.raises(Usage):
        config.get(key)
    with pytest.raises(Usage):
        config.set(key, "x")
    with pytest.raises(Usage):
        config.unset(key)


def test_a_value_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="not UTF-8"):
        config_in(tmp_path).set("user.name", "\udcff")
    assert list(tmp_path.iterdir()) == []


def test_a_value_is_not_made_into_a_table_nor_a_table_into_a_value(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    config.set("a.b", 1)
    with pytest.raises(Usage):
        config.set("a.b.c", 2)
    with pytest.raises(NotFound):
        config.unset("a.b.c")
    assert config.get("a.b") == 1


def test_unsetting_what_is_not_set_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not set"):
        config_in(tmp_path).unset("user.name")


def test_without_a_repository_only_the_users_settings_can_be_set(tmp_path: Path) -> None:
    config = Config.load(None, {"XDG_CONFIG_HOME": str(tmp_path)})
    with pytest.raises(Usage):
        config.set("user.name", "Ada")
    config.set("user.name", "Ada", "user")
    assert (tmp_path / "pyvcs" / "config.toml").is_file()


def test_the_users_file_is_where_the_desktop_convention_says() -> None:
    assert user_path({"HOME": "/h"}) == os.path.join("/h", ".config", "pyvcs", "config.toml")
    assert user_path({"HOME": "/h", "XDG_CONFIG_HOME": "/x"}) == os.path.join(
        "/x", "pyvcs", "config.toml"
    )


def test_every_known_key_has_a_sentence() -> None:
    assert {"user.name", "user.email"} <= KNOWN_KEYS.keys()
    assert all(KNOWN_KEYS.values())


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="."),
    min_size=1,
    max_size=8,
)
values = st.one_of(
    texts, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.tuples(names, names), values, max_size=4))
def test_whatever_is_set_is_read_back(entries: dict[tuple[str, str], str | int | float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = config_in(Path(folder))
        for (section, name), value in entries.items():
            config.set(f"{section}.{name}", value)
        expected = sorted((".".join(key), value) for key, value in entries.items())
        assert list(config_in(Path(folder)).items()) == list(config.items()) == expected


# -- who commits -----------------------------------------------------------------------------------


def no_git(folder: Path) -> dict[str, str]:
    """An environment in which there is no git."""
    return {"PATH": str(folder / "nowhere"), "XDG_CONFIG_HOME": str(folder / "xdg")}


def test_the_environment_comes_before_the_settings(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    config.set("user.name", "Ada")
    config.set("user.email", "ada@example.org")
    environ = no_git(tmp_path)
    assert identity(config, environ) == Identity("Ada", "ada@example.org")
    assert identity(config, environ | {"PYVCS_AUTHOR_NAME": "Bo"}).name == "Bo"
    assert identity(config, environ | {"PYVCS_AUTHOR_EMAIL": "b@x"}).email == "b@x"


def test_nobody_known_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IdentityUnknown) as caught:
        identity(config_in(tmp_path), no_git(tmp_path))
    assert "pyvcs config --global user.name" in caught.value.hint
    assert "user.email" in caught.value.hint


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here to be asked")
def test_git_is_asked_for_what_nothing_else_says(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": "/",
    }
    for key, value in (("user.name", "Gitta Ü"), ("user.email", "gitta@example.org")):
        subprocess.run(["git", "config", "--global", key, value], env=environ, check=True)
    config = config_in(tmp_path)
    assert identity(config, environ) == Identity("Gitta Ü", "gitta@example.org")
    config.set("user.name", "Ada")
    assert identity(config, environ) == Identity("Ada", "gitta@example.org")


def test_no_process_is_started_when_the_settings_say_it(tmp_path: Path) -> None:
    program = (
        "import sys; from pyvcs.config import Config, identity; "
        "identity(Config({}), {'PYVCS_AUTHOR_NAME': 'A', 'PYVCS_AUTHOR_EMAIL': 'a@b'}); "
        "sys.exit('subprocess' in sys.modules or 'tomlkit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
