"""Whole conversations on a real homeserver: the same words as in the terminal, in clear, encrypted, and in a thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nio
import pytest
from nio.crypto.attachments import decrypt_attachment

from bot.service.examples.model import Example
from bot.service.examples.reading import load
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.channels.matrix.walk import Clock, Place, Walk
from tests.kit.synapse import Synapse

FOLDER = Path(__file__).resolve().parents[3] / "dialogs" / "meta_ai" / "examples"


def example(name: str) -> Example:
    """Read an example conversation."""
    found, problems = load(FOLDER / f"{name}.yaml", name)
    assert found is not None, problems
    return found


def is_file(event: dict[str, Any]) -> bool:
    """Tell whether an event is a file."""
    return bool(event["content"]["msgtype"] == "m.file")


async def opened(person: Person, content: dict[str, Any], encrypted: bool) -> bytes:
    """Fetch a file as a client does; what the server holds of one in an encrypted room says nothing."""
    assert ("url" in content, "file" in content) == (not encrypted, encrypted)
    file = content["file"] if encrypted else content
    got = await person.client.download(file["url"])
    assert isinstance(got, nio.DownloadResponse)
    assert isinstance(got.body, bytes)
    data = got.body
    if encrypted:
        assert b"Meta" not in data
        data = decrypt_attachment(data, file["key"]["k"], file["hashes"]["sha256"], file["iv"])
    assert len(data) == content["info"]["size"]
    return data


@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
@pytest.mark.parametrize("name", ["austria_full_way", "de_whole_way", "the_letter_as_a_file"])
async def test_a_direct_chat_says_the_same_as_the_terminal(
    server: Synapse, tmp_path: Path, name: str, encrypted: bool
) -> None:
    played = example(name)
    clock = Clock(played.now)
    language = played.language.text if played.language else "en"
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot", language=language, clock=clock) as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
    ):
        room = await ada.direct(bot.id, encrypted=encrypted)
        await ada.until(lambda: ada.messages(room))
        await Walk(bot, ada, Place(room), clock).play(played, "")
        assert ada.unreadable == []
        files = [await opened(ada, one["content"], encrypted) for one in ada.messages(room) if is_file(one)]
        assert all(b"Meta" in file for file in files)
        assert bool(files) == (name == "the_letter_as_a_file")


@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
@pytest.mark.parametrize("name", ["austria_full_way", "de_whole_way"])
async def test_a_thread_of_a_room_says_the_same_as_the_terminal(
    server: Synapse, tmp_path: Path, name: str, encrypted: bool
) -> None:
    played = example(name)
    clock = Clock(played.now)
    language = played.language.text if played.language else "en"
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot", language=language, clock=clock) as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
    ):
        content = {"algorithm": "m.megolm.v1.aes-sha2"}
        state = [{"type": "m.room.encryption", "state_key": "", "content": content}] if encrypted else []
        room = await ada.room([bot.id, eve.id], state=state)
        await eve.joins(room)
        await ada.until(lambda: {bot.id, eve.id} <= set(ada.client.rooms[room].users))
        await eve.says(room, "1")
        called = await ada.says(room, "Hello", mention=bot.id)
        await ada.until(lambda: ada.messages(room)[1:])
        await Walk(bot, ada, Place(room, called), clock).play(played, called)
        in_the_open = [one for one in ada.messages(room) if "m.relates_to" not in one["content"]]
        greeting = [one for one in in_the_open if one["sender"] == bot.id]
        assert [one["content"]["m.mentions"] for one in greeting] == [{"user_ids": [eve.id]}]
        assert ada.unreadable == []
