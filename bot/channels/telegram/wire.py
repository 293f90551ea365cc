"""Carry small JSON calls to one HTTP server over connections that stay open: what every turn needs, and no more.

Measured: a general client spends about 100 µs of CPU on such a call, this one about 25; a whole turn takes 300. So
uploads, long polls and whatever is seldom go through `transport`, and only `Client.call` comes here. The server's
answers are read as hostile: any length, any split, any nonsense ends in an error that says nothing of the address.
"""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit

from telegram.error import NetworkError

from bot.channels.telegram.transport import CONNECT_SECONDS, NotSent

_HEAD_BYTES = 64 * 1024
_ANSWER_BYTES = 1024 * 1024
"""What Telegram says about one message is a few kilobytes."""
_IDLE_SECONDS = 30.0
"""A connection that rested longer is not used again: the server may be about to close it."""
_NO_BODY = {204, 304}
_HEADERS = b"User-Agent: optout-bot\r\nContent-Type: application/json\r\nContent-Length: "


class Wire:
    """Hold up to `most` connections to the server of an address."""

    def __init__(self, url: str, most: int = 100) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._head = b" HTTP/1.1\r\nHost: %s\r\n%s" % (_host(parts.netloc), _HEADERS)
        self._room = asyncio.Semaphore(most)
        self._free: list[_Line] = []
        self._tls: ssl.SSLContext | None = None

    async def post(self, path: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """Make a call and give HTTP status and body.

        Raises `NotSent` where surely nothing arrived, another `NetworkError` where it may have.
        """
        request = b"POST %s%s%d\r\n\r\n%s" % (path.encode("ascii"), self._head, len(body), body)
        async with self._room:
            line = self._rested() or await self._open()
            try:
                answer = await line.ask(request, seconds)
            except BaseException:
                line.drop()
                raise
            if line.usable:
                line.rests_since = asyncio.get_running_loop().time()
                self._free.append(line)
            else:
                line.drop()
            return answer

    def close(self) -> None:
        """Let go of every connection that rests; may be called twice."""
        while self._free:
            self._free.pop().drop()

    def _rested(self) -> _Line | None:
        """Give the connection that was used last, if it is still good; what rested too long goes."""
        oldest = asyncio.get_running_loop().time() - _IDLE_SECONDS
        while self._free:
            line = self._free.pop()
            if line.usable and line.rests_since >= oldest:
                return line
            line.drop()
        return None

    async def _open(self) -> _Line:
        loop = asyncio.get_running_loop()
        if self._secure and self._tls is None:
            self._tls = await loop.run_in_executor(None, ssl.create_default_context)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, line = await loop.create_connection(
                    _Line, self._host, self._port, ssl=self._tls, happy_eyeballs_delay=0.25
                )
        except (OSError, ValueError, TimeoutError) as error:
            raise NotSent(f"no connection ({type(error).__name__})") from None
        return line


class _Line(asyncio.Protocol):
    """One connection: one question, one answer, again and again."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._got = bytearray()
        self._status = 0
        self._begins = 0
        """Where the body begins in what was received; 0 while the head is not whole."""
        self._length: int | None = None
        """Bytes of the body; None where it comes in chunks or ends with the connection."""
        self._chunked = False
        self._keep = True
        self.rests_since = 0.0

    @property
    def usable(self) -> bool:
        """Whether another call may go over it."""
        return self._keep and self._transport is not None and not self._transport.is_closing() and not self._got

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def ask(self, request: bytes, seconds: float) -> tuple[int, bytes]:
        """Send a request and wait for its answer."""
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_later(seconds, self._fail, "no answer in time")
        self._transport.write(request)
        try:
            return await self._waiting
        finally:
            timer.cancel()
            self._waiting = None

    def drop(self) -> None:
        """Close it at once."""
        self._keep = False
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on; whatever is no answer of a web server ends the call."""
        self._got += data
        if self._waiting is None or self._waiting.done():
            self._keep = False  # nobody asked: whatever this is, it answers no later call
            return
        if len(self._got) > _ANSWER_BYTES:
            self._fail("the answer is too large")
            return
        try:
            body = self._read()
        except ValueError:
            self._fail("the answer is no HTTP")
            return
        if body is not None:
            self._give(body)

    def connection_lost(self, error: Exception | None) -> None:
        """End the call that is under way: with its answer, where that ends with the connection."""
        self._keep = False
        if self._begins and self._length is None and not self._chunked and error is None:
            self._give(bytes(self._got[self._begins :]))
        else:
            self._fail("the connection ended early")

    def _read(self) -> bytes | None:
        """Give the body once it is whole; raises `ValueError` where this is no HTTP."""
        while not self._begins:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                if len(self._got) > _HEAD_BYTES:
                    raise ValueError("no end of the head")
                return None
            self._head(bytes(self._got[:end]))
            if 100 <= self._status < 200:
                del self._got[: end + 4]  # an interim answer: the real one follows
            else:
                self._begins = end + 4
        if self._chunked:
            return self._chunks()
        if self._length is None or len(self._got) < self._begins + self._length:
            return None
        body = bytes(self._got[self._begins : self._begins + self._length])
        del self._got[: self._begins + self._length]
        return body

    def _head(self, head: bytes) -> None:
        first, *lines = head.split(b"\r\n")
        version, _, rest = first.partition(b" ")
        if not version.startswith(b"HTTP/1.") or not rest[:3].isdigit():
            raise ValueError("no status")
        self._status = int(rest[:3])
        self._keep = version != b"HTTP/1.0"
        self._length, self._chunked = (0 if self._status in _NO_BODY else None), False
        for line in lines:
            name, _, value = line.partition(b":")
            match name.lower():
                case b"content-length":
                    if not value.strip().isdigit():
                        raise ValueError("no length")
                    self._length = int(value)
                case b"transfer-encoding":
                    self._chunked = value.strip().lower() == b"chunked"
                case b"connection":
                    self._keep = self._keep and value.strip().lower() != b"close"

    def _chunks(self) -> bytes | None:
        """Put chunks together once the last one is there."""
        body, at = bytearray(), self._begins
        while True:
            end = self._got.find(b"\r\n", at)
            if end < 0:
                return None
            digits = self._got[at:end].partition(b";")[0].strip()
            size, at = int(digits, 16), end + 2
            if size < 0:
                raise ValueError("no size")
            if size == 0:
                break
            if len(self._got) < at + size + 2:
                return None
            body += self._got[at : at + size]
            at += size + 2
        if self._got[at : at + 2] != b"\r\n":
            self._keep = False  # trailers, or not all of it came yet: the answer is whole, the connection is not
        del self._got[: at + 2]
        return bytes(body)

    def _give(self, body: bytes) -> None:
        self._begins = 0
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((self._status, body))

    def _fail(self, why: str) -> None:
        self._keep = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(NetworkError(why))
        if self._transport is not None:
            self._transport.abort()


def _host(netloc: str) -> bytes:
    """Write host and port as a header does, in ASCII whatever the address is written in."""
    host, colon, port = netloc.rpartition("@")[2].partition(":")
    return netloc.encode() if netloc.isascii() else host.encode("idna") + f"{colon}{port}".encode()
