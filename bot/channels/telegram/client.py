"""Call the Bot API: python-telegram-bot's `Bot` over our transport, and the quick way for what happens every turn."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
from telegram import Bot
from telegram.error import NetworkError

from bot.channels.telegram.transport import NotSent, Transport, read_json
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
        await self._sending.shutdown()
        await self._polling.shutdown()

    async def call(self, method: str, /, **values: Any) -> Any:
        """Call a method and give its result; raises `ApiError`, `NoConnection` or `NoAnswer`."""
        return await self._call(self._sending, method, orjson.dumps(values), is_json=True)

    async def upload(self, method: str, field: str, name: str, media_type: str, data: bytes, **values: Any) -> Any:
        """Call a method with one file; raises as `call` does."""
        form = aiohttp.FormData()
        for key, value in values.items():
            form.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
        form.add_field(field, data, filename=name, content_type=media_type)
        return await self._call(self._sending, method, form, seconds=120.0)

    async def updates(self, offset: int | None, allowed: list[str], limit: int, wait: int) -> bytes:
        """Ask for updates and give the raw answer: one broken update must not hide the others."""
        values: dict[str, Any] = {"timeout": wait, "allowed_updates": allowed, "limit": limit}
        if offset is not None:
            values["offset"] = offset
        code, payload = await self._exchange(self._polling, "getUpdates", orjson.dumps(values), wait + 10.0, True)
        if code != 200:
            raise refusal(code, payload)
        return payload

    async def _call(
        self, transport: Transport, method: str, data: Any, *, is_json: bool = False, seconds: float = 30.0
    ) -> Any:
        code, payload = await self._exchange(transport, method, data, seconds, is_json)
        if code != 200:
            raise refusal(code, payload)
        try:
            answer = read_json(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or answer.get("ok") is not True or "result" not in answer:
            raise NoAnswer("Telegram's answer is no answer of a Bot API server")
        return answer["result"]

    async def _exchange(
        self, transport: Transport, method: str, data: Any, seconds: float, is_json: bool
    ) -> tuple[int, bytes]:
        problem: NoAnswer
        try:
            return await transport.exchange(self._url + method, data, seconds, is_json=is_json)
        except NotSent as error:
            problem = NoConnection(f"Telegram cannot be reached: {error.message}")
        except NetworkError as error:
            problem = NoAnswer(f"Telegram did not answer: {error.message}")
        raise problem


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
