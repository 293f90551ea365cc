"""The kill loop on Matrix: the real `optout-bot run`, a real homeserver, an encrypted and a clear room.

A person writes more than a hundred messages in each room while the bot is down, and more between the kills. Matrix has
transaction ids, so nothing may be said twice: what the person sees has to be exactly what the pure engine says, in
order, and readable. Run it alone with `python -m tests.crash.matrix [--kills N] [--per-second N]`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.app import open_library
from bot.engine.events import Command, Event, Said
from bot.service.examples.conversation import Conversation
from bot.service.faults import POINTS
from tests.channels.matrix.person import Person
from tests.channels.matrix.walk import heard, said
from tests.crash.loop import Result, table
from tests.kit.synapse import Synapse

GAP = 110
"""Messages written in each room while the bot is down: more than a sync shows at once."""
BETWEEN = 5
SCRIPT = ("Germany", "me", "/status", "facebook", "/back", "nonsense nobody understands", "/help", "/restart")


def event_of(text: str) -> Event:
    """Read a line of the script as the channel does."""
    return Command(text[1:]) if text.startswith("/") else Said(text)


class Room:
    """One direct chat: what was written and what has to be answered."""

    def __init__(self, id: str, language: str = "en") -> None:
        self.id = id
        self._talk = Conversation(open_library(), datetime.now(UTC))
        self.wanted = said(list(self._talk.start(language).messages))
        self._written = 0

    async def write(self, person: Person, count: int) -> None:
        """Write the next lines of the script."""
        for _ in range(count):
            text = SCRIPT[self._written % len(SCRIPT)]
            self._written += 1
            await person.says(self.id, text)
            self.wanted += said(list(self._talk.send(event_of(text)).messages))


class Loop:
    """One account, one data folder, one bot at a time."""

    def __init__(self, folder: Path, server: Synapse, seed: int = 1) -> None:
        self.folder = folder
        self.account = server.register("bot")
        self.random = random.Random(seed)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")},
            "OPTOUT_DATA_DIR": str(folder),
            "OPTOUT_MATRIX__HOMESERVER": server.url,
            "OPTOUT_MATRIX__USER_ID": self.account.id,
            "OPTOUT_MATRIX__PASSWORD": self.account.password,
            "OPTOUT_TELEGRAM__LIMITS": "off",
            "OPTOUT_HTTP__LISTEN": "127.0.0.1:0",
            "OPTOUT_LOG__LEVEL": "error",
        }

    def start(self, fault: str = "") -> subprocess.Popen[bytes]:
        """Start the bot."""
        environment = {**self.environment, **({"OPTOUT_FAULT": fault} if fault else {})}
        return subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment, stderr=subprocess.PIPE)

    async def at_random(self, person: Person) -> None:
        """Start the bot, let it say something more, and kill it a little later."""
        before = len(person.seen)
        process = self.start()
        end = time.monotonic() + 15
        while len(person.seen) == before and process.poll() is None and time.monotonic() < end:
            await asyncio.sleep(0.005)
        await asyncio.sleep(self.random.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        await self._died(process, -signal.SIGKILL)

    async def at_point(self, point: str, number: int) -> None:
        """Start the bot and let it die by itself at a named point."""
        await self._died(self.start(f"{point}:{number}"), 137)

    async def _died(self, process: subprocess.Popen[bytes], status: int) -> None:
        _, errors = await asyncio.to_thread(process.communicate, None, 60)
        assert process.returncode == status, (process.returncode, errors.decode())

    async def until(self, person: Person, rooms: Sequence[Room], seconds: float) -> None:
        """Let a bot run until everything that has to be said was seen (or nothing new comes), then end it politely."""
        process = self.start()
        last, quiet = -1, time.monotonic()
        while time.monotonic() - quiet < seconds:
            await asyncio.sleep(0.1)
            assert process.poll() is None, process.communicate()
            count = len(person.seen)
            if count != last:
                last, quiet = count, time.monotonic()
            if all(len(person.messages(room.id)) >= len(room.wanted) for room in rooms):
                await asyncio.sleep(1.0)  # whatever comes now was said once too often
                break
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.to_thread(process.communicate, None, 30)
        assert process.returncode == 0, errors.decode()


def judge(result: Result, person: Person, rooms: Sequence[Room]) -> None:
    """Compare what the person saw with what had to be said."""
    for room in rooms:
        lines = heard(person.messages(room.id))
        result.said += len(lines)
        result.lost += sum((Counter(room.wanted) - Counter(lines)).values())
        result.repeated += sum((Counter(lines) - Counter(room.wanted)).values())
        result.out_of_order += sum(1 for came, wanted in zip(lines, room.wanted, strict=False) if came != wanted)
    result.violations += [f"unreadable: {event}" for event in person.unreadable]


async def run(
    name: str, server: Synapse, folder: Path, kills: Sequence[tuple[str, int]], *, seed: int = 1, wait: float = 10.0
) -> Result:
    """Kill at each of these points (an empty name: at random), let the bot finish, and judge."""
    began = time.monotonic()
    result = Result(name)
    loop = Loop(folder / "bot", server, seed)
    async with Person(server, server.register("ada"), folder / "ada") as ada:
        rooms = [Room(await ada.direct(loop.account.id, encrypted=encrypted)) for encrypted in (False, True)]
        await loop.until(ada, rooms, wait)
        for room in rooms:
            await room.write(ada, GAP)
        for point, number in kills:
            if point:
                await loop.at_point(point, number)
            else:
                await loop.at_random(ada)
            result.kills += 1
            for room in rooms:
                await room.write(ada, BETWEEN)
        await loop.until(ada, rooms, wait)
        judge(result, ada, rooms)
    result.seconds = time.monotonic() - began
    return result


def points(seed: int) -> list[tuple[str, int]]:
    """Give each named point once, somewhere in the work; the first syncs of a start are few."""
    chance = random.Random(seed)
    most = {"after_fetch": 1, "after_step": 1, "after_commit": 1, "after_send": 40, "after_mark": 15}
    return [(point, chance.randint(1, most[point])) for point in POINTS]


async def main(kills: int, per_second: float) -> list[Result]:
    """Kill at every named point, then at random."""
    with tempfile.TemporaryDirectory() as folder:
        limits = {"per_second": per_second, "burst_count": 10} if per_second else None
        server = Synapse(Path(folder) / "server", messages=limits)
        server.start()
        wait = 60.0 if per_second else 10.0
        try:
            named = await run("at each named point", server, Path(folder) / "named", points(1), wait=wait)
            print(table([named]), file=sys.stderr, flush=True)
            total = await run("at random", server, Path(folder) / "random", [("", 0)] * kills, seed=2, wait=wait)
            return [named, total]
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.crash.matrix")
    parser.add_argument("--kills", type=int, default=60, help="random kills")
    parser.add_argument("--per-second", type=float, default=0.0, help="the server's limit for messages (default: none)")
    arguments = parser.parse_args()
    found = asyncio.run(main(arguments.kills, arguments.per_second))
    print(table(found))
    sys.exit(0 if all(one.good for one in found) else 1)
