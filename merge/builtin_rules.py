"""Rules that every tree gets, each by a name by which `.pyvcs.toml` can switch it off.

A rule stands here only where the format itself says so, or where it was measured on real merges to
give what people committed far more often than anything else: docs/formats/rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pyvcs.merge.rules import (
    FileRules,
    PathRule,
    PlaceRule,
    PointerPattern,
)
from pyvcs.merge.types import MERGERS
from pyvcs.merge.types.numbers import merge_run_count

HIGHER = PlaceRule(merger=MERGERS["higher-version"], name="higher-version")
RAISED = PlaceRule(merger=MERGERS["higher-version"], name="higher-version", raised_together=True)
LATEST = PlaceRule(merger=MERGERS["max"], name="max")
REMADE = PlaceRule(merger=MERGERS["either"], name="either", is_remade=True)
RUN_COUNT = PlaceRule(merger=merge_run_count, name="max", is_remade=True)
SET = PlaceRule(merger=MERGERS["set"], name="set")
FREE = PlaceRule(is_unordered=True)
APPENDED = PlaceRule(keeps_both=True)
CELLS = PlaceRule(content=("source", "input"))
# What is said of a feature holds for the shape that it had. What is made for such data, too, takes
# the feature for the unit of a conflict, whichever of its attributes were edited.
FEATURE = PlaceRule(together=("geometry", "properties"))
WHOLE, PARTS = PlaceRule(is_whole=True), PlaceRule(is_whole=False, lead=())
# What a package is there for is said beside its version, and does not follow it; in the first
# format of npm's lock files the packages that only it needs are inside it.
_PURPOSE = ("dev", "devOptional", "optional", "peer", "extraneous", "inBundle", "bundled")
LOCKED = PlaceRule(is_whole=True, lead=("version", *_PURPOSE))
NESTED = PlaceRule(lead=("version", *_PURPOSE, "dependencies"))

_MANIFEST = rb"(package|composer|bower|lerna|component|manifest|deno|jsr)\.json"
_LOCALE_FOLDER = rb"(_?locales?|langs?|languages?|i18n|l10n|translations?|messages)/"

_TABLE: tuple[tuple[str, bytes, Mapping[str, PlaceRule]], ...] = (
    ("package-versions", _MANIFEST, {"/**": RAISED}),
    (
        "package-versions",
        rb"(package-lock|npm-shrinkwrap)\.json",
        {"/version": HIGHER, "/packages//version": HIGHER},
    ),
    ("package-manifests", rb"(package|composer|bower)\.json", {"/keywords": FREE}),
    # The members of an entry belong together: its version, where it is from, and its hash.
    (
        "lock-files",
        rb"(package-lock|npm-shrinkwrap)\.json",
        # The entry "" repeats the manifest.
        {"/packages/*": LOCKED, "/packages/": PARTS, "/**/dependencies/*": NESTED},
    ),
    ("lock-files", rb"composer\.lock", {"/packages/*": LOCKED, "/packages-dev/*": LOCKED}),
    ("lock-files", rb"(?i:pipfile\.lock)", {"/default/*": LOCKED, "/develop/*": LOCKED}),
    ("lock-files", rb"(deno|flake)\.lock", {"/npm/*": WHOLE, "/jsr/*": WHOLE, "/nodes/*": WHOLE}),
    (
        "locale-files",
        _LOCALE_FOLDER + rb".*\.json|[^/]*\.arb",
        {
            "/@metadata/authors": SET,
            "/@metadata/last-updated": LATEST,
            "/@@last_modified": LATEST,
        },
    ),
    # What running a cell leaves behind never conflicts: running it again makes it anew.
    (
        "notebooks",
        rb"[^/]*\.ipynb",
        {
            "/cells": CELLS,
            "/worksheets/*/cells": CELLS,  # notebooks of format 3
            "/metadata/language_info/version": REMADE,
            "/**/cells/*/metadata/collapsed": REMADE,
            "/**/cells/*/metadata/scrolled": REMADE,
            "/**/cells/*/outputs": REMADE,
            "/**/cells/*/execution_count": RUN_COUNT,
            "/**/cells/*/outputs/*/execution_count": RUN_COUNT,
            "/**/cells/*/prompt_number": RUN_COUNT,  # the same in format 3
            "/**/cells/*/outputs/*/prompt_number": RUN_COUNT,
        },
    ),
    (
        "openapi",
        rb"([^/]*[-_.])?(openapi|swagger)\.json",
        {
            "/info/version": HIGHER,
            "/**/parameters": PlaceRule(identity=("in", "name")),
            "/**/servers": PlaceRule(identity="url"),
            "/**/required": FREE,
            "/**/tags": FREE,
            "/**/enum": APPENDED,
        },
    ),
    (
        "geojson",
        rb"[^/]*\.geojson",
        {
            "": FEATURE,
            "/features": PlaceRule(identity="/properties/id"),
            "/features/*": FEATURE,
            "/**/coordinates": WHOLE,
            "/**/bbox": WHOLE,
        },
    ),
)

NAMES = (*dict.fromkeys(name for name, _, _ in _TABLE),)
"""What the rules go by, and are switched off by."""


def builtin_rules(path: bytes) -> Iterator[PathRule]:
    """Those that match a path."""
    return (rule for rule in _rules() if rule.matches(path))


@cache
def _rules() -> tuple[PathRule, ...]:
    return tuple(_rule(name, pattern, places) for name, pattern, places in _TABLE)


def _rule(name: str, pattern: bytes, places: Mapping[str, PlaceRule]) -> PathRule:
    match = re.compile(rb"(?s:.*/)?(?:" + pattern + rb")").fullmatch
    patterns = tuple((PointerPattern.parse(text), rule) for text, rule in places.items())
    return PathRule(lambda path: match(path) is not None, FileRules(places=patterns), name)
