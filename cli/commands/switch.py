"""`pyvcs switch`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_json
from pyvcs.objects.contexts import contextmanager
from pyvcs.objects.errors import WouldOverwrite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyvcs.cli.session import Session


@declared("switch")
@argument("name", required=False, completes="branches")
@argument("start", required=False, completes="revisions")
@option("-c", "--create", is_flag=True, help="Make the branch NAME at START first.")
@option("--detach", is_flag=True, help="Stand on the commit NAME, on no branch.")
@option("-m", "--merge", is_flag=True, help="Merge edits that are in the way, if clean.")
@option("--json", "as_json", is_flag=True, help="Print branch and commit as JSON.")
def command(
    session: Session,
    name: str | None,
    start: str | None,
    create: bool,
    detach: bool,
    merge: bool,
    as_json: bool,
) -> None:
    """Stand on the branch NAME and bring the working tree there.

    NAME may be `-`, the branch that one was on before. Without NAME: bring the working tree to
    the tip of its own branch, after a sync moved it.
    Edits in files that do not differ between the two stay; if one is in the way nothing happens.
    With --merge it goes along, merged with what is there when that is clean, as a sync does it.

    \b
    Example:
      pyvcs switch --create topic
    """
    from pyvcs.cli.hooks import telling_of_moves
    from pyvcs.cli.shapes import oid_shape
    from pyvcs.switching import previous_branch, switch

    repository = session.repository
    start = start or "HEAD"
    name = previous_branch(repository) if name == "-" else name
    if (create and detach) or (start != "HEAD" and not create):
        raise misused("START goes with --create, and --create without --detach")
    wanted = name or repository.refs.position.branch
    if wanted is None:
        raise misused("the working tree is on no branch; name one")
    with telling_of_moves(session, "post-checkout"), _hinting(merge):
        oid = switch(repository, wanted, create=create, detach=detach, start=start, merge=merge)
    if as_json:
        out_json({"branch": None if detach else wanted, "commit": oid_shape(oid)})
    elif detach:
        assert oid is not None
        out(f"Detached at {oid.short()}")
    else:
        out(f"On branch {wanted}" + ("" if oid is None else f" at {oid.short()}"))


@contextmanager
def _hinting(merge: bool) -> Iterator[None]:
    try:
        yield
    except WouldOverwrite as error:
        if not merge:
            error.hint = "commit them first, or `--merge` takes them along where that is clean"
        raise
