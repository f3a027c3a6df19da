"""A tree: the entries of one folder, sorted by name."""

from __future__ import annotations

from _operator import ge, itemgetter
from itertools import islice, pairwise

from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.typed import NamedTuple
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_NAME_BYTES = 4096
"""No file system takes longer names; a longer one is refused before anything is done with it."""

MAX_DEPTH = 256
"""How many folders may lie inside each other; people use about 20, and walks may then recurse."""

# Unicode's Default_Ignorable_Code_Point: HFS+ and the case-insensitive folders of ext4 leave out
# some or all of them when they compare names, so `.py\u200cvcs` is `.pyvcs` there.
_IGNORED = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Ours, and those of git, Mercurial and jj: what a peer put there could run as a hook.
_OWN_FOLDERS = frozenset((".pyvcs", ".git", ".hg", ".jj"))
_SHORT_NAMES = frozenset(("pyvcs", "git"))

_PLAIN = bytes(code for code in range(32, 127) if code not in b"/\\") + b"\0"
_PLAIN_LENGTH = 255
_DOUBTFUL = (
    *(b"\0", b".\0"),
    *(b"%s%c" % (name.encode()[1:], end) for name in _OWN_FOLDERS for end in b"\0.: "),
)
# Names of plain bytes have nothing that `check_name` would look at twice, but for those that begin
# with a dot and one of these, or as a short name. Nearly every root has a `.gitignore`.


class TreeEntry(NamedTuple):
    """One name in a folder. A tuple and not a dataclass: trees of 10,000 entries are everyday."""

    name: bytes
    mode: Mode
    oid: Oid


def folded(name: bytes) -> str:
    """The name as a file system sees it that ignores case and Unicode composition."""
    if name.isascii():
        return name.decode("ascii").lower()
    import unicodedata

    text = name.decode("utf-8", "surrogateescape")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def is_own_folder(name: bytes) -> bool:
    """Whether some common file system takes `name` for `.pyvcs`, or for `.git`, `.hg` or `.jj`.

    Covers case; Windows' trailing dots and spaces, its short names (`PYVCS~1`), its streams
    (`.pyvcs::$INDEX_ALLOCATION`) and its second separator (`a\\.pyvcs`); and the code points that
    some file systems leave out.
    """
    if name[:1] not in b".pPgG" and name.isascii() and b"\\" not in name:
        return False
    text = folded(name)
    if not text.isascii():
        import re

        text = re.sub(_IGNORED, "", text)  # compiled when it is first needed
    return any(map(_is_own, text.split("\\")))


def _is_own(part: str) -> bool:
    seen = part.split(":", 1)[0].rstrip(". ")
    stem, _, number = seen.partition("~")
    is_short = stem in _SHORT_NAMES and number.isdigit() and number.isascii()
    return is_short or seen in _OWN_FOLDERS


def check_name(name: bytes) -> None:
    """Raise InvalidObject unless `name` may stand in a tree."""
    if not name or name in (b".", b"..") or b"/" in name or b"\0" in name:
        raise InvalidObject(f"{display(name)} cannot be the name of a tree entry")
    if b"\\" in name and b".." in name.split(b"\\"):
        raise InvalidObject(f"{display(name)} leads out of its folder on Windows")
    if len(name) > MAX_NAME_BYTES:
        raise InvalidObject(f"a name of {len(name)} bytes; at most {MAX_NAME_BYTES} are allowed")
    if is_own_folder(name):
        raise InvalidObject(
            f"{display(name)} is a repository's own folder on some file system",
            hint="rename the file or ignore it",
        )


def are_plain(names: list[bytes]) -> bool:
    """Whether all names may stand in one tree, as far as a quick look can tell.

    One look at all of them at once: a check of each takes most of the time that reading a tree of
    10,000 entries takes.
    """
    joined = b"\0".join(names)
    lowered = joined.lower()
    different = set(lowered.split(b"\0"))
    return (
        joined.count(b"\0") == len(names) - 1
        and not joined.translate(None, _PLAIN)
        and b"" not in different
        and len(different) == len(names)
        and len(max(names, key=len)) <= _PLAIN_LENGTH
        and not _is_doubtful(b"\0" + lowered)
    )


def _is_doubtful(names: bytes) -> bool:
    """Whether one of the names, in lower case behind NULs, may be `.`, `..` or an own folder."""
    if b"~" in names and (b"\0git~" in names or b"\0pyvcs~" in names):
        return True
    hidden = names.split(b"\0.")[1:]
    return any((name + b"\0").startswith(_DOUBTFUL) for name in hidden)


def check_path(path: bytes) -> None:
    """Raise InvalidObject unless `path` may lead to an entry: names with one slash between them."""
    check_depth(path)
    for name in path.split(b"/"):
        check_name(name)


def check_depth(path: bytes) -> None:
    """Raise InvalidObject when the folder at `path` lies deeper than MAX_DEPTH."""
    if path.count(b"/") >= MAX_DEPTH:
        raise InvalidObject(f"folders lie more than {MAX_DEPTH} deep below {display(path[:60])}")


def display(path: bytes) -> str:
    """A path or name for messages: UTF-8 in quotes, other bytes escaped."""
    return f"'{path.decode('utf-8', 'backslashreplace')}'"


@dataclass(frozen=True, slots=True)
class Tree:
    """The entries of one folder, sorted by the bytes of their names.

    No two names are equal, nor equal after case folding and NFC: such a tree could not be
    checked out on every file system. Breaking a rule is an InvalidObject that names the names.
    """

    entries: tuple[TreeEntry, ...] = ()

    def __post_init__(self) -> None:
        names = [entry[0] for entry in self.entries]
        if not are_plain(names):
            for name in names:
                check_name(name)
            if len({folded(name) for name in names}) != len(names):
                self._name_the_clash()
        if any(map(ge, names, islice(names, 1, None))):
            self._name_the_disorder()

    def _name_the_disorder(self) -> None:
        for one, other in pairwise(self.entries):
            if one.name >= other.name:
                raise InvalidObject(
                    f"tree entries {display(one.name)} and {display(other.name)} are not in order"
                )

    def _name_the_clash(self) -> None:
        seen: dict[str, bytes] = {}
        for name, _, _ in self.entries:
            other = seen.setdefault(folded(name), name)
            if other != name:
                raise InvalidObject(
                    f"{display(other)} and {display(name)} are one name on file systems"
                    " that ignore case or Unicode composition",
                    hint="rename one of them",
                )

    @classmethod
    def of(cls, entries: Iterable[TreeEntry]) -> Tree:
        """A tree of entries in any order."""
        return cls(tuple(sorted(entries, key=itemgetter(0))))

    def get(self, name: bytes) -> TreeEntry | None:
        """The entry called `name`, or None."""
        from bisect import bisect_left  # most commands look for no single name

        at = bisect_left(self.entries, name, key=itemgetter(0))
        found = self.entries[at : at + 1]
        return found[0] if found and found[0].name == name else None

    def __iter__(self) -> Iterator[TreeEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


EMPTY = Tree()
"""The tree without entries."""
