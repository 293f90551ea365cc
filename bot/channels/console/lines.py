"""Lines of input without threads, so that nothing has to be waited for when a conversation ends."""

from __future__ import annotations

import asyncio
import io
import os
from contextlib import suppress
from typing import TextIO

from bot.channels.console.inbound import Line

LONGEST = 4 * 1024 * 1024
"""Bytes of a line that are kept; a pasted book is a mistake, and a line without an end must not fill the memory."""
_CHUNK = 65536


class Lines:
    """Read a stream line by line. A last line without an end counts; after `end` there is nothing more."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._file: int | None = None
        with suppress(io.UnsupportedOperation, ValueError):
            self._file = stream.fileno() if stream is not None else None
        self._data = bytearray()
        self._searched = 0
        self._cut = False
        self._over = stream is None
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Stop reading, as if the input were over."""
        self._ended.set()

    async def next(self) -> Line | None:
        """Give the next line, None at the end."""
        while not self._ended.is_set():
            at = self._data.find(b"\n", self._searched)
            if at >= 0:
                return self._take(at, at + 1)
            self._searched = len(self._data)
            if len(self._data) > LONGEST:
                del self._data[LONGEST:]
                self._searched, self._cut = LONGEST, True
            if self._over:
                return self._take(len(self._data), len(self._data)) if self._data else None
            chunk = await self._read()
            self._over = not chunk
            self._data += chunk
        return None

    def _take(self, end: int, following: int) -> Line:
        line = Line(bytes(self._data[: min(end, LONGEST)]).removesuffix(b"\r"), self._cut or end > LONGEST)
        del self._data[:following]
        self._searched, self._cut = 0, False
        return line

    async def _read(self) -> bytes:
        if self._file is None:
            return self._read_object()
        if not await self._readable(self._file):
            return b""
        try:
            return os.read(self._file, _CHUNK)
        except OSError:
            return b""  # the terminal is gone (EIO): nobody types any more

    async def _readable(self, file: int) -> bool:
        """Wait until something can be read; False when reading was ended meanwhile."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(file, ready.set)
        except OSError:
            return True  # a regular file cannot be waited for, and need not be: reading it never blocks
        waits = [asyncio.ensure_future(ready.wait()), asyncio.ensure_future(self._ended.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            loop.remove_reader(file)
            for wait in waits:
                wait.cancel()
        return not self._ended.is_set()

    def _read_object(self) -> bytes:
        assert self._stream is not None
        buffer = getattr(self._stream, "buffer", None)
        if buffer is not None:
            data: bytes = buffer.read(_CHUNK)
            return data
        return self._stream.read(_CHUNK).encode("utf-8", "replace")
