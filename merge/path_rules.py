"""What counts for one path: the built-in rules that match it, and those of the tree."""

from __future__ import annotations

from pyvcs.merge.rules import NO_RULES, FileRules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyvcs.merge.rules import PathRule, Rules

ENDINGS = (b".json", b".lock", b".ipynb", b".arb", b".geojson")
"""How the names end that built-in rules are for; for others these are not even loaded."""


def rules_for(rules: Rules, path: bytes) -> FileRules:
    """What counts for one file: the last driver and schema that match, and all places."""
    inside = [rule.rules for rule in _builtin_rules(path) if rule.name not in rules.off]
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
        takes_longer=any(each.takes_longer for each in own),
    )


def _builtin_rules(path: bytes) -> Sequence[PathRule]:
    if not path.lower().endswith(ENDINGS):
        return ()
    from pyvcs.merge.builtin_rules import builtin_rules

    return tuple(builtin_rules(path))
