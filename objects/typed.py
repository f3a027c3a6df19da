"""The words of `typing` that a program says when it runs, without loading it.

`typing` is half of what a small merge loads besides `json`. To type checkers these are its own;
when the program runs they say nothing, and a named tuple is one of `collections` with the methods
of its class. All else of `typing` stands in annotations alone, which nobody evaluates, and is
imported for type checkers only.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, NamedTuple, Protocol, TypeVar, cast
else:
    from collections import namedtuple

    class Generic:
        """What a class has above it whose parameters only type checkers know."""

        __slots__ = ()

        def __class_getitem__(cls, _parameters):
            return cls

    def TypeVar(_name, *_bounds, **_options):  # noqa: N802 - it has the name that it stands in for
        """A parameter of such a class, or of a function."""
        return object

    def cast(_type, value):
        """The value, which is of that type."""
        return value

    class Protocol:
        """What a value must be able to do."""

    class _Naming(type):
        """Makes a named tuple of a class whose fields are annotated."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.pop("__annotations__")
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults)
            for key, value in body.items():
                setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Naming):
        """The base of named tuples, which are none of its subclasses."""


__all__ = ["Generic", "NamedTuple", "Protocol", "TypeVar", "cast"]
