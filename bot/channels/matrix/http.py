"""Ask the homeserver directly where matrix-nio has no call, and sort what went wrong by code, never by words."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from nio.client.async_client import AsyncClient

LATER = 5.0
"""Seconds to wait where the server names no time, or none that can be meant."""
_LEAST, _MOST = 0.05, 86_400.0
"""Seconds that can be meant: a server that asks for a millisecond again and again would be stormed."""
NETWORK_ERRORS = (aiohttp.ClientError, asyncio.TimeoutError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the status and the JSON object of an answer; anything that is no object reads as an empty one.

    `header` is what `Retry-After` says: newer servers, and the proxies before them, name the time there.
    """

    status: int
    body: dict[str, Any]
    header: str = ""

    @property
    def code(self) -> str:
        """The Matrix error code, empty where there is none."""
        code = self.body.get("errcode")
        return code if isinstance(code, str) else ""

    @property
    def retry_after(self) -> float:
        """Seconds to wait before trying again."""
        asked = self.asked_wait
        return LATER if asked is None else asked

    @property
    def asked_wait(self) -> float | None:
        """Seconds the server asks for; None where it says nothing that can be meant."""
        wait = self.body.get("retry_after_ms")
        if isinstance(wait, (int, float)) and not isinstance(wait, bool) and 0 < wait <= _MOST * 1000:
            return max(_LEAST, wait / 1000)
        if self.header.isascii() and self.header.isdigit() and 0 < int(self.header[:9]) <= _MOST:
            return float(self.header[:9])
        return None


async def call(client: AsyncClient, method: str, path: str, body: object = None) -> Answer:
    """Call the client-server API; raises only what a network can raise (`NETWORK_ERRORS`)."""
    headers = {"Content-Type": "application/json"}
    if client.access_token:
        headers["Authorization"] = f"Bearer {client.access_token}"
    response = await client.send(method, path, None if body is None else json.dumps(body), headers)
    return await _answer(response)


async def answer_of(response: Any) -> Answer:
    """Read what the server said where matrix-nio made an error of it: that one knows whole milliseconds only."""
    transport = getattr(response, "transport_response", None)
    return Answer(0, {}) if transport is None else await _answer(transport)


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    try:
        data = json.loads(await response.read())
    except (ValueError, RecursionError):
        data = None
    return Answer(response.status, data if isinstance(data, dict) else {}, response.headers.get("Retry-After", ""))
