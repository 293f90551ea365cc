"""Do a part of the work on another processor core while the rest goes on."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


def beside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work` in a process of its own and give a function that waits for what it gave; call that once.

    The process has everything that was read so far and only its result comes back, which must be plain data. Where
    there is one core, no room for such a process, or a thread that it would lose, the work is done when it is asked
    for; so it is where the process came to grief, and then raises what it raised there.
    """
    if not _possible():
        return work
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no memory, or too many processes
        os.close(reading)
        os.close(writing)
        return work
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as out:
                out.write(pickle.dumps(work()))
        finally:
            os._exit(0)  # whatever happened: it must not go on with the program of its parent
    os.close(writing)

    def result() -> T:
        with os.fdopen(reading, "rb") as sent:
            data = sent.read()
        with suppress(ChildProcessError):  # gone already, where whoever began us lets no ended process wait
            os.waitpid(child, 0)
        with suppress(EOFError, pickle.UnpicklingError):  # it came to grief before all was written
            given: T = pickle.loads(data)  # noqa: S301 - our own process wrote it
            return given
        return work()

    return result


def _possible() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1
