"""Contexts: those of contextlib in fewer words, and a while without the collector."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pyvcs.objects import contexts
from pyvcs.objects.contexts import Uncollected


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


@pytest.mark.parametrize("made_by", [contexts.contextmanager, contextlib.contextmanager])
@pytest.mark.parametrize("raised", [KeyError("a"), StopIteration("b"), RuntimeError("c"), None])
@pytest.mark.parametrize("at_the_end", ["nothing", "finally", "except", "another", "twice"])
def test_a_context_ends_as_one_of_contextlib(
    made_by: Callable[[Any], Any], raised: Exception | None, at_the_end: str
) -> None:
    seen: list[object] = []

    def halves(word: str) -> Iterator[str]:
        try:
            yield word
        except (KeyError, StopIteration, RuntimeError):
            seen.append("caught")
            if at_the_end != "except":
                raise
        finally:
            seen.append("end")
        if at_the_end == "another":
            raise ValueError("another")
        if at_the_end == "twice":
            yield word

    def run() -> str:
        with made_by(halves)("in") as word:
            seen.append(word)
            if raised is not None:
                raise raised
        return "out"

    expected: Any = raised
    if at_the_end == "except":
        expected = None
    elif raised is None:
        expected = {"another": ValueError, "twice": RuntimeError}.get(at_the_end)
    if expected is None:
        run()
    else:
        with pytest.raises(expected if isinstance(expected, type) else type(expected)) as caught:
            run()
        assert isinstance(expected, type) or caught.value is expected
    assert seen == ["in", *(["caught"] if raised else []), "end"]


def test_a_context_has_the_name_and_words_of_its_function() -> None:
    @contexts.contextmanager
    def held() -> Iterator[None]:
        """Held."""
        yield

    assert (held.__name__, held.__doc__) == ("held", "Held.")


@pytest.mark.parametrize("suppress", [contexts.suppress, contextlib.suppress])
def test_suppressed_errors_end_the_block_and_others_go_on(suppress: Callable[..., Any]) -> None:
    with suppress(KeyError, OSError):
        raise FileNotFoundError
    with suppress(KeyError):
        pass
    with pytest.raises(ValueError, match="x"), suppress(KeyError):
        raise ValueError("x")
    with pytest.raises(KeyError), suppress():
        raise KeyError
