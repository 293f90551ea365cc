"""Medians, round-robin, in words."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence


def micro(contestants: Mapping[str, Callable[[], object]], *, rounds: int = 9, times: int = 200) -> dict[str, float]:
    """Give the median CPU microseconds of each contestant, taken in turns."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for run in contestants.values():
        run()
    for _ in range(rounds):
        for name, run in contestants.items():
            gc.disable()
            start = time.process_time_ns()
            for _ in range(times):
                run()
            found[name].append((time.process_time_ns() - start) / times / 1000)
            gc.enable()
    return {name: statistics.median(values) for name, values in found.items()}


def table(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Write a Markdown table."""
    lines = [f"### {title}", "", "| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *["| " + " | ".join(row) + " |" for row in rows], ""])
