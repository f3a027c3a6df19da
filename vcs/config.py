"""Settings: TOML, those of the repository over those of the user; and who commits."""

from __future__ import annotations

import os

from pyvcs.objects.commit import Identity
from pyvcs.objects.errors import IdentityUnknown, InvalidConfig, NotFound, Usage
from pyvcs.plain_toml import is_bare, is_plain_text, read_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Literal, TypeAlias

Scope: TypeAlias = "Literal['repository', 'user']"
Value = str | int | float | bool

KNOWN_KEYS = {
    "alias.NAME": "what `pyvcs NAME` stands for, as in: log --graph --oneline",
    "color.ui": "auto, always or never: when colours are used, if no option says",
    "commit.template": "a file with which the message of a commit begins in the editor",
    "commit.verbose": "true: the editor shows what changed, as with `commit --verbose`",
    "core.editor": "the editor for messages, before VISUAL and EDITOR",
    "core.hooks": "the folder of the hooks, in place of .pyvcs/hooks",
    "core.pager": "what shows long output, before PAGER",
    "init.branch": "the first branch of a new repository, in place of main",
    "user.name": "your name, as commits show it",
    "user.email": "your e-mail address, as commits show it",
    "resolve.reuse": "false: do not settle a conflict as the same one was settled before",
    "remote.NAME.url": "where the replica called NAME is",
    "remote.NAME.token": "the token that its server wants",
    "gossip.token": "the token that is shown to every peer that is met",
    "gossip.learn": "which peers that others told of are met: SCHEME://HOST[:PORT], with *",
    "sync.timeout": "how long the other end of a sync may be silent, in seconds",
}
"""Every key that pyvcs reads, with a sentence each. Others may be set; nobody reads them."""


class Config:
    """Settings by dotted key. Of a key that both have, the repository's value counts."""

    def __init__(self, paths: Mapping[Scope, str]) -> None:
        self._paths = dict(paths)
        self._tables: dict[Scope, dict[str, Any]] = {
            scope: _read(path) for scope, path in paths.items()
        }

    @classmethod
    def load(cls, folder: str | None, environ: Mapping[str, str]) -> Config:
        """The settings of a repository (its own folder; None: the user's alone)."""
        paths: dict[Scope, str] = {"user": user_path(environ)}
        if folder is not None:
            paths["repository"] = os.path.join(folder, "config")
        return cls(paths)

    def get(self, key: str) -> Value | None:
        """The value of a key, or None."""
        parts = _parts(key)
        for scope in ("repository", "user"):
            value: Any = self._tables.get(scope, {})
            for part in parts:
                value = value.get(part) if isinstance(value, dict) else None
            if isinstance(value, Value):
                return value
        return None

    def items(self) -> Iterator[tuple[str, Value]]:
        """All keys with the values that count, sorted by key."""
        merged: dict[str, Value] = {}
        for scope in ("user", "repository"):
            merged.update(_flat(self._tables.get(scope, {})))
        yield from sorted(merged.items())

    def set(self, key: str, value: Value, scope: Scope = "repository") -> None:
        """Write a value into the file of a scope, at once and whole; comments there stay."""
        if not _is_text(value):
            raise Usage(f"{key} cannot be {value!r}, which is not UTF-8")
        self._change(scope, _parts(key), value)

    def unset(self, key: str, scope: Scope = "repository") -> None:
        """Remove a key from the file of a scope. NotFound when it is not there."""
        self._change(scope, _parts(key), None)

    def _change(self, scope: Scope, parts: list[str], value: Value | None) -> None:
        path = self._paths.get(scope)
        if path is None:
            raise Usage(f"there is no {scope} to keep settings in")
        text = _text(path)
        if not text and _is_plain(parts, value):
            # As in each clone; loading what keeps comments takes a tenth of a small one.
            _write(path, f'[{".".join(parts[:-1])}]\n{parts[-1]} = "{value}"\n')
            self._tables[scope] = _nested(parts, value)
            return
        import tomlkit

        try:
            document: Any = tomlkit.parse(text)
        except ValueError as error:
            raise _broken(path, str(error)) from None
        table = document
        for part in parts[:-1]:
            if part not in table and value is not None:
                table[part] = tomlkit.table()
            table = table.get(part)
            if not isinstance(table, dict):
                raise _no_such(parts, path) if value is None else _not_a_table(parts, path)
        if value is not None:
            table[parts[-1]] = value
        elif table.pop(parts[-1], None) is None:
            raise _no_such(parts, path)
        _write(path, tomlkit.dumps(document))
        self._tables[scope] = _read(path)


def user_path(environ: Mapping[str, str]) -> str:
    """Where the user's own settings are."""
    home = environ.get("HOME") or os.path.expanduser("~")
    folder = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    return os.path.join(folder, "pyvcs", "config.toml")


def identity(config: Config, environ: Mapping[str, str]) -> Identity:
    """Who commits: from the environment, our settings, or git's.

    PYVCS_AUTHOR_NAME and PYVCS_AUTHOR_EMAIL come first, then user.name and user.email, then what
    git knows. IdentityUnknown, with what to set, when a name or an address is missing.
    """
    name = environ.get("PYVCS_AUTHOR_NAME") or config.get("user.name")
    email = environ.get("PYVCS_AUTHOR_EMAIL") or config.get("user.email")
    if not name or not email:
        git = _from_git(environ)
        name, email = name or git.get("user.name"), email or git.get("user.email")
    if not name or not email:
        raise IdentityUnknown(
            "pyvcs does not know who you are, and a commit names its author",
            hint='run: pyvcs config --global user.name "Your Name" && '
            "pyvcs config --global user.email you@example.org",
        )
    return Identity(str(name), str(email))


def _from_git(environ: Mapping[str, str]) -> dict[str, str]:
    """What git has for user.name and user.email, if there is a git."""
    import subprocess

    command = ["git", "config", "--null", "--get-regexp", r"^user\.(name|email)$"]
    try:
        done = subprocess.run(command, env=dict(environ), capture_output=True, check=False)
    except OSError:
        return {}
    settings = done.stdout.decode("utf-8", "replace").split("\0")[:-1]
    return {key: value.strip() for key, _, value in (each.partition("\n") for each in settings)}


def _parts(key: str) -> list[str]:
    """`section.name`, or `section.subsection.name`. Anything else is a Usage error."""
    parts = key.split(".")
    controls = any(ord(letter) < 32 for letter in key)
    if len(parts) < 2 or not all(parts) or controls or not _is_text(key):
        raise Usage(f"{key!r} is no key of a setting", hint="write it as in user.name")
    return parts


def _is_text(value: Value) -> bool:
    """Whether a value can be written: an argument that was not UTF-8 holds lone surrogates."""
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_plain(parts: list[str], value: Value | None) -> bool:
    """Whether a setting is written in TOML as it is, without quoting anything."""
    return all(map(is_bare, parts)) and isinstance(value, str) and is_plain_text(value)


def _nested(parts: list[str], value: Value | None) -> dict[str, Any]:
    table: Any = value
    for part in reversed(parts):
        table = {part: table}
    return {**table}


def _flat(tables: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """The settings in nested tables, by dotted key. They may be nested deeper than calls may."""
    waiting: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), tables)]
    while waiting:
        above, table = waiting.pop()
        for key, value in table.items():
            if isinstance(value, dict):
                waiting.append(((*above, key), value))
            elif isinstance(value, Value) and above:
                yield ".".join((*above, key)), value


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise _broken(path, str(error)) from None


def _read(path: str) -> dict[str, Any]:
    text = _text(path)
    plain: dict[str, Any] | None = read_plain(text)
    if plain is not None:
        return plain
    import tomllib

    try:
        return tomllib.loads(text)
    except ValueError as error:  # also of a number that has too many digits
        raise _broken(path, str(error)) from None
    except RecursionError:
        raise _broken(path, "it is nested too deep") from None


def _write(path: str, text: str) -> None:
    from pyvcs.replacing import replace_file  # settings are seldom written

    os.makedirs(os.path.dirname(os.path.realpath(path)), exist_ok=True)
    replace_file(path, text.encode())


def _broken(path: str, why: str) -> InvalidConfig:
    return InvalidConfig(f"{path} is no valid TOML: {why}", hint="mend the file in an editor")


def _no_such(parts: list[str], path: str) -> NotFound:
    return NotFound(f"{'.'.join(parts)} is not set in {path}", hint="`pyvcs config` lists settings")


def _not_a_table(parts: list[str], path: str) -> Usage:
    return Usage(f"{'.'.join(parts)} cannot be set in {path}: a part of it is a value already")
