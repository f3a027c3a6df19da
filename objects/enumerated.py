"""Enumerations: those of `enum` for a program that ends after a few milliseconds.

To type checkers `Enum` is that of the standard library, with the same meaning. The module `enum`,
with `functools` and `collections` that it needs, takes as long to load as twenty of ours: a tenth
of a small fetch. So the few enumerations that every command loads are made of this one.

Only what is used: the members are the names in capitals; no aliases, no flags, no `auto`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from enum import Enum
else:

    class _Members(type):
        """Makes the members of an enumeration; the class finds them by value and by name."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            values = {word: body.pop(word) for word in list(body) if word.isupper()}
            made = super().__new__(cls, name, bases, {"__slots__": (), **body})
            made.__members__ = {word: _member(made, word, value) for word, value in values.items()}
            made._of_value = {member.value: member for member in made}
            for word, member in made.__members__.items():
                setattr(made, word, member)
            return made

        def __call__(cls, value):
            member = value if isinstance(value, cls) else cls._of_value.get(value)
            if member is None:
                raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
            return member

        def __getitem__(cls, name):
            return cls.__members__[name]

        def __iter__(cls):
            return iter(cls.__members__.values())

        def __len__(cls):
            return len(cls.__members__)

    class Enum(metaclass=_Members):
        """The base of enumerations. A member is itself alone: it is compared by identity."""

        __slots__ = ("name", "value")

        def __repr__(self):
            return f"<{self}: {self.value!r}>"

        def __str__(self):
            return f"{type(self).__qualname__}.{self.name}"

        def __setattr__(self, name, *_value):
            raise AttributeError(f"{self} is a member: its {name!r} cannot be changed")

        __delattr__ = __setattr__

        def __reduce__(self):
            return type(self), (self.value,)

    def _member(cls, name, value):
        """A member of an enumeration, when the class is made."""
        member = object.__new__(cls)
        object.__setattr__(member, "name", name)
        object.__setattr__(member, "value", value)
        return member


__all__ = ["Enum"]
