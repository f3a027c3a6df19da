"""The words of `typing` that a program says when it runs, without loading it.

`typing` is half of what a small merge loads besides `json`. To type checkers these are its own;
when the program runs they say nothing. All else of `typing` stands in annotations alone, which
nobody evaluates, and is imported for type checkers only.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar, cast
else:

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


__all__ = ["Generic", "TypeVar", "cast"]
