"""The one listener of the bot: health pages, counts, and the routes that channels bring."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import SettingsError, StoreError
from bot.service.health import Health
from bot.service.ports import Upkeep

_AT_ONCE = 500
"""Connections at once; the next is told to come later, so that slow ones cannot use up every file descriptor."""


class _Server(uvicorn.Server):
    """Leave the signals to the command that runs everything, and tell when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets=sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class HttpServer:
    """Listen in the running loop. The socket is bound at once, so that a taken port is known before anything starts."""

    def __init__(
        self, listen: tuple[str, int], health: Health, store: Upkeep, routes: Sequence[BaseRoute] = ()
    ) -> None:
        self._health = health
        self._store = store
        self._socket = _bind(listen)
        host, port = self._socket.getsockname()[:2]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        """Where it listens, the port filled in when any free one was asked for."""
        pages = [Route("/healthz", self._alive), Route("/readyz", self._ready), Route("/metrics", self._metrics)]
        self._server = _Server(
            uvicorn.Config(
                Starlette(routes=[*pages, *routes]),
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_keep_alive=75,
                limit_concurrency=_AT_ONCE,
                timeout_graceful_shutdown=5,
                h11_max_incomplete_event_size=32 * 1024,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to answer."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Answer what has begun and close; may be called without a start."""
        self._server.should_exit = True
        if self._task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._socket.close()

    async def _alive(self, request: Request) -> Response:
        return JSONResponse(self._health.page())

    async def _ready(self, request: Request) -> Response:
        return JSONResponse(self._health.page(), 200 if self._health.ready else 503)

    async def _metrics(self, request: Request) -> Response:
        try:
            return PlainTextResponse(await self._health.metrics(self._store))
        except StoreError as error:
            return PlainTextResponse(f"{error}\n", 503)


def _bind(listen: tuple[str, int]) -> socket.socket:
    host, port = listen
    made: socket.socket | None = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError as error:
        if made is not None:
            made.close()
        raise SettingsError(
            f"OPTOUT_HTTP__LISTEN: {host}:{port} cannot be listened on ({error.strerror or 'no such host'}); "
            "give another port, or 127.0.0.1:0 for any free one."
        ) from None
    return made
