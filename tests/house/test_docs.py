"""The documents lead somewhere: links, anchors and Python examples are checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from house import ROOT, plant

Rule = Callable[[Path], list[str]]

FENCE = re.compile(r"^ {0,3}(```+|~~~+)\s*([\w+-]*).*$")
CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
INLINE_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$")
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def documents(root: Path) -> list[Path]:
    """The Markdown files at the top and everything under docs and benchmarks."""
    below = (path for folder in ("docs", "benchmarks") for path in (root / folder).rglob("*.md"))
    return sorted({*root.glob("*.md"), *below})


def split_fences(text: str) -> tuple[list[tuple[int, str]], list[tuple[int, str, str]]]:
    """Lines of prose with their numbers, and fenced blocks as (first line, language, source)."""
    prose: list[tuple[int, str]] = []
    blocks: list[tuple[int, str, str]] = []
    inside: list[str] | None = None
    mark, language, start = "", "", 0
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if inside is None and fence:
            inside, mark, language, start = [], fence[1], fence[2], number + 1
        elif inside is None:
            prose.append((number, line))
        elif fence and fence[1].startswith(mark) and not fence[2]:
            blocks.append((start, language, "\n".join(inside)))
            inside = None
        else:
            inside.append(line)
    if inside is not None:
        blocks.append((start, "unclosed", "\n".join(inside)))
    return prose, blocks


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as the usual hosts of code make them."""
    found: set[str] = set()
    for _, line in split_fences(text)[0]:
        heading = HEADING.match(line)
        if heading:
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).lower()
            slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
            copies = (f"{slug}-{count}" for count in range(1, 1000))
            found.add(slug if slug not in found else next(c for c in copies if c not in found))
    return found


def links(text: str) -> Iterator[tuple[int, str]]:
    """Line and target of each link to a file or anchor of ours."""
    for number, line in split_fences(text)[0]:
        plain = CODE_SPAN.sub("", line)
        targets = [*INLINE_LINK.findall(plain), *REFERENCE.findall(plain)]
        for target in targets:
            if not ELSEWHERE.match(target):
                yield number, unquote(target)


def dead_links(root: Path) -> list[str]:
    """Links to a file or a heading that is not there, or out of the project."""
    return [
        f"{path.relative_to(root).as_posix()}:{number}: {target} leads nowhere"
        for path in documents(root)
        for number, target in links(path.read_text(encoding="utf-8"))
        if not leads_somewhere(root, path, target)
    ]


def leads_somewhere(root: Path, source: Path, target: str) -> bool:
    """Whether a link's file is in the project, and its heading in that file."""
    name, _, anchor = target.partition("#")
    path = (source.parent / name).resolve() if name else source
    if not path.exists() or not path.is_relative_to(root.resolve()) or name.startswith("/"):
        return False
    return not anchor or (path.is_file() and anchor in anchors(path.read_text(encoding="utf-8")))


def broken_examples(root: Path) -> list[str]:
    """Python blocks that do not compile, and blocks that are never closed."""
    return [
        f"{path.relative_to(root).as_posix()}:{start}: {problem}"
        for path in documents(root)
        for start, language, source in split_fences(path.read_text(encoding="utf-8"))[1]
        for problem in example_problems(language, source)
    ]


def example_problems(language: str, source: str) -> Iterator[str]:
    """What is wrong with one block: nothing, when its language is not Python."""
    if language == "unclosed":
        yield "this block is not closed"
    if language not in {"python", "py", "pycon"}:
        return
    try:
        compile(session_code(source) if ">>>" in source else source, "example", "exec")
    except (SyntaxError, ValueError) as error:
        yield f"this example is no Python: {error}"


def session_code(source: str) -> str:
    """The statements of a session with prompts."""
    import doctest

    return "".join(example.source for example in doctest.DocTestParser().get_examples(source))


def trailing_space(root: Path) -> list[str]:
    """Lines with spaces at their end, and files that do not end with one newline."""
    findings = []
    for path in documents(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        findings += [
            f"{name}:{n}: space at the end" for n, x in enumerate(lines, 1) if x != x.rstrip()
        ]
        if not text.endswith("\n") or text.endswith("\n\n"):
            findings.append(f"{name}: does not end with one newline")
    return findings


RULES: dict[str, Rule] = {
    rule.__name__: rule for rule in (dead_links, broken_examples, trailing_space)
}

GOOD = {
    "README.md": (
        "# Top\n\n## What's new, in 2?\n\n## Twice\n\n## Twice\n\n"
        "[a](docs/a.md) [b](docs/a.md#deep--down) [c](#whats-new-in-2) [d](#twice-1) [e](docs)\n"
        "[web](https://example.org/x) `[no](link.md)` ``a`[b](c)`` [f](<docs/with%20space.md>)\n\n"
        '[ref]: docs/a.md "title"\n\n```text\n[g](gone.md)\n```\n\n'
        "````\n```python\nnot python here\n```\n````\n\n"
        "```python\nx = 1\n```\n\n```python\n>>> def f():\n...     return 1\n>>> f()\n1\n```\n"
    ),
    "docs/a.md": "# A\n\n## Deep & *down*\n\n[up](../README.md#top)\n",
    "docs/with space.md": "# S\n",
}

VIOLATIONS = {
    "dead_links": [
        ("CONTRIBUTING.md", "[a](docs/gone.md)\n"),
        ("docs/deep/b.md", "[a](a.md)\n"),
        ("docs/b.md", "[a](a.md#gone)\n"),
        ("docs/b.md", "# B\n\n[a](#c)\n"),
        ("docs/b.md", "[a]: gone.md\n"),
        ("docs/b.md", "![picture](gone.svg)\n"),
        ("docs/b.md", "[a](../../outside.md)\n"),
        ("docs/b.md", "[a](/README.md)\n"),
    ],
    "broken_examples": [
        ("docs/b.md", "```python\nx = = 1\n```\n"),
        ("CHANGELOG.md", "```python\n>>> x = = 1\n```\n"),
        ("docs/b.md", "```sh\nls\n"),
    ],
    "trailing_space": [
        ("docs/b.md", "a \n"),
        ("docs/b.md", "a\t\nb\n"),
        ("docs/b.md", "a"),
        ("docs/b.md", "a\n\n"),
    ],
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_documents_keep_the_rule(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_rule_of_documents_lets_good_ones_pass(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path / "project", GOOD)) == []


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [(name, path, text) for name, cases in VIOLATIONS.items() for path, text in cases],
)
def test_the_rule_of_documents_catches_a_planted_violation(
    name: str, path: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "outside.md").write_text("# Outside\n", encoding="utf-8")
    findings = RULES[name](plant(tmp_path / "project", {**GOOD, path: text}))
    assert len(findings) == 1
    assert findings[0].startswith(path)


def test_every_rule_of_documents_has_a_planted_violation() -> None:
    assert VIOLATIONS.keys() == RULES.keys()
