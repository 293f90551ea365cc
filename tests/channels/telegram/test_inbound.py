"""Updates as they come, and as nobody should send them."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.inbound import ALLOWED, KINDS, Read, Reader, read
from bot.channels.telegram.payload import Seal
from bot.channels.telegram.transport import read_json
from bot.engine.events import Left, Pressed, Said, Started, Unreadable

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADA = 7_000_000_001
BOT = 123456789
SEAL = Seal.of("123456789:a-token-of-the-tests")
READER = Reader(
    BOT,
    "OptOutBot",
    SEAL,
    lambda short: None,
    "territory",
    frozenset({"DE", "AT"}),
    lambda language: language in {"de", "en"},
)
KEY = f"telegram:{BOT}:{ADA}:0:{ADA}"


def message(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "message_id": 5,
        "date": 1_790_000_000,
        "chat": {"id": ADA, "type": "private"},
        "from": {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "pt-br"},
        "text": "Germany",
    }
    made.update(changes)
    return {"update_id": 77, "message": made}


def group(**changes: Any) -> dict[str, Any]:
    return message(chat={"id": -100, "type": "supergroup"}, **changes)


def press(data: str, chat: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    chat = chat or {"id": ADA, "type": "private"}
    query = {"id": "9", "from": {"id": ADA, "is_bot": False}, "data": data, "message": {"message_id": 3, "chat": chat}}
    return {"update_id": 78, "callback_query": {**query, **changes}}


def event_of(update: object) -> Any:
    found = read(update, READER, NOW)
    return found.inbound.event if found.inbound else None


def test_a_text_is_what_somebody_said() -> None:
    found = read(message(), READER, NOW).inbound
    assert found is not None
    assert (found.event, found.key, found.event_id) == (Said("Germany"), KEY, "u77")
    assert found.at == datetime.fromtimestamp(1_790_000_000, UTC)


@pytest.mark.parametrize("date", [None, "yesterday", 0, -5, 2**62, 1.5, True])
def test_a_time_that_cannot_be_is_now(date: object) -> None:
    found = read(message(date=date), READER, NOW).inbound
    assert found is not None
    assert found.at == NOW


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("/start", Started("pt-br")),
        ("/START", Started("pt-br")),
        ("/start@OptOutBot", Started("pt-br")),
        ("/start DE_de", Started("de", (("language", "de"), ("territory", "DE")))),
        ("/start AT", Started("pt-br", (("territory", "AT"),))),
        ("/start de", Started("de", (("language", "de"),))),
        ("/start XX_xx", Started("pt-br")),
        ("/start ZZ", Started("pt-br")),
        ("/start de_DE", Started("pt-br")),
        ("/start " + "a" * 64, Started("pt-br")),
        ("/start '); DROP TABLE people;--", Started("pt-br")),
        ("/start@OtherBot", Unreadable("command")),
        ("/help", Said("/help")),
        ("／start", Said("／start")),
        (">/start", Said(">/start")),
        ("/reset-ai", Said("/reset-ai")),
        ("/", Said("/")),
    ],
)
def test_n10_only_exact_commands_for_us_are_commands(text: str, event: object) -> None:
    assert event_of(message(text=text)) == event


@pytest.mark.parametrize("kind", KINDS)
def test_n07_what_is_no_text_is_named(kind: str) -> None:
    assert event_of(message(text=None, **{kind: {"file_id": "x"}})) == Unreadable(kind)


def test_n07_an_album_of_ten_is_one_event() -> None:
    ids = set()
    for number in range(10):
        update = message(text=None, photo=[{}], media_group_id="55", message_id=number)
        found = read({**update, "update_id": 100 + number}, READER, NOW).inbound
        assert found is not None
        ids.add(found.event_id)
    assert len(ids) == 1


def test_n07_an_edited_message_is_never_a_new_answer() -> None:
    update = {"update_id": 80, "edited_message": {**message()["message"], "text": "Austria"}}
    first, again = read(update, READER, NOW).inbound, read({**update, "update_id": 81}, READER, NOW).inbound
    assert first is not None
    assert again is not None
    assert first.event == Unreadable("edited")
    assert first.event_id == again.event_id


@pytest.mark.parametrize(
    "update",
    [
        message(**{"from": {"id": 5, "is_bot": True}}),
        message(chat={"id": -5, "type": "channel"}),
        {"update_id": 1, "channel_post": message()["message"]},
        message(sender_chat={"id": -5, "type": "channel"}),
        group(**{"from": {"id": 1087968824, "is_bot": True}}, text="/start@OptOutBot"),
        group(sender_chat={"id": -100, "type": "supergroup"}, text="/start@OptOutBot"),
        group(text="/start@OptOutBot", forward_origin={"type": "user"}),
        group(text="hello all"),
        group(text="/status"),
        group(text="/start@OtherBot"),
        message(text=None, new_chat_members=[{"id": 5}]),
        message(text=None, pinned_message={"text": "x"}),
        {"update_id": 1, "message_reaction": {}},
        {"update_id": 1},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": []},
        {"update_id": 1, "brand_new": {"chat": None}},
        message(chat=None),
        message(chat={"id": "7", "type": "private"}),
        message(chat={"id": ADA + 1, "type": "private"}),
        message(**{"from": None}),
        message(**{"from": {"id": True}}),
        [], None, "x", 7, {"update_id": "1"}, {"update_id": 2**70},
    ],
)  # fmt: skip
def test_n05_n08_what_is_not_for_us_is_skipped_with_a_reason(update: object) -> None:
    found = read(update, READER, NOW)
    assert found.inbound is None
    assert found.invitation is None
    assert found.skipped


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "/start@OptOutBot"}, {"text": "/help"}, {"text": "hey @optoutbot, hello"},
        {"text": "thanks", "reply_to_message": {"from": {"id": BOT}}}, {"text": None, "caption": "@OptOutBot look"},
    ],
)  # fmt: skip
def test_somebody_who_speaks_to_the_bot_in_a_group_is_invited(changes: dict[str, Any]) -> None:
    found = read(group(**changes, message_thread_id=4, is_topic_message=True), READER, NOW)
    assert found.inbound is None
    assert found.invitation is not None
    assert json.loads(found.invitation.address) == {"chat": -100, "thread": 4}
    assert str(ADA) not in found.invitation.key


@pytest.mark.parametrize("text", ["@OptOutBotter hi", "mail me@OptOutBot2", "OptOutBot"])
def test_a_name_that_only_looks_alike_does_not_speak_to_the_bot(text: str) -> None:
    assert read(group(text=text), READER, NOW).invitation is None


def test_a04_a_forwarded_command_is_no_command() -> None:
    assert event_of(message(text="/forget", forward_origin={"type": "user"})) == Unreadable("forwarded")
    assert event_of(message(text="/forget", via_bot={"id": 3})) == Unreadable("forwarded")


def test_a_blocked_bot_hears_that_somebody_left_and_an_unblocked_one_waits_for_start() -> None:
    def member(status: str, chat: dict[str, Any]) -> Read:
        change = {"chat": chat, "date": 1, "new_chat_member": {"status": status}}
        return read({"update_id": 3, "my_chat_member": change}, READER, NOW)

    private = {"id": ADA, "type": "private"}
    left = member("kicked", private).inbound
    assert left is not None
    assert (left.event, left.key) == (Left(), KEY)
    assert member("member", private).revived == KEY
    assert member("administrator", {"id": -7, "type": "channel"}).leave == -7
    assert member("member", {"id": -7, "type": "supergroup"}).leave is None


def test_a_group_that_moved_is_followed() -> None:
    assert read(group(migrate_to_chat_id=-1000), READER, NOW).moved == (-100, -1000)


def test_a_button_of_ours_is_read_as_the_answer_it_stands_for() -> None:
    data = SEAL.write(KEY, "0123456789ab", "country/ask", 12, "DE", 1)
    assert len(data.encode()) <= 64
    found = read(press(data), READER, NOW)
    assert found.inbound is not None
    assert found.inbound.event == Pressed("DE", "country/ask", 12)
    assert found.query == "9"


@pytest.mark.parametrize("number", range(6))
def test_n09_a_button_changed_in_any_place_is_no_button_of_ours(number: int) -> None:
    parts = SEAL.write(KEY, "0123456789ab", "country/ask", 12, "DE", 1).split(":")
    parts[number] = {0: "2", 1: "ffff", 2: "d", 3: "AAAAAAAA", 4: "country/other", 5: "AT"}[number]
    assert event_of(press(":".join(parts))) == Pressed("?", "?", -1)


def test_n09_a_button_of_another_conversation_is_no_button_of_ours() -> None:
    data = SEAL.write(KEY.replace("1:0", "2:0"), "0123456789ab", "country/ask", 12, "DE", 1)
    assert event_of(press(data)) == Pressed("?", "?", -1)


@pytest.mark.parametrize("data", ["", "x" * 65, "1:::::", "é" * 40, "1:a:b:c:d:e:f", "\x00", "\ud800", "1:" + ":" * 60])
def test_n09_forged_data_is_answered_as_an_old_button(data: str) -> None:
    assert event_of(press(data)) == Pressed("?", "?", -1)


def test_n09_a_button_in_a_group_or_without_a_message_is_only_answered() -> None:
    for update in (press("x", {"id": -100, "type": "supergroup"}), press("x", message=None), press("x", message="?")):
        found = read(update, READER, NOW)
        assert found.inbound is None
        assert found.query == "9"


@given(
    place=st.text("abc_/", max_size=80), answer=st.text("abc_/", min_size=1, max_size=80), turn=st.integers(0, 10**9)
)
def test_a_payload_always_fits_and_comes_back(place: str, answer: str, turn: int) -> None:
    data = SEAL.write(KEY, "0123456789ab", place, turn, answer, 7)
    assert len(data.encode()) <= 64
    back = SEAL.read(KEY, data, lambda short: place)
    assert back is not None
    assert back.turn == turn
    if isinstance(back, Pressed):
        assert (back.place, back.answer) == (place, answer)
    else:
        assert back.number == 7


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(ANYTHING)
def test_n05_anything_at_all_is_read_or_skipped(update: object) -> None:
    assert isinstance(read(update, READER, NOW), Read)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for name, inner in value.items():
            found += places(inner, (*path, name))
    return found


SHAPES = [
    message(), message(text="/start DE_de"), group(text="@OptOutBot"),
    message(text=None, photo=[{}], media_group_id="1"),
    press(SEAL.write(KEY, "0123456789ab", "country/ask", 12, "DE", 1)),
    {"update_id": 5, "edited_message": message()["message"]},
    {
        "update_id": 6,
        "my_chat_member": {"chat": {"id": ADA, "type": "private"}, "new_chat_member": {"status": "kicked"}},
    },
]  # fmt: skip


@settings(max_examples=300)
@given(shape=st.sampled_from(SHAPES), value=ANYTHING, data=st.data())
def test_n05_any_type_in_any_place_is_survived(shape: dict[str, Any], value: object, data: st.DataObject) -> None:
    update = copy.deepcopy(shape)
    *path, last = data.draw(st.sampled_from(places(update)))
    inner: Any = update
    for name in path:
        inner = inner[name]
    if data.draw(st.booleans()):
        inner[last] = value
    else:
        del inner[last]
    assert isinstance(read(update, READER, NOW), Read)


@pytest.mark.parametrize("body", [b'{"text": "\\ud800"}', b'{"date": NaN}', b'{"x": 1e400}', b'{"x": Infinity}'])
def test_u01_halves_of_characters_and_odd_numbers_are_read(body: bytes) -> None:
    assert isinstance(read_json(body), dict)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"", b"<html>", b'{"a": ', b"\xff\xfe"])
def test_n06_what_is_no_json_is_refused_and_nothing_more(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_json(body)


def test_u01_a_lone_surrogate_becomes_a_replacement() -> None:
    assert event_of(message(text="a\ud800b")) == Said("a?b")


def test_n06_a_megabyte_of_text_is_cut_to_what_telegram_allows() -> None:
    found = event_of(message(text="x" * 1_000_000))
    assert isinstance(found, Said)
    assert len(found.text) == 4097


def test_only_what_is_read_is_asked_for() -> None:
    assert ALLOWED == ["message", "edited_message", "callback_query", "my_chat_member"]
