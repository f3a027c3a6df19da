"""`--json`: every command prints valid JSON with just the fields that docs/json.md names."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from house import ROOT
from terminal import Terminal

DOCUMENT = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
COMMIT = {
    *("id", "parents", "author", "time", "authored", "message", "kind"),
    *("conflicts", "branches", "tags"),
}
FILE = {
    *("path", "change", "source", "before", "after", "added", "removed"),
    *("bytes_before", "bytes_after", "operations"),
}
CONFLICT = {"path", "pointer", "kind", "base", "sides"}

FIELDS: dict[str, tuple[list[str], set[str]]] = {
    "init": (["init", "other"], {"path", "branch", "replica"}),
    "status": (
        ["status"],
        {
            *("branch", "commit", "tip", "heads", "changes", "conflicts", "resolved"),
            *("remotes", "bisecting"),
        },
    ),
    "log": (["log", "-n", "1"], COMMIT),
    "show": (["show"], COMMIT | {"files"}),
    "diff": (["diff"], FILE),
    "bisect": (
        ["bisect", "start", "main"],
        {"bad", "good", "skipped", "next", "found", "candidates"},
    ),
    "blame": (
        ["blame", "data.json"],
        {"line", "text", "source_line", "commit", "path", "author", "time", "subject"},
    ),
    "grep": (["grep", "main", "v"], {"path", "line", "text"}),
    "archive": (["archive", "-o", "../x.tar"], {"path", "format", "files", "bytes"}),
    "bundle": (
        ["bundle", "create", "../x.bundle"],
        {"path", "bytes", "commits", "branches", "tags", "prerequisites"},
    ),
    "branch": (["branch"], {"name", "tip", "heads", "current"}),
    "tag": (["tag", "v1"], {"name", "heads", "targets", "message"}),
    "switch": (["switch", "main"], {"branch", "commit"}),
    "merge": (["merge", "main"], {"kind", "before", "tip", "conflicts"}),
    "merge-base": (["merge-base", "main", "HEAD"], {"merge_bases", "relation"}),
    "conflicts": (["conflicts"], {"oid", "ours", "theirs", "made_by"} | CONFLICT),
    "resolve": (["resolve", "data.json"], {"oid"} | CONFLICT),
    "restore": (["restore", "edited"], {"path", "kept", "removed"}),
    "rm": (["rm", "data.json"], {"path", "kept"}),
    "mv": (["mv", "edited", "moved"], {"path", "source"}),
    "rev-parse": (["rev-parse", "HEAD"], {"revision", "oid"}),
    "git import": (
        ["git", "import", "../from-git", "../imported"],
        {"commits", "branches", "tags", "notes"},
    ),
    "git export": (["git", "export", "../to-git"], {"commits", "refs"}),
    "heads": (["heads"], {"branch", "tip", "heads"}),
    "cherry-pick": (["cherry-pick", "side"], {"id", "source", "conflicts"}),
    "revert": (["revert", "--parent", "1", "HEAD"], {"id", "source", "conflicts"}),
    "undo": (["undo"], {"operations", "branch", "commit"}),
    "op log": (["op", "log", "-n", "1"], {"number", "time", "command", "before", "after"}),
    "clone": (["clone", ".", "../clone"], {"path", "branch", "tip"}),
    "sync": (
        ["sync"],
        {"remote", "pulled", "pushed", "followed", "carried", "in_the_way", "conflicts", "notes"},
    ),
    "peers": (
        ["peers"],
        {
            *("address", "name", "named", "seen", "tried", "behind", "ahead"),
            *("error", "failures"),
        },
    ),
    "token list": (["token", "list"], {"name", "see", "move", "created", "expires"}),
    "token add": (
        ["token", "add", "another"],
        {"name", "see", "move", "created", "expires", "secret"},
    ),
    "remote": (["remote"], {"name", "url"}),
    "config": (["config", "user.name"], {"key", "value"}),
    "fsck": (["fsck"], {"objects", "problems", "notes"}),
    "gc": (["gc"], {"packs_before", "packs_after", "bytes_before", "bytes_after", "pruned"}),
    "commit": (["commit", "-m", "x"], COMMIT),
    "merge-file": (
        ["merge-file", "data.json", "data.json", "data.json"],
        {"type", "note", "clean", "content", "conflicts", "settled"},
    ),
}


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """In a clone that is in conflict with its origin, with an edit that is in no commit."""
    origin = Terminal(tmp_path / "origin")
    origin.run("init")
    origin.write("data.json", '{"v": 1}\n')
    origin.write("edited", "1\n")
    origin.run("commit", "-m", "first")
    origin.run("clone", ".", "../here")
    here = Terminal(tmp_path / "here")
    for each, value in ((origin, 2), (here, 3)):
        each.write("data.json", f'{{"v": {value}}}\n')
        each.run("commit", "-m", f"v {value}")
    assert here.run("sync", check=False).code == 1
    here.run("config", "user.name", "Ada")
    here.run("switch", "-c", "side")
    here.write("side", "1\n")
    here.run("commit", "-m", "side", "side")
    here.run("switch", "main")
    here.write("edited", "2\n")
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "from-git"], check=True)
    here.run("peers", "add", "https://harbour.example/")
    here.run("token", "add", "boat")
    return here


@pytest.mark.parametrize("command", sorted(FIELDS))
def test_prints_the_fields_that_the_document_names(terminal: Terminal, command: str) -> None:
    arguments, fields = FIELDS[command]
    done = terminal.run(*arguments, "--json", check=False)
    assert done.code in (0, 1), done.err
    found: Any = json.loads(done.out)
    if isinstance(found, list):
        assert found
        found = found[0]
    assert set(found) == fields
    row = re.search(rf"^\| `{command}` \| (.*) \|$", DOCUMENT, re.MULTILINE)
    assert row is not None
    named = set(re.findall(r"`([a-z_]+)`", row[1]))
    if "commit" in row[1].split("`")[0]:
        named |= COMMIT
    if "conflict" in row[1]:
        named |= CONFLICT
    assert fields <= named


def test_every_command_that_lists_has_json() -> None:
    from pyvcs.cli.main import COMMANDS

    shown = {name.split()[0] for name in FIELDS}
    assert set(COMMANDS) - shown == {"cat", "completion", "demo", "help", "redo", "serve"}
