"""Long lists can be tapped: a poll under the question, encrypted like it, late, and only where it is not answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.channels.matrix.inbound import Vote, read
from bot.channels.matrix.language import of_profile
from bot.channels.matrix.outbound import POLL, key_of, poll
from bot.engine.session import decode
from bot.texts.tree import Message, Paragraph, RenderedChoice, Run
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.faulty_proxy import FaultyProxy, hang, refuse
from tests.kit.synapse import Synapse

ANSWER = "org.matrix.msc3381.poll.response"


def polls(person: Person) -> list[dict[str, Any]]:
    """Give the polls a person was shown."""
    return [one for one in person.seen if one["type"] == POLL]


async def votes(person: Person, room: str, target: str, *answers: str) -> str:
    """Vote as a client does."""
    relation = {"rel_type": "m.reference", "event_id": target}
    return await person.sends(room, {ANSWER: {"answers": list(answers)}, "m.relates_to": relation}, ANSWER)


def test_a_poll_offers_the_answers_by_their_ids_and_a_vote_names_them() -> None:
    choices = (RenderedChoice("one", "Eins\u202e"), RenderedChoice("two", "Zwei"))
    content = poll(Message((Paragraph((Run("Which?"),)),), "question", choices), "Or tap here.")
    inner = content[POLL]
    assert inner["question"] == {"org.matrix.msc1767.text": "Or tap here."}
    assert inner["max_selections"] == 1
    assert [one["id"] for one in inner["answers"]] == ["one", "two"]
    assert inner["answers"][0]["org.matrix.msc1767.text"] == "Eins"
    source = {
        "type": ANSWER, "sender": "@ada:x", "event_id": "$v", "origin_server_ts": 1,
        "content": {ANSWER: {"answers": ["two"]}, "m.relates_to": {"event_id": "$p"}},
    }  # fmt: skip
    vote = read("!room", source, "@bot:x")
    assert isinstance(vote, Vote)
    assert (vote.target, vote.answers) == ("$p", ("two",))


async def test_a_long_list_gets_a_poll_and_a_vote_is_an_answer(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    async with Person(server, server.register("ada"), tmp_path / "ada") as ada:
        async with Bot(server, account, tmp_path / "bot") as bot:
            room = await ada.direct(bot.id, encrypted=True)
            await ada.answered(room)
            bot.matrix.seeds.after = 0.3
            await bot.settled(ada, await ada.says(room, "Germany"))
            (first,) = await ada.until(lambda: polls(ada) if len(polls(ada)) == 1 else None)
        # The bot knows its poll after a restart as well.
        async with Bot(server, account, tmp_path / "bot") as bot:
            bot.matrix.seeds.after = 60.0
            labels = [one["org.matrix.msc1767.text"] for one in first["content"][POLL]["answers"]]
            question = ada.messages(room)[-1]["content"]["body"]
            assert all(f"{number}. {label}" in question for number, label in enumerate(labels, 1))
            ids = [one["id"] for one in first["content"][POLL]["answers"]]
            await votes(ada, room, first["event_id"])  # taken back: no answer yet
            await bot.settled(ada, await votes(ada, room, first["event_id"], ids[0]))
            assert "Which of these is it about?" in ada.messages(room)[-1]["content"]["body"]
            (session,) = (await bot.store.load_sessions([key_of(bot.id, room, "", ada.id)])).values()
            # A question that is over, a poll that is none of ours, an answer nobody offered: nothing is chosen by them.
            await bot.settled(ada, await votes(ada, room, first["event_id"], ids[1]))
            assert "Which of these is it about?" in ada.messages(room)[-1]["content"]["body"]
            await votes(ada, room, ada.messages(room)[-1]["event_id"], ids[0])
            await bot.settled(ada, await votes(ada, room, first["event_id"], "never offered"))
            (after,) = (await bot.store.load_sessions([key_of(bot.id, room, "", ada.id)])).values()
            assert b'"situation":"own"' in session.data
            assert decode(after.data).slots == decode(session.data).slots
            assert ada.unreadable == []


async def test_no_poll_comes_where_the_question_was_answered_or_others_look_on(server: Synapse, tmp_path: Path) -> None:
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
    ):
        bot.matrix.seeds.after = 0.3
        direct = await ada.direct(bot.id, encrypted=False)
        open_room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[open_room].users)
        await bot.settled(ada, await ada.says(open_room, "!optout"))
        await ada.until(lambda: len(polls(ada)) == 1)
        assert polls(ada)[0]["room_id"] == direct
        bot.matrix.seeds.after = 0.6
        await bot.settled(ada, await ada.says(direct, "Germany"))
        await bot.settled(ada, await ada.says(direct, "/forget"))  # two answers: reactions, and no poll for the country
        question = ada.messages(direct)[-1]["event_id"]
        await ada.until(
            lambda: [one for one in ada.seen if one["content"].get("m.relates_to", {}).get("event_id") == question]
        )
        assert len(polls(ada)) == 1


@pytest.mark.parametrize(
    ("profile", "language"),
    [
        ({"displayname": "Ada"}, ""),
        ({"io.fsky.nyx.pronouns": [{"language": "de", "summary": "sie/ihr"}]}, "de"),
        ({"m.pronouns": [{"summary": "they"}, {"language": "pt-BR"}]}, "pt-BR"),
        ({"m.pronouns": "de"}, ""),
        ({"m.pronouns": [7, None, {"language": 7}, {"language": "not a tag"}, {"language": "x" * 99}]}, ""),
        ({"m.pronouns": {"language": "de"}}, ""),
    ],
)
def test_the_language_of_a_profile(profile: dict[str, Any], language: str) -> None:
    assert of_profile(profile) == language


async def test_a_direct_chat_begins_in_the_language_of_the_profile(server: Synapse, tmp_path: Path) -> None:
    user = server.register("ada")
    path = f"/_matrix/client/v3/profile/{user.id}/io.fsky.nyx.pronouns"
    stated = {"io.fsky.nyx.pronouns": [{"language": "de", "summary": "sie/ihr"}]}
    server.call("PUT", path, stated, user.token)
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, user, tmp_path / "ada") as ada,
    ):
        room = await ada.direct(bot.id, encrypted=True)
        assert "Wo lebst du?" in await ada.answered(room, "Wo lebst du?")


async def test_a_profile_that_does_not_come_keeps_nobody_waiting(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.matrix.errands._PROFILE", 0.2)
    async with (
        FaultyProxy(server.url) as proxy,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
    ):
        proxy.fault("GET", "/profile/", hang, times=1000)
        # Nor does a server that cannot say at once that the two are alone, in a chat that nobody marked as direct.
        alone = proxy.fault("GET", "/joined_members", refuse(502))
        room = await ada.room([bot.id])
        assert "Where do you live?" in await ada.answered(room, "Where do you live?")
        assert alone.count == 1
