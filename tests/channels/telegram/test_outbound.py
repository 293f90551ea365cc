"""What a message looks like on Telegram, held against the double's rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.closing import answered, body_of
from bot.channels.telegram.outbound import Call, Writer, calls, edit, plain
from bot.channels.telegram.payload import Seal
from bot.texts.tree import CodeBlock, Message, Paragraph, RenderedChoice, RenderedFile, Run
from tests.kit.telegram_double import rules
from tests.kit.telegram_double.markup import parse_html, units
from tests.texts.strategies import bodies

KEY = "telegram:1:2:0:2"
WRITER = Writer(
    Seal(b"key"),
    "0123456789ab",
    frozenset({"help"}),
    lambda name, language: {"back": "One step back", "copy": "Copy"}[name],
)
QUESTION = Message((Paragraph((Run("Where?"),)),), kind="question", place="country/ask", turn=3)


def valid(made: list[Call]) -> list[Call]:
    for call in made:
        if call.file is None:
            values = {"chat_id": 1, **call.values}
            rules.check_types(call.method, values)
            rules.read_text(values)
            rules.check_markup(values.get("reply_markup"))
    return made


def rows(message: Message) -> list[list[dict[str, Any]]]:
    (*_, last) = valid(calls(message, KEY, WRITER))
    markup: dict[str, Any] = dict(last.values).get("reply_markup") or {"inline_keyboard": []}
    return list(markup["inline_keyboard"])


def labels(message: Message) -> list[list[str]]:
    return [[button["text"] for button in row] for row in rows(message)]


def choices(*words: str) -> tuple[RenderedChoice, ...]:
    return tuple(RenderedChoice(f"a{number}", word) for number, word in enumerate(words))


def test_long_answers_stand_one_below_the_other_and_back_comes_last() -> None:
    long = replace(QUESTION, choices=choices("Something rather long to say", "No"))
    assert labels(long) == [["Something rather long to say"], ["No"], ["↩ One step back"]]


def test_short_answers_stand_side_by_side() -> None:
    assert labels(replace(QUESTION, choices=choices("Deutschland", "Austria", "France"))) == [
        ["Deutschland", "Austria"], ["France"], ["↩ One step back"]
    ]  # fmt: skip
    assert labels(replace(QUESTION, turn=1, choices=choices("1", "2", "3", "4", "5"))) == [["1", "2", "3", "4"], ["5"]]


def test_ticks_are_shown_and_the_button_that_ends_choosing_stands_alone() -> None:
    ticked = (RenderedChoice("a", "Meat", True), RenderedChoice("b", "Fish"), RenderedChoice("done", "That is all"))
    assert labels(replace(QUESTION, multiple=True, choices=ticked))[-2:] == [["That is all"], ["↩ One step back"]]
    assert labels(replace(QUESTION, multiple=True, choices=ticked))[0][0] == "✅ Meat"


def test_a_question_to_write_has_only_the_way_back() -> None:
    assert labels(QUESTION) == [["↩ One step back"]]


def test_the_first_question_has_no_way_back() -> None:
    assert rows(replace(QUESTION, turn=1)) == []


def test_a_statement_has_no_buttons() -> None:
    assert rows(Message((Paragraph((Run("Hello"),)),))) == []


def test_a_link_shows_its_host_and_is_a_button() -> None:
    link = Message((Paragraph((Run("Open "), Run("the form", url="https://www.example.org/x?y=1"), Run("!"))),))
    (call,) = valid(calls(link, KEY, WRITER))
    text, entities = parse_html(str(call.values["text"]))
    assert text == "Open the form (www.example.org)!"
    assert entities[0]["url"] == "https://www.example.org/x?y=1"
    assert rows(link) == [[{"text": "the form", "url": "https://www.example.org/x?y=1"}]]


def test_a_host_in_the_words_is_not_repeated() -> None:
    link = Message((Paragraph((Run("www.example.org", url="https://www.example.org/"),)),))
    assert parse_html(str(calls(link, KEY, WRITER)[0].values["text"]))[0] == "www.example.org"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "tg://user?id=1", "https://a@b.example", "http://localhost/x"])
def test_an_address_that_is_no_site_gets_no_button(url: str) -> None:
    assert rows(Message((Paragraph((Run("x", url=url),)),))) == []


def test_many_links_stay_in_the_text() -> None:
    many = Message(tuple(Paragraph((Run("x", url=f"https://example.org/{n}"),)) for n in range(9)))
    assert rows(many) == []


@pytest.mark.parametrize(("length", "copies"), [(1, True), (256, True), (257, False), (3000, False)])
def test_a_draft_can_be_copied_by_a_button_where_it_fits(length: int, copies: bool) -> None:
    draft = Message((CodeBlock("x" * length),), kind="draft")
    assert any("copy_text" in button for row in rows(draft) for button in row) is copies
    assert "<pre>" in str(calls(draft, KEY, WRITER)[0].values["text"])


def test_a_file_is_sent_as_a_document_after_the_text() -> None:
    file = RenderedFile("letter.txt", "text/plain", b"Dear")
    made = calls(replace(QUESTION, files=(file,)), KEY, WRITER)
    assert [call.method for call in made] == ["sendMessage", "sendDocument"]
    assert made[1].file == file


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4096, "x" * 4097, "👨‍👩‍👧‍👦" * 1000, "&" * 4096, "a < b & c > d " * 500, "word " * 3000,
        "</b><a href=\"x\">" * 50,
        "*_[`]]>" * 900, "é" * 9000, "z\u0351\u0352\u0353" * 2000,
    ],
)  # fmt: skip
def test_o05_u02_any_text_is_split_into_valid_messages_and_nothing_is_lost(text: str) -> None:
    made = valid(calls(replace(QUESTION, body=(Paragraph((Run(text, bold=True),)),)), KEY, WRITER))
    shown = [parse_html(str(call.values["text"]))[0] for call in made]
    assert all(units(one) <= 4096 for one in shown)
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert ["reply_markup" in call.values for call in made] == [False] * (len(made) - 1) + [True]


@given(bodies)
def test_whatever_is_said_telegram_takes_it(body: Any) -> None:
    message = Message(body, kind="question", choices=choices("Yes", "No"), place="a/b", turn=2)
    valid(calls(message, KEY, WRITER))


def test_an_edit_changes_the_text_and_keeps_the_buttons_it_names() -> None:
    made = edit(replace(QUESTION, choices=choices("Yes", "No")), KEY, WRITER)
    assert made is not None
    assert made.method == "editMessageText"
    assert made.values["reply_markup"]


def test_an_edit_without_words_takes_the_buttons_away() -> None:
    made = edit(Message((), kind="notice", replaces_last=True), KEY, WRITER)
    assert made == Call("editMessageReplyMarkup", {})


def test_plain_text_has_no_markup_left() -> None:
    made = plain(calls(Message((Paragraph((Run("a < b", bold=True),)),)), KEY, WRITER)[0])
    assert made.values["text"] == "a < b"
    assert "parse_mode" not in made.values


def test_a_text_with_entities_comes_back_as_it_was() -> None:
    body = (Paragraph((Run("Hi 👋 "), Run("you", bold=True), Run(" see "), Run("this", url="https://example.org/"))),)
    text, entities = parse_html(str(calls(Message(body), KEY, WRITER)[0].values["text"]))
    again = calls(Message(body_of(text, entities)), KEY, WRITER)[0]
    assert parse_html(str(again.values["text"])) == (text, entities)


@given(
    st.text(max_size=40),
    st.lists(
        st.dictionaries(
            st.sampled_from(["offset", "length", "type", "url"]),
            st.integers(-3, 50) | st.sampled_from(["bold", "pre", "text_link", None, "x"]),
        ),
        max_size=4,
    ),
)
def test_entities_of_any_kind_are_survived(text: str, entities: list[Any]) -> None:
    body = body_of(text, entities)
    assert isinstance(body, tuple)


def test_an_answered_question_shows_the_answer_as_a_line() -> None:
    message = {
        "text": "Where?",
        "reply_markup": {"inline_keyboard": [[{"text": "Germany", "callback_data": "1:x:DE"}], "?", [7]]},
    }  # fmt: skip
    (call,) = calls(Message(answered(message, "1:x:DE")), KEY, WRITER)
    assert parse_html(str(call.values["text"]))[0] == "Where?\n\n✅ Germany"


def test_an_answered_multiple_choice_shows_its_ticks() -> None:
    buttons = [
        {"text": "✅ Meat", "callback_data": "1"},
        {"text": "✅ Fish", "callback_data": "2"},
        {"text": "All", "callback_data": "1:2:done"},
    ]
    message = {"text": "What?", "reply_markup": {"inline_keyboard": [[button] for button in buttons]}}
    (call,) = calls(Message(answered(message, "1:2:done")), KEY, WRITER)
    assert parse_html(str(call.values["text"]))[0] == "What?\n\n✅ Meat, Fish"


def test_a_question_too_old_to_be_seen_only_loses_its_buttons() -> None:
    assert answered({"message_id": 3, "date": 0}, "1:x:DE") == ()
