"""Every module of the product loads, and the examples in its docstrings are true."""

from __future__ import annotations

import doctest
import importlib

import pytest
from house import load_product


@pytest.mark.parametrize("name", [name for name in load_product() if name != "pyvcs.__main__"])
def test_the_examples_of_the_module_are_true(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0
