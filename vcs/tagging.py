"""Tags: names for commits that stay. One that was set on two replicas at once keeps both."""

from __future__ import annotations

from pyvcs.objects.errors import Refused, RevisionUnknown
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.tag import Tag
from pyvcs.objects.values import dataclass, replace
from pyvcs.refs import Refs, check_ref_name
from pyvcs.replica import Replica
from pyvcs.revision import resolve_revision

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class TagEntry:
    """One tag: its heads (commits or tag objects), and the commits that they lead to, in step.

    Several heads were set on different replicas, none of which knew of the other: the tag then
    names no commit until a person settles it by setting it again. `message` is that of the tag
    object, None for a plain tag and for one with several heads.
    """

    name: str
    heads: tuple[Oid, ...]
    targets: tuple[Oid, ...]
    message: str | None

    @property
    def is_settled(self) -> bool:
        """Whether the tag names one commit."""
        return len(set(self.targets)) == 1


def tags(replica: Replica, refs: Refs | None = None) -> list[TagEntry]:
    """Every tag that is not deleted, sorted by name."""
    live = sorted((refs or replica.refs).tags.items())
    return [_entry(replica, name, ref.oids) for name, ref in live if not ref.is_deleted]


def _entry(replica: Replica, name: str, heads: tuple[Oid, ...]) -> TagEntry:
    store = replica.store
    message = None
    if len(heads) == 1 and store.kind(heads[0]) is Kind.TAG:
        message = store.tag(heads[0]).message
    return TagEntry(name, heads, tuple(store.peeled(oid) for oid in heads), message)


def tags_by_commit(entries: Iterable[TagEntry]) -> dict[Oid, list[TagEntry]]:
    """For each commit that has tags those tags, sorted by name."""
    found: dict[Oid, list[TagEntry]] = {}
    for entry in entries:
        for commit in dict.fromkeys(entry.targets):
            found.setdefault(commit, []).append(entry)
    return found


def create_tag(
    replica: Replica,
    name: str,
    revision: str = "HEAD",
    *,
    message: str | None = None,
    force: bool = False,
) -> TagEntry:
    """Give a revision a name; with a message by a tag object that says who and when.

    Refused when the tag is there, unless `force`: it is then moved, and if it had several heads,
    settled, for every replica that hears of it.
    """
    check_ref_name(name)
    with replica.locked("tag"):
        refs = replica.refs
        if not refs.tag(name).is_deleted and not force:
            raise Refused(
                f"there is a tag {name!r} already",
                hint=f"`pyvcs tag --force {name} COMMIT` moves it, for everybody",
            )
        head = resolve_revision(replica, refs, revision)
        if message is not None:
            from pyvcs.moving import publish_object

            head = publish_object(replica, _annotated(replica, name, head, message))
        _set(replica, refs, name, [head], f"tag {name}")
    return _entry(replica, name, (head,))


def delete_tag(replica: Replica, name: str) -> tuple[Oid, ...]:
    """Delete a tag, here and by the next syncs everywhere; the heads that it had."""
    with replica.locked("tag"):
        refs = replica.refs
        heads = refs.tag(name).oids
        if not heads:
            raise RevisionUnknown(f"there is no tag {name!r}", hint="`pyvcs tag` lists them")
        _set(replica, refs, name, [], f"tag --delete {name}")
    return heads


def _set(replica: Replica, refs: Refs, name: str, heads: list[Oid], command: str) -> None:
    from pyvcs.moving import swap  # a log shows tags, and sets none

    commits = [replica.store.peeled(oid) for oid in heads]
    stamp = replica.stamp(refs, *commits)
    moved = refs.with_tag(name, refs.tag(name).moved(heads, stamp))
    swap(replica, refs, replace(moved, clock=stamp.clock), command)


def _annotated(replica: Replica, name: str, target: Oid, message: str) -> Tag:
    return Tag(
        target=target,
        target_kind=Kind.COMMIT,
        name=name,
        tagger=replica.identity(),
        tagged=replica.timestamp(),
        message=message.rstrip("\n") + "\n",
    )
