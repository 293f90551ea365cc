"""Where the server takes no thread under a call, the bot begins one; and outside of a thread is better than never."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.channels.matrix.outbound import Address, key_of
from bot.engine.events import Started
from bot.service.turns import Inbound
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse


async def test_a_call_that_can_begin_no_thread_is_answered_in_one_that_the_bot_begins(
    server: Synapse, tmp_path: Path
) -> None:
    bot_user, ada_user = server.register("bot"), server.register("ada")
    async with (
        Person(server, ada_user, tmp_path / "ada") as ada,
        Bot(server, bot_user, tmp_path / "bot") as bot,
    ):
        room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[room].users)
        other = await ada.says(room, "Look at this:")
        # An event that itself refers to another one can be no root: Synapse refuses whatever is sent under it.
        relation = {"rel_type": "m.reference", "event_id": other}
        called = {"msgtype": "m.text", "body": "!optout", "m.relates_to": relation}
        await bot.settled(ada, await ada.sends(room, called))
        first, second = ada.messages(room)
        assert "m.relates_to" not in first["content"]
        assert second["content"]["m.relates_to"]["event_id"] == first["event_id"]
        assert all(one["content"]["m.mentions"] == {"user_ids": [ada.id]} for one in (first, second))
        await bot.settled(ada, await ada.says(room, "Germany", thread=first["event_id"]))
        assert ada.messages(room)[2]["content"]["body"].startswith("Who is it for?")
        # A root that is not there: only an encrypted message can name one, and is answered all the same.
        address = Address(room, ada.id, "$nothing", direct=False)
        key = key_of(bot.id, room, "$nothing", ada.id)
        await bot.matrix.intake.take_own([Inbound("odd", key, address.to_bytes(), Started(), datetime.now(UTC))])
        await bot.settled(ada, "odd")
        heard = ada.messages(room)[3:]
        # Only a sign stands in the open room: what is answered belongs below it, also after a restart.
        assert [one["content"]["body"] for one in heard if "m.relates_to" not in one["content"]] == ["💬"]
        assert len(heard) == 3
        assert all(one["content"]["m.relates_to"]["event_id"] == heard[0]["event_id"] for one in heard[1:])
        await bot.settled(ada, await ada.says(room, "Germany", thread=heard[0]["event_id"]))
        assert (await bot.store.counts()).dead_letters == 0
    async with (
        Person(server, ada_user, tmp_path / "ada") as ada,
        Bot(server, bot_user, tmp_path / "bot") as bot,
    ):
        await bot.settled(ada, await ada.says(room, "1", thread=heard[0]["event_id"]))
        session = await bot.store.load_sessions([key])
        assert b"DE" in session[key].data
        last = ada.messages(room)[-1]
        assert last["sender"] == bot.id
        assert last["content"]["m.relates_to"]["event_id"] == heard[0]["event_id"]
