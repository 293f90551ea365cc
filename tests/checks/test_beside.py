"""Work beside other work, in programs of their own that no thread of the tests disturbs."""

from __future__ import annotations

import subprocess
import sys

BEGIN = """
import os, sys, threading
from bot.checks.beside import beside
here = os.getpid()
two = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
"""


def ran(program: str) -> tuple[str, str]:
    command = [sys.executable, "-W", "error", "-c", BEGIN + program]
    done = subprocess.run(command, text=True, capture_output=True, timeout=60, check=False)
    return done.stdout, done.stderr


def test_a_result_comes_back_from_another_process() -> None:
    said = ran("got = beside(lambda: (os.getpid() != here, 'x' * 1_000_000))()\nprint(got[0] == two, len(got[1]))")
    assert said == ("True 1000000\n", "")


def test_what_was_printed_before_is_printed_once() -> None:
    assert ran("print('begun')\nprint(beside(lambda: 'ended')())") == ("begun\nended\n", "")


def test_a_process_that_came_to_grief_is_made_up_for() -> None:
    kill = "os.getpid() == here or os.kill(os.getpid(), 9)"
    assert ran(f"print(beside(lambda: ({kill}, 'there'))()[1])") == ("there\n", "")


def test_what_it_raises_is_raised_where_it_is_asked_for() -> None:
    printed, told = ran("get = beside(lambda: {}['lamp'])\nprint('goes on', flush=True)\nget()")
    assert printed == "goes on\n"
    assert told.count("Traceback") == 1, told
    assert told.endswith("KeyError: 'lamp'\n")


def test_a_program_with_threads_does_the_work_itself() -> None:
    threads = "wait = threading.Event()\nthread = threading.Thread(target=wait.wait)\nthread.start()\n"
    assert ran(f"{threads}print(beside(os.getpid)() == here)\nwait.set()") == ("True\n", "")


def test_ended_processes_that_nobody_keeps_and_none_that_can_be_begun_are_made_up_for() -> None:
    ignored = "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
    assert ran(f"{ignored}print(beside(lambda: 'ended')())") == ("ended\n", "")
    none = "import resource\nos.getuid() or os.setuid(65534)\nresource.setrlimit(resource.RLIMIT_NPROC, (0, 0))\n"
    assert ran(f"{none}print(beside(os.getpid)() == here)") == ("True\n", "")
