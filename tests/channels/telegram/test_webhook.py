"""The webhook and the health pages: only Telegram gets in, 200 only after the commit, order kept."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.channels.http import HttpServer
from bot.errors import SettingsError, StoreError
from bot.service.health import Health
from bot.service.library import Library
from tests.kit.person import Person
from tests.kit.telegram_bot import SECRET, TelegramBot, telegram_bot

HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


@asynccontextmanager
async def hooked(library: Library) -> AsyncIterator[tuple[TelegramBot, aiohttp.ClientSession, str]]:
    async with telegram_bot(library, webhook=True) as bot, aiohttp.ClientSession() as session:
        assert bot.double.webhook is not None
        yield bot, session, bot.double.webhook["url"]


def update(person: Person, number: int, text: str) -> dict[str, Any]:
    message = {"message_id": number, "date": int(time.time()), "chat": person.chat, "from": person.user, "text": text}
    return {"update_id": number, "message": message}


@pytest.mark.parametrize(("method", "headers", "body", "status"), [
    ("POST", {}, b"{}", 401),
    ("POST", {"X-Telegram-Bot-Api-Secret-Token": SECRET[:-1]}, b"{}", 401),
    ("POST", {"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"}, b"{}", 401),
    ("POST", {"X-Telegram-Bot-Api-Secret-Token": "\u00e9"}, b"{}", 401),
    ("GET", HEADERS, None, 405),
    ("PUT", HEADERS, b"{}", 405),
    ("POST", {**HEADERS, "Content-Type": "text/plain"}, b"{}", 415),
    ("POST", {**HEADERS, "Content-Type": "application/x-www-form-urlencoded"}, b"a=b", 415),
    ("POST", {**HEADERS, "Content-Type": "application/json; charset=utf-8"}, b'{"update_id": 5}', 200),
    ("POST", HEADERS, b" " * (256 * 1024 + 1), 413),
    ("POST", HEADERS, b"[" * 100_000, 200),
    ("POST", HEADERS, b"no json", 200),
    ("POST", HEADERS, b'{"update_id": 1e400}', 200),
    ("POST", HEADERS, b'{"update_id": 6, "message": {"text": "\\ud800"}}', 200),
])  # fmt: skip
async def test_n12_only_a_whole_update_with_the_secret_is_taken(
    small: Library, method: str, headers: dict[str, str], body: bytes | None, status: int
) -> None:
    async with (
        hooked(small) as (bot, session, url),
        session.request(method, url, headers=headers, data=body) as answer,
    ):
        assert answer.status == status
        assert (await bot.store.counts()).sessions == 0


async def test_n12_a_body_without_a_length_is_measured_while_it_comes(small: Library) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 10_000

    async with hooked(small) as (_, session, url):
        try:
            async with session.post(url, headers=HEADERS, data=endless()) as answer:
                assert answer.status == 413
        except aiohttp.ClientError:
            pass  # the connection may be closed before the rest of the body was sent


async def test_n12_the_secret_is_compared_in_constant_time(small: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    real = hmac.compare_digest

    def compare(first: bytes, second: bytes) -> bool:
        compared.append((first, second))
        return real(first, second)

    async with hooked(small) as (_, session, url):
        monkeypatch.setattr("bot.channels.telegram.webhook.hmac.compare_digest", compare)
        async with session.post(url, headers={**HEADERS, "X-Telegram-Bot-Api-Secret-Token": "x"}, data=b"{}") as answer:
            assert answer.status == 401
    assert (b"x", SECRET.encode()) in compared


async def test_n12_the_same_post_again_is_taken_and_changes_nothing(small: Library) -> None:
    async with hooked(small) as (bot, session, url):
        ada = bot.person()
        for _ in range(5):
            async with session.post(url, headers=HEADERS, json=update(ada, 50, "/start")) as answer:
                assert answer.status == 200
        await bot.settle()
        assert ada.sees() == ["Hello!", "Which animal do you have?"]


async def test_n12_a_thousand_posts_at_once_are_all_taken(small: Library) -> None:
    async with hooked(small) as (bot, session, url):
        people = [bot.person(name=str(number)) for number in range(400)]

        async def post(person: Person, number: int) -> int:
            async with session.post(url, headers=HEADERS, json=update(person, number, "/start")) as answer:
                return answer.status

        found = await asyncio.gather(*[post(person, 100 + number) for number, person in enumerate(people)])
        assert set(found) <= {200, 503}
        await bot.settle(60)
        taken = [person for person, status in zip(people, found, strict=True) if status == 200]
        assert all(one.sees() == ["Hello!", "Which animal do you have?"] for one in taken)
        assert len(taken) > 90


async def test_n12_a_slow_client_holds_nobody_up(small: Library) -> None:
    async with hooked(small) as (bot, session, url):
        host, port = url.split("/")[2].split(":")
        slow = [await asyncio.open_connection(host, int(port)) for _ in range(20)]
        for _, writer in slow:
            writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        ada = bot.person()
        async with session.post(url, headers=HEADERS, json=update(ada, 60, "/start")) as answer:
            assert answer.status == 200
        for _, writer in slow:
            writer.close()
            await writer.wait_closed()


async def test_200_comes_only_after_the_commit(small: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hooked(small) as (bot, session, url):
        real = bot.store.commit
        committed = []

        async def commit(batch: Any) -> Any:
            await asyncio.sleep(0.05)
            rows = await real(batch)
            committed.append(batch)
            return rows

        monkeypatch.setattr(bot.store, "commit", commit)
        async with session.post(url, headers=HEADERS, json=update(bot.person(), 61, "/start")) as answer:
            assert answer.status == 200
            assert any(batch.handled for batch in committed)


async def test_s02_what_cannot_be_committed_is_asked_for_again(small: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hooked(small) as (bot, session, url):
        real, full = bot.store.commit, True

        async def commit(batch: Any) -> Any:
            if full:
                raise StoreError("The database has no room left.")
            return await real(batch)

        monkeypatch.setattr(bot.store, "commit", commit)
        ada = bot.person()
        async with session.post(url, headers=HEADERS, json=update(ada, 62, "/start")) as answer:
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) > 0
        full = False
        async with session.post(url, headers=HEADERS, json=update(ada, 62, "/start")) as answer:
            assert answer.status == 200
        await bot.settle()
        assert ada.sees() == ["Hello!", "Which animal do you have?"]


async def test_one_chats_messages_keep_their_order(small: Library) -> None:
    async with hooked(small) as (bot, _, _):
        people = [bot.person(name=str(number)) for number in range(10)]
        for one in people:
            for words in ("/start", "dog", "Germany", "meat", "3"):
                one.writes(words)
        await bot.settle()
        assert all(one.sees()[-1] == "When was it born?" for one in people)


async def test_the_health_pages_say_how_the_bot_is(small: Library) -> None:
    async with hooked(small) as (bot, session, url):
        await bot.person().says("/start")
        base = url.removesuffix("/telegram")
        async with session.get(f"{base}/healthz") as answer:
            page = json.loads(await answer.text())
            assert (answer.status, page["ready"]) == (200, True)
        async with session.get(f"{base}/readyz") as answer:
            assert answer.status == 200
        async with session.get(f"{base}/metrics") as answer:
            text = await answer.text()
            assert "optout_sessions 1" in text
            assert 'optout_sent_total{channel="telegram"} 2' in text
        bot.health.channel("telegram").deaf("a test")
        async with session.get(f"{base}/readyz") as answer:
            assert answer.status == 503


async def test_a_port_that_is_taken_is_said_in_one_sentence(small: Library) -> None:
    async with telegram_bot(small) as bot:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(SettingsError, match=f"OPTOUT_HTTP__LISTEN: 127.0.0.1:{port} cannot be listened on"):
                HttpServer(("127.0.0.1", port), Health(), bot.store)
        with pytest.raises(SettingsError, match=r"192.0.2.1:0 cannot be listened on"):
            HttpServer(("192.0.2.1", 0), Health(), bot.store)
