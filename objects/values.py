"""Frozen values: dataclasses for a program that ends after a few milliseconds.

To type checkers these are `dataclass(frozen=True, slots=True)`, `field` and `replace` of the
standard library, with the same meaning. The module `dataclasses` loads `inspect` and what that
needs, and compiles some ten functions for each class: together that takes longer than a small
commit. Here a class compiles one, its `__init__`, and only when some values have been made.

Only what is used: no inheritance of fields, no `InitVar`, no mutable values.
"""

from __future__ import annotations

from _operator import attrgetter  # `operator` takes as long as a module of ours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from typing import Any
else:

    def dataclass(*, frozen, slots, order=False, kw_only=False, **_options):
        """The decorator that makes a class one of frozen values with slots.

        Methods of the class itself stand, so that `eq=False` says nothing new.
        """
        assert frozen
        assert slots
        return lambda cls: _made(cls, order=order, kw_only=kw_only)

    def field(*, default_factory):
        """The default of a field that is made anew for each value."""
        return _Factory(default_factory)

    def replace(value, /, **changes):
        """The same value with some fields changed; it is checked anew."""
        kept = {name: getattr(value, name) for name in type(value).__slots__}
        return type(value)(**{**kept, **changes})


__all__ = ["dataclass", "field", "replace"]


_FEW = 20
"""So many values are made before a class compiles its `__init__`, which takes as long as 50."""


class _Factory:
    """Makes the default of a field."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def _made(cls: type, *, order: bool, kw_only: bool) -> type:
    """The class again, with slots and with the methods of a value."""
    names = tuple(cls.__annotations__)
    body = {name: each for name, each in cls.__dict__.items() if name not in _REMADE}
    defaults = {name: body.pop(name) for name in names if name in body}
    methods = {**_METHODS, **(_ORDER if order else {})}
    fields = attrgetter(*names) if len(names) > 1 else _few_fields(names)
    made = type(cls)(cls.__name__, cls.__bases__, {
        **methods, **body, "__qualname__": cls.__qualname__, "__slots__": names,
        "__match_args__": () if kw_only else names,
        "_fields": staticmethod(fields),
        "__dataclass_fields__": {name: _Field(name) for name in names},
    })  # fmt: skip

    few = iter(range(_FEW))

    def initialize(self: Any, *values: Any, **named: Any) -> None:
        """Fill one of the first values; the next, or a wrong one, is left to a compiled method."""
        given = {**dict(zip(() if kw_only else names, values, strict=False)), **named}
        filled = {**defaults, **given}
        is_right = len(given) == len(values) + len(named) and filled.keys() == set(names)
        if is_right and next(few, None) is not None:
            for name, value in filled.items():
                object.__setattr__(self, name, value.make() if type(value) is _Factory else value)
            if hasattr(self, "__post_init__"):
                self.__post_init__()
        else:
            initialize = _initializer(made, defaults, kw_only=kw_only)
            type.__setattr__(made, "__init__", initialize)
            initialize(self, *values, **named)

    type.__setattr__(made, "__init__", initialize)
    return made


def _few_fields(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """The fields of a value that has one or none; `attrgetter` makes no tuple of one."""
    return lambda value: tuple([getattr(value, name) for name in names])


class _Field:
    """What `dataclasses.replace` asks of a field, for those who call that one."""

    init, _field_type = True, None

    def __init__(self, name: str) -> None:
        self.name = name


_REMADE = {"__dict__", "__weakref__"}


def _initializer(cls: type, defaults: dict[str, Any], *, kw_only: bool) -> Callable[..., None]:
    """The `__init__` that sets each slot."""
    known: dict[str, Any] = {"_MISSING": _Factory}
    names = cls.__slots__  # type: ignore[attr-defined]
    typed, lines = ["self", *(["*"] if kw_only and names else [])], []
    for name in names:
        known[f"_set_{name}"] = cls.__dict__[name].__set__
        value = name
        if name in defaults:
            default = defaults[name]
            is_made = isinstance(default, _Factory)
            known[f"_default_{name}"] = default.make if is_made else default
            value = f"_default_{name}() if {name} is _MISSING else {name}" if is_made else name
            typed.append(f"{name}=" + ("_MISSING" if is_made else f"_default_{name}"))
        else:
            typed.append(name)
        lines.append(f"    _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    body = "\n".join(lines or ["    pass"])
    exec(f"def __init__({', '.join(typed)}):\n{body}", known)  # noqa: S102 - the text is ours
    made: Callable[..., None] = known["__init__"]
    return made


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self._fields(self) == self._fields(other)


def _hash(self: Any) -> int:
    return hash(self._fields(self))


def _frozen(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"a {type(self).__name__} is a value: {name!r} cannot be changed")


def _reduce(self: Any) -> tuple[Any, ...]:
    return _again, (type(self), self._fields(self))


def _again(cls: type, fields: tuple[Any, ...]) -> object:
    return cls(**dict(zip(cls.__slots__, fields, strict=True)))  # type: ignore[attr-defined]


def _ordered(name: str) -> Callable[[Any, Any], Any]:
    def compare(self: Any, other: Any) -> Any:
        if type(other) is not type(self):
            return NotImplemented
        return getattr(self._fields(self), name)(self._fields(other))

    return compare


_METHODS = {
    "__repr__": _repr, "__eq__": _eq, "__hash__": _hash, "__reduce__": _reduce,
    "__setattr__": _frozen, "__delattr__": _frozen,
}  # fmt: skip
_ORDER = {name: _ordered(name) for name in ("__lt__", "__le__", "__gt__", "__ge__")}
