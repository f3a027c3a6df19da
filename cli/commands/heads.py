"""`pyvcs heads`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("heads")
@argument("branch", required=False, completes="branches")
@option("--json", "as_json", is_flag=True, help="Print branch, tip and heads as JSON.")
def command(session: Session, branch: str | None, as_json: bool) -> None:
    """List the heads of BRANCH (the current one by default).

    One head is the usual case. Several are siblings: commits that were made at the same time on
    different replicas. The tip of the branch is then their canonical merge.

    \b
    Example:
      pyvcs heads main --json
    """
    from pyvcs.cli.shapes import commit_shape, oid_shape
    from pyvcs.objects.errors import RevisionUnknown

    repository = session.repository
    refs = repository.refs
    name = branch or refs.position.branch
    if name is None:
        raise misused("the working tree is on no branch; name one")
    if branch is not None and branch not in refs.tips:
        raise RevisionUnknown(f"there is no branch {branch!r}", hint="`pyvcs branch` lists them")
    commits = [(oid, repository.store.commit(oid)) for oid in refs.branch(name).oids]
    if as_json:
        heads = [
            commit_shape(oid, commit, repository.branches_at(oid), repository.tags_at(oid))
            for oid, commit in commits
        ]
        out_json({"branch": name, "tip": oid_shape(refs.tips.get(name)), "heads": heads})
        return
    for oid, commit in commits:
        out(f"{oid} {commit.subject}")
