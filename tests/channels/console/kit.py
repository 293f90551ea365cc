"""Talk to the pets through the real channel: real turns, a real store, streams of bytes or a real pseudo-terminal."""

from __future__ import annotations

import asyncio
import fcntl
import io
import json
import os
import re
import struct
import termios
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from bot.channels.console.clock import ConsoleClock
from bot.channels.console.talk import Mode, talk
from bot.service.library import Library
from bot.service.turns import Turns
from bot.store.sqlite import SqliteStore
from tests.kit.pets import NOW, library

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\]8;[^\x1b]*\x1b\\")


@dataclass
class Parts:
    """What a conversation is put together from."""

    store: SqliteStore
    turns: Turns
    clock: ConsoleClock


@asynccontextmanager
async def parts(lib: Library | None = None, now: datetime | None = NOW) -> AsyncIterator[Parts]:
    """Open a store in memory with the turns on it."""
    store = await SqliteStore.open(None)
    clock = ConsoleClock(now)
    try:
        yield Parts(store, Turns(lib or library(), store, clock=clock.now), clock)
    finally:
        await store.close()


@dataclass
class Result:
    """What came out of a conversation."""

    code: int
    out: str
    err: str

    @property
    def blocks(self) -> list[str]:
        """The messages of the plain form."""
        assert self.out.endswith("\n\n")
        return self.out[:-2].split("\n\n")

    @property
    def answers(self) -> list[Answer]:
        """The lines of the JSON form: one answer for the start and one for every input, each closed by its state."""
        found: list[Answer] = []
        said: list[dict[str, Any]] = []
        for line in self.out.splitlines():
            data = json.loads(line)
            if "state" in data:
                found.append(Answer(said, data))
                said = []
            else:
                said.append(data)
        assert not said, "something stands after the last state line"
        return found


@dataclass
class Answer:
    """What one input caused."""

    said: list[dict[str, Any]]
    state: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages."""
        return [line["message"] for line in self.said if "message" in line]

    @property
    def texts(self) -> list[str]:
        """The words of the messages."""
        return [message["text"] for message in self.messages]

    @property
    def errors(self) -> list[str]:
        """The error sentences."""
        return [line["error"] for line in self.said if "error" in line]


async def converse(
    made: Parts,
    mode: Mode,
    given: bytes,
    *,
    language: str = "en",
    files: Path | None = None,
    encoding: str = "utf-8",
    watch: Callable[[], Awaitable[str | None]] | None = None,
) -> Result:
    """Hold a whole conversation over streams in memory."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding, newline=""), io.TextIOWrapper(io.BytesIO(), "utf-8")
    code = await talk(
        made.turns, made.store, made.clock, mode=mode, language=language, files=files,
        stdin=io.TextIOWrapper(io.BytesIO(given), "utf-8"), stdout=out, stderr=err, watch=watch,
    )  # fmt: skip
    return Result(code, bytes(out.buffer.getvalue()).decode(encoding), bytes(err.buffer.getvalue()).decode())


def lines(*given: dict[str, Any] | str) -> bytes:
    """Write inputs of the JSON form."""
    return b"".join((one if isinstance(one, str) else json.dumps(one)).encode() + b"\n" for one in given)


def bare(raw: str) -> str:
    """Take colours, links and movements out of what a terminal was sent."""
    return _ESCAPES.sub("", raw).replace("\r\n", "\n")


class Window:
    """A pseudo-terminal with a conversation in it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.master, self._slave = os.openpty()
        self.resize(columns, rows)
        os.set_blocking(self.master, False)
        self.stdin: TextIO = os.fdopen(os.dup(self._slave))
        self.stdout: TextIO = os.fdopen(os.dup(self._slave), "w", encoding="utf-8", newline="")
        self.raw = ""
        self.task: asyncio.Task[int] | None = None

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def text(self) -> str:
        """Everything written so far, without colours and movements."""
        return bare(self.raw)

    async def until(self, words: str, since: int = 0) -> str:
        """Wait until these words were written after position `since` of `raw`; gives what was written since then."""
        deadline = time.monotonic() + 20
        while True:
            with suppress(BlockingIOError, OSError):
                self.raw += os.read(self.master, 65536).decode("utf-8", "replace")
            if words in self.raw[since:]:
                return self.raw[since:]
            assert time.monotonic() < deadline, f"{words!r} never came, but {self.raw[since:]!r}"
            assert self.task is None or not self.task.done(), f"it ended before {words!r}: {self.raw[since:]!r}"
            await asyncio.sleep(0.01)

    async def type(self, keys: str, then: str) -> str:
        """Type keys and wait for words; gives what was written from then on."""
        since = len(self.raw)
        os.write(self.master, keys.encode())
        return await self.until(then, since)

    async def finish(self) -> int:
        """Wait for the end of the conversation and give its exit code."""
        assert self.task is not None
        code = await asyncio.wait_for(self.task, 20)
        with suppress(BlockingIOError, OSError):
            self.raw += os.read(self.master, 65536).decode("utf-8", "replace")
        return code

    async def leave(self, key: str) -> int:
        """Press a key that ends the conversation until it has: a key pressed before the prompt is up is lost."""
        assert self.task is not None
        deadline = time.monotonic() + 20
        while not self.task.done() and time.monotonic() < deadline:
            with suppress(OSError):
                os.write(self.master, key.encode())
            await asyncio.wait([self.task], timeout=0.3)
        return await self.finish()

    def hang_up(self) -> None:
        """Take the window away under the conversation."""
        os.close(self._slave)
        os.close(self.master)

    def close(self) -> None:
        """Close everything that is still open."""
        self.stdin.close()
        with suppress(OSError):
            self.stdout.close()
        for file in (self._slave, self.master):
            with suppress(OSError):
                os.close(file)


@asynccontextmanager
async def window(made: Parts, *, columns: int = 60, rows: int = 40, files: Path | None = None) -> AsyncIterator[Window]:
    """Open a window with the pets in it, at the first question."""
    made_window = Window(columns, rows)
    talking = talk(
        made.turns, made.store, made.clock, mode="rich", language="en", files=files,
        stdin=made_window.stdin, stdout=made_window.stdout, stderr=io.StringIO(),
    )  # fmt: skip
    made_window.task = asyncio.ensure_future(talking)
    try:
        await made_window.until("animal")
        yield made_window
    finally:
        if not made_window.task.done():
            made_window.task.cancel()
            with suppress(asyncio.CancelledError):
                await made_window.task
        made_window.close()
