"""The quick way of small calls: connections are kept, and no answer of a server can hurt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram.error import NetworkError

from bot.channels.telegram.transport import NotSent
from bot.channels.telegram.wire import Wire, _host

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers every request with the next of some bytes, piece by piece; counts connections and keeps requests."""

    def __init__(self, *answers: bytes, piece: int = 10_000, close: bool = False) -> None:
        self.answers = list(answers)
        self.piece = piece
        self.close = close
        self.connections = 0
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0)
                for start in range(0, len(answer), self.piece):
                    writer.write(answer[start : start + self.piece])
                    await asyncio.sleep(0)
                if self.close:
                    break
            else:
                await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def wired(server: Server, most: int = 10) -> AsyncIterator[Wire]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    wire = Wire(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", most)
    try:
        yield wire
    finally:
        wire.close()
        listening.close()
        await asyncio.sleep(0.01)


async def test_one_connection_carries_call_after_call() -> None:
    server = Server(*[OK] * 5)
    async with wired(server) as wire:
        for number in range(5):
            assert await wire.post("/x", b"%d" % number, 5) == (200, b"ok")
    assert server.connections == 1
    assert [request[-1:] for request in server.requests] == [b"0", b"1", b"2", b"3", b"4"]


async def test_a_request_says_what_a_server_needs() -> None:
    server = Server(OK)
    async with wired(server) as wire:
        await wire.post("/bot1:a/sendMessage", b'{"a":1}', 5)
    first, *headers = server.requests[0].partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert first == "POST /bot1:a/sendMessage HTTP/1.1"
    assert {"Content-Type: application/json", "Content-Length: 7"} <= set(headers)
    assert any(header.startswith("Host: 127.0.0.1:") for header in headers)


@pytest.mark.parametrize("piece", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (OK, (200, b"ok")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, (200, b"ok")),
        (b"HTTP/1.1 429 Too Many\r\ncontent-length:3\r\n\r\nabc", (429, b"abc")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\n",
         (200, b"ab0123456789")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", (200, b"")),
    ],
)  # fmt: skip
async def test_every_shape_of_an_answer_is_read_however_it_is_cut(
    answer: bytes, expected: tuple[int, bytes], piece: int
) -> None:
    server = Server(answer, OK, piece=piece)
    async with wired(server) as wire:
        assert await wire.post("/x", b"1", 5) == expected
        assert await wire.post("/x", b"2", 5) == (200, b"ok")


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 502 Bad\r\nConnection: close\r\n\r\n"])
async def test_an_answer_may_end_with_its_connection_and_the_next_call_takes_another(head: bytes) -> None:
    server = Server(head + b"whole", head + b"again", close=True)
    async with wired(server) as wire:
        assert (await wire.post("/x", b"1", 5))[1] == b"whole"
        assert (await wire.post("/x", b"2", 5))[1] == b"again"
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"z" * 2_000_000,
    ],
)
async def test_what_is_no_answer_ends_the_call_and_not_the_next_one(answer: bytes) -> None:
    server = Server(answer, OK)
    async with wired(server) as wire:
        with pytest.raises(NetworkError, match=r"no HTTP|too large") as caught:
            await wire.post("/x", b"1", 5)
        assert not isinstance(caught.value, NotSent)
        assert await wire.post("/x", b"2", 5) == (200, b"ok")
    assert server.connections == 2


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
async def test_a_connection_that_ends_early_leaves_open_whether_it_arrived(answer: bytes) -> None:
    async with wired(Server(answer, close=True)) as wire:
        with pytest.raises(NetworkError, match="ended early") as caught:
            await wire.post("/x", b"1", 5)
        assert not isinstance(caught.value, NotSent)


async def test_an_answer_that_does_not_come_is_given_up() -> None:
    server = Server(b"HTTP/1.1 200 OK\r\n", OK)
    async with wired(server) as wire:
        with pytest.raises(NetworkError, match="in time"):
            await wire.post("/x", b"1", 0.05)
        assert await wire.post("/x", b"2", 5) == (200, b"ok")


async def test_nobody_listening_means_nothing_was_sent() -> None:
    wire = Wire("http://127.0.0.1:1")
    with pytest.raises(NotSent, match="no connection"):
        await wire.post("/x", b"1", 5)


async def test_a_server_that_speaks_no_tls_means_nothing_was_sent() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    wire = Wire(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    with pytest.raises(NotSent, match="no connection"):
        await wire.post("/x", b"1", 5)
    listening.close()


async def test_bytes_nobody_asked_for_answer_no_later_call() -> None:
    server = Server(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad", OK)
    async with wired(server) as wire:
        assert await wire.post("/x", b"1", 5) == (200, b"ok")
        await asyncio.sleep(0.02)
        assert await wire.post("/x", b"2", 5) == (200, b"ok")
    assert server.connections == 2


async def test_a_connection_that_rested_long_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.wire._IDLE_SECONDS", -1.0)
    server = Server(OK, OK)
    async with wired(server) as wire:
        for _ in range(2):
            await wire.post("/x", b"1", 5)
    assert server.connections == 2


async def test_there_are_never_more_connections_than_allowed() -> None:
    server = Server(*[OK] * 20)
    async with wired(server, most=3) as wire:
        answers = await asyncio.gather(*[wire.post("/x", b"1", 5) for _ in range(20)])
    assert answers == [(200, b"ok")] * 20
    assert server.connections <= 3


async def test_a_call_that_is_given_up_by_its_caller_spoils_no_later_one() -> None:
    server = Server(b"HTTP/1.1 200 OK\r\n", OK)
    async with wired(server, most=1) as wire:
        asking = asyncio.create_task(wire.post("/x", b"1", 5))
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert await wire.post("/x", b"2", 5) == (200, b"ok")


def test_a_host_in_any_script_is_written_in_ascii() -> None:
    assert _host("api.telegram.org") == b"api.telegram.org"
    assert _host("bücher.example:8081") == b"xn--bcher-kva.example:8081"
