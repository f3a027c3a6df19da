"""pyvcs: a version store whose merges converge.

>>> import pyvcs
>>> repository = pyvcs.Repository.in_memory()
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.objects.errors import PyvcsError
    from pyvcs.objects.oid import Oid
    from pyvcs.relation import Relation
    from pyvcs.repository import Repository

__all__ = ["Oid", "PyvcsError", "Relation", "Repository", "__version__"]

__version__ = "0.1.0"

_HOMES = {
    "Oid": "pyvcs.objects.oid",
    "PyvcsError": "pyvcs.objects.errors",
    "Relation": "pyvcs.relation",
    "Repository": "pyvcs.repository",
}


def __getattr__(name: str) -> object:
    """Import what the door shows when it is first asked for: `pyvcs --help` needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'pyvcs' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
