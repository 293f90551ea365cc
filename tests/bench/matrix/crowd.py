"""Many people in one room: each writes with a token of their own, and one observer sees what all of them see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.kit.synapse import ServerError, Synapse, User

SEES_ALL = {"filter_timeline_limit": -1}
"""Settings of a server whose observer may ask for more than 100 events a sync; bots ask for what they always do."""
_API = "/_matrix/client/v3"
_JOINS = 8
_FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"limit": 5000},
            "state": {"types": []},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
        },
    }
)


class Crowd:
    """Use as `async with Crowd(server, 200) as crowd:`; `seen` is called with every event of the room, in order."""

    def __init__(self, server: Synapse, people: int) -> None:
        self.server = server
        self.number = people
        self.users: list[User] = []
        self.room = ""
        self.seen: Callable[[dict[str, Any]], None] = lambda event: None
        self._observer: User
        self._http: aiohttp.ClientSession
        self._since = ""
        self._task: asyncio.Task[None] | None = None
        self._transactions = count()

    async def __aenter__(self) -> Crowd:
        """Register everybody, make the room, let them join, begin to look."""
        self._http = aiohttp.ClientSession(self.server.url, connector=aiohttp.TCPConnector(limit=100))
        try:
            await self._gather()
        except BaseException:
            await self._http.close()
            raise
        return self

    async def _gather(self) -> None:
        self._observer = await asyncio.to_thread(self.server.register, "observer")
        for _ in range(self.number):
            user = await asyncio.to_thread(self.server.register, "person")
            await asyncio.to_thread(self.server.limit, user.id, 0, 0)
            self.users.append(user)
        made = await self._call("POST", f"{_API}/createRoom", self._observer.token, {"preset": "public_chat"})
        self.room = made["room_id"]
        free = asyncio.Semaphore(_JOINS)

        async def join(user: User) -> None:
            async with free:
                await self.joins(user)

        await asyncio.gather(*map(join, self.users))
        await self._sync(0)
        self._task = asyncio.create_task(self._look())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._http.close()

    async def joins(self, user: User) -> None:
        """Let a user (a bot, too) into the room."""
        await self._call("POST", f"{_API}/join/{quote(self.room, safe='')}", user.token, {})

    async def leaves(self, user: User) -> None:
        """Let a user leave the room."""
        await self._call("POST", f"{_API}/rooms/{quote(self.room, safe='')}/leave", user.token, {})

    async def says(self, number: int, text: str, *, thread: str = "") -> None:
        """Let a person write a message, in their thread once there is one."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if thread:
            content["m.relates_to"] = {
                "rel_type": "m.thread", "event_id": thread, "is_falling_back": True,
                "m.in_reply_to": {"event_id": thread},
            }  # fmt: skip
        path = f"{_API}/rooms/{quote(self.room, safe='')}/send/m.room.message/{next(self._transactions)}"
        await self._call("PUT", path, self.users[number].token, content)

    async def _call(self, method: str, path: str, token: str, body: Any = None, **asked: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.request(method, path, headers=headers, json=body, params=asked) as answer:
            found = await answer.json()
        if answer.status != 200:
            raise ServerError(answer.status, found)
        return found

    async def _look(self) -> None:
        while True:
            for event in await self._sync(20_000):
                self.seen(event)

    async def _sync(self, wait: int) -> list[dict[str, Any]]:
        since = {"since": self._since} if self._since else {}
        found = await self._call(
            "GET", f"{_API}/sync", self._observer.token, None, filter=_FILTER, timeout=str(wait), **since
        )
        self._since = found["next_batch"]
        timeline = found.get("rooms", {}).get("join", {}).get(self.room, {}).get("timeline", {})
        if since and timeline.get("limited"):
            raise AssertionError("the observer did not see everything")
        events: list[dict[str, Any]] = timeline.get("events", [])
        return events
