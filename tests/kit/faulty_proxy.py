"""A loopback HTTP proxy before a real server that fails where a test asks it to, and passes everything else on.

async with FaultyProxy(server.url) as proxy:
    fault = proxy.fault("PUT", "/sendToDevice/", refuse(500), times=1)
    ...                          # the bot talks to proxy.url
    await fault.met              # waits until it happened
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

Handler = Callable[["FaultyProxy", web.Request], Awaitable[web.StreamResponse]]


def refuse(status: int, body: Any = None, **headers: str) -> Handler:
    """Answer with a status and a JSON body instead of asking the server."""

    async def handle(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
        content = {"errcode": "M_UNKNOWN", "error": "a fault of the test"} if body is None else body
        return web.json_response(content, status=status, headers=headers)

    return handle


async def cut(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    """Close the connection before the server is asked."""
    assert request.transport is not None
    request.transport.abort()
    raise asyncio.CancelledError


async def hang(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    """Never answer; whoever asked has to lose patience."""
    await asyncio.Event().wait()
    raise asyncio.CancelledError


async def cut_after(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    """Let the server do it, then close the connection instead of saying so."""
    await proxy.forward(request)
    return await cut(proxy, request)


def changed(change: Callable[[Any], Any]) -> Handler:
    """Change the JSON of the server's answer; `change` may work on it in place and give None."""

    async def handle(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
        status, data = await proxy.ask(request)
        found = change(data)
        return web.json_response(data if found is None else found, status=status)

    return handle


class Fault:
    """Count how often something was made to fail; `await fault.met` waits for the last time."""

    def __init__(self, method: str, part: str, handler: Handler, times: int) -> None:
        self.method = method
        self.part = part
        self.handler = handler
        self.left = times
        self.count = 0
        self._met = asyncio.Event()

    def meets(self, request: web.Request) -> bool:
        """Tell whether a request is to fail, and count it."""
        if self.left <= 0 or request.method != self.method or self.part not in request.path_qs:
            return False
        self.left -= 1
        self.count += 1
        if self.left <= 0:
            self._met.set()
        return True

    @property
    def met(self) -> Awaitable[None]:
        """Wait until it failed as often as asked."""
        return _Met(self._met)


class _Met:
    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    def __await__(self) -> Generator[Any, None, None]:
        async def wait() -> None:
            async with asyncio.timeout(20):
                await self._event.wait()

        return wait().__await__()


class FaultyProxy:
    """Use as `async with FaultyProxy(url) as proxy:`; `requests` are all that came, as method and path."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self.url = ""
        self.later: list[asyncio.Task[None]] = []
        """What a fault still does after its answer; waited for at the end."""

    async def __aenter__(self) -> FaultyProxy:
        """Listen on a free port."""
        self._session = aiohttp.ClientSession(auto_decompress=False)
        app = web.Application(client_max_size=2**27)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Listen no more."""
        await asyncio.gather(*self.later)
        await self._runner.cleanup()
        await self._session.close()

    def fault(self, method: str, part: str, handler: Handler, times: int = 1) -> Fault:
        """Let the next requests whose path holds `part` be handled by `handler`."""
        fault = Fault(method, part, handler, times)
        self._faults.append(fault)
        return fault

    def count(self, method: str, part: str) -> int:
        """Count the requests that came for something."""
        return sum(1 for one, path in self.requests if one == method and part in path)

    async def forward(self, request: web.Request) -> web.Response:
        """Ask the server and give its answer."""
        body = await request.read()
        headers = {key: value for key, value in request.headers.items() if key.lower() not in _HOP}
        async with self._session.request(
            request.method, f"{self._upstream}{request.path_qs}", data=body, headers=headers
        ) as answer:
            kept = {key: value for key, value in answer.headers.items() if key.lower() not in _HOP}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)

    async def ask(self, request: web.Request) -> tuple[int, Any]:
        """Ask the server and give its status and the JSON it answered with."""
        body = await request.read()
        headers = {"Authorization": request.headers.get("Authorization", ""), "Content-Type": "application/json"}
        async with self._session.request(
            request.method, f"{self._upstream}{request.path_qs}", data=body, headers=headers
        ) as answer:
            return answer.status, await answer.json()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.path_qs))
        for fault in self._faults:
            if fault.meets(request):
                return await fault.handler(self, request)
        with suppress(aiohttp.ClientError):
            return await self.forward(request)
        return await cut(self, request)


_HOP = frozenset({"host", "connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"})
