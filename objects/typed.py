"""The words of `typing` that a program says when it runs, without loading it.

`typing` is half of what a small merge loads besides `json`. To type checkers these are its own;
when the program runs they say nothing, and a named tuple is what `collections` makes, without that
module. All else of `typing` stands in annotations alone, which nobody evaluates, and is imported
for type checkers only.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, NamedTuple, Protocol, TypeVar, cast
else:
    from _collections import _tuplegetter  # what `namedtuple` takes, too: it gives a field quickest

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
            defaults = {field: body.pop(field) for field in fields if field in body}
            return type(name, (tuple,), _named(name, tuple(fields), defaults) | body)

    class NamedTuple(metaclass=_Naming):
        """The base of named tuples, which are none of its subclasses."""

    def _named(name, fields, defaults):
        """What a class of named tuples has. Only making a value is compiled: that is done often."""
        words = ", ".join(f"{each}=_of[{each!r}]" if each in defaults else each for each in fields)
        known = {"_new": tuple.__new__, "_of": defaults}  # no field begins with an underscore
        make = eval(f"lambda _cls, {words}: _new(_cls, ({', '.join(fields)},))", known)
        make.__name__, make.__qualname__ = "__new__", f"{name}.__new__"
        return {
            "__slots__": (), "__doc__": f"{name}({', '.join(fields)})", "__match_args__": fields,
            "_fields": fields, "_field_defaults": defaults,
            "__new__": make, "__repr__": _repr, "__getnewargs__": _plain,
            "_replace": _replace, "_asdict": _asdict,
            **{field: _tuplegetter(at, f"Field {at}") for at, field in enumerate(fields)},
        }  # fmt: skip

    def _plain(self):
        return tuple(self)

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, /, **changes):
        return type(self)(**{**self._asdict(), **changes})

    def _repr(self):
        shown = ", ".join(f"{field}={value!r}" for field, value in self._asdict().items())
        return f"{type(self).__name__}({shown})"


__all__ = ["Generic", "NamedTuple", "Protocol", "TypeVar", "cast"]
