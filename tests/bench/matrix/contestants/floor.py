"""The floor: no bot library, nothing kept, nothing in order: a sync loop that answers `!echo words` with the words.

Arguments: homeserver, access token, folder. What a bot on Matrix costs at least in Python.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

AT_ONCE = 64
FILTER = json.dumps({"presence": {"types": []}, "room": {"timeline": {"limit": 1000}, "ephemeral": {"types": []}}})


async def main() -> None:
    """Run until killed."""
    url, token, folder = sys.argv[1:]
    free = asyncio.Semaphore(AT_ONCE)
    sending: set[asyncio.Task[None]] = set()
    since = ""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:

        async def send(room: str, event: str, text: str) -> None:
            where = f"{url}/_matrix/client/v3/rooms/{quote(room)}/send/m.room.message/{quote(event, safe='')}"
            async with free, http.put(where, json={"msgtype": "m.text", "body": text}) as answer:
                await answer.read()

        while True:
            asked = {"filter": FILTER, "timeout": "25000", **({"since": since} if since else {})}
            async with http.get(f"{url}/_matrix/client/v3/sync", params=asked) as answer:
                found: dict[str, Any] = await answer.json()
            for room, info in found.get("rooms", {}).get("join", {}).items():
                for event in info["timeline"]["events"] if since else ():
                    text = str(event["content"].get("body", ""))
                    if text.startswith("!echo "):
                        task = asyncio.create_task(send(room, event["event_id"], text[6:]))
                        sending.add(task)
                        task.add_done_callback(sending.discard)
            since = found["next_batch"]
            Path(folder, "ready").touch()


asyncio.run(main())
