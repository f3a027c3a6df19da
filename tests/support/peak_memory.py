"""How much memory a process took at most: source of a function for child processes of tests."""

from __future__ import annotations

import sys

import pytest

PEAK_KIB = """
def peak_kib():
    import sys
    if sys.platform == "linux":
        # Not ru_maxrss: that counts what the parent had taken when it started this process.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak
"""


def need_peak_memory() -> None:
    """Skip a test, saying why, where `peak_kib` cannot work."""
    if sys.platform == "win32":
        pytest.skip("this system does not tell how much memory a process took at most")
