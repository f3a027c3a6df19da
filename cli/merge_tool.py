"""A merge tool of one's own: run on the three sides of a conflict, as `git mergetool` does.

The command runs in a shell with the paths of files in BASE, OURS, THEIRS and MERGED. What MERGED
holds when it ends with 0 is the resolution; inside a JSON document that is the value at the place.
"""

from __future__ import annotations

import os
import subprocess
import tempfile

from pyvcs.cli.conflict_text import SIDES
from pyvcs.objects.errors import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.objects.oid import Oid
    from pyvcs.open_conflicts import OpenConflict
    from pyvcs.repository import Repository


def run_tool(repository: Repository, item: OpenConflict, tool: str) -> bytes:
    """What the tool makes of a conflict: the file, or the value. Refused when the tool fails."""
    name = os.fsdecode(item.conflict.path.rpartition(b"/")[2])
    suffix = os.path.splitext(name)[1] if item.conflict.pointer is None else ".json"
    contents = {side.upper(): _content(repository, item, item.side(side).oid) for side in SIDES}
    contents["MERGED"] = _shown(repository, item)
    with tempfile.TemporaryDirectory(prefix="pyvcs-") as folder:
        files = {name: os.path.join(folder, name.lower() + suffix) for name in contents}
        for side, content in contents.items():
            with open(files[side], "wb") as file:
                file.write(content)
        code = subprocess.run(tool, shell=True, env=os.environ | files, check=False).returncode
        if code:
            raise Refused(
                f"the merge tool ended with {code}: {name} is as it was",
                hint="a tool says with exit code 0 that MERGED is the resolution",
            )
        with open(files["MERGED"], "rb") as file:
            return file.read()


def _content(repository: Repository, item: OpenConflict, oid: Oid | None) -> bytes:
    """What a side holds; a value is JSON text on a line."""
    content = b"" if oid is None else repository.store.blob(oid)
    return content + b"\n" if oid is not None and item.conflict.pointer is not None else content


def _shown(repository: Repository, item: OpenConflict) -> bytes:
    """What the working tree shows: the file, or our side of a value."""
    if item.conflict.pointer is None:
        return repository.worktree.read(item.conflict.path) or b""
    return _content(repository, item, item.ours.oid)
