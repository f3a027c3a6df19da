"""How many processors the tests may use: with one, no second process or thread helps."""

from __future__ import annotations

import os

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
