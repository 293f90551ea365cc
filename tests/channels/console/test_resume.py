"""What stays when a conversation ends: where it stood, what was not shown, files – and what must not stay."""

from __future__ import annotations

from pathlib import Path

from bot.engine.events import Said, Started
from bot.service.turns import Inbound
from tests.channels.console.kit import converse, lines, parts
from tests.kit.pets import NOW


async def test_nothing_is_kept_of_who_was_forgotten() -> None:
    async with parts() as made:
        await converse(made, "json", lines({"press": "dog"}, {"text": "/forget"}))
        counts = await made.store.counts()
    assert (counts.people, counts.sessions, counts.timers, sum(counts.waiting.values())) == (0, 0, 0, 0)


MANY = ({"press": "dog"}, {"press": "DE"}, {"text": "meat"}, {"text": "5"})


async def test_a_file_is_put_into_the_folder_and_its_path_is_told(tmp_path: Path) -> None:
    async with parts() as made:
        last = (await converse(made, "json", lines(*MANY), files=tmp_path / "new")).answers[-1]
    (file,) = [file for message in last.messages for file in message["files"]]
    assert (file["name"], file["media_type"]) == ("card.txt", "text/plain")
    assert Path(file["path"]) == tmp_path / "new" / "card.txt"
    assert Path(file["path"]).read_bytes() == b"card"


async def test_without_a_folder_files_go_at_the_end() -> None:
    async with parts() as made:
        first = await converse(made, "json", lines(*MANY))
    (made_path,) = [file["path"] for message in first.answers[-1].messages for file in message["files"]]
    assert not Path(made_path).exists()
    assert not Path(made_path).parent.exists()


async def test_a_conversation_goes_on_where_it_was_left_and_asks_again() -> None:
    async with parts() as made:
        before = (await converse(made, "json", lines({"press": "dog"}, {"press": "DE"}, {"press": "fish"}))).answers[-1]
        (again,) = (await converse(made, "json", b"")).answers
    assert again.state == before.state
    assert again.messages[-1]["choices"] == before.messages[-1]["choices"]
    assert again.messages[0]["id"] == 1


async def test_what_was_decided_but_not_shown_is_shown_at_the_next_start() -> None:
    async with parts() as made:
        await converse(made, "json", b"")
        await made.turns.take("console", [Inbound("e1", "console:local", b"{}", Said("dog"), NOW)])
        (again,) = (await converse(made, "json", b"")).answers
        (third,) = (await converse(made, "json", b"")).answers
    assert again.texts[0] == "Where does it live?"
    assert again.texts.count("Where does it live?") == 2
    assert third.texts.count("Where does it live?") == 1


async def test_an_answer_too_old_to_be_shown_is_not_shown() -> None:
    async with parts() as made:
        await converse(made, "json", b"")
        await made.turns.take("console", [Inbound("e1", "console:local", b"{}", Said("dog"), NOW)])
        made.clock.advance(16, "minutes")
        (again,) = (await converse(made, "json", b"")).answers
    assert again.texts.count("Where does it live?") == 1
    assert again.state["state"] == "main/country"


async def test_what_fell_due_meanwhile_comes_first_and_nothing_is_asked_twice() -> None:
    async with parts() as made:
        await converse(made, "json", lines({"press": "nothing"}))
        made.clock.advance(3, "days")
        (again,) = (await converse(made, "json", b"")).answers
    assert again.texts == ["Did you feed it?"]


async def test_other_conversations_in_the_same_store_are_left_alone() -> None:
    async with parts() as made:
        other = [Inbound("e1", "telegram:1", b"{}", Started("en"), NOW)]
        await made.turns.take("telegram", other)
        await made.turns.take("telegram", [Inbound("e2", "telegram:1", b"{}", Said("None"), NOW)])
        result = await converse(made, "json", lines({"advance": "2 days"}))
        assert len(await made.store.timers("telegram:1")) == 1
        assert (await made.store.counts()).waiting["telegram"] == 3
    assert result.answers[-1].messages == []
