"""The demonstration, run as a person would: it computes all that it shows."""

from __future__ import annotations

import re
from pathlib import Path

from terminal import Terminal

from pyvcs.cli.demonstration import DOCUMENTS


def test_two_replicas_converge_and_a_resolution_arrives(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    done = terminal.run_process("demo", "here")
    assert done.err == ""
    assert done.out.count("-> the same tip on both replicas") == 3
    tips = re.findall(r"pyvcs rev-parse main\n  ([0-9a-f]{64})", done.out)
    assert len(tips) == 6
    assert tips[0] == tips[1]
    assert len(set(tips)) == 3
    assert "value: package.json at /description" in done.out
    assert done.out.count("objects checked, no problem") == 2
    for name in DOCUMENTS:
        alice, bob = ((tmp_path / "here" / who / name).read_bytes() for who in ("alice", "bob"))
        assert alice == bob
    assert '"Tides and the sun for small harbours"' in terminal.read("here/alice/package.json")


def test_the_edits_of_both_are_in_the_merged_documents(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.run_process("demo", "here")
    texts = {name: terminal.read(f"here/bob/{name}") for name in DOCUMENTS}
    expected = {
        "en.json": ['"moon": "Moon"', "day by day", '"Preferences"', '"stale"'],
        "package.json": ["^2.2.0", "moon-phase", "--strict"],
        "harbours.json": ["2.10", '"power"', '"hooge"'],
        "tides.ipynb": ["one day in March", "sum(errors)"],
        "notes.txt": ["2.10 m", "Freeze on Thursday"],
    }
    for name, words in expected.items():
        assert [word for word in words if word not in texts[name]] == []
    order = re.findall(r'"id": "([a-z-]+)"', texts["harbours.json"])
    assert order == ["pellworm", "amrum-wittduen", "foehr-wyk", "hooge"]


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.write("full/x", "1")
    done = terminal.run_process("demo", "full", check=False)
    assert done.code == 5
    assert "not empty" in done.err
    assert terminal.read("full/x") == "1"
