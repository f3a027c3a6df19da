"""Halving: two processes give what one gives, and whatever becomes of the child."""

from __future__ import annotations

import select
import subprocess
import sys

import pytest
from cores import CORES

from pyvcs.halving import in_halves

two_cores = pytest.mark.skipif(CORES < 2, reason="there is no second core to work on")

START = """
import _thread, os, signal, threading
from pyvcs.halving import in_halves
HERE = os.getpid()
def no_child_is_left():
    try:
        return os.waitpid(-1, os.WNOHANG) is None
    except ChildProcessError:
        return True
"""


def run(code: str) -> None:
    """Run a program of its own: the one that runs the tests has threads."""
    subprocess.run([sys.executable, "-c", START + code], check=True, timeout=60)


def test_everything_is_done_once_where_nothing_is_forked() -> None:
    assert in_halves(sum, [1, 2, 3, 4], may_fork=False) == [10]


@two_cores
def test_each_of_two_processes_does_a_half() -> None:
    run(
        "work = lambda things: (os.getpid(), things)\n"
        "here, there = in_halves(work, [*range(7)], may_fork=True)\n"
        "assert here == (HERE, [0, 2, 4, 6]), here\n"
        "assert there[0] != HERE and there[1] == [1, 3, 5], there\n"
        "assert no_child_is_left()"
    )


@two_cores
def test_an_answer_may_be_larger_than_a_pipe() -> None:
    run(
        "work = lambda things: b'x' * (1_000_000 * len(things))\n"
        "assert [*map(len, in_halves(work, [1] * 6, may_fork=True))] == [3_000_000] * 2"
    )


@two_cores
@pytest.mark.parametrize("ending", ["1 / 0", "os._exit(3)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_the_half_of_a_child_that_ends_badly_is_done_here(ending: str) -> None:
    run(
        "def work(things):\n"
        f"    if os.getpid() != HERE: {ending}\n"
        "    return sum(things)\n"
        "assert sum(in_halves(work, [*range(9)], may_fork=True)) == 36\n"
        "assert no_child_is_left()"
    )


@two_cores
def test_an_error_here_is_raised_and_leaves_no_child() -> None:
    run(
        "def work(things):\n"
        "    if os.getpid() == HERE: raise KeyError('mine')\n"
        "    return 1\n"
        "try:\n"
        "    in_halves(work, [1, 2], may_fork=True)\n"
        "except KeyError:\n"
        "    assert no_child_is_left()\n"
        "else:\n"
        "    raise AssertionError"
    )


@two_cores
def test_children_that_nobody_counts_are_no_failure() -> None:
    run(
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "assert sum(in_halves(sum, [*range(9)], may_fork=True)) == 36"
    )


@pytest.mark.parametrize(
    "start", ["threading.Thread(target=wait).start()", "_thread.start_new_thread(wait, ())"]
)
def test_a_process_with_threads_is_not_forked(start: str) -> None:
    run(
        "begun, done = threading.Event(), threading.Event()\n"
        "def wait():\n"
        "    begun.set()\n"
        "    done.wait()\n"
        f"{start}\n"
        "begun.wait()\n"
        "found = in_halves(lambda things: os.getpid(), [1, 2], may_fork=True)\n"
        "done.set()\n"
        "assert found == [HERE]"
    )


@two_cores
def test_a_child_ends_when_the_process_that_made_it_was_killed() -> None:
    """Also one that has more to say than a pipe holds, to nobody."""
    code = (
        "def work(things):\n"
        "    if os.getpid() == HERE: signal.pause()\n"
        "    os.write(1, b'begun')\n"
        "    return bytes(1_000_000)\n"
        "in_halves(work, [1, 2], may_fork=True)"
    )
    with subprocess.Popen([sys.executable, "-c", START + code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(5) == b"begun"
        process.kill()
        ended, _, _ = select.select([process.stdout], [], [], 60)
        assert ended  # the child has it open, too
        assert process.stdout.read() == b""
