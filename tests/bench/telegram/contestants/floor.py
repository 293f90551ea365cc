"""The floor: no bot library, raw HTTP over asyncio streams, SQLite with synchronous=FULL, one commit per batch, outbox.

What a durable ten-question dialog costs at least in Python; nobody would maintain a bot like this.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from urllib.parse import urlsplit


class Http:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, method: str, data: dict[str, object]) -> dict[str, object]:
        """Call a method."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        body = json.dumps(data).encode()
        self.writer.write(
            b"POST /bot42:x/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (method.encode(), len(body), body)
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n", 1)[0])
        result: dict[str, object] = json.loads(await self.reader.readexactly(length))
        return result


async def main() -> None:
    """Run until killed."""
    parts = urlsplit(sys.argv[1])
    database = sqlite3.connect(os.path.join(sys.argv[2], "floor.db"), isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS s (chat INTEGER PRIMARY KEY, state INTEGER, data TEXT)")
    database.execute("CREATE TABLE IF NOT EXISTS o (id INTEGER PRIMARY KEY, chat INTEGER, text TEXT)")
    host, port = parts.hostname or "", parts.port or 0
    poll, pool = Http(host, port), [Http(host, port) for _ in range(32)]
    states: dict[int, int] = dict(database.execute("SELECT chat, state FROM s"))
    free: asyncio.Queue[Http] = asyncio.Queue()
    for one in pool:
        free.put_nowait(one)
    done: list[tuple[int]] = []
    sending: set[asyncio.Future[None]] = set()

    async def send(row: int, chat: int, text: str) -> None:
        connection = await free.get()
        await connection.post("sendMessage", {"chat_id": chat, "text": text})
        free.put_nowait(connection)
        done.append((row,))

    offset, row = 0, database.execute("SELECT coalesce(max(id), 0) FROM o").fetchone()[0]
    while True:
        answer = await poll.post("getUpdates", {"offset": offset, "timeout": 10})
        updates: list[dict[str, dict[str, object]]] = answer["result"]  # type: ignore[assignment]
        if not updates:
            continue
        database.execute("BEGIN IMMEDIATE")
        rows: list[tuple[int, int, str]] = []
        for update in updates:
            message = update["message"]
            chat: int = message["chat"]["id"]  # type: ignore[index]
            state = 0 if message["text"] == "/start" else states.get(chat, 0) + 1
            states[chat] = state
            row += 1
            rows.append((row, chat, f"Q{state} please answer"))
            database.execute("REPLACE INTO s VALUES (?, ?, ?)", (chat, state, str(message["text"])))
            offset = int(str(update["update_id"])) + 1
        database.executemany("INSERT INTO o VALUES (?, ?, ?)", rows)
        database.executemany("DELETE FROM o WHERE id = ?", done)
        done.clear()
        database.execute("COMMIT")
        for queued in rows:
            task = asyncio.ensure_future(send(*queued))
            sending.add(task)
            task.add_done_callback(sending.discard)


asyncio.run(main())
