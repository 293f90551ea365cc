"""Run the shapes: every contestant in every round, medians of the figures, medians of the ratios inside a round."""

from __future__ import annotations

import asyncio
import math
import os
import platform
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.bench.telegram.api import Api, Figures, User
from tests.bench.telegram.contestant import API_CORE, Contestant, Redis, everyone, pin

REFERENCE = "PTB + PicklePersistence"


@dataclass(frozen=True)
class Shape:
    """How the users behave, and how late the API answers (seconds)."""

    name: str
    about: str
    users: int
    think: float = 0.0
    delay: float = 0.0
    burst: int = 1
    warm: float = 1.5


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("sat", "100 users who do not think, no delay", 100),
        Shape("net", "1000 users who do not think, every API answer 50 ms late", 1000, delay=0.05, warm=3.5),
        Shape("steady", "100 users who think 0.8 s: about 122 turns/s offered", 100, think=0.815),
        Shape("burst", "three answers at once, 100 users, 0.2 s thinking, 20 ms API", 100, 0.2, 0.02, 3),
        Shape("crash", "20 users who think 1.5 s, 50 ms API, SIGKILL after 3 s, restart", 20, 1.5, 0.05),
        Shape("noisy", "five users walk, one more sends 100 messages a second", 5, think=0.1),
    )
}


@dataclass
class Seen:
    """What one contestant did in one round."""

    rate: float = 0.0
    cpu_us: float = 0.0
    api: float = 0.0
    memory: float = 0.0
    calls: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    stuck: int = 0
    wrong: int = 0
    repeats: int = 0
    lost: int = 0
    resets: int = 0
    ready: float = 0.0
    quiet_p95: float = 0.0


async def _up(bot: Contestant, api: Api) -> float:
    """Start a bot and wait until it asks for updates; gives the seconds that took."""
    began = time.perf_counter()
    api.asked_for_updates.clear()
    bot.start(api.port)
    try:
        async with asyncio.timeout(60):
            await api.asked_for_updates.wait()
    except TimeoutError:
        raise RuntimeError(f"{bot.name} does not come up; its last words: {bot.log()}") from None
    return time.perf_counter() - began


async def _measure(bot: Contestant, api: Api, seconds: float) -> Seen:
    """Look for so long, from now."""
    api.figures = Figures()
    cpu, own, began = bot.cpu(), time.process_time(), time.perf_counter()
    await asyncio.sleep(seconds)
    took = time.perf_counter() - began
    found = api.figures
    turns = max(1, found.turns)
    late = sorted(found.latencies) or [math.nan]
    calls = sum(count for name, count in found.calls.items() if name != "getUpdates")
    return Seen(
        rate=found.turns / took,
        cpu_us=(bot.cpu() - cpu) / turns * 1e6,
        api=(time.process_time() - own) / took,
        memory=bot.memory(),
        calls=calls / turns,
        p50=_quantile(late, 0.5),
        p95=_quantile(late, 0.95),
        p99=_quantile(late, 0.99),
        stuck=api.stuck(),
        wrong=found.wrong,
        repeats=found.repeats,
        resets=found.resets,
    )


def _quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] * 1e3


async def _round(bot: Contestant, shape: Shape, seconds: float) -> Seen:
    api = Api(shape.users, think=shape.think, delay=shape.delay, burst=shape.burst)
    await api.start()
    bot.prepare()
    try:
        ready = await _up(bot, api)
        if shape.name == "crash":
            seen = await _crash(bot, api)
        elif shape.name == "noisy":
            seen = await _noisy(bot, api, seconds)
        else:
            api.begin()
            await asyncio.sleep(shape.warm)
            seen = await _measure(bot, api, seconds)
        seen.ready = ready
        return seen
    finally:
        api.stop()
        bot.kill()
        bot.clear()


async def _crash(bot: Contestant, api: Api) -> Seen:
    """Kill it amid conversations; lost is who gets no answer any more, reset who has to begin again."""
    api.begin()
    await asyncio.sleep(3.0)
    killed = time.perf_counter()
    before = {chat: (user.resets, user.wrong) for chat, user in api.users.items()}
    api.figures = Figures()
    bot.kill()
    await _up(bot, api)
    await asyncio.sleep(6.0)
    people = api.users.values()
    lost = sum(1 for user in people if user.heard_at < killed + 0.1)
    reset = sum(1 for user in people if (user.resets, user.wrong) != before[user.chat])
    return Seen(lost=lost, resets=reset, repeats=api.figures.repeats, rate=api.figures.turns / 6.0)


async def _noisy(bot: Contestant, api: Api, seconds: float) -> Seen:
    """Measure how long people wait, without and with somebody who sends 100 messages a second."""
    api.begin()
    await asyncio.sleep(1.5)
    quiet = await _measure(bot, api, seconds)
    shouting = asyncio.create_task(_shout(api, User(7, 0.0, 1)))
    await asyncio.sleep(0.5)
    try:
        seen = await _measure(bot, api, seconds)
    finally:
        shouting.cancel()
        with suppress(asyncio.CancelledError):
            await shouting
    seen.quiet_p95 = quiet.p95
    return seen


async def _shout(api: Api, user: User) -> None:
    """Write a hundred messages a second, whatever comes back."""
    loop = asyncio.get_running_loop()
    began, sent = loop.time(), 0
    api.write(user.chat, "/start")
    while True:
        while sent < (loop.time() - began) * 100:
            api.write(user.chat, f"shout {sent}")
            sent += 1
        await asyncio.sleep(0.01)


def run(names: list[str], rounds: int, seconds: float, only: str = "") -> str:
    """Measure the shapes of these names and give their tables."""
    pin(0, API_CORE)
    redis = Redis() if Redis.available() else None
    try:
        texts = [_shape(SHAPES[name], rounds, seconds, redis, only) for name in names]
    finally:
        if redis is not None:
            redis.stop()
    left_out = "" if redis else "\naiogram with Redis is left out: redis-server or Python's redis client is not here.\n"
    return "\n".join([_machine(rounds, seconds), *texts]) + left_out


def _shape(shape: Shape, rounds: int, seconds: float, redis: Redis | None, only: str) -> str:
    who = [one for one in everyone(redis) if only in one.name]
    seen: dict[str, list[Seen]] = {one.name: [] for one in who}
    for _ in range(rounds):
        for bot in who:
            seen[bot.name].append(asyncio.run(_round(bot, shape, seconds)))
    return f"\n{shape.name}: {shape.about}\n\n" + _table(shape, seen)


def _table(shape: Shape, seen: dict[str, list[Seen]]) -> str:
    def middle(rows: list[Seen], pick: Callable[[Seen], float]) -> float:
        return statistics.median(pick(row) for row in rows)

    names = list(seen)

    def beside(name: str, other: str, ratio: Callable[[Seen, Seen], float]) -> str:
        """Give the median of the ratios inside a round, where the other one did anything at all."""
        pairs = [(one, two) for one, two in zip(seen[name], seen.get(other, ()), strict=False) if two.rate and one.rate]
        return f"{statistics.median(ratio(one, two) for one, two in pairs):.2f}" if pairs else "–"

    def times(name: str, other: str) -> str:
        return beside(name, other, lambda one, two: one.rate / two.rate)

    def work(name: str, other: str) -> str:
        return beside(name, other, lambda one, two: two.cpu_us / max(one.cpu_us, 0.1))

    def each(rows: list[Seen], pick: Callable[[Seen], int]) -> str:
        return " ".join(str(pick(row)) for row in rows)

    lines: list[list[str]] = []
    for name in names:
        rows = seen[name]
        if shape.name == "crash":
            values = [each(rows, lambda r: r.lost), each(rows, lambda r: r.resets), each(rows, lambda r: r.repeats),
                      f"{middle(rows, lambda r: r.ready):.2f}"]  # fmt: skip
        elif shape.name == "noisy":
            worse = statistics.median(row.p95 / row.quiet_p95 for row in rows)
            values = [f"{middle(rows, lambda r: r.quiet_p95):.1f}", f"{middle(rows, lambda r: r.p95):.1f}",
                      f"{worse:.2f}"]  # fmt: skip
        else:
            values = [
                f"{middle(rows, lambda r: r.rate):.0f}", times(name, REFERENCE), times(name, "aiogram, memory"),
                f"{middle(rows, lambda r: r.cpu_us):.0f}", work(name, REFERENCE), work(name, "aiogram, memory"),
                f"{middle(rows, lambda r: r.calls):.2f}",
                f"{middle(rows, lambda r: r.p50):.1f}", f"{middle(rows, lambda r: r.p99):.1f}",
                each(rows, lambda r: r.stuck), each(rows, lambda r: r.wrong + r.resets),
                f"{middle(rows, lambda r: r.memory):.0f}", f"{middle(rows, lambda r: r.api):.2f}",
            ]  # fmt: skip
        lines.append([name, *values])
    heads = {
        "crash": ["lost of 20", "reset of 20", "repeats", "ready s"],
        "noisy": ["p95 ms alone", "p95 ms beside noise", "ratio"],
    }.get(
        shape.name,
        ["turns/s", "x PTB", "x aiogram", "CPU µs/turn", "x PTB by CPU", "x aiogram by CPU", "calls/turn", "p50 ms",
         "p99 ms", "stuck", "out of order", "MB", "API's CPU"],
    )  # fmt: skip
    rows_of_text = [["contestant", *heads], ["---", *["---:"] * len(heads)], *lines]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows_of_text)


def _machine(rounds: int, seconds: float) -> str:
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f}; {rounds} rounds of {seconds:.0f} s, "
        "bot on one core, API and users on another"
    )
