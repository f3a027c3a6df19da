"""A while without the collector, after which it is as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from pyvcs.objects.uncollected import Uncollected


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_off_inside_and_as_it_was_after(was_on: bool) -> None:
    if not was_on:
        gc.disable()
    with Uncollected():
        assert not gc.isenabled()
        with Uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled() == was_on


def test_it_runs_again_after_an_error() -> None:
    with pytest.raises(KeyError), Uncollected():
        raise KeyError
    assert gc.isenabled()
