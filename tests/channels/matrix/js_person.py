"""The person as matrix-js-sdk on Node: an independent client with Rust crypto that ignores unsigned devices."""

from __future__ import annotations

import asyncio
import fcntl
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from tests.kit.synapse import Synapse, User

FOLDER = Path(__file__).resolve().parents[2] / "kit" / "js_client"


def installed() -> Path:
    """Give the client's folder with everything it needs; installs it the first time."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no Node with npm here: the second, independent Matrix client cannot run")
    with (FOLDER / ".gitignore").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "node_modules" / "matrix-js-sdk").exists():
            subprocess.run(["npm", "ci", "--loglevel=error"], cwd=FOLDER, check=True, capture_output=True, timeout=300)
    return FOLDER


class JsPerson:
    """Use as `async with JsPerson(server, user) as ada:`; `seen` is what the client was shown, in order."""

    def __init__(self, server: Synapse, user: User, which: str = "first") -> None:
        self._server = server
        self._user = user
        self.id = user.id
        self.seen: list[dict[str, Any]] = []
        self._answers: dict[int, dict[str, Any]] = {}
        self._changed = asyncio.Event()
        self._numbers = count(1)
        self.ready = False
        self.device = ""
        self._which = which

    async def __aenter__(self) -> JsPerson:
        """Start the client and wait until it has synced."""
        self._process = await asyncio.create_subprocess_exec(
            "node", "--no-warnings", str(installed() / "person.mjs"), self._server.url, self._user.id,
            self._user.password, self._which, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, limit=2**22,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        await self.until(lambda: self.ready, 60)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """End the client."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if said.get("ready"):
                self.ready, self.device = True, said["device"]
            elif "id" in said:
                self._answers[said["id"]] = said
            else:
                self.seen.append(said)
            self._changed.set()

    async def until(self, good: Callable[[], Any], seconds: float = 30.0) -> Any:
        """Wait until something is true and give it."""
        end = time.monotonic() + seconds
        while not (found := good()):
            if time.monotonic() > end or self._process.returncode is not None:
                assert self._process.stderr is not None
                wrong = await self._process.stderr.read() if self._process.returncode is not None else b""
                raise AssertionError(f"not within {seconds} s: {self.seen[-5:]} {wrong[-2000:]!r}")
            self._changed.clear()
            try:
                async with asyncio.timeout(0.5):
                    await self._changed.wait()
            except TimeoutError:
                pass
        return found

    async def do(self, name: str, **values: Any) -> dict[str, Any]:
        """Let the client do something and give its answer."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": name, **values}).encode() + b"\n")
        await self._process.stdin.drain()
        answer: dict[str, Any] = await self.until(lambda: self._answers.get(number))
        assert "error" not in answer, answer
        return answer

    def messages(self, room: str) -> list[dict[str, Any]]:
        """Give the readable messages of others in a room, each once."""
        found = {one["event"]: one for one in self.seen if one.get("type") == "m.room.message" and one["room"] == room}
        return list(found.values())

    @property
    def unreadable(self) -> list[dict[str, Any]]:
        """Give what could never be read."""
        readable = {one["event"] for one in self.seen if "event" in one and not one["failed"]}
        return [one for one in self.seen if one.get("failed") and one["event"] not in readable]

    @property
    def shields(self) -> list[Any]:
        """Give every warning shown beside a message."""
        return [(one["shield"], one["why"]) for one in self.seen if one.get("shield")]
