"""Ask the homeserver directly where matrix-nio has no call, and sort what went wrong by code, never by words."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from nio.client.async_client import AsyncClient

LATER = 5.0
"""Seconds to wait where the server names no time."""
NETWORK_ERRORS = (aiohttp.ClientError, asyncio.TimeoutError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the status and the JSON object of an answer; anything that is no object reads as an empty one."""

    status: int
    body: dict[str, Any]

    @property
    def code(self) -> str:
        """The Matrix error code, empty where there is none."""
        code = self.body.get("errcode")
        return code if isinstance(code, str) else ""

    @property
    def retry_after(self) -> float:
        """Seconds to wait before trying again."""
        wait = self.body.get("retry_after_ms")
        if isinstance(wait, (int, float)) and not isinstance(wait, bool) and 0 < wait < 86_400_000:
            return float(wait) / 1000
        return LATER


async def call(client: AsyncClient, method: str, path: str, body: object = None) -> Answer:
    """Call the client-server API; raises only what a network can raise (`NETWORK_ERRORS`)."""
    headers = {"Content-Type": "application/json"}
    if client.access_token:
        headers["Authorization"] = f"Bearer {client.access_token}"
    response = await client.send(method, path, None if body is None else json.dumps(body), headers)
    try:
        data = json.loads(await response.read())
    except (ValueError, RecursionError):
        data = None
    return Answer(response.status, data if isinstance(data, dict) else {})
