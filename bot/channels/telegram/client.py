"""Call the Bot API: python-telegram-bot's `Bot` over our transport, and the quick way for what happens every turn."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
from telegram import Bot
from telegram.error import NetworkError

from bot.channels.telegram.transport import READ_SECONDS, NotSent, Transport, read_json
from bot.channels.telegram.wire import Wire
from bot.errors import BotError

log = logging.getLogger("bot.telegram")

POLL_SECONDS = 25


class ApiError(BotError):
    """Say that the server refused a call: its code, its words, and what it wants done about it."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any]) -> None:
        super().__init__(f"Telegram refused it ({code}: {description[:200]})")
        self.code = code
        self.description = description.lower()
        self.parameters = parameters

    @property
    def moved_to(self) -> int | None:
        """Give the new id of a group that became a supergroup."""
        moved = self.parameters.get("migrate_to_chat_id")
        return moved if isinstance(moved, int) and not isinstance(moved, bool) else None


class NoAnswer(BotError):
    """Say that no usable answer came; the call may have worked."""


class NoConnection(NoAnswer):
    """Say that the call cannot have arrived."""


class Client:
    """Hold the bot's token and its connections. `bot` is for what happens seldom, `call` for every turn."""

    def __init__(self, token: str, api_url: str) -> None:
        self._url = f"{api_url}/bot{token}/"
        self._path = f"{urlsplit(api_url).path}/bot{token}/"
        self._wire = Wire(api_url)
        self._sending = Transport(100)
        self._polling = Transport(4)
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._sending,
            get_updates_request=self._polling,
        )

    def __repr__(self) -> str:
        """Name the client without its token."""
        return "Client(***)"

    async def open(self) -> None:
        """Open the connections; nothing is asked yet."""
        await self._sending.initialize()
        await self._polling.initialize()

    async def close(self) -> None:
        """Close the connections; may be called twice."""
        self._wire.close()
        await self._sending.shutdown()
        await self._polling.shutdown()

    async def call(self, method: str, /, **values: Any) -> Any:
        """Call a method and give its result; raises `ApiError`, `NoConnection` or `NoAnswer`."""
        asking = self._wire.post(self._path + method, orjson.dumps(values), READ_SECONDS)
        return _result(*await _named(asking))

    async def upload(self, method: str, field: str, name: str, media_type: str, data: bytes, **values: Any) -> Any:
        """Call a method with one file; raises as `call` does."""
        form = aiohttp.FormData()
        for key, value in values.items():
            form.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
        form.add_field(field, data, filename=name, content_type=media_type)
        return _result(*await _named(self._sending.exchange(self._url + method, form, 120.0)))

    async def updates(self, offset: int | None, allowed: list[str], limit: int, wait: int) -> bytes:
        """Ask for updates and give the raw answer: one broken update must not hide the others."""
        values: dict[str, Any] = {"timeout": wait, "allowed_updates": allowed, "limit": limit}
        if offset is not None:
            values["offset"] = offset
        asking = self._polling.exchange(self._url + "getUpdates", orjson.dumps(values), wait + 10.0, is_json=True)
        code, payload = await _named(asking)
        if code != 200:
            raise refusal(code, payload)
        return payload


async def _named(asking: Awaitable[tuple[int, bytes]]) -> tuple[int, bytes]:
    """Wait for HTTP status and body; what went wrong is said without the address, in which the token stands."""
    problem: NoAnswer
    try:
        return await asking
    except NotSent as error:
        problem = NoConnection(f"Telegram cannot be reached: {error.message}")
    except NetworkError as error:
        problem = NoAnswer(f"Telegram did not answer: {error.message}")
    raise problem


def _result(code: int, payload: bytes) -> Any:
    """Give what a call gave; raises `ApiError` where it was refused, `NoAnswer` where this is no answer."""
    if code != 200:
        raise refusal(code, payload)
    try:
        answer = read_json(payload)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or answer.get("ok") is not True or "result" not in answer:
        raise NoAnswer("Telegram's answer is no answer of a Bot API server")
    return answer["result"]


def refusal(code: int, payload: bytes) -> ApiError:
    """Read the server's reason from an answer that is no success, whatever it looks like."""
    try:
        answer = read_json(payload)
    except ValueError:
        answer = None
    found = answer if isinstance(answer, dict) else {}
    description, parameters = found.get("description"), found.get("parameters")
    return ApiError(
        code,
        description if isinstance(description, str) else "no reason given",
        parameters if isinstance(parameters, dict) else {},
    )
