"""What pyvcs explains: its topics, and what things of git are called here."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files

from pyvcs.objects.errors import NotFound

TOPICS = {
    "config": "settings, and what the environment says",
    "conflicts": "what happens when two edits cannot both be had",
    "exit-codes": "what a script can tell from how a command ended",
    "git": "for those who know git",
    "hooks": "programs that run before and after commands",
    "ignore": "which new files a commit leaves out",
    "merging": "how edits are put together",
    "revisions": "how to name a commit",
    "rules": "how the files of a project merge",
    "sync": "how replicas exchange commits",
    "undo": "how to take things back",
}
"""Every topic, and what it is about; the text is `topics/NAME.txt` beside this file."""


def overview() -> str:
    """The topics, one a line, as they follow the list of commands."""
    lines = (f"  {name:<12}{about}" for name, about in TOPICS.items())
    return "\n".join(["", "Topics (pyvcs help TOPIC):", *lines])


def topic_text(name: str) -> str | None:
    """The text of a topic, or what a command of git is called here; None for another word.

    `sync` and `config` are commands too: the topic says how to get their options.
    """
    if name in TOPICS:
        text = (files("pyvcs.cli") / "topics" / f"{name}.txt").read_text(encoding="utf-8")
        return text.replace("{settings}", _settings()).rstrip("\n") + _options(name)
    from pyvcs.cli.from_git import COMMANDS

    return f"git {name}: {COMMANDS[name]}." if name in COMMANDS else None


def not_explained(name: str) -> NotFound:
    """The error for a word that is explained nowhere."""
    hint = (
        f"did you mean {' or '.join(_close(name))}?" if _close(name) else "`pyvcs help` lists all"
    )
    return NotFound(f"there is no command and no topic {name!r}", hint=hint)


def _close(name: str) -> list[str]:
    from pyvcs.cli.main import COMMANDS

    return get_close_matches(name, [*COMMANDS, *TOPICS], n=3)


def _options(name: str) -> str:
    from pyvcs.cli.main import COMMANDS

    return f"\n\nThe options of the command: pyvcs {name} --help" if name in COMMANDS else ""


def _settings() -> str:
    from pyvcs.config import KNOWN_KEYS

    return "\n".join(f"  {key:<20} {meaning}" for key, meaning in KNOWN_KEYS.items())
