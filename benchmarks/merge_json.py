"""Merges of parsed JSON, beside nbdime, jsonpatch, jsondiffpatch and Loro, in one interleaved run.

A document is a list of records. Each side changes 1 % of the records, other ones; ours adds one,
theirs deletes one. Of the others those take part that are installed beside pyvcs, and
jsondiffpatch where npm can install it.

jsonpatch and jsondiffpatch know two versions at a time: the difference of base and theirs is
applied to ours. Loro keeps documents with their history: both sides load it, edit it and export,
one imports the other's edits and gives its value. Automerge is not here: the package of that name
on PyPI can merge documents, but not edit them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile

from json_peers import main_table

NODE_PEER = "jsondiffpatch"


def main() -> None:
    """Install the one of node, and let all take turns."""
    with tempfile.TemporaryDirectory() as folder:
        npm = shutil.which("npm") if shutil.which("node") else None
        command = [npm or "", "install", "--silent", NODE_PEER]
        if npm is None:
            print(f"left out: {NODE_PEER}, for there is no node with npm", file=sys.stderr)
        elif subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
            print(f"left out: {NODE_PEER}, which npm could not install", file=sys.stderr)
        main_table(folder)


if __name__ == "__main__":
    main()
