"""Where the server takes no thread, the answer comes outside of one instead of never."""

from __future__ import annotations

from pathlib import Path

from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse


async def test_a_call_that_can_begin_no_thread_is_answered_in_the_open_room(server: Synapse, tmp_path: Path) -> None:
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
        heard = ada.messages(room)
        assert len(heard) == 2
        assert all("m.relates_to" not in one["content"] for one in heard)
        assert all(one["content"]["m.mentions"] == {"user_ids": [ada.id]} for one in heard)
        reply = {"m.in_reply_to": {"event_id": heard[1]["event_id"]}}
        answer = {"msgtype": "m.text", "body": "Germany", "m.relates_to": reply}
        await bot.settled(ada, await ada.sends(room, answer))
        assert ada.messages(room)[2]["content"]["body"].startswith("Who is it for?")
        assert (await bot.store.counts()).dead_letters == 0
