"""What people choose on a command line: revisions, ranges of them, and paths."""

from __future__ import annotations

from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyvcs.cli.session import Session
    from pyvcs.objects.oid import Oid


@dataclass(frozen=True, slots=True)
class Range:
    """A word that names commits: those that `tips` reach and `hidden` do not.

    `ends` are the two commits that a difference by this word is made of, one for a plain revision.
    """

    tips: tuple[Oid, ...]
    hidden: tuple[Oid, ...]
    ends: tuple[Oid, ...]


def ranges_and_paths(
    session: Session, words: Sequence[str], after: Sequence[str] | None, *, most: int | None = None
) -> tuple[list[Range], list[bytes]]:
    """The revisions (`most` at most) and the paths among the words typed, and `after` a `--`.

    Without `--` the first word that is no revision is the first path; RevisionUnknown when
    nobody knows such a path either.
    """
    from pyvcs.objects.errors import RevisionUnknown

    ranges: list[Range] = []
    rest = list(words)
    while rest and (most is None or len(ranges) < most):
        try:
            ranges.append(parse_range(session, rest[0]))
        except RevisionUnknown as error:
            if after is not None or not _is_known(session, ranges, rest[0]):
                raise RevisionUnknown(
                    error.message,
                    hint="it is no path either; a path that is gone stands after `--`",
                ) from None
            break
        rest.pop(0)
    for word in rest:
        if after is not None or not _is_known(session, ranges, word):
            raise RevisionUnknown(
                f"{word!r} is neither a revision nor a path",
                hint="put paths that are gone from both sides after `--`",
            )
    return ranges, session.paths([*rest, *(after or [])])


def parse_range(session: Session, word: str) -> Range:
    """What one word names: a revision, `A..B`, `A...B`, or `^A`. RevisionUnknown."""
    repository = session.repository
    if word.startswith("^"):
        oid = repository.resolve(word[1:])
        return Range((), (oid,), (oid,))
    left, dots, right = word.partition("...") if "..." in word else word.partition("..")
    if not dots or _is_plain_path(word):
        oid = repository.resolve(word)
        return Range((oid,), (), (oid,))
    ours, theirs = (repository.resolve(name or "HEAD") for name in (left, right))
    if dots == "..":
        return Range((theirs,), (ours,), (ours, theirs))
    bases = repository.history.merge_bases([ours], [theirs])
    return Range((ours, theirs), bases, (*bases[:1], theirs))


def commits_of(session: Session, words: Sequence[str], *, newest_first: bool) -> list[Oid]:
    """The commits that words name, in their order; `A..B` stands for those in it.

    Canonical merges in a range are left out: they hold nothing that their parents do not. Usage for
    a range in which there is no commit.
    """
    from pyvcs.log import walk
    from pyvcs.objects.errors import Usage

    found: list[Oid] = []
    for word in words:
        named = parse_range(session, word)
        steps = walk(session.repository, named.tips, hidden=named.hidden) if named.hidden else ()
        within = [step.oid for step in steps if not step.commit.is_canonical]
        if named.hidden and not within:
            raise Usage(f"there is no commit in {word!r}", hint="`pyvcs log A..B` shows a range")
        within = within or list(named.tips)
        found += within if newest_first else reversed(within)
    return found


def _is_plain_path(word: str) -> bool:
    return word.startswith(("./", "../", ":/")) or word == ".."


def _is_known(session: Session, ranges: Sequence[Range], word: str) -> bool:
    """Whether a word is a path in the working tree, or in a commit that is looked at."""
    from pyvcs.objects.contexts import suppress
    from pyvcs.objects.errors import RevisionUnknown
    from pyvcs.objects.listing import entry_at

    repository = session.repository
    path = session.path(word)
    commits = {oid for each in ranges for oid in each.ends}
    with suppress(RevisionUnknown):
        commits.add(repository.resolve("HEAD"))
    trees = {repository.store.commit(oid).tree for oid in commits}
    if any(entry_at(repository.store, tree, path) is not None for tree in trees):
        return True
    if not repository.has_worktree:
        return False
    worktree = repository.worktree
    return worktree.look(path) is not None or worktree.is_folder(path)
