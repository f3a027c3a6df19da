"""What all tests share: the profile of hypothesis that `make fuzz` chooses."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A test that sets its own number of examples keeps it; the rounds of `make fuzz` multiply that.
settings.register_profile(
    "fuzz",
    max_examples=1000,
    deadline=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.too_slow],
)
