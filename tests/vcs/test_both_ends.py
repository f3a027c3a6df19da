"""Two processes give what one gives, and whatever becomes of the child."""

from __future__ import annotations

import select
import subprocess
import sys

import pytest
from cores import CORES

from pyvcs.both_ends import from_both_ends

two_cores = pytest.mark.skipif(CORES < 2, reason="there is no second core to work on")

START = """
import _thread, os, signal, threading
from pyvcs.both_ends import from_both_ends
HERE = os.getpid()
def no_child_is_left():
    try:
        return os.waitpid(-1, os.WNOHANG) is None
    except ChildProcessError:
        return True
told, tell = os.pipe()
def in_turn(things):
    "The things; this process draws its first one when the child has drawn one."
    if os.getpid() == HERE: os.read(told, 1)
    for thing in things:
        if os.getpid() != HERE: os.write(tell, b"x")
        yield thing
"""


def run(code: str) -> None:
    """Run a program of its own: the one that runs the tests has threads."""
    subprocess.run([sys.executable, "-c", START + code], check=True, timeout=60)


def printed_after_a_kill(code: str) -> bytes:
    """What is printed when a program that printed "begun" is killed, until its child ends too."""
    with subprocess.Popen([sys.executable, "-c", START + code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(5) == b"begun"
        process.kill()
        ended, _, _ = select.select([process.stdout], [], [], 60)
        assert ended  # the child has it open, too
        return process.stdout.read()


def test_everything_is_done_once_where_nothing_is_forked() -> None:
    assert from_both_ends(sum, [1, 2, 3, 4], may_fork=False) == [10]


@two_cores
@pytest.mark.parametrize("count", [2, 7, 10_000])
def test_both_ends_work_from_both_ends_until_they_meet(count: int) -> None:
    run(
        "def work(things):\n"
        "    return os.getpid(), [*in_turn(things)]\n"
        f"things = [*range({count})]\n"
        "here, there = from_both_ends(work, things, may_fork=True)\n"
        "assert here[0] == HERE != there[0] and there[1]\n"
        "assert here[1] + there[1][::-1] == things\n"
        "assert no_child_is_left()"
    )


only_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells the processor"
)


@two_cores
@only_linux
def test_a_process_is_sent_to_another_processor() -> None:
    """So that a child does not wait on that of its parent for the next tick."""
    run(
        "from pyvcs.both_ends import _processor, _send_from\n"
        "moved, everywhere = 0, os.sched_getaffinity(0)\n"
        "for _ in range(20):\n"
        "    before = _processor()\n"
        "    _send_from(before, 0, everywhere)\n"
        "    moved += _processor() != before\n"
        "assert moved > 10"
    )


@two_cores
@only_linux
def test_the_child_may_run_anywhere_while_it_works() -> None:
    """Were it bound to one processor, it would wait for who is busy there, and its parent too."""
    run(
        "def work(things):\n"
        "    return sorted(os.sched_getaffinity(0)), len([*in_turn(things)])\n"
        "processors = sorted(os.sched_getaffinity(0))\n"
        "for _ in range(20):\n"
        "    parts = from_both_ends(work, [*range(9)], may_fork=True)\n"
        "    assert [part[0] for part in parts] == [processors, processors]"
    )


@two_cores
def test_where_the_system_tells_no_processor_the_child_works_where_it_is() -> None:
    run(
        "import pyvcs.both_ends\n"
        "pyvcs.both_ends._STAT = '/there/is/no/such/file'\n"
        "work = lambda things: len([*in_turn(things)])\n"
        "assert sum(from_both_ends(work, [*range(9)], may_fork=True)) == 9"
    )


@two_cores
def test_an_answer_may_be_larger_than_a_pipe() -> None:
    run(
        "work = lambda things: b'x' * (1_000_000 * len([*in_turn(things)]))\n"
        "here, there = map(len, from_both_ends(work, [1] * 6, may_fork=True))\n"
        "assert there and here + there == 6_000_000"
    )


@two_cores
@pytest.mark.parametrize("ending", ["1 / 0", "os._exit(3)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_what_a_child_drew_that_ends_badly_is_done_here(ending: str) -> None:
    run(
        "def work(things):\n"
        "    found = 0\n"
        "    for thing in in_turn(things):\n"
        "        found += thing\n"
        f"        if os.getpid() != HERE and thing < 7: {ending}\n"
        "    return found\n"
        "assert sum(from_both_ends(work, [*range(9)], may_fork=True)) == 36\n"
        "assert no_child_is_left()"
    )


@two_cores
def test_an_error_here_is_raised_and_its_child_draws_no_more() -> None:
    run(
        "import pyvcs.both_ends\n"
        "(gone, go), end = os.pipe(), pyvcs.both_ends._end\n"
        "pyvcs.both_ends._end = lambda child: os.write(go, b'x') and end(child)\n"
        "def work(things):\n"
        "    next(in_turn(things))\n"
        "    if os.getpid() == HERE: raise KeyError('mine')\n"
        "    os.read(gone, 1)\n"
        "    os.write(tell, b'more' if next(things, None) else b'none')\n"
        "try:\n"
        "    from_both_ends(work, range(1, 4000), may_fork=True)\n"
        "except KeyError:\n"
        "    assert os.read(told, 4) == b'none'\n"
        "    assert no_child_is_left()\n"
        "else:\n"
        "    raise AssertionError"
    )


@two_cores
def test_children_that_nobody_counts_are_no_failure() -> None:
    run(
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "assert sum(from_both_ends(sum, [*range(9)], may_fork=True)) == 36"
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
        "found = from_both_ends(lambda things: os.getpid(), [1, 2], may_fork=True)\n"
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
        "from_both_ends(work, [1, 2], may_fork=True)"
    )
    assert printed_after_a_kill(code) == b""


@two_cores
def test_a_child_draws_no_more_when_the_process_that_made_it_was_killed() -> None:
    code = (
        "def work(things):\n"
        "    if os.getpid() == HERE: signal.pause()\n"
        "    next(things)\n"
        "    os.write(1, b'begun')\n"
        "    while os.getppid() == HERE: os.sched_yield()\n"
        "    os.write(1, b'%d more' % len([*things]))\n"
        "from_both_ends(work, range(9), may_fork=True)"
    )
    assert printed_after_a_kill(code) == b"0 more"
