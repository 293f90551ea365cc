from __future__ import annotations

import io
import os
from pathlib import Path

from bot.channels.console.inbound import Line
from bot.channels.console.lines import LONGEST, Lines


async def every(lines: Lines) -> list[Line]:
    found = []
    while (line := await lines.next()) is not None:
        found.append(line)
    return found


async def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"a\r\n\nb" + b"c" * 200_000)
    with (tmp_path / "in").open() as stream:
        assert await every(Lines(stream)) == [Line(b"a"), Line(b""), Line(b"b" + b"c" * 200_000)]


async def test_a_pipe_is_read_as_it_comes() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream:
        lines = Lines(stream)
        os.write(writing, b"a\nb")
        assert await lines.next() == Line(b"a")
        os.write(writing, b"c\n")
        assert await lines.next() == Line(b"bc")
        os.close(writing)
        assert await lines.next() is None


async def test_a_line_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"x" * (LONGEST * 3) + b"\nnext\n")
    with (tmp_path / "in").open() as stream:
        lines = Lines(stream)
        assert await lines.next() == Line(b"x" * LONGEST, cut=True)
        assert await lines.next() == Line(b"next")


async def test_words_without_bytes_are_read_too() -> None:
    assert await every(Lines(io.StringIO("ä\nb\ud800"))) == [Line("ä".encode()), Line(b"b?")]


async def test_a_stream_that_was_closed_from_the_start_is_at_its_end() -> None:
    assert await every(Lines(None)) == []


async def test_after_the_end_was_called_nothing_is_read() -> None:
    lines = Lines(io.StringIO("a\nb\n"))
    assert await lines.next() == Line(b"a")
    lines.end()
    assert await lines.next() is None
