"""A merge driver for git: the merge of three files that it asks for, and of what it left.

See gitattributes(5), "Defining a custom merge driver". A driver that exits above 128 makes git
stop, so all that goes wrong here ends as git's own merge with its markers instead.
"""

from __future__ import annotations

import os

from pyvcs.git.plumbing import GitRepository
from pyvcs.merge.driver import merge_file
from pyvcs.merge.markers import MARKER_LENGTH, Labels
from pyvcs.merge.path_rules import rules_for
from pyvcs.merge.rules import BUILTIN, NO_RULES, Rules
from pyvcs.merge.rules_file import InvalidRules
from pyvcs.objects.errors import GitFailed, PyvcsError
from pyvcs.objects.values import dataclass
from pyvcs.replacing import replace_file
from pyvcs.rules_on_disk import rules_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULES_FILE = ".pyvcs.toml"
_FILE_MODES = "100"


@dataclass(frozen=True, slots=True)
class MergedForGit:
    """What came of a merge: the content (None: OURS stays), and lines for people."""

    is_clean: bool
    content: bytes | None
    said: tuple[str, ...] = ()


def merge_for_git(
    base: str,
    ours: str,
    theirs: str,
    *,
    path: str,
    marker_size: int = MARKER_LENGTH,
    labels: tuple[str, str, str] = ("base", "ours", "theirs"),
) -> MergedForGit:
    """Merge three files by the rules of the tree that git is in; git's merge if that fails."""
    called = _labels(labels)
    try:
        contents = [_bytes(each) for each in (base, ours, theirs)]
        return _merged(contents, path, called, marker_size, _rules())
    except Exception as error:  # noqa: BLE001 - a fault of ours must not lose a file of git
        said = f"pyvcs cannot merge {path}, git does: {type(error).__name__}: {error}"
        return _merged_by_git(base, ours, theirs, called, marker_size, said)


def remerge(folder: str, paths: Sequence[str]) -> Iterator[tuple[str, MergedForGit]]:
    """Each file in conflict, as it is called from `folder`, and what comes of it now.

    One that is no file on all three sides, such as a submodule, stays in conflict.
    """
    git = GitRepository(folder)
    above = git.run("rev-parse", "--show-prefix").rstrip(b"\n")
    listed = git.run("ls-files", "--unmerged", "-z", "--", *paths)
    stages: dict[bytes, dict[str, str]] = {}
    for row in filter(None, listed.split(b"\0")):
        facts, _, name = row.partition(b"\t")
        mode, sha, stage = facts.decode().split()
        found = stages.setdefault(name, {})
        if mode.startswith(_FILE_MODES):
            found[stage] = sha
    rules = _rules(folder)
    for name, found in stages.items():
        path = os.fsdecode(name)
        if set(found) != {"1", "2", "3"}:
            yield path, MergedForGit(is_clean=False, content=None)
            continue
        contents = [git.run("cat-file", "blob", found[stage]) for stage in "123"]
        whole = os.fsdecode(above + name)
        yield path, _merged(contents, whole, Labels(), MARKER_LENGTH, rules)


def settle(folder: str, path: str, content: bytes) -> str | None:
    """Write a merged file, and tell git that it is no longer in conflict.

    What stood there may have been edited since: it is kept as a blob of git, whose name this is.
    """
    git = GitRepository(folder)
    place = os.path.join(folder, path)
    kept = None
    if os.path.isfile(place):
        kept = git.run("hash-object", "-w", "--stdin", stdin=_bytes(place)).decode().strip()
    replace_file(place, content)
    git.run("add", "--", path)
    return kept


def _merged(
    contents: Sequence[bytes], path: str, labels: Labels, marker_size: int, rules: Rules
) -> MergedForGit:
    base, ours, theirs = contents
    name = os.fsencode(path)
    file_rules = rules_for(rules, name)
    merged = merge_file(
        name, base=base or None, ours=ours, theirs=theirs, labels=labels, rules=file_rules
    )
    said = [f"pyvcs: {each.rule} settled {path} at {each.pointer}" for each in merged.settled]
    if not merged.conflicts:
        return MergedForGit(True, merged.content, tuple(said))
    # Git's people look for markers: a document that stays valid would hide its conflicts.
    as_text = merge_file(
        name,
        base=base or None,
        ours=ours,
        theirs=theirs,
        labels=labels,
        style="merge",
        kind="text",
        marker_length=marker_size,
        rules=NO_RULES,
    )
    places = [getattr(each, "pointer", None) for each in merged.conflicts]
    said += [f"pyvcs: conflict in {path} at {place or 'the top'}" for place in places]
    content = as_text.content if as_text.conflicts else merged.content
    return MergedForGit(False, content, tuple(said))


def _labels(given: Sequence[str]) -> Labels:
    """What git calls the sides. One before 2.44 does not say, and leaves `%S %X %Y` as they are."""
    names = zip(given, ("base", "ours", "theirs"), strict=True)
    return Labels(*(plain if label in ("", "%S", "%X", "%Y") else label for label, plain in names))


def _merged_by_git(
    base: str, ours: str, theirs: str, labels: Labels, marker_size: int, said: str
) -> MergedForGit:
    names = [word for label in (labels.ours, labels.base, labels.theirs) for word in ("-L", label)]
    arguments = ["-p", f"--marker-size={marker_size}", *names, ours, base, theirs]
    try:
        git = GitRepository(os.getcwd())
        code, content, _ = git.attempt("merge-file", *arguments)
    except PyvcsError as error:
        return MergedForGit(is_clean=False, content=None, said=(said, error.message))
    if code > 127:
        return MergedForGit(is_clean=False, content=None, said=(said,))
    return MergedForGit(code == 0, content, (said,))


def _rules(folder: str = ".") -> Rules:
    """The rules at the top of git's working tree; the built-in ones when they cannot be read."""
    try:
        top = GitRepository(folder).path("rev-parse", "--show-toplevel")
    except GitFailed:
        top = folder
    file = os.path.join(top, RULES_FILE)
    if not os.path.isfile(file):
        return BUILTIN
    try:
        return rules_at(file)
    except InvalidRules:
        return BUILTIN


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
