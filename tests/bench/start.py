"""How long somebody waits: for `--help`, the greeting of `chat`, `check`; and what sessions weigh."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import tracemalloc

from bot.engine.session import encode
from tests.bench.timing import table
from tests.kit.shipped import Person


def wall(command: list[str], times: int = 7) -> float:
    """Give the median seconds a command takes."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def bench() -> str:
    """Measure the start of the commands and the weight of 100,000 sessions."""
    python = sys.executable
    rows = [
        ("python -c pass", f"{wall([python, '-c', 'pass']):.2f}", ""),
        ("optout-bot --help", f"{wall([python, '-m', 'bot', '--help']):.2f}", "0.3"),
        ("optout-bot chat, greeting and end", f"{wall([python, '-m', 'bot', 'chat', '--plain']):.2f}", "1.0"),
        ("optout-bot check, with its examples", f"{wall([python, '-m', 'bot', 'check']):.2f}", "2.0"),
    ]
    return table("Start (seconds, median of 7)", ("command", "s", "target"), rows) + "\n" + _memory()


def _memory() -> str:
    session = Person("en", territory="DE").taps("own").says("facebook").taps("full").says("1, 2").session
    data = encode(session)
    tracemalloc.start()
    held = [bytes(bytearray(data)) for _ in range(10_000)]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    rows = [("stored bytes of a session in the middle of the walk", f"{len(data)}", "2048"),
            ("MiB per 100,000 sessions held as bytes", f"{size * 10 / 2**20:.0f}", "")]  # fmt: skip
    assert held
    return table("Memory", ("what", "figure", "target"), rows)
