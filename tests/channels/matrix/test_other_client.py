"""An independent client that excludes insecure devices: every message readable both ways, and no red shield."""

from __future__ import annotations

from pathlib import Path

from bot.channels.matrix.outbound import POLL
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.js_person import JsPerson
from tests.kit.synapse import Synapse


async def test_a_client_that_excludes_unsigned_devices_and_the_bot_read_each_other(
    server: Synapse, tmp_path: Path
) -> None:
    account, person = server.register("bot"), server.register("ada")
    async with JsPerson(server, person) as ada:
        async with Bot(server, account, tmp_path / "bot") as bot:
            room = (await ada.do("direct", bot=bot.id))["room"]
            await ada.until(lambda: "1. " in str([one["content"]["body"] for one in ada.messages(room)]))
            devices = (await ada.do("trust", bot=bot.id))["devices"]
            assert [one["signed"] for one in devices if one["device"] == bot.raw().device_id] == [True]
            before = len(ada.messages(room))
            bot.matrix.seeds.after = 0.2
            await ada.do("say", room=room, text="Germany")
            await ada.until(lambda: len(ada.messages(room)) > before)
            # The long list comes as a poll as well, which this client takes for one and votes in.
            await ada.until(lambda: [one for one in ada.seen if one.get("type") == POLL])
            (poll,) = (await ada.do("polls", room=room))["polls"]
            assert poll["most"] == 1
            assert len(poll["answers"]) == 6
            bot.matrix.seeds.after = 60.0
            before = len(ada.messages(room))
            await ada.do("vote", room=room, target=poll["id"], answer=poll["answers"][0]["id"])
            await ada.until(lambda: "Which of these is it about?" in str(ada.messages(room)[before:]))
        before = len(ada.messages(room))
        await ada.do("say", room=room, text="1")
        async with Bot(server, account, tmp_path / "bot") as bot:  # restarted, with what it kept
            await ada.until(lambda: len(ada.messages(room)) > before)
            async with JsPerson(server, person, "second") as again:  # another device of the same person
                await again.do("sign", bundle=(await ada.do("secrets"))["bundle"])
                before = len(again.messages(room))
                await again.do("say", room=room, text="/help")
                await again.until(lambda: len(again.messages(room)) > before)
                assert again.messages(room)[-1]["encrypted"]
                assert again.shields == []
            counts = await bot.store.counts()
            assert counts.undecrypted == 0
    assert ada.unreadable == []
    assert ada.shields == []
    assert all(one["encrypted"] for one in ada.messages(room))
