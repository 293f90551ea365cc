"""Take updates from Telegram's own calls: the secret, the shape, the size; 200 only after the commit.

Posts that arrive together are committed together, in the order in which they came, so what one chat sends keeps its
order and a crowd does not wait in a queue of single commits.
"""

from __future__ import annotations

import asyncio
import hmac
from contextlib import suppress

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.transport import read_json
from bot.errors import StoreError
from bot.service.health import ChannelHealth

BODY_BYTES = 256 * 1024
_BODY_SECONDS = 10.0
_TOGETHER = 100


class Webhook:
    """Be the route; `run` commits what it took."""

    def __init__(self, path: str, secret: str, intake: Intake, health: ChannelHealth) -> None:
        self._path = path or "/"
        self._secret = secret.encode()
        self._intake = intake
        self._health = health
        self._waiting: list[tuple[object, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()

    def routes(self) -> list[Route]:
        """Give the route; other methods than POST are refused by it with 405."""
        return [Route(self._path, self._post, methods=["POST"])]

    async def run(self) -> None:
        """Commit what arrived, again and again, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
                await self._commit(batch)

    async def _commit(self, batch: list[tuple[object, asyncio.Future[None]]]) -> None:
        try:
            await self._intake.take([update for update, _ in batch])
            self._health.heard()
        except StoreError as error:
            self._health.deaf(str(error))
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        for _, done in batch:
            if not done.done():
                done.set_result(None)

    async def _post(self, request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret):
            return PlainTextResponse("This is not for you.\n", 401)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("An update is JSON.\n", 415)
        length = request.headers.get("content-length", "")
        if length.isdigit() and int(length) > BODY_BYTES:
            return PlainTextResponse("That is too much.\n", 413)
        body = b""
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                async for piece in request.stream():
                    body += piece
                    if len(body) > BODY_BYTES:
                        return PlainTextResponse("That is too much.\n", 413)
        except (TimeoutError, ClientDisconnect):
            return PlainTextResponse("The update did not come in time.\n", 408)
        update: object = None
        with suppress(ValueError):
            update = read_json(body)
        # What is no update at all will not become one: taking it ends its being sent again and again.
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, done))
        self._wake.set()
        try:
            await done
        except StoreError:
            return PlainTextResponse("Please send it again later.\n", 503, headers={"Retry-After": "5"})
        return Response(status_code=200)
