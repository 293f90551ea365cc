"""Hostile and odd words on Matrix, as functions: what is read as a command, and what comes out as it was written."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.channels.matrix.inbound import Membership, Words, read
from bot.channels.matrix.meaning import Facts, event_of, understand
from bot.channels.matrix.outbound import Address, contents, file_content, key_of, parts_of, poll
from bot.channels.matrix.rooms import Memory
from bot.engine.events import Command, Event, Joined, Said
from bot.engine.session import decode, encode
from bot.engine.step import step
from bot.texts.clean import FSI, PDI
from bot.texts.markup import compile_markup
from bot.texts.tree import CodeBlock, Message, Paragraph, RenderedChoice, RenderedFile, Run
from tests.kit.shipped import NOW, library
from tests.scenarios.test_every_state import one_of_each
from tests.texts.reading import Reading
from tests.texts.strategies import typed

ME, ADA, ROOM = "@bot:example.org", "@ada:example.org", "!room"
DIRECT = Address(ROOM, ADA)
THREAD = Address(ROOM, ADA, "$root", direct=False)


def words(body: str, **more: Any) -> Words:
    """Read a message of Ada's."""
    content = {"msgtype": "m.text", "body": body, **more}
    source = {"type": "m.room.message", "sender": ADA, "event_id": "$1", "origin_server_ts": 1, "content": content}
    found = read(ROOM, source, ME, "Opt-out")
    assert isinstance(found, Words)
    return found


def said(text: str, *labels: str) -> Message:
    """Make a message of one paragraph, with answers."""
    choices = tuple(RenderedChoice(f"a{number}", label) for number, label in enumerate(labels))
    return Message((Paragraph((Run(text),)),), "question" if labels else "say", choices)


REPLY = {"m.relates_to": {"m.in_reply_to": {"event_id": "$old"}}}


@pytest.mark.parametrize(("body", "more", "event"), [
    ("/forget", {}, Command("forget")), ("!forget", {}, Command("forget")), ("!optout /forget", {}, Command("forget")),
    ("/start " + "A" * 64, {}, Command("start", "A" * 64)), ("/start '); DROP TABLE people;--", {}, None),
    ("/start ../../etc/passwd\n/forget", {}, None), ("/START@OtherBot", {}, Command("START@OtherBot")),
    ("/" + "x" * 5000, {}, Command("x" * 64)), ("／forget", {}, Said("／forget")), ("！forget", {}, Said("！forget")),
    ("> /forget", {}, Said("> /forget")), (">!forget", {}, Said(">!forget")), ("//forget", {}, Said("//forget")),
    ("> <@eve:x> /forget\n> !forget\n\nno", REPLY, Said("no")), ("> <@eve:x> /forget", REPLY, Said("")),
    ("say !forget", {}, Said("say !forget")), ("`/forget`", {}, Said("`/forget`")),
    ("\u202e/forget", {}, Said("\u202e/forget")),
])  # fmt: skip
def test_n10_only_exact_commands_are_commands_and_no_payload_means_anything(
    body: str, more: dict[str, Any], event: Event | None
) -> None:
    found = event_of(words(body, **more))
    assert found == event if event is not None else isinstance(found, Command) and found.name == "start"
    lib, session = library(), one_of_each()["situation/ask"]
    after = step(lib, session, found, NOW).session
    assert (
        after.slots == session.slots
    )  # nothing is deleted, nothing is answered; at most it is asked whether to delete


@pytest.mark.parametrize("written", ["/{}", "!{}", "!optout {}", "!optout !{}", f"{ME}: /{{}}"])
def test_e07_every_command_as_matrix_writes_it_is_obeyed_in_every_state(written: str) -> None:
    lib = library()
    for place, session in one_of_each().items():
        for name in ("cancel", "back", "language", "forget"):
            event = event_of(words(written.format(name)))
            outcome = step(lib, session, event, NOW)
            where = f"{event} at {place}"
            assert event == (Said(name) if written == "!optout {}" else Command(name)), where
            assert outcome.effects, where
            assert decode(encode(outcome.session)) == outcome.session, where


OPERATORS = ("announce", "stats", "shutdown", "reload", "settings", "doctor", "backup", "restore", "migrate")
"""Not «stop»: it is a person's own word for ending their conversation."""


@pytest.mark.parametrize("name", OPERATORS)
def test_a05_an_operators_command_in_a_room_or_a_chat_does_nothing_and_tells_nothing(name: str) -> None:
    lib = library()
    for written in (f"!optout /{name} now", f"{ME} !{name}"):
        found = words(written, **{"m.mentions": {"user_ids": [ME]}})
        session = one_of_each()["situation/ask"]
        outcome = step(lib, session, event_of(found), NOW)
        assert isinstance(event_of(found), Command)
        assert (outcome.session.state, outcome.session.slots) == (session.state, session.slots)
        assert step(lib, session, Command("nothing"), NOW).session == outcome.session


def test_a05_a06_what_is_said_in_a_room_reaches_only_the_senders_own_conversation_there() -> None:
    direct, theirs = key_of(ME, "!direct", "", ADA), key_of(ME, ROOM, "$eve", "@eve:example.org")
    memory = Memory({})
    memory.put("direct !direct", ADA)
    facts = Facts(ME, {"!direct": ADA}, {direct, theirs}, {})
    relation = {"m.relates_to": {"rel_type": "m.thread", "event_id": "$eve"}}
    for more in ({}, relation):
        found = understand(words("!optout /forget", **more), facts, memory)
        assert found is not None
        assert found.event == Command("forget")
        assert found.key not in (direct, theirs)
        assert found.key.endswith(f" {ADA}")
    # Without a call, somebody else's thread is not looked at.
    assert understand(words("/forget", **relation), facts, memory) is None


def test_a06_whoever_calls_in_somebody_elses_thread_gets_one_of_their_own() -> None:
    memory, facts = Memory({}), Facts(ME, {}, set(), {})
    eve = understand(replace(words("!optout"), event_id="$eve", sender="@eve:example.org"), facts, memory)
    assert eve is not None
    facts.known = {eve.key}
    relation = {"m.relates_to": {"rel_type": "m.thread", "event_id": "$eve"}}
    found = understand(words("!optout", **relation), facts, memory)
    assert found is not None
    address = Address.from_bytes(found.address)
    assert (address.person, address.thread) == (ADA, "")
    assert address.pending == parts_of(found.key)[2] == memory.greeted(ROOM, ADA)  # type: ignore[index]
    # In a thread that nobody talks with us in, that is where it goes on.
    other = understand(
        words("!optout", **{"m.relates_to": {"rel_type": "m.thread", "event_id": "$o"}}), facts, Memory({})
    )
    assert other is not None
    assert Address.from_bytes(other.address).thread == "$o"


def test_s02_a_greeting_that_could_not_be_committed_is_said_when_the_sync_is_read_again() -> None:
    memory, facts = Memory({}), Facts(ME, {}, set(), {})
    joined = Membership("$j", ROOM, ADA, NOW, ADA, "join", "")
    first, second = understand(joined, facts, memory), understand(joined, facts, memory)
    assert first is not None
    assert first == second
    facts.known = {first.key}
    assert understand(joined, facts, memory) is None
    assert understand(replace(joined, event_id="$again"), facts, memory) is None


def test_a01_a_thousand_accounts_that_join_a_room_at_once_are_not_all_greeted() -> None:
    memory, facts, greeted = Memory({}), Facts(ME, {}, set(), {}), []
    for number in range(1000):
        person = f"@raid{number}:example.org"
        joined = Membership(f"$j{number}", ROOM, person, NOW, person, "join", "")
        found = understand(joined, facts, memory)
        if found is not None:
            greeted.append(found)
    assert len(greeted) == 10
    assert all(isinstance(one.event, Joined) for one in greeted)
    # Another homeserver may date its joins as it likes: that buys a backlog, no more.
    facts.now, ages = NOW, Memory({})
    first = Membership("$d", ROOM, ADA, NOW, ADA, "join", "")
    dated = [replace(first, person=f"@d{n}:x", event_id=f"$d{n}", at=NOW + timedelta(hours=n)) for n in range(1000)]
    assert sum(understand(one, facts, ages) is not None for one in dated) == 100
    # Elsewhere people are greeted meanwhile, and who was not greeted is answered when they call.
    other = Membership("$o", "!other", ADA, NOW, ADA, "join", "")
    assert understand(other, facts, memory) is not None
    assert understand(words("!optout"), facts, memory) is not None


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(("text", "events"), [
    ("x" * 4096, 1), ("x" * 4097, 1), ("&" * 4096, 1), ("é" * 4096, 2),
    ("😀" * 2048, 2), (FAMILY * 715, None), (FAMILY * 2000, None), ("&" * 20_000, None), ("word. " * 20_000, None),
    ("🇩🇪" * 5000, None),
])  # fmt: skip
def test_o05_long_texts_stay_one_event_or_are_cut_between_what_people_see(text: str, events: int | None) -> None:
    for address, edits in ((DIRECT, ""), (THREAD, ""), (THREAD, "$q")):
        made = contents(said(text), address, edits=edits)
        assert len(made) == events if events and not edits else len(made) >= 1
        assert all(
            len(json.dumps(one)) < 45_000 or ("m.new_content" in one and len(json.dumps(one)) < 65_000) for one in made
        )
        bodies = [one.get("m.new_content", one)["body"] for one in made]
        pages = [Reading(one.get("m.new_content", one)["formatted_body"]).text for one in made]
        assert "".join("".join(bodies).split()) == "".join(text.split())
        for body, page in zip(bodies, pages, strict=True):
            assert body.split() == page.split()
            assert "\u200d" not in (body[0], body[-1])  # no family is torn apart
            if text.startswith("🇩🇪"):
                assert body.count("🇩🇪") * 2 == len(body)


@pytest.mark.parametrize(
    "text",
    [
        "<b>",
        "</b><a href='https://evil.example'>x</a>",
        "&amp;",
        "*_[",
        "```\n`x`",
        "]]>",
        "<!--",
        "<mx-reply>",
        "@room",
        "[x](https://evil.example)",
    ],
)
def test_u02_marks_a_person_typed_are_shown_as_written_wherever_they_stand(text: str) -> None:
    message = Message((Paragraph((Run(text, bold=True),)), CodeBlock(text)), "question", (RenderedChoice("a", text),))
    (content,) = contents(message, THREAD)
    reading = Reading(content["formatted_body"])
    assert reading.text.count(text) == content["body"].count(text) == 3
    assert not reading.links
    assert content["m.mentions"] == {"user_ids": [ADA]}
    assert poll(message, text)["org.matrix.msc3381.poll.start"]["answers"][0]["org.matrix.msc1767.text"] == text
    assert file_content(RenderedFile(f"{text}.txt", "text/plain", b""), THREAD, {})["body"] == f"{text}.txt"


@given(typed)
def test_u02_anything_typed_comes_back_in_both_forms(text: str) -> None:
    for content in contents(said(text, text), DIRECT):
        assert "".join(Reading(content["formatted_body"]).text.split()) == "".join(content["body"].split())


NAMES = ["\u202egnp.exe", "admin\u200b", "🇩🇪" * 500, "a\u2067b", "x" * 300, "z" + "\u0301" * 500, "Ada\nERROR bot.run"]


@pytest.mark.parametrize("name", NAMES)
def test_u07_a_name_turns_nothing_around_it_and_keeps_its_flags(name: str) -> None:
    template = compile_markup("Hello {name}, welcome!")
    choices = (RenderedChoice("a", name),)
    message = Message(template.fill({"name": name}), "question", choices)
    made = contents(message, DIRECT)
    file = file_content(RenderedFile(name, "text/plain", b""), DIRECT, {})
    label = poll(message, "?")["org.matrix.msc3381.poll.start"]["answers"][0]["org.matrix.msc1767.text"]
    shown = [one[form] for one in made for form in ("body", "formatted_body")]
    for words in (*shown, file["body"], file["filename"], label):
        assert not [c for c in words if unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE")]
        assert words.count(FSI) + words.count("\u2067") == words.count(PDI)
        assert words.count("🇩🇪") * 2 == sum(c in "🇩🇪" for c in words)  # no flag is torn apart
    assert "".join(one["body"] for one in made).count("🇩🇪") == 2 * name.count("🇩🇪")
    assert ", welcome!" in "".join(one["body"] for one in made)


def test_t11_values_in_right_to_left_text_keep_their_isolates_in_both_forms_and_across_a_cut() -> None:
    values = ["Ada Lovelace", "+49 30 1234", "ada@example.org", "Art. 21 (1)"]
    template = compile_markup("שלום {a}, התקשרו {b} או {c} לפי {d}.")
    body = template.fill(dict(zip("abcd", values, strict=True)), rtl=True)
    (content,) = contents(Message(body), DIRECT)
    for shown in (content["body"], Reading(content["formatted_body"]).text):
        assert [part.partition(PDI)[0] for part in shown.split(FSI)[1:]] == values
    # Without a sentence's end the cut falls between words, and never between those of one value.
    value = "Ada Lovelace of 1 2 3 4 5 6 7 8 9"
    long = Paragraph(compile_markup("שלום {a} ").fill({"a": value}, rtl=True)[0].runs * 600)  # type: ignore[union-attr]
    parts = contents(Message((long,)), THREAD)
    assert len(parts) > 1
    for part in parts:
        for shown in (part["body"], Reading(part["formatted_body"]).text):
            assert shown.count(FSI) == shown.count(PDI) == shown.count(f"{FSI}{value}{PDI}")
    assert sum(part["body"].count(value) for part in parts) == 600
