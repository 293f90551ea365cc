"""The kill loop: the real `optout-bot run` as a process, the Bot API double here, `kill -9` in between.

Many people write a script of messages each, far more than the bot can answer before it dies. What each of them has to
hear is known beforehand: the pure engine is asked the same. At the end everything must have been said, in order; a
message may come twice only where a kill fell between sending it and writing that down, so at most once for each message
under way at a kill.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.app import open_library
from bot.engine.events import Said, Started
from bot.service.examples.conversation import Conversation
from bot.service.faults import POINTS
from bot.service.library import Library
from tests.kit.person import Person
from tests.kit.telegram_double import TelegramDouble
from tests.kit.telegram_double.server import TOKEN
from tests.kit.walk import heard, said

PEOPLE = 60
SCRIPT = ("/start", "Germany", "me", "/status", "facebook", "/back", "/help", "/start", "France", "/privacy")
"""Ten messages each: 600 wait when the bot starts."""


@dataclass(slots=True)
class Result:
    """What came of one kind of kill."""

    name: str
    kills: int = 0
    said: int = 0
    lost: int = 0
    repeated: int = 0
    may_repeat: int = 0
    out_of_order: int = 0
    double_turns: int = 0
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether everything promised was kept."""
        broken = self.lost or self.out_of_order or self.double_turns or self.violations
        return not broken and self.repeated <= self.may_repeat


def expected(library: Library, script: Sequence[str]) -> list[str]:
    """Ask the pure engine what somebody with this script hears."""
    talk = Conversation(library, datetime.now(UTC))
    lines: list[str] = []
    for number, text in enumerate(script):
        turn = talk.start("en") if number == 0 else talk.send(Started("en") if text == "/start" else Said(text))
        lines += [line.text for line in said(list(turn.messages))]
    return lines


class Loop:
    """One double, one data folder, one bot at a time."""

    def __init__(self, folder: Path, double: TelegramDouble, seed: int = 1) -> None:
        self.folder = folder
        self.double = double
        self.random = random.Random(seed)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")},
            "OPTOUT_DATA_DIR": str(folder),
            "OPTOUT_TELEGRAM__TOKEN": TOKEN,
            "OPTOUT_TELEGRAM__API_URL": double.url,
            "OPTOUT_TELEGRAM__LIMITS": "off",
            "OPTOUT_HTTP__LISTEN": "127.0.0.1:0",
            "OPTOUT_LOG__LEVEL": "error",
        }
        self.in_flight = 0
        """Calls the double has done whose bot died before it can have marked them, summed over all kills."""

    def start(self, fault: str = "") -> subprocess.Popen[bytes]:
        """Start the bot."""
        environment = {**self.environment, **({"OPTOUT_FAULT": fault} if fault else {})}
        return subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment, stderr=subprocess.PIPE)

    async def at_random(self, longest: float) -> None:
        """Start the bot, let it work for a random while, and kill it."""
        before = len(self.double.requests)
        process = self.start()
        end = time.monotonic() + 30
        while len(self.double.requests) <= before + 2 and process.poll() is None and time.monotonic() < end:
            await asyncio.sleep(0.002)
        await asyncio.sleep(self.random.uniform(0.0, longest))
        process.send_signal(signal.SIGKILL)
        await self._died(process, -signal.SIGKILL)

    async def at_point(self, point: str, number: int) -> None:
        """Start the bot and let it die by itself at a named point."""
        process = self.start(f"{point}:{number}")
        await self._died(process, 137)

    async def _died(self, process: subprocess.Popen[bytes], status: int) -> None:
        _, errors = await asyncio.to_thread(process.communicate, None, 60)
        assert process.returncode == status, (process.returncode, errors.decode())
        # Only conversations whose message was under way at the kill may hear one twice.
        self.in_flight += self._rows("SELECT DISTINCT person FROM outbox WHERE state = 'sending'")

    def _rows(self, sql: str) -> int:
        """Count the rows of the bot's own database; none where the bot has not made it yet."""
        path = self.folder / "optout.db"
        if not path.exists():
            return 0
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
        try:
            return len(connection.execute(sql).fetchall())
        except sqlite3.OperationalError:
            return 0  # killed before it had made its tables
        finally:
            connection.close()

    async def finish(self) -> None:
        """Let a bot run until everything is confirmed and said, then end it politely."""
        process = self.start()
        end = time.monotonic() + 300
        ready = self.folder / "ready.json"
        ready.unlink(missing_ok=True)  # a killed bot leaves its own behind
        # Up first: before that it knows no polite end, and there may be nothing left to do.
        while not ready.exists() or self.double.pending or self.double.under_way or self._rows("SELECT id FROM outbox"):
            await asyncio.sleep(0.05)
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end, "the bot does not come to an end"
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.communicate, None, 60)
        assert process.returncode == 0


def write(double: TelegramDouble, people: Sequence[Person], script: Sequence[str]) -> None:
    """Let everybody write their script, in turns, each message some seconds after the last."""
    start = time.time() - 60 * len(script)
    for number, text in enumerate(script):
        for person in people:
            person.writes(text, at=start + 30 * number)


def judge(result: Result, double: TelegramDouble, people: Sequence[Person], wanted: list[str], loop: Loop) -> None:
    """Compare what everybody heard with what they should have heard."""
    result.may_repeat = loop.in_flight
    for person in people:
        lines = [line.text for line in heard([one for one in double.log if one.message.chat == person.id])]
        result.said += len(lines)
        result.lost += sum((Counter(wanted) - Counter(lines)).values())
        place, repeats = 0, 0
        for line in lines:
            if place < len(wanted) and line == wanted[place]:
                place += 1
            elif place and line == wanted[place - 1]:
                repeats += 1
            else:
                result.out_of_order += 1
        result.repeated += repeats
    result.violations += double.violations
    result.double_turns = _double_turns(loop.folder)


def _double_turns(folder: Path) -> int:
    """Count sessions written more often than there were messages: a message that was handled twice."""
    connection = sqlite3.connect(f"file:{folder / 'optout.db'}?mode=ro", uri=True)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        rows = connection.execute("SELECT rev FROM sessions").fetchall()
    finally:
        connection.close()
    return sum(max(0, row[0] - len(SCRIPT)) for row in rows)


async def run(name: str, folder: Path, kills: Sequence[tuple[str, int]], longest: float, seed: int = 1) -> Result:
    """Kill at each of these points (an empty name: at random), let the bot finish, and judge."""
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = expected(open_library(), SCRIPT)
    async with TelegramDouble() as double:
        double.delay = 0.01
        people = [Person(double, 7_000_000_000 + number, _nothing) for number in range(PEOPLE)]
        write(double, people, SCRIPT)
        loop = Loop(folder, double, seed)
        result = Result(name)
        for point, number in kills:
            if point:
                await loop.at_point(point, number)
            else:
                await loop.at_random(longest)
            result.kills += 1
        await loop.finish()
        judge(result, double, people, wanted, loop)
    result.seconds = time.monotonic() - began
    return result


async def _nothing() -> None:
    return None


def points(seed: int) -> list[tuple[str, int]]:
    """Give each named point once, somewhere in the work."""
    chance = random.Random(seed)
    most = {"after_fetch": 2, "after_step": 2, "after_commit": 2, "after_send": 60, "after_mark": 20}
    return [(point, chance.randint(1, most[point])) for point in POINTS]


def table(results: Sequence[Result]) -> str:
    """Write the results as a table."""
    lines = [
        "| kills | number | messages said | lost | out of order | turns taken twice | said twice | may be said twice |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one.name} | {one.kills} | {one.said:,} | {one.lost} | {one.out_of_order} | {one.double_turns} | "
        f"{one.repeated} | ≤ {one.may_repeat} |"
        for one in results
    ]
    return "\n".join(lines)
