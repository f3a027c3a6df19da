"""The demonstration: two people edit the same documents at once, on two replicas.

Everything that is shown is run: each command is a process of its own, in a real folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from pyvcs.cli.output import flush, out
from pyvcs.objects.errors import Refused

DOCUMENTS = ("en.json", "harbours.json", "notes.txt", "package.json", "tides.ipynb")
_DESCRIPTION = "High and low water for small harbours"


class Person:
    """Somebody with a replica of her or his own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def runs(self, *arguments: str, expect: int = 0, at: Path | None = None) -> str:
        """Run a command as this person, show it with its output, and give back the output.

        Refused when it ends with another exit code than expected.
        """
        out(f"{self.name.lower()}$ pyvcs {' '.join(map(_quoted, arguments))}")
        flush()
        done = subprocess.run(
            [sys.executable, "-m", "pyvcs", *arguments],
            cwd=at or self.folder,
            env={
                **os.environ,
                "PYVCS_AUTHOR_NAME": self.name,
                "PYVCS_AUTHOR_EMAIL": f"{self.name.lower()}@example.org",
                "PYTHONIOENCODING": "utf-8",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        for line in done.stdout.splitlines():
            out(f"  {line}")
        if done.returncode != expect:
            raise Refused(f"`pyvcs {arguments[0]}` ended with {done.returncode}, not {expect}")
        return done.stdout

    def takes(self, version: str) -> None:
        """Put one version of the documents into the working tree."""
        source = files("pyvcs.cli") / "demo" / version
        for name in DOCUMENTS:
            (self.folder / name).write_bytes((source / name).read_bytes())

    def describes(self, description: str) -> None:
        """Edit the description in the package manifest."""
        path = self.folder / "package.json"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(_DESCRIPTION, description), encoding="utf-8")
        out(f'  ({self.name} sets the description in package.json to "{description}")')


def demonstrate(folder: Path) -> None:
    """Run the whole demonstration in an empty folder. Refused when anything is not as it should."""
    alice, bob = Person("Alice", folder / "alice"), Person("Bob", folder / "bob")
    _begin(folder, alice, bob)
    _edit_at_once(alice, bob)
    _conflict(alice, bob)
    _finish(alice, bob)


def _begin(folder: Path, alice: Person, bob: Person) -> None:
    _chapter("Alice starts a repository with five documents; Bob clones it.")
    alice.runs("init", "alice", at=folder)
    alice.takes("start")
    alice.runs("commit", "-m", "a tide table for small harbours")
    bob.runs("clone", "alice", "bob", at=folder)


def _edit_at_once(alice: Person, bob: Person) -> None:
    _chapter("Both edit all five documents at the same time, and commit.")
    for person in (alice, bob):
        person.takes(person.name.lower())
        person.runs("diff", "--name-status")
        person.runs("commit", "-m", f"what {person.name} did on Monday")
    _chapter("They sync. Neighbouring keys, moved records, notebook cells: nothing conflicts.")
    bob.runs("sync")
    _same_tip(alice, bob)
    bob.runs("cat", "main:harbours.json")
    bob.runs("log", "--oneline")


def _conflict(alice: Person, bob: Person) -> None:
    _chapter("A real conflict: both describe the package, differently.")
    alice.describes("Tides for small harbours")
    alice.runs("commit", "-m", "say tides")
    bob.describes("High and low water, and the sun")
    bob.runs("commit", "-m", "name the sun")
    bob.runs("sync", expect=1)
    _same_tip(alice, bob)
    bob.runs("conflicts")
    _chapter("Bob settles it; the resolution is a commit, and arrives at Alice's by a sync.")
    both = '"Tides and the sun for small harbours"'
    bob.runs("resolve", "package.json", "--pointer", "/description", "--value", both)
    bob.runs("commit", "-m", "say both")
    alice.runs("sync", str(os.path.join(os.pardir, "bob")))
    _same_tip(alice, bob)
    if alice.runs("conflicts").strip():
        raise Refused("the conflict is still there")


def _finish(alice: Person, bob: Person) -> None:
    _chapter("Both repositories are whole, and hold the same documents, byte for byte.")
    for person in (alice, bob):
        person.runs("fsck")
    for name in DOCUMENTS:
        if (alice.folder / name).read_bytes() != (bob.folder / name).read_bytes():
            raise Refused(f"{name} is not the same on both sides")
    out("  (compared: " + ", ".join(DOCUMENTS) + ")")


def _same_tip(alice: Person, bob: Person) -> None:
    tips = {person.runs("rev-parse", "main") for person in (alice, bob)}
    if len(tips) != 1:
        raise Refused("the two replicas have different tips")
    out("  -> the same tip on both replicas")


def _chapter(title: str) -> None:
    out()
    out(f"== {title}")


def _quoted(argument: str) -> str:
    import shlex

    return shlex.quote(argument)
