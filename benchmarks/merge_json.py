"""Merges of parsed JSON, beside nbdime, jsonpatch, jsondiffpatch and Loro, in one interleaved run.

A document is a list of records. Each side changes 1 % of the records, other ones; ours adds one,
theirs deletes one. The others are installed into a virtual environment made for this run, so it
needs pip (and npm, for jsondiffpatch); one that cannot be installed is named and left out.

jsonpatch and jsondiffpatch know two versions at a time: the difference of base and theirs is
applied to ours. Loro keeps documents with their history: both sides load it, edit it and export,
one imports the other's edits and gives its value. Automerge is not here: the package of that name
on PyPI can merge documents, but not edit them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

PEERS = ("nbdime", "jsonpatch", "loro")
NODE_PEER = "jsondiffpatch"
TIMING = Path(__file__).with_name("json_peers.py")
START = """
import runpy, site, sys
for folder in sys.argv[2:4]:
    site.addsitedir(folder)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def main() -> None:
    """Install the others, and let them and us take turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        scripts = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        python = scripts / "python"
        for peer in PEERS:
            installed(peer, [str(python), "-m", "pip", "install", "--quiet", peer], folder)
        npm = shutil.which("npm") if shutil.which("node") else None
        if npm is None:
            print(f"{NODE_PEER} is left out: there is no node with npm here")
        else:
            installed(NODE_PEER, [npm, "install", "--silent", NODE_PEER], folder)
        found = [sysconfig.get_path("purelib"), str(TIMING.parent)]
        command = [str(python), "-c", START, str(TIMING), *found, str(folder)]
        done = subprocess.run(command, check=False)
        if done.returncode:
            sys.exit(done.returncode)


def installed(peer: str, command: list[str], folder: Path) -> bool:
    """Install one; says so when it cannot be."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{peer} is left out: it could not be installed")
    return done.returncode == 0


if __name__ == "__main__":
    main()
