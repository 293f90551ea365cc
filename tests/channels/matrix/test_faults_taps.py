"""Taps that nobody was offered, and words changed afterwards: what any client may send, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.matrix.inbound import Item, read
from bot.channels.matrix.meaning import Facts, understand
from bot.channels.matrix.outbound import key_of
from bot.channels.matrix.rooms import Memory
from bot.engine.events import numbering
from bot.engine.step import step
from bot.service.ports import Receipt
from tests.kit.shipped import NOW, library
from tests.scenarios.test_every_state import one_of_each

ME, ADA, EVE, ROOM = "@bot:example.org", "@ada:example.org", "@eve:example.org", "!room"
KEY = key_of(ME, ROOM, "", ADA)
PLACE = "situation/ask"


def facts() -> Facts:
    """Say that Ada talks with us in a direct chat, and that one question of hers can be tapped."""
    session = one_of_each()[PLACE]
    receipt = Receipt(KEY, "$q", f"{PLACE}#{session.turn}~{numbering(())}")
    return Facts(ME, {ROOM: ADA}, {KEY}, {"$q": receipt})


def memory() -> Memory:
    """Remember the direct chat, and a poll that repeats the question."""
    found = Memory({})
    found.put(f"direct {ROOM}", ADA)
    found.polled("$poll", "$q")
    return found


def shown(kind: str, content: dict[str, Any], sender: str = ADA, room: str = ROOM) -> Item | None:
    source = {"type": kind, "sender": sender, "event_id": "$1", "origin_server_ts": 1, "content": content}
    return read(room, source, ME)


def reaction(key: str, target: str = "$q", **more: Any) -> Item | None:
    content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": key}}
    return shown("m.reaction", content, **more)


def vote(answers: list[object], target: str = "$poll", **more: Any) -> Item | None:
    content = {
        "m.relates_to": {"rel_type": "m.reference", "event_id": target},
        "org.matrix.msc3381.poll.response": {"answers": answers},
    }
    return shown("org.matrix.msc3381.poll.response", content, **more)


@pytest.mark.parametrize(
    "item",
    [
        reaction("1", sender=EVE), reaction("1", target="$other"), reaction("1", room="!elsewhere"),
        reaction("0"), reaction("999"), reaction("x" * 100_000), vote(["adult"], sender=EVE),
        vote(["adult"], target="$q"), vote(["adult"], room="!elsewhere"), vote([]), vote(["adult", "child"]),
    ],
)  # fmt: skip
def test_n09_what_was_offered_to_somebody_else_or_to_nobody_is_no_tap(item: Item | None) -> None:
    assert item is None or understand(item, facts(), memory()) is None


@pytest.mark.parametrize("item", [reaction("19"), vote(["no_such_answer"]), vote(["x" * 65]), vote(["__class__"])])
def test_n09_an_answer_that_was_never_offered_changes_nothing_and_asks_again(item: Item | None) -> None:
    lib, session = library(), one_of_each()[PLACE]
    assert item is not None
    found = understand(item, facts(), memory())
    assert found is not None
    assert found.key == KEY
    outcome = step(lib, session, found.event, NOW)
    assert (outcome.session.state, outcome.session.slots) == (session.state, session.slots)
    assert outcome.effects  # the person hears where they are


def test_n09_what_was_offered_is_one() -> None:
    for item in (reaction("1"), vote(["adult"])):
        assert item is not None
        assert understand(item, facts(), memory()) is not None


@pytest.mark.parametrize("words", ["/forget", "!forget", "!optout /forget"])
def test_a04_a_message_changed_into_a_command_is_none_and_neither_is_a_notice(words: str) -> None:
    changed = {
        "msgtype": "m.text", "body": f"* {words}", "m.new_content": {"msgtype": "m.text", "body": words},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$first"},
    }  # fmt: skip
    assert shown("m.room.message", changed) is None
    notice = shown("m.room.message", {"msgtype": "m.notice", "body": words})
    assert notice is None or understand(notice, facts(), memory()) is None
