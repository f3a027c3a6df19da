"""Commands told as data: what they take stands once, and click is built from it when it is needed.

Loading click takes longer than a small commit. The plain spellings of a command (whole options,
each value a word of its own) are read by `Declared.read` without it; whatever else there is, help,
mistakes and rarer spellings, is left to click, which `click_commands` tells the same things.
"""

from __future__ import annotations

import sys

from pyvcs.cli.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    import click

    F = TypeVar("F", bound=Callable[..., Any])

_A_DAY = 24 * 60 * 60
_UNDERSTOOD = {
    "help", "metavar", "is_flag", "multiple", "nargs", "required", "completes", "kind",
}  # fmt: skip
"""The settings that `read` knows; a parameter with another one is read by click alone."""
_WITH_DEFAULT = _UNDERSTOOD | {"default", "show_default"}
"""Those of an option that `read` knows as long as it is not typed: its values are converted."""


class Kind:
    """What the words for a parameter may be, besides any text: the setting `kind`.

    `read` gives the value of a word, or None for one that is left to click.
    """

    def __init__(self, read: Callable[[str], Any], for_click: Callable[[], click.ParamType[Any]]):
        self.read = read
        self.for_click = for_click


class Parameter:
    """One option or argument, with the names and settings that click takes.

    And two of our own: its `kind`, and what it `completes`: the name of a function of `completing`.
    """

    def __init__(self, names: tuple[str, ...], settings: dict[str, Any], *, is_option: bool):
        self.names = names
        self.settings = settings
        self.is_option = is_option
        self.is_flag = bool(settings.get("is_flag"))
        self.is_multiple = bool(settings.get("multiple")) or settings.get("nargs") == -1
        plain = [name for name in names if not name.startswith("-")]
        long = next((name for name in names if name.startswith("--")), names[0])
        self.key = plain[0] if plain else long.partition("/")[0].lstrip("-").replace("-", "_")

    @property
    def is_simple(self) -> bool:
        """Whether `read` knows what its settings mean."""
        known = _WITH_DEFAULT if self.is_option else _UNDERSTOOD
        if not known.issuperset(self.settings):
            return False
        if self.is_option:
            is_odd_flag = self.is_flag and "default" in self.settings
            is_single = self.settings.get("nargs", 1) == 1
            return is_single and not is_odd_flag and "required" not in self.settings
        return self.is_multiple or "nargs" not in self.settings

    @property
    def is_required(self) -> bool:
        """Whether an argument may not be left out."""
        return bool(self.settings.get("required", not self.is_option and not self.is_multiple))

    @property
    def absent(self) -> object:
        """The value when it is not given."""
        missing = () if self.is_multiple else False if self.is_flag else None
        return self.settings.get("default", missing)

    def value_of(self, word: str) -> object:
        """The value that a word stands for; None when click should be asked."""
        if "kind" in self.settings:
            return self.settings["kind"].read(word)
        return None if "default" in self.settings else word


class Declared:
    """One command. `function` is given the session, and the parameters by keyword.

    One `with_paths` is given those that stand after `--` as `after`, None when no `--` was there;
    with an option `-n`, `-5` is `-n 5`.
    """

    def __init__(self, name: str, function: Callable[..., Any], *, with_paths: bool) -> None:
        self.name = name
        self.function = function
        self.with_paths = with_paths
        self.parameters: list[Parameter] = function.__dict__.pop("parameters", [])[::-1]

    def parted(self, words: Sequence[str]) -> tuple[list[str], list[str] | None]:
        """The words before `--` with counts spelt out, and those after it."""
        before, after = list(words), None
        if self.with_paths and "--" in before:
            at = before.index("--")
            before, after = before[:at], before[at + 1 :]
        if any("-n" in parameter.names for parameter in self.parameters):
            spelt = [["-n", word[1:]] if _is_count(word) else [word] for word in before]
            before = [word for words in spelt for word in words]
        return before, after

    def read(self, words: Sequence[str]) -> dict[str, Any] | None:
        """The parameters by key as click would read them; None when click should be asked."""
        if not all(parameter.is_simple for parameter in self.parameters):
            return None
        found: dict[str, Any] = {parameter.key: parameter.absent for parameter in self.parameters}
        options = {name: each for each in self.parameters if each.is_option for name in each.names}
        rest: list[str] = []
        before, after = self.parted(words)
        waiting = list(reversed(before))
        while waiting:
            word = waiting.pop()
            if not word.startswith("-") or word == "-":
                rest.append(word)
                continue
            option = options.get(word)
            if option is None or (not option.is_flag and (not waiting or waiting[-1][:1] == "-")):
                return None
            value = True if option.is_flag else option.value_of(waiting.pop())
            if value is None:
                return None
            found[option.key] = (*found[option.key], value) if option.is_multiple else value
        arguments = [each for each in self.parameters if not each.is_option]
        for number, argument in enumerate(arguments, 1):
            others = len(arguments) - number  # each of them takes a word
            taken = rest[: max(len(rest) - others, 0)] if argument.is_multiple else rest[:1]
            rest = rest[len(taken) :]
            if taken:
                found[argument.key] = tuple(taken) if argument.is_multiple else taken[0]
            elif argument.is_required:
                return None
        if self.with_paths:
            found["after"] = after
        return None if rest else found

    def run(self, typed: dict[str, Any], folder: str) -> object:
        """Run the command in a folder with what was typed; what it returns."""
        session = Session(folder)
        try:
            return self.function(session, **typed)
        finally:
            session.close()


def misused(message: str, parameter: str | None = None) -> Exception:
    """What to raise for words that a command cannot take: shown with its usage by click."""
    import click

    return (
        click.BadParameter(message, param_hint=parameter)
        if parameter
        else click.UsageError(message)
    )


def load(name: str) -> Declared | click.Command:
    """What the module of a command defines: told as data, or made by click."""
    loaded: Declared | click.Command
    module = f"pyvcs.cli.commands.{name.replace('-', '_')}"
    __import__(module)  # `importlib` takes half a millisecond to load
    loaded = sys.modules[module].command
    return loaded


def declared(name: str, *, with_paths: bool = False) -> Callable[[Callable[..., Any]], Declared]:
    """Declare a function as the command `name`; the options and arguments stand below."""
    return lambda function: Declared(name, function, with_paths=with_paths)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """An option, told as to `click.option`: with a `kind` for a type, and what it `completes`."""
    return _parameter(Parameter(names, settings, is_option=True))


def argument(name: str, **settings: Any) -> Callable[[F], F]:
    """An argument, told as to `click.argument`."""
    return _parameter(Parameter((name,), settings, is_option=False))


def choice(*words: str) -> Kind:
    """One of some words."""

    def for_click() -> click.ParamType[Any]:
        import click

        return click.Choice(words)

    return Kind(lambda word: word if word in words else None, for_click)


def number(least: int) -> Kind:
    """A number that is not below another one.

    Of more digits than there is anything of, it is `sys.maxsize`: Python reads only so many.
    """

    def read(word: str) -> int | None:
        if not _is_digits(word):
            return None
        found = int(word) if len(word) < len(str(sys.maxsize)) else sys.maxsize
        return found if found >= least else None

    def for_click() -> click.ParamType[Any]:
        import click

        class Number(click.IntRange):
            def convert(self, value: Any, param: Any, ctx: Any) -> Any:
                found = read(str(value))
                return super().convert(value, param, ctx) if found is None else found

        return Number(min=least)

    return Kind(read, for_click)


COUNT = number(0)


def _seconds_of(word: str) -> float | None:
    """A pause that can be kept: neither none nor for ever."""
    try:
        seconds = float(word)
    except ValueError:
        return None
    return seconds if 0 < seconds <= _A_DAY else None


def _seconds_for_click() -> click.ParamType[float]:
    import click

    class Seconds(click.ParamType[float]):
        name = "float"

        def convert(self, value: Any, param: Any, ctx: Any) -> float:
            seconds = _seconds_of(str(value))
            if seconds is None:
                self.fail(f"{value!r} is no number of seconds up to a day", param, ctx)
            return seconds

    return Seconds()


SECONDS = Kind(_seconds_of, _seconds_for_click)


def _is_count(word: str) -> bool:
    return word[:1] == "-" and _is_digits(word[1:])


def _is_digits(text: str) -> bool:
    return text.isdigit() and text.isascii()


def _parameter(parameter: Parameter) -> Callable[[F], F]:
    def note(function: F) -> F:
        function.__dict__.setdefault("parameters", []).append(parameter)
        return function

    return note
