"""Reading room events is total, and means what people mean."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix.inbound import (
    Locked,
    Membership,
    Reaction,
    TakenBack,
    Upgraded,
    Vote,
    Words,
    keycap,
    number_of,
    read,
)
from bot.channels.matrix.invitations import may_invite
from bot.channels.matrix.meaning import event_of
from bot.engine.events import Command, Said, Started, Unreadable

ME, ADA, ROOM = "@bot:example.org", "@ada:example.org", "!room"
EDIT: dict[str, Any] = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("msgtype", "body", "m.relates_to", "m.mentions", "redacts", "membership", "replacement_room", "session_id",
          "org.matrix.msc3381.poll.response", "m.selections", "m.new_content")  # fmt: skip
RELATION = st.dictionaries(
    st.sampled_from(["rel_type", "event_id", "key", "m.in_reply_to", "is_falling_back"]),
    JSON | st.sampled_from(["m.thread", "m.replace", "m.annotation", "$x", "1️⃣"]),
)
CONTENT = st.dictionaries(st.sampled_from(FIELDS), JSON | RELATION | st.sampled_from(["m.text", "m.notice", "join"]))
KINDS = st.sampled_from(
    ["m.room.message", "m.reaction", "m.room.redaction", "m.room.member", "m.room.tombstone", "m.room.encrypted",
     "m.sticker", "m.poll.response", "org.matrix.msc3381.poll.response", "m.room.create"]
)  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "type": KINDS | JSON,
        "sender": st.sampled_from([ADA, ME]) | JSON,
        "event_id": st.just("$1") | JSON,
        "content": CONTENT | JSON,
        "state_key": st.sampled_from(["", ADA, ME]) | JSON,
        "origin_server_ts": st.integers() | JSON,
        "unsigned": JSON | st.fixed_dictionaries({"prev_content": JSON | CONTENT}),
        "redacts": JSON,
    },
)


def event(kind: str = "m.room.message", /, sender: str = ADA, **content: Any) -> dict[str, Any]:
    """Make an event as a server would show it."""
    return {"type": kind, "sender": sender, "event_id": "$1", "origin_server_ts": 1, "content": content}


def words(body: str, **more: Any) -> Words:
    """Read a message."""
    found = read(ROOM, event(msgtype="m.text", body=body, **more), ME, "Opt-out")
    assert isinstance(found, Words)
    return found


@given(EVENTS | JSON, st.booleans())
def test_n17_any_event_can_be_read(source: Any, decrypted: bool) -> None:
    item = read(ROOM, source, ME, "Opt-out", decrypted=decrypted)
    if item is not None:
        assert item.event_id
        assert decrypted is False or not isinstance(item, (Membership, Upgraded))
        if isinstance(item, Words):
            assert item.sender != ME
            event_of(item)
            assert item.text is None or "\0" not in item.text
            (item.text or "").encode()


@given(st.text(max_size=200))
def test_whatever_is_written_becomes_one_event(text: str) -> None:
    found = read(ROOM, event(msgtype="m.text", body=text), ME)
    assert isinstance(found, Words)
    assert isinstance(event_of(found), (Said, Command, Started))


@pytest.mark.parametrize(
    "ignored",
    [
        event(sender=ME, msgtype="m.text", body="our own echo"),
        event(msgtype="m.notice", body="another bot"),
        event(msgtype="m.key.verification.request", body="verify me"),
        event(msgtype="m.text", body="* new", **EDIT),
        event("m.reaction", **{"m.relates_to": "x"}),
        event("m.room.create"),
        event() | {"unsigned": {"redacted_because": {}}},
    ],
)
def test_n08_what_is_not_for_us_is_nothing(ignored: dict[str, Any]) -> None:
    assert read(ROOM, ignored, ME) is None


def test_a_mention_a_name_and_our_command_call_us() -> None:
    assert words("!optout").called
    assert words("!OptOut help").text == "help"
    assert words("!optout /help").text == "/help"
    assert not words("!optouts").called
    assert words("Opt-out: hello").text == "hello"
    assert words("hello", **{"m.mentions": {"user_ids": [ME]}}).called
    assert not words("hello", **{"m.mentions": {"user_ids": "x"}}).called
    assert not words("an opt-out would be good").called
    assert event_of(words("!optout")) == Started()
    assert event_of(words("!help me")) == Command("help", "me")
    assert event_of(words("!")) == Said("!")


def test_threads_and_replies_are_told_apart() -> None:
    relation = {"rel_type": "m.thread", "event_id": "$root", "m.in_reply_to": {"event_id": "$last"}}
    fallback = words("x", **{"m.relates_to": {**relation, "is_falling_back": True}})
    assert (fallback.thread, fallback.reply_to) == ("$root", "")
    real = words("> <@bot:example.org> old\n> more\n\nnew", **{"m.relates_to": relation})
    assert (real.thread, real.reply_to, real.text) == ("$root", "$last", "new")


def test_n07_what_is_no_text_says_what_it_is() -> None:
    photo = read(ROOM, event(msgtype="m.image", body="a.png"), ME)
    assert isinstance(photo, Words)
    assert event_of(photo) == Unreadable("photo")
    without = read(ROOM, event(msgtype="m.text", formatted_body="<b>x</b>"), ME)
    assert isinstance(without, Words)
    assert event_of(without) == Unreadable("message")


def test_reactions_votes_and_what_is_taken_back_name_their_message() -> None:
    relation: dict[str, Any] = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$q", "key": "3️⃣"}}
    found = read(ROOM, event("m.reaction", **relation), ME)
    assert isinstance(found, Reaction)
    assert (found.target, found.number, found.private) == ("$q", 3, False)
    back = read(ROOM, event("m.room.redaction", redacts="$r"), ME)
    assert isinstance(back, TakenBack)
    assert back.target == "$r"
    poll: dict[str, Any] = {
        "org.matrix.msc3381.poll.response": {"answers": ["own"]},
        "m.relates_to": {"event_id": "$p"},
    }
    vote = read(ROOM, event("org.matrix.msc3381.poll.response", **poll), ME)
    assert isinstance(vote, Vote)
    assert vote.answers == ("own",)
    locked = read(ROOM, event("m.room.encrypted", session_id="s"), ME)
    assert isinstance(locked, Locked)


@pytest.mark.parametrize("number", range(1, 21))
def test_a_number_reaction_is_read_as_it_was_written(number: int) -> None:
    assert number_of(keycap(number)) == number
    assert number_of(str(number)) == number


@pytest.mark.parametrize("key", ["", "0", "0️⃣", "👍", "²", "٣", "１", "100", "1 ", "-1"])
def test_u04_other_reactions_are_no_numbers(key: str) -> None:
    assert number_of(key) is None


def test_a03_invitations_are_allowed_by_full_id_or_server() -> None:
    assert may_invite(ADA, ME, ())
    assert not may_invite("@ada:elsewhere.org", ME, ())
    assert may_invite("@ada:elsewhere.org", ME, ("elsewhere.org",))
    assert not may_invite("@ada:elsewhere.org.evil", ME, ("elsewhere.org", "@ada:elsewhere.org"))
    assert may_invite("@ada:elsewhere.org", ME, ("@ada:elsewhere.org",))
    assert may_invite("@x:y", ME, ("*",))
