"""Rooms with several people: who is answered, where, and what nobody else ever sees."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.channels.matrix.inbound import PRIVATE
from bot.channels.matrix.outbound import key_of
from tests.channels.matrix.bot import Bot, handled
from tests.channels.matrix.person import Person
from tests.kit.faulty_proxy import FaultyProxy, refuse
from tests.kit.synapse import Synapse, User


def threads(person: Person, bot: User | Bot, room: str) -> dict[str, list[dict[str, Any]]]:
    """Sort the bot's messages of a room by the thread they stand in; the open room is the empty name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in person.messages(room):
        if one["sender"] == bot.id:
            relation = one["content"].get("m.relates_to", {})
            found.setdefault(relation.get("event_id", "") if relation.get("rel_type") == "m.thread" else "", []).append(
                one
            )
    return found


async def test_who_joins_is_greeted_once_in_a_thread_and_others_talk_is_ignored(
    server: Synapse, tmp_path: Path
) -> None:
    account = server.register("bot")
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("ben"), tmp_path / "ben") as ben,
        Bot(server, account, tmp_path / "bot") as bot,
    ):
        room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[room].users)
        first = await ada.says(room, "1")
        await ada.sends(room, {"msgtype": "m.notice", "body": "!optout"})
        await ben.joins(room)
        await ben.until(lambda: threads(ben, bot, room))
        (root,) = threads(ben, bot, room)[""]
        await ben.until(lambda: root["event_id"] in threads(ben, bot, room))
        await bot.settled(ben)
        assert set(threads(ben, bot, room)) == {"", root["event_id"]}
        assert root["content"]["m.mentions"] == {"user_ids": [ben.id]}
        before = len(ben.messages(room))
        other = await ada.says(room, "Germany", thread=root["event_id"])
        mine = await ben.says(room, "Germany", thread=root["event_id"])
        await bot.settled(ben, mine)
        assert await bot.store.handled("matrix", {first, other}) == set()
        answers = [one for one in ben.messages(room)[before:] if one["sender"] == bot.id]
        assert answers
        assert all(one["content"]["m.relates_to"]["event_id"] == root["event_id"] for one in answers)
        assert all(one["content"]["msgtype"] == "m.notice" for one in answers)
        await ben.client.room_leave(room)
        await ben.joins(room)
        await asyncio.sleep(0.5)
        assert len(threads(ada, bot, room)[""]) == 1
        # Where somebody was greeted is forgotten with their conversation, and at once when they want it.
        memory, tidy = bot.matrix.memory, bot.matrix.intake.tidy.look
        part = memory.greeted(room, ben.id)
        await tidy()
        assert memory.greeted(room, ben.id) == part
        assert memory.root(part) == root["event_id"]
        await bot.store.forget(key_of(bot.id, room, part, ben.id), datetime.now(UTC))
        await tidy()
        await tidy()
        assert (memory.greeted(room, ben.id), memory.root(part)) == ("", "")
        mine = await ada.says(room, "!optout")
        await bot.settled(ada, mine)
        assert memory.greeted(room, ada.id) == mine
        await bot.settled(ada, await ada.says(room, "/forget", thread=mine))
        await bot.settled(ada, await ada.says(room, "1", thread=mine))
        assert not any(ada.id in name or ben.id in name for name in await bot.store.notes("matrix"))


async def test_one_tap_goes_on_in_private_and_takes_the_answers_along(server: Synapse, tmp_path: Path) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[room].users)
        called = await ada.says(room, "!optout")
        await bot.settled(ada, called)
        answer = await ada.says(room, "Germany", thread=called)
        await bot.settled(ada, answer)
        await ada.reacts(room, ada.messages(room)[-1]["event_id"], PRIVATE)
        private = await ada.until(lambda: next(iter(ada.client.invited_rooms), ""))
        await ada.joins(private)
        await ada.until(lambda: ada.messages(private))
        await bot.settled(ada)
        assert ada.client.rooms[private].encrypted
        assert ada.unreadable == []
        session = await bot.store.load_sessions([key_of(bot.id, private, "", ada.id)])
        assert b"DE" in next(iter(session.values())).data
        assert await bot.store.load_sessions([key_of(bot.id, room, called, ada.id)]) == {}
        await ada.says(private, "1")
        await ada.answered(private)
        # Event ids stand in clear in the store and in logs: those the bot makes up hold nobody's id.
        assert not any(ada.id in event or private in event for event in handled(tmp_path / "bot"))


async def test_who_taps_hears_when_the_server_lets_us_open_no_private_chat(server: Synapse, tmp_path: Path) -> None:
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):
        proxy.fault("POST", "/createRoom", refuse(403, {"errcode": "M_FORBIDDEN", "error": "not here"}), times=2)

        def refusals() -> list[str]:
            said = threads(ada, bot, room).get(called, [])
            return [one["event_id"] for one in said if "may not open a private chat" in one["content"]["body"]]

        room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[room].users)
        called = await ada.says(room, "!optout")
        await bot.settled(ada, called)
        await ada.reacts(room, ada.messages(room)[-1]["event_id"], PRIVATE)
        await ada.until(lambda: len(refusals()) == 1)
        await bot.settled(ada)
        await ada.reacts(room, ada.messages(room)[-1]["event_id"], PRIVATE)
        await ada.until(lambda: len(refusals()) == 2)  # a second try is told as well
        await bot.settled(ada)
        assert set(threads(ada, bot, room)) == {called}
        answer = await ada.says(room, "Germany", thread=called)
        await bot.settled(ada, answer)
        session = await bot.store.load_sessions([key_of(bot.id, room, called, ada.id)])
        assert b"DE" in next(iter(session.values())).data


async def test_n18_only_allowed_people_may_invite(server: Synapse, tmp_path: Path) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
        Bot(server, server.register("bot"), tmp_path / "bot", allow=[ada.id]) as bot,
    ):
        theirs = await eve.direct(bot.id, encrypted=False)
        mine = await ada.direct(bot.id, encrypted=False)
        await ada.answered(mine)
        assert theirs not in bot.raw().rooms
        assert eve.messages(theirs) == []


async def test_an_invitation_that_came_while_the_bot_was_down_is_taken(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    async with Person(server, server.register("ada"), tmp_path / "ada") as ada:
        before_the_first_start = await ada.direct(account.id, encrypted=False)
        async with Bot(server, account, tmp_path / "bot"):
            await ada.answered(before_the_first_start)
        between = await ada.direct(account.id, encrypted=True)
        async with Bot(server, account, tmp_path / "bot"):
            await ada.answered(between)


async def test_reactions_pick_several_and_one_taken_back_takes_the_answer_back(server: Synapse, tmp_path: Path) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        room = await ada.direct(bot.id, encrypted=True)
        await ada.answered(room)
        for text in ("Germany", "1"):
            await bot.settled(ada, await ada.says(room, text))
        key = key_of(bot.id, room, "", ada.id)
        while not (question := ada.messages(room)[-1])["content"]["body"].count("\n2. "):
            await asyncio.sleep(0.05)
        two = await ada.reacts(room, question["event_id"], "2️⃣")
        await bot.settled(ada, two)
        assert "2. ✓" in ada.messages(room)[-1]["content"]["m.new_content"]["body"]
        await bot.settled(ada, await ada.reacts(room, question["event_id"], "1️⃣"))
        newest = ada.messages(room)[-1]["content"]
        assert newest["m.relates_to"]["event_id"] == question["event_id"]
        assert "1. ✓" in newest["m.new_content"]["body"]
        assert "2. ✓" in newest["m.new_content"]["body"]
        taken = await ada.client.room_redact(room, two)
        await bot.settled(ada, taken.event_id)
        newest = ada.messages(room)[-1]["content"]["m.new_content"]["body"]
        assert "1. ✓" in newest
        assert "2. ✓" not in newest
        assert len(await bot.store.load_sessions([key])) == 1


async def test_numbers_are_offered_as_reactions_late_and_not_where_it_was_answered(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        bot.matrix.seeds.after = 1.0
        room = await ada.direct(bot.id, encrypted=False)
        await ada.answered(room)
        await bot.settled(ada, await ada.says(room, "/forget"))
        question = ada.messages(room)[-1]["event_id"]

        def seeds() -> list[str]:
            found = [one["content"]["m.relates_to"] for one in ada.seen if one["type"] == "m.reaction"]
            return [one["key"] for one in found if one["event_id"] == question]

        assert seeds() == []
        await ada.until(lambda: len(seeds()) == 2)
        assert seeds() == ["1️⃣", "2️⃣"]
        await bot.settled(ada, await ada.says(room, "2"))
        again = await ada.says(room, "/forget")
        await bot.settled(ada, again)
        question = ada.messages(room)[-1]["event_id"]
        await bot.settled(ada, await ada.says(room, "2"))
        await asyncio.sleep(1.3)
        assert seeds() == []


async def test_n16_an_upgraded_direct_chat_is_followed_with_its_answers(server: Synapse, tmp_path: Path) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        room = await ada.direct(bot.id, encrypted=False)
        await ada.answered(room)
        await bot.settled(ada, await ada.says(room, "Germany"))
        path = f"/_matrix/client/v3/rooms/{room}/upgrade"
        new = server.call("POST", path, {"new_version": "11"}, ada.client.access_token)["replacement_room"]
        await ada.until(lambda: new in ada.client.rooms)
        await ada.client.room_invite(new, bot.id)
        await ada.until(
            lambda: bot.id in ada.client.rooms[new].users and bot.id not in ada.client.rooms[new].invited_users
        )
        await ada.says(new, "1")
        await ada.answered(new)
        session = await bot.store.load_sessions([key_of(bot.id, new, "", ada.id)])
        assert b"DE" in next(iter(session.values())).data


async def test_n16_conversations_of_an_upgraded_room_go_on_in_threads_of_the_new_one(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[room].users)
        called = await ada.says(room, "!optout")
        await bot.settled(ada, called)
        await bot.settled(ada, await ada.says(room, "Germany", thread=called))
        path = f"/_matrix/client/v3/rooms/{room}/upgrade"
        new = server.call("POST", path, {"new_version": "11"}, ada.client.access_token)["replacement_room"]
        await ada.until(lambda: new in ada.client.rooms and bot.id in ada.client.rooms[new].users)
        async with asyncio.timeout(10):
            while bot.matrix.memory.named("join"):
                await asyncio.sleep(0.02)
        await bot.settled(ada, await ada.says(new, "!optout"))
        (root,) = threads(ada, bot, new)[""]
        assert any("Who is it for?" in one["content"]["body"] for one in threads(ada, bot, new)[root["event_id"]])


async def test_p01_a_chat_that_names_somebody_elses_as_its_replacement_does_not_take_it_over(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        hers = await ada.direct(bot.id, encrypted=False)
        await ada.answered(hers)
        room = await eve.direct(bot.id, encrypted=False)
        await eve.answered(room)
        other = await ada.room(public=True)
        memory, rooms = bot.matrix.memory, bot.raw().rooms
        for target in (hers, other):
            position = await bot.store.position("matrix")
            path = f"/_matrix/client/v3/rooms/{room}/state/m.room.tombstone/"
            server.call("PUT", path, {"body": "moved", "replacement_room": target}, eve.client.access_token)
            async with asyncio.timeout(10):
                while await bot.store.position("matrix") == position or memory.named("join"):
                    await asyncio.sleep(0.02)
        assert memory.named("direct") == {hers: ada.id, room: eve.id}
        async with asyncio.timeout(10):
            while memory.named("leave") or other in rooms:
                await asyncio.sleep(0.02)
        assert hers in rooms
        await ada.says(hers, "Germany")
        await ada.answered(hers, "Who is it for?")


async def test_o07_a_bot_that_was_kicked_closes_the_conversation_and_an_empty_room_is_left(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        kicked = await ada.direct(bot.id, encrypted=True)
        await ada.answered(kicked)
        await ada.client.room_kick(kicked, bot.id)
        empty = await ada.direct(bot.id, encrypted=False)
        await ada.answered(empty)
        await ada.client.room_leave(empty)
        async with asyncio.timeout(20):
            while kicked in bot.raw().rooms or empty in bot.raw().rooms:
                await asyncio.sleep(0.05)
        assert not bot.matrix.failed.done()
        assert bot.matrix.memory.named("direct") == {}


async def test_a_third_person_in_a_direct_chat_hears_nothing(server: Synapse, tmp_path: Path) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        room = await ada.direct(bot.id, encrypted=True)
        await ada.answered(room)
        await ada.client.room_invite(room, eve.id)
        await eve.joins(room)
        await ada.says(room, "Germany")
        async with asyncio.timeout(10):
            while len(bot.raw().rooms[room].users) < 3:
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        assert "Who is it for?" not in str(eve.seen)


async def test_the_first_words_choose_the_language(server: Synapse, tmp_path: Path) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        direct = await ada.direct(bot.id, encrypted=True)
        assert "Where do you live?" in await ada.answered(direct, "Where do you live?")
        await bot.settled(ada, await ada.says(direct, "Hallo, ich brauche bitte Hilfe, ich bin in Deutschland"))
        assert "Für wen machst du das?" in await ada.answered(direct)
        room = await ada.room([bot.id], public=True)
        await bot.settled(ada, await ada.says(room, "Hallo, kannst du mir helfen? Ich will das nicht", mention=bot.id))
        assert "Wo lebst du?" in await ada.answered(room)
