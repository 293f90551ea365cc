"""The kill loop on Matrix: the real `optout-bot run`, a real homeserver, an encrypted and a clear room.

A person writes more than a hundred messages in each room while the bot is down, and more between the kills. Matrix has
transaction ids, so nothing may be said twice: what the person sees has to be exactly what the pure engine says, in
order, and readable. Run it alone with `python -m tests.crash.matrix [--kills N] [--per-second N] [--slow]`.
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
from dataclasses import dataclass
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

SCRIPT = ("Germany", "me", "/status", "facebook", "/back", "nonsense nobody understands", "/help", "/restart")
BRIEF = ("Germany", "/back", "France", "/back", "Japan", "/status", "/back", "Brazil", "/back")
"""Nearly every line is answered by one message."""


@dataclass(frozen=True, slots=True)
class Way:
    """How much is written, and how patient everybody is."""

    script: Sequence[str] = SCRIPT
    gap: int = 110
    """Messages written in each room while the bot is down: more than a sync shows at once."""
    between: int = 5
    """Messages written in each room after every kill."""
    quiet: float = 10.0
    """Seconds without anything new after which nothing more is expected."""
    sent: int = 40
    """Up to so many messages are sent before the bot dies at the point after sending one."""


LIMITED = Way(quiet=60.0)
SLOW = Way(BRIEF, gap=52, between=1, quiet=90.0, sent=8)
"""For a server that lets five messages pass in 25 seconds: all that is to be said has to fit into 15 minutes, because
an older answer is not sent any more."""


def event_of(text: str) -> Event:
    """Read a line of the script as the channel does."""
    return Command(text[1:]) if text.startswith("/") else Said(text)


class Room:
    """One direct chat: what was written and what has to be answered."""

    def __init__(self, id: str, script: Sequence[str] = SCRIPT, language: str = "en") -> None:
        self.id = id
        self._script = script
        self._talk = Conversation(open_library(), datetime.now(UTC))
        self.wanted = said(list(self._talk.start(language).messages))
        self._written = 0

    async def write(self, person: Person, count: int) -> None:
        """Write the next lines of the script."""
        for _ in range(count):
            text = self._script[self._written % len(self._script)]
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
    name: str, server: Synapse, folder: Path, kills: Sequence[tuple[str, int]], *, seed: int = 1, way: Way | None = None
) -> Result:
    """Kill at each of these points (an empty name: at random), let the bot finish, and judge."""
    began = time.monotonic()
    result = Result(name)
    way = way or Way()
    loop = Loop(folder / "bot", server, seed)
    async with Person(server, server.register("ada"), folder / "ada") as ada:
        server.limit(
            ada.id, 0, 0
        )  # the server's limits are for the bot: the gap has to be written before it comes back
        chats = [await ada.direct(loop.account.id, encrypted=encrypted) for encrypted in (False, True)]
        rooms = [Room(chat, way.script) for chat in chats]
        await loop.until(ada, rooms, way.quiet)
        for room in rooms:
            await room.write(ada, way.gap)
        for point, number in kills:
            if point:
                await loop.at_point(point, number)
            else:
                await loop.at_random(ada)
            result.kills += 1
            for room in rooms:
                await room.write(ada, way.between)
        await loop.until(ada, rooms, way.quiet)
        judge(result, ada, rooms)
    result.seconds = time.monotonic() - began
    return result


def points(seed: int, sent: int = 40) -> list[tuple[str, int]]:
    """Give each named point once, somewhere in the work; the first syncs of a start are few."""
    chance = random.Random(seed)
    most = {"after_fetch": 1, "after_step": 1, "after_commit": 1, "after_send": sent, "after_mark": sent * 3 // 8}
    return [(point, chance.randint(1, most[point])) for point in POINTS]


async def main(kills: int, per_second: float, way: Way) -> list[Result]:
    """Kill at every named point, then at random."""
    with tempfile.TemporaryDirectory() as folder:
        limits = {"per_second": per_second, "burst_count": 10} if per_second else None
        server = Synapse(Path(folder) / "server", messages=limits)
        server.start()
        try:
            named = await run("at each named point", server, Path(folder) / "named", points(1, way.sent), way=way)
            print(table([named]), f"({named.seconds:.0f} s)", file=sys.stderr, flush=True)
            total = await run("at random", server, Path(folder) / "random", [("", 0)] * kills, seed=2, way=way)
            print(f"({total.seconds:.0f} s)", file=sys.stderr, flush=True)
            return [named, total]
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.crash.matrix")
    parser.add_argument("--kills", type=int, default=60, help="random kills")
    parser.add_argument("--per-second", type=float, default=0.0, help="the server's limit for messages (default: none)")
    parser.add_argument("--slow", action="store_true", help="write less, so that it fits into a limit of 0.2 a second")
    arguments = parser.parse_args()
    chosen = SLOW if arguments.slow else LIMITED if arguments.per_second else Way()
    found = asyncio.run(main(arguments.kills, arguments.per_second, chosen))
    print(table(found))
    sys.exit(0 if all(one.good for one in found) else 1)
