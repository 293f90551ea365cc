"""Run the rounds: every contestant in every round, medians of the figures, medians of the ratios inside a round."""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.app import open_library
from tests.bench.matrix.contestant import Contestant, Watch, cpu, memory, simplematrixbotlib
from tests.bench.matrix.crowd import SEES_ALL, Crowd
from tests.bench.matrix.scripts import Echo, Guided, Script
from tests.bench.matrix.walking import Walk
from tests.bench.telegram.contestant import API_CORE, pin
from tests.bench.timing import table
from tests.kit.synapse import Synapse

OURS = "ours, the guided conversation"
PATIENCE = 15.0
"""Seconds in which a bot says nothing at all, after which what it did not answer counts as unanswered."""


@dataclass(frozen=True)
class Seen:
    """What one contestant did in one round; seconds of CPU, MB of memory."""

    seconds: float
    cpu: float
    server: float
    crowd: float
    start: float
    peak: float
    end: float
    walk: Walk

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.walk.turns / self.seconds

    @property
    def cpu_turn(self) -> float:
        """Microseconds of the bot's CPU for a turn."""
        return self.cpu / max(1, self.walk.turns) * 1e6

    @property
    def cpu_message(self) -> float:
        """Microseconds of the bot's CPU for a message it sent."""
        return self.cpu / max(1, self.walk.messages) * 1e6

    def wait(self, share: float) -> float:
        """Give a quantile of the waits, in seconds."""
        waits = self.walk.waits
        return waits[min(len(waits) - 1, int(share * len(waits)))] / 1000 if waits else float("nan")


async def measure(bot: Contestant, server: Synapse, crowd: Crowd, turns: int) -> Seen:
    """Let the whole crowd walk with one bot."""
    assert server.process is not None
    user = server.register("bot")
    await crowd.joins(user)
    library = open_library()
    scripts: list[Script] = [Guided(number, library) if bot.ours else Echo(number) for number in range(crowd.number)]
    walk = Walk(crowd, user.id, scripts, threads=bot.ours, patience=PATIENCE)
    try:
        await bot.start(server, user)
        async with Watch(bot.pid) as watch:
            before = (cpu(bot.pid), cpu(server.process.pid), time.process_time())
            await walk.go(turns)
            after = (cpu(bot.pid), cpu(server.process.pid), time.process_time())
            await walk.finish()
        used = [late - early for early, late in zip(before, after, strict=True)]
        shares = (used[1] / walk.seconds, used[2] / walk.seconds)
        return Seen(walk.seconds, used[0], *shares, watch.start, watch.peak, memory(bot.pid), walk)
    finally:
        bot.kill()
        await crowd.leaves(user)


async def rounds(people: int, turns: int, number: int, who: Sequence[Contestant]) -> dict[str, list[Seen]]:
    """Let the contestants take turns, in one room of one server."""
    seen: dict[str, list[Seen]] = {one.name: [] for one in who}
    with tempfile.TemporaryDirectory() as folder:
        server = Synapse(Path(folder), settings=SEES_ALL)
        await asyncio.to_thread(server.start)
        try:
            assert server.process is not None
            pin(server.process.pid, API_CORE)
            async with Crowd(server, people) as crowd:
                for _ in range(number):
                    for bot in who:
                        seen[bot.name].append(await measure(bot, server, crowd, turns))
        finally:
            server.stop()
    return seen


def run(people: int = 200, turns: int = 5, number: int = 3, *, only: str = "") -> str:
    """Measure, and give the tables."""
    pin(0, 0)
    with tempfile.TemporaryDirectory() as folder:
        other = simplematrixbotlib(Path(folder)) if only in "simplematrixbotlib, echo" else ""
        who = [
            Contestant(OURS),
            *([other] if isinstance(other, Contestant) else []),
            Contestant("floor, echo", "floor.py"),
        ]
        who = [one for one in who if only in one.name]
        found = asyncio.run(rounds(people, turns, number, who))
        ours = [one for one in who if one.ours]
        few = asyncio.run(rounds(max(1, people // 4), turns, 1, ours)) if ours else {}
    texts = [_machine(number), _speed(found, f"{people} people in one room, {turns} turns each")]
    texts.append(_right(found))
    texts += [_memory({people: found[OURS], max(1, people // 4): few[OURS]})] if ours else []
    return "\n".join([*texts, *([other] if isinstance(other, str) and other else [])])


def _middle(rows: Sequence[Seen], pick: Callable[[Seen], float]) -> float:
    return statistics.median(pick(row) for row in rows)


def _speed(found: dict[str, list[Seen]], title: str) -> str:
    head = ("bot", "turns/s", "messages/s", "x simplematrixbotlib", "CPU µs/turn", "CPU µs/message",
            "x by CPU/message", "p50 s", "p99 s", "bot's core", "server's core", "crowd's core")  # fmt: skip
    beside = next((rows for name, rows in found.items() if name.startswith("simple")), [])
    lines = []
    for name, rows in found.items():
        pairs = list(zip(rows, beside, strict=False))
        faster = [(one.walk.messages / one.seconds) / (two.walk.messages / two.seconds) for one, two in pairs]
        lighter = [two.cpu_message / one.cpu_message for one, two in pairs]
        lines.append((
            name, f"{_middle(rows, lambda one: one.rate):.1f}",
            f"{_middle(rows, lambda one: one.walk.messages / one.seconds):.1f}",
            f"{statistics.median(faster):.2f}" if faster else "–",
            f"{_middle(rows, lambda one: one.cpu_turn):.0f}", f"{_middle(rows, lambda one: one.cpu_message):.0f}",
            f"{statistics.median(lighter):.2f}" if lighter else "–",
            f"{_middle(rows, lambda one: one.wait(0.5)):.2f}", f"{_middle(rows, lambda one: one.wait(0.99)):.2f}",
            f"{_middle(rows, lambda one: one.cpu / one.seconds):.2f}", f"{_middle(rows, lambda one: one.server):.2f}",
            f"{_middle(rows, lambda one: one.crowd):.2f}",
        ))  # fmt: skip
    return table(title, head, lines)


def _right(found: dict[str, list[Seen]]) -> str:
    head = ("bot", "turns answered", "messages", "unanswered", "to the wrong person", "lost", "out of order")
    lines = [
        (name, *(" ".join(str(pick(one.walk)) for one in rows) for pick in _COUNTS)) for name, rows in found.items()
    ]
    strange = [text for rows in found.values() for one in rows for text in one.walk.strange()]
    return table("Who heard what (each round)", head, lines) + "".join(f"\n    {text}" for text in strange[:8])


_COUNTS: tuple[Callable[[Walk], int], ...] = (
    lambda walk: walk.turns, lambda walk: walk.messages, lambda walk: walk.unanswered, lambda walk: walk.wrong,
    lambda walk: walk.lost, lambda walk: walk.unordered,
)  # fmt: skip


def _memory(found: dict[int, list[Seen]]) -> str:
    head = ("people", "MB at the start", "MB at most", "MB at the end", "KB more a person")
    lines = [
        (
            str(people), f"{_middle(rows, lambda one: one.start):.1f}", f"{_middle(rows, lambda one: one.peak):.1f}",
            f"{_middle(rows, lambda one: one.end):.1f}",
            f"{_middle(rows, lambda one: one.end - one.start) * 1000 / people:.0f}",
        )
        for people, rows in sorted(found.items())
    ]  # fmt: skip
    return table("Memory of ours", head, lines)


def _machine(number: int) -> str:
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f}; {number} rounds; Synapse on one core, bot and "
        "people on another\n"
    )
