"""`pyvcs config`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session
    from pyvcs.config import Config, Value

_MOST_DIGITS = 18
"""A number in TOML has 64 bits; a longer one is a text."""


@declared("config")
@argument("key", required=False, completes="settings")
@argument("value", required=False)
@option("--global", "is_global", is_flag=True, help="Your settings, for all repositories.")
@option("--unset", is_flag=True, help="Remove KEY.")
@option("-l", "--list", "show_all", is_flag=True, help="List all settings.")
@option("--json", "as_json", is_flag=True, help="Print settings as JSON.")
def command(
    session: Session,
    key: str | None,
    value: str | None,
    is_global: bool,
    unset: bool,
    show_all: bool,
    as_json: bool,
) -> int:
    """Print the setting KEY, set it to VALUE, or list all settings.

    The repository's settings count over yours (--global). VALUE is text, or a number, true or
    false. Exits with 1 when KEY is not set.

    \b
    Example:
      pyvcs config --global user.name "Ada Lovelace"
    """
    config = _config(session, is_global)
    if key is None or show_all:
        if key is not None or unset:
            raise misused("give either a KEY or --list")
        _list(config, as_json)
        return DONE
    if unset:
        config.unset(key, "user" if is_global else "repository")
    elif value is not None:
        config.set(key, _parsed(value), "user" if is_global else "repository")
    else:
        found = config.get(key)
        if as_json:
            out_json({"key": key, "value": found})
        elif found is not None:
            out(_text(found))
        return DONE if found is not None else CONFLICTS
    return DONE


def _config(session: Session, is_global: bool) -> Config:
    if not is_global:
        return session.repository.config
    import os

    from pyvcs.config import Config

    return Config.load(None, os.environ)


def _list(config: Config, as_json: bool) -> None:
    found = list(config.items())
    if as_json:
        out_json(dict(found))
        return
    for key, value in found:
        out(f"{key}={_text(value)}")


def _parsed(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    is_number = text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else text


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
