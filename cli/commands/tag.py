"""`pyvcs tag`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.tagging import TagEntry


@declared("tag")
@argument("name", required=False, completes="tags")
@argument("revision", required=False, completes="revisions")
@option("-m", "--message", metavar="MSG", help="Say who tagged, when and why.")
@option("-f", "--force", is_flag=True, help="Move NAME, or settle it, when it is there.")
@option("-d", "--delete", is_flag=True, help="Delete NAME.")
@option("-l", "--list", "only_list", is_flag=True, help="List those like NAME (v1.*), or all.")
@option("--json", "as_json", is_flag=True, help="Print the tags as JSON.")
def command(
    session: Session,
    name: str | None,
    revision: str | None,
    message: str | None,
    force: bool,
    delete: bool,
    only_list: bool,
    as_json: bool,
) -> None:
    """List the tags, set NAME to REVISION (where the working tree stands), or delete NAME.

    Tags travel with every sync. One that was set on two replicas at the same time, to two commits,
    has both: it is listed with both, and names neither until somebody settles it with --force.

    \b
    Example:
      pyvcs tag v1.0 main~2
    """
    from pyvcs.tagging import create_tag, delete_tag, tags

    if delete and (name is None or revision or message or force):
        raise misused("--delete takes one NAME, and nothing else")
    if only_list and (revision or message or force):
        raise misused("--list takes a pattern of names, and nothing else")
    if name is None and (message or force):
        raise misused("give the NAME of the tag")
    repository = session.repository
    if name is None or only_list:
        _list(_matching(tags(repository), name), as_json)
    elif delete:
        heads = delete_tag(repository, name)
        if as_json:
            out_json({"name": name, "heads": [str(oid) for oid in heads], "deleted": True})
        else:
            out(f"Deleted tag {name} (it was {', '.join(oid.short() for oid in heads)})")
    else:
        made = create_tag(repository, name, revision or "HEAD", message=message, force=force)
        if as_json:
            out_json(_shape(made))
        else:
            out(f"Tagged {made.targets[0].short()} as {name}")


def _matching(found: list[TagEntry], pattern: str | None) -> list[TagEntry]:
    if pattern is None:
        return found
    from fnmatch import fnmatchcase

    return [tag for tag in found if fnmatchcase(tag.name, pattern)]


def _list(found: list[TagEntry], as_json: bool) -> None:
    if as_json:
        out_json([_shape(tag) for tag in found])
        return
    for tag in found:
        commits = ", ".join(oid.short() for oid in dict.fromkeys(tag.targets))
        note = "" if tag.is_settled else f" (settle it: pyvcs tag --force {tag.name} COMMIT)"
        out(f"{tag.name} {commits}{note}")


def _shape(tag: TagEntry) -> Shape:
    return {
        "name": tag.name,
        "heads": [str(oid) for oid in tag.heads],
        "targets": [str(oid) for oid in tag.targets],
        "message": tag.message,
    }
