"""A fake Bot API with its users in one process: as little work as possible, so that it is never the slower side.

It answers `getUpdates` (long poll), `sendMessage`, `editMessageText` and whatever else with «ok», over keep-alive
HTTP/1.1. Every chat is a user who answers ten questions again and again: in words, or by pressing the first button
where the question has any. A turn counts when the next question arrives. What is told apart: the expected question,
the same one once more (a repeat), the first one out of turn (the dialog was reset), any other (wrong).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

import orjson

_CHAT = re.compile(rb'chat_id(?:"\s*:\s*"?|=)(-?\d+)')
_OFFSET = re.compile(rb'offset(?:"\s*:\s*"?|=)(-?\d+)')
_QUESTION = re.compile(rb"Q(\d+)(?: |\+|%20)please")
_BATCH = 100
_LAST = 10
_BOT = {"id": 42, "is_bot": True, "first_name": "bench", "username": "bench_bot", "can_join_groups": True,
        "can_read_all_group_messages": False, "supports_inline_queries": False}  # fmt: skip
_OK = b'{"ok":true,"result":true}'


@dataclass(slots=True)
class User:
    """Somebody in a chat: which question they were asked last, and how many of their messages wait for an answer."""

    chat: int
    think: float
    burst: int
    asked: int = -1
    open: int = 0
    sent_at: float = 0.0
    heard_at: float = 0.0
    resets: int = 0
    wrong: int = 0


@dataclass(slots=True)
class Figures:
    """What was seen since it was last emptied."""

    turns: int = 0
    repeats: int = 0
    wrong: int = 0
    resets: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)


class Api:
    """The server. `think` seconds pass before a user answers, `delay` seconds before the API does."""

    def __init__(self, users: int, *, think: float = 0.0, delay: float = 0.0, burst: int = 1) -> None:
        self.users = {chat: User(chat, think, burst) for chat in range(1000, 1000 + users)}
        self.delay = delay
        self.pending: deque[tuple[int, bytes]] = deque()
        self.next_update = 1
        self.next_message = 1
        self.waiter: asyncio.Future[None] | None = None
        self.figures = Figures()
        self.running = False
        self.asked_for_updates = asyncio.Event()
        self.port = 0
        self.server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on loopback, on a free port."""
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Stop listening, and stop the users."""
        self.running = False
        if self.server is not None:
            self.server.close()

    def begin(self) -> None:
        """Let every user say /start, a little apart."""
        self.running = True
        for index, user in enumerate(self.users.values()):
            asyncio.get_running_loop().call_later(index * 0.002, self.says, user, "/start")

    def says(self, user: User, text: str) -> None:
        """Let a user write something that they want an answer to."""
        if self.running:
            user.open += 1
            user.sent_at = time.perf_counter()
            self.write(user.chat, text)

    def write(self, chat: int, text: str) -> None:
        """Put a message into the queue of updates."""
        person = {"id": chat, "is_bot": False, "first_name": "U", "language_code": "en"}
        message: dict[str, Any] = {
            "message_id": self.next_message, "date": int(time.time()), "text": text,
            "chat": {"id": chat, "type": "private", "first_name": "U"}, "from": person,
        }  # fmt: skip
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self.next_message += 1
        self.queue("message", message)

    def presses(self, user: User, message: dict[str, Any], data: str) -> None:
        """Let a user press a button of a message."""
        if self.running:
            user.open += 1
            user.sent_at = time.perf_counter()
            person = {"id": user.chat, "is_bot": False, "first_name": "U", "language_code": "en"}
            query = {"id": str(self.next_update), "from": person, "message": message, "chat_instance": "1"}
            self.queue("callback_query", {**query, "data": data})

    def queue(self, kind: str, value: dict[str, Any]) -> None:
        """Put an update into the queue and wake whoever waits for one."""
        self.pending.append((self.next_update, orjson.dumps({"update_id": self.next_update, kind: value})))
        self.next_update += 1
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    def heard(self, chat: int, question: int, message: dict[str, Any]) -> None:
        """Take a question that arrived: a turn, and the user's next answers."""
        user = self.users.get(chat)
        if user is None or not self.running:
            return
        now = time.perf_counter()
        expected = 0 if user.asked in {-1, _LAST} else user.asked + 1
        if question == user.asked:
            self.figures.repeats += 1
            return
        if question == expected:
            self.figures.turns += 1
            self.figures.latencies.append(now - user.sent_at)
        elif question == 0:
            self.figures.resets += 1
            user.resets += 1
        else:
            self.figures.wrong += 1
            user.wrong += 1
            return
        user.asked, user.heard_at = question, now
        user.open = max(0, user.open - 1)
        if user.open:
            return
        if question == _LAST:
            self._after(user, "/start")
            return
        data = _first_button(message)
        if data is not None:
            self._later(user, self.presses, user, message, data)
            return
        for number in range(question, min(question + user.burst, _LAST)):
            self._after(user, f"answer {number}")

    def _after(self, user: User, text: str) -> None:
        self._later(user, self.says, user, text)

    def _later(self, user: User, action: Any, *values: Any) -> None:
        if user.think:
            asyncio.get_running_loop().call_later(user.think, action, *values)
        else:
            action(*values)

    async def updates(self, offset: int, timeout: float) -> bytes:
        """Give what waits, confirming what came before `offset`; wait for something when nothing does."""
        self.asked_for_updates.set()
        while self.pending and self.pending[0][0] < offset:
            self.pending.popleft()
        if not self.pending and timeout:
            self.waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self.waiter
            except TimeoutError:
                pass
        ready = [self.pending[index][1] for index in range(min(_BATCH, len(self.pending)))]
        return b'{"ok":true,"result":[' + b",".join(ready) + b"]}"

    def stuck(self, seconds: float = 1.5) -> int:
        """Count users who have waited for an answer longer than this."""
        now = time.perf_counter()
        return sum(1 for user in self.users.values() if user.open and now - user.sent_at > seconds)


def _first_button(message: dict[str, Any]) -> str | None:
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        for button in row:
            if "callback_data" in button:
                return str(button["callback_data"])
    return None


class _Connection(asyncio.Protocol):
    def __init__(self, api: Api) -> None:
        self.api = api
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end])
            lower = head.lower()
            at = lower.find(b"content-length:")
            length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            body = bytes(self.buffer[end + 4 : end + 4 + length])
            del self.buffer[: end + 4 + length]
            self.handle(head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].split(b"?", 1)[0].decode(), body)

    def handle(self, method: str, body: bytes) -> None:
        api = self.api
        api.figures.calls[method] += 1
        if method == "getUpdates":
            found = _OFFSET.search(body)
            task = asyncio.ensure_future(
                api.updates(int(found[1]) if found else 0, 10.0 if b"timeout" in body else 0.0)
            )
            task.add_done_callback(lambda done: None if done.cancelled() else self.answer(done.result()))
        elif method == "sendMessage":
            self.send(body)
        elif method == "getMe":
            self.answer(orjson.dumps({"ok": True, "result": _BOT}))
        elif method == "getWebhookInfo":
            info = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            self.answer(orjson.dumps({"ok": True, "result": info}))
        elif method == "editMessageText":
            chat = _CHAT.search(body)
            self.answer(orjson.dumps({"ok": True, "result": self.message(int(chat[1]) if chat else 0)}))
        else:
            self.answer(_OK)

    def message(self, chat: int) -> dict[str, Any]:
        self.api.next_message += 1
        return {"message_id": self.api.next_message, "date": int(time.time()), "text": "x",
                "chat": {"id": chat, "type": "private", "first_name": "U"}}  # fmt: skip

    def send(self, body: bytes) -> None:
        chat, question = _CHAT.search(body), _QUESTION.search(body)
        number = int(chat[1]) if chat else 0
        message = self.message(number)
        if b'"callback_data"' in body and body.startswith(b"{"):
            values = orjson.loads(body)
            message |= {"text": values["text"], "reply_markup": values["reply_markup"]}
        self.answer(orjson.dumps({"ok": True, "result": message}))
        if question is not None:
            if self.api.delay:
                # People see a message halfway through the round trip.
                later = asyncio.get_running_loop().call_later
                later(self.api.delay / 2, self.api.heard, number, int(question[1]), message)
            else:
                self.api.heard(number, int(question[1]), message)

    def answer(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if self.api.delay:
            asyncio.get_running_loop().call_later(self.api.delay, self.put, head + body)
        else:
            self.put(head + body)

    def put(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)
