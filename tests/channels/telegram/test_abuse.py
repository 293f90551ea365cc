"""What people with bad intentions send: it touches nobody else, fetches nothing and is written nowhere."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.engine.session import Session, decode
from bot.service.library import Library
from tests.kit.person import Person
from tests.kit.telegram_bot import TelegramBot, telegram_bot
from tests.kit.telegram_double.server import BOT


async def session_of(bot: TelegramBot, person: Person) -> Session | None:
    key = f"telegram:{BOT['id']}:{person.id}:0:{person.id}"
    stored = (await bot.store.load_sessions([key])).get(key)
    return decode(stored.data) if stored else None


async def test_a06_forget_reaches_only_whoever_sent_it(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada, eve = bot.person(), bot.person(name="Eve")
        for one in (ada, eve):
            for words in ("/start", "dog", "Germany"):
                await one.says(words)
        theirs, seen = await session_of(bot, ada), len(ada.screen)
        entity = {"type": "text_mention", "offset": 0, "length": 7, "user": ada.user}
        for words, more in (
            (f"/forget {ada.id}", {}), (f"/forget @{ada.user['first_name']}", {}), ("/forget", {"entities": [entity]}),
            ("/forget", {"reply_to_message": {"message_id": 1, "date": 1, "chat": ada.chat, "from": ada.user}}),
        ):  # fmt: skip
            await eve.says(words, **more)
            assert await session_of(bot, eve) is None
        # In another's private chat nobody can write; an update that claims so is none of ours.
        bot.double.update(message={"message_id": 9, "date": 1, "chat": ada.chat, "from": eve.user, "text": "/forget"})
        stolen = bot.double.as_json(ada.screen[-1])
        bot.double.press(ada.id, eve.user, stolen, "/forget")
        await bot.settle()
        assert await session_of(bot, ada) == theirs
        assert len(ada.screen) == seen


TAKEN = {"DE": ("en", "DE"), "DE_de": ("de", "DE"), "de": ("de", None)}
NOT_TAKEN = (
    "DE_de_extra", "de_DE", "DEU", "own=1", "ref_12345", "user7000000001", "' OR 1=1 --", "../../etc/passwd", "{slots}",
    "__class__", "DE\nme", "ZZ", "xx", "\u202eED", "Ｄ\uff25", "A" * 64, "A" * 4000, "DE_" + "d" * 60, "DE-own", "\x00",
    "aHR0cHM6Ly9ldmls", "-", "_", "%44%45", "DE/forget", "/forget",
)  # fmt: skip


@pytest.mark.parametrize("payload", TAKEN)
async def test_a08_a_posters_link_says_country_and_language_and_serves_everybody(
    shipped: Library, payload: str
) -> None:
    language, territory = TAKEN[payload]
    async with telegram_bot(shipped) as bot:
        for name in ("Ada", "Ben"):
            person = bot.person("en", name)
            for _ in range(2):
                await person.says(f"/start {payload}")
                session = await session_of(bot, person)
                assert session is not None
                assert session.language == language
                kept = {name: value for name, value in session.slots.items() if name != "language"}
                assert kept == ({} if territory is None else {"territory": territory})


async def test_a08_any_other_payload_greets_as_if_there_were_none(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        plain = bot.person("en")
        await plain.says("/start")
        begun = await session_of(bot, plain)
        assert begun is not None
        assert begun.slots == {}
        for payload in NOT_TAKEN:
            person = bot.person("en")
            await person.says(f"/start {payload}")
            assert await session_of(bot, person) == begun, payload
            assert person.sees() == plain.sees(), payload


FILE = {"file_id": "AgAC", "file_unique_id": "u", "file_size": 20_000_000}
FILES: dict[str, Any] = {
    "photo": [{**FILE, "width": 9, "height": 9}], "voice": {**FILE, "duration": 1}, "audio": {**FILE, "duration": 1},
    "document": {**FILE, "file_name": "../../bomb.zip", "mime_type": "application/zip"}, "sticker": FILE,
    "video": {**FILE, "duration": 1}, "video_note": {**FILE, "duration": 1}, "animation": {**FILE, "duration": 1},
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
async def test_a10_a_file_is_answered_and_never_fetched(
    small: Library, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with telegram_bot(small) as bot:
            ada = bot.person()
            await ada.says("/start")
            before = await session_of(bot, ada)
            ada.sends(**{kind: FILES[kind]}, caption="canary of a caption")
            await ada.hears()
            assert "phrase unreadable" in ada.sees()
            after = await session_of(bot, ada)
            assert before is not None
            assert after is not None
            assert after.slots == before.slots
            methods = {method for method, _ in bot.double.requests}
            assert "getFile" not in methods
            assert not any("AgAC" in repr(values) for _, values in bot.double.requests)
    assert "canary" not in caplog.text


HOSTILE = (
    "canary\n2026-11-23 ERROR bot.run: the token is 1:A", "canary\x1b[2J\x1b[31mred", "canary\r\nroot:x:0:0",
    "canary\u2028line", "canary%s%n{0}", "/canary\x1b]0;title\x07", "canary\x00\x08", "\udcffcanary", "c\x1b[0mcanary",
)  # fmt: skip


async def test_u09_what_people_write_reaches_no_log_line(
    small: Library, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with caplog.at_level(logging.INFO):
        async with telegram_bot(small) as bot:
            ada = bot.person(name="canary\nname")
            await ada.says("/start")
            for words in HOSTILE:
                await ada.says(words)
                await ada.says(f"/start {words}")
                bot.double.press(ada.id, ada.user, bot.double.as_json(ada.screen[-1]), words)
                bot.double.update(**{words: {"canary": words}})
                bot.double.update(message={"chat": words, "from": words, "text": words})
                await ada.hears()
            # An accident of ours must not quote anybody either.
            monkeypatch.setattr("bot.service.turns.step", accident)
            for words in HOSTILE:
                ada.writes(words)
            await bot.settle()
            assert (await bot.store.counts()).dead_letters == len(HOSTILE)
    lines = [record.getMessage() for record in caplog.records]
    assert any("failed" in line for line in lines)
    assert not [line for line in lines if "canary" in line or "\x1b" in line or "\n" in line]
    assert "canary" not in caplog.text


def accident(library: object, session: object, event: object, now: object) -> None:
    raise ValueError(f"an accident with {event}")
