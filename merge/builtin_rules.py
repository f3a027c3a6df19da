"""Rules that every tree gets, each by a name by which `.pyvcs.toml` can switch it off.

A rule stands here only where it was measured on real merges to give what people committed far more
often than anything else: docs/formats/rules.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pyvcs.merge.rules import (
    NO_RULES,
    FileRules,
    PathRule,
    PlaceRule,
    PointerPattern,
    Rules,
)
from pyvcs.merge.types import MERGERS

MANIFESTS = (
    *(b"package.json", b"composer.json", b"bower.json", b"lerna.json", b"component.json"),
    *(b"manifest.json", b"deno.json", b"jsr.json"),
)
"""Names of files that say what a package is and what it needs."""

LOCKS = (b"package-lock.json", b"npm-shrinkwrap.json")
"""Names of lock files that repeat the version of their own package."""

PACKAGE_VERSIONS, NOTEBOOKS = "package-versions", "notebooks"


def rules_for(rules: Rules, path: bytes) -> FileRules:
    """What counts for one file: the last driver and schema that match, and all places."""
    inside = [rule.rules for rule in builtin_rules(path) if rule.name not in rules.off]
    own = [rule.rules for rule in rules.paths if rule.matches(path)]
    found = [*inside, *own]
    if not found:
        return NO_RULES
    drivers = [each.driver for each in found if each.driver != "auto"]
    schemas = [each.schema for each in found if each.schema is not None]
    return FileRules(
        driver=drivers[-1] if drivers else "auto",
        places=tuple(place for each in found for place in each.places),
        schema=schemas[-1] if schemas else None,
        is_builtin=not own,
    )


def builtin_rules(path: bytes) -> Iterator[PathRule]:
    """Those that match a path."""
    name = path.rpartition(b"/")[2]
    if name in MANIFESTS:
        yield _manifest()
    elif name in LOCKS:
        yield _lock()
    elif name.endswith(b".ipynb"):
        yield _notebook()


@cache
def _manifest() -> PathRule:
    rule = PlaceRule(merger=MERGERS["higher-version"], name="higher-version", raised_together=True)
    return _of(PACKAGE_VERSIONS, {"/**": rule})


@cache
def _lock() -> PathRule:
    rule = PlaceRule(merger=MERGERS["higher-version"], name="higher-version")
    return _of(PACKAGE_VERSIONS, {"/version": rule, "/packages//version": rule})


@cache
def _notebook() -> PathRule:
    """What running a cell leaves behind never conflicts: running it again makes it anew."""
    count = PlaceRule(merger=MERGERS["max"], name="max")
    outputs = PlaceRule(merger=MERGERS["either"], name="either")
    return _of(
        NOTEBOOKS,
        {
            "/**/cells/*/execution_count": count,
            "/**/cells/*/outputs/*/execution_count": count,
            "/**/cells/*/outputs": outputs,
            "/**/cells/*/prompt_number": count,  # what notebooks of format 3 call it
            "/**/cells/*/outputs/*/prompt_number": count,
        },
    )


def _of(name: str, places: dict[str, PlaceRule]) -> PathRule:
    patterns = tuple((PointerPattern.parse(text), rule) for text, rule in places.items())
    return PathRule(lambda _path: True, FileRules(places=patterns), name)
