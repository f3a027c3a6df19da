"""What a caller may do: which branches and tags it may see, and which it may move."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pyvcs.objects.values import dataclass
from pyvcs.sync.ref_digest import TAG, NamedRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EVERYTHING = ("*",)


@dataclass(frozen=True, slots=True)
class Rights:
    """Patterns of names: a branch by its name, a tag as `tag:NAME`; a star crosses slashes.

    What may be moved may be seen as well. The commits behind a ref come with it, so hiding a
    branch hides only what no visible ref reaches.

    >>> from pyvcs.refs import Ref
    >>> rights = Rights(see=("main",), move=("topic/*",))
    >>> [rights.may_see(NamedRef("branch", name, Ref())) for name in ("main", "topic/a", "x")]
    [True, True, False]
    >>> rights.may_move(NamedRef("tag", "topic/a", Ref()))
    False
    """

    see: tuple[str, ...] = EVERYTHING
    move: tuple[str, ...] = EVERYTHING

    def may_see(self, named: NamedRef) -> bool:
        """Whether a branch or tag is shown to the caller."""
        return _matches(named, self.see) or self.may_move(named)

    def may_move(self, named: NamedRef) -> bool:
        """Whether the caller may change it."""
        return _matches(named, self.move)

    def seen(self, refs: Sequence[NamedRef]) -> list[NamedRef]:
        """Those of some refs that may be seen."""
        return [named for named in refs if self.may_see(named)]


ALL_RIGHTS = Rights()
READ_ONLY = Rights(move=())


def _matches(named: NamedRef, patterns: Sequence[str]) -> bool:
    name = f"tag:{named.name}" if named.sort == TAG else named.name
    return any(fnmatchcase(name, pattern) for pattern in patterns)
