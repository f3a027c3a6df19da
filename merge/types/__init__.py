"""Types of JSON values that merge by a rule of their own, and never conflict.

Each is a merger: a function of base, ours and theirs that gives the merged value, or ABSENT where
the values are not of its type (they then merge as any others). Base is ABSENT where both sides
added the value, and may be UNKNOWN. Every merger keeps three laws: the order of the sides does not
matter; when one side is as base was, the other's value stands; and two equal sides give that value,
but for a counter, to which both have then added the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pyvcs.merge.types.either import merge_either
from pyvcs.merge.types.numbers import merge_counter, merge_max, merge_min
from pyvcs.merge.types.sets import merge_grow_only_set, merge_set, merge_two_phase_set
from pyvcs.merge.types.version import merge_higher_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.json_value import Json, Place, Side

Merger: TypeAlias = "Callable[[Place, Json, Json], Side]"

MERGERS: Mapping[str, Merger] = MappingProxyType(
    {
        "counter": merge_counter,
        "either": merge_either,
        "max": merge_max,
        "min": merge_min,
        "set": merge_set,
        "grow-only-set": merge_grow_only_set,
        "two-phase-set": merge_two_phase_set,
        "higher-version": merge_higher_version,
    }
)
"""The mergers that a rule may name. A register is made with its field: `types.register`."""
