"""What is made once, when it is first asked for: `cache` and `cached_property`.

To type checkers they are those of `functools`, with the same meaning. That module takes as long to
load as ten of ours, with `collections` that it needs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from functools import cache, cached_property
else:

    class cached_property:  # noqa: N801 - it has the name that it stands in for
        """A property that is worked out once for each object, and kept in its `__dict__`."""

        def __init__(self, make):
            self._make, self.__doc__ = make, make.__doc__

        def __set_name__(self, _owner, name):
            self._name = name

        def __get__(self, owner, _class=None):
            if owner is None:
                return self
            return owner.__dict__.setdefault(self._name, self._make(owner))

    def cache(function):
        """The function, which is asked once for the same words."""
        answers = {}

        def asked_once(*words):
            if words not in answers:
                answers[words] = function(*words)
            return answers[words]

        asked_once.__name__, asked_once.__doc__ = function.__name__, function.__doc__
        return asked_once


__all__ = ["cache", "cached_property"]
