"""Turns a second over Telegram, beside python-telegram-bot and aiogram: one fake API and its users, one contestant.

`python -m tests.bench telegram` looks at every shape shortly, `python -m tests.bench telegram.sat` measures that one in
full (three rounds), and `python -m tests.bench.telegram sat --rounds 5 --seconds 8 --only ours` chooses everything.
"""

from __future__ import annotations


def bench(shape: str = "") -> str:
    """Measure one shape in full, or all of them shortly."""
    from tests.bench.telegram.runner import SHAPES, run

    return run([shape], 3, 6.0) if shape else run(list(SHAPES), 1, 2.0)
