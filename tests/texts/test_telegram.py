from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.clean import FSI, PDI, clean
from bot.texts.links import is_web
from bot.texts.markup import compile_markup
from bot.texts.telegram import to_telegram, utf16_units, visible
from bot.texts.tree import Body, CodeBlock, Link, Paragraph, Run
from tests.texts.reading import Reading, expected, squeezed
from tests.texts.strategies import bodies, typed

TAGS = {"a", "b", "code", "pre"}


def said(text: str, bold: bool = False, code: bool = False) -> Body:
    return (Paragraph((Run(text, bold, code),)),)


def units(html: str) -> int:
    """Count as Telegram does, without our own code."""
    return len(Reading(html).text.encode("utf-16-le")) // 2


def test_a_message_is_written_with_telegrams_tags() -> None:
    template = compile_markup(
        "**Hello {name}**\nyou & `<{name}>`\n\nDo:\n- [the form](form)\n- **[it](form)**\n\n{draft}"
    )
    body = template.fill(
        {
            "name": "<Ann>",
            "form": Link("", "https://example.org/?a=1&b"),
            "draft": (CodeBlock("Dear <you>"),),
        }
    )
    assert to_telegram(body) == [
        "<b>Hello &lt;Ann&gt;</b>\nyou &amp; <code>&lt;&lt;Ann&gt;&gt;</code>\n\nDo:\n\n"
        '• <a href="https://example.org/?a=1&amp;b">the form</a>\n'
        '• <b><a href="https://example.org/?a=1&amp;b">it</a></b>\n\n'
        "<pre>Dear &lt;you&gt;</pre>"
    ]


@given(typed, st.booleans(), st.booleans())
def test_u02_whatever_a_person_typed_is_read_exactly_so(text: str, bold: bool, code: bool) -> None:
    texts = to_telegram(said(text, bold=bold, code=code))
    assert "".join(Reading(html).text for html in texts) == (clean(text) if clean(text).strip() else "")


@given(bodies)
def test_marks_always_nest_and_only_web_addresses_become_links(body: Body) -> None:
    for html in to_telegram(body):
        reading = Reading(html)
        assert reading.tags <= TAGS
        assert all(is_web(link) for link in reading.links)
        assert visible(html) == reading.text


@given(bodies, st.integers(16, 80))
def test_o05_parts_never_exceed_the_limit_and_nothing_is_lost(body: Body, limit: int) -> None:
    texts = to_telegram(body, limit)
    assert all(1 <= units(html) <= limit for html in texts)
    words = squeezed("".join(Reading(html).text for html in texts)).replace("•", "")
    assert words == squeezed(expected(body)).replace("•", "")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 4096, 1),
        ("x" * 4097, 2),
        ("&" * 4096, 1),
        ("&" * 20_480, 5),
        ("👨‍👩‍👧" * 1000, 2),
        ("a" + "\u0301" * 4096, 2),
        ("\ud83d" * 5000, 2),
        ("word " * 2000, 3),
    ],
)
def test_o05_u01_long_texts_are_cut_within_4096_units(text: str, parts: int) -> None:
    texts = to_telegram(said(text))
    assert len(texts) == parts
    assert all(units(html) <= 4096 for html in texts)
    assert squeezed("".join(Reading(html).text for html in texts)) == squeezed(clean(text))


def test_o05_a_pair_or_a_family_is_never_cut() -> None:
    family = "👨‍👩‍👧"
    for html in to_telegram(said(family * 1000)):
        assert Reading(html).text.replace(family, "") == ""
    flag = "🇩🇪"
    for html in to_telegram(said("x" + flag * 1500)):
        assert Reading(html).text.lstrip("x").replace(flag, "") == ""


def test_o05_paragraphs_are_kept_whole_first() -> None:
    body = tuple(Paragraph((Run(letter * 1500),)) for letter in "abcd")
    assert [Reading(html).text for html in to_telegram(body)] == [
        "a" * 1500 + "\n\n" + "b" * 1500,
        "c" * 1500 + "\n\n" + "d" * 1500,
    ]


def test_o05_a_long_paragraph_is_cut_after_a_sentence_and_else_between_words() -> None:
    sentence = "This is one sentence of several. "
    first, second = to_telegram(said((sentence * 3).strip()), limit=70)
    assert (first, second) == ((sentence * 2).strip(), sentence.strip())
    assert to_telegram(said("words without any end of a sentence"), limit=16) == [
        "words without",
        "any end of a",
        "sentence",
    ]


def test_o05_bold_is_closed_and_opened_again_at_a_cut() -> None:
    assert to_telegram(said("one two three four", bold=True), limit=16) == ["<b>one two three</b>", "<b>four</b>"]


def test_o05_a_link_a_piece_of_code_and_a_fill_in_stay_whole_where_there_is_room() -> None:
    url = "https://example.org/"
    body = (Paragraph((Run("before it "), Run("the form to open", url=url), Run(" after"))),)
    assert to_telegram(body, limit=20) == ["before it", f'<a href="{url}">the form to open</a>', "after"]
    assert to_telegram((Paragraph((Run("go on "), Run("git commit", code=True))),), limit=16) == [
        "go on <code>git commit</code>"
    ]
    assert to_telegram((Paragraph((Run("go on now "), Run("git commit", code=True))),), limit=16) == [
        "go on now",
        "<code>git commit</code>",
    ]
    assert to_telegram(said(f"name is {FSI}Anna Maria{PDI}"), limit=16) == ["name is", f"{FSI}Anna Maria{PDI}"]


def test_o05_a_link_longer_than_a_message_becomes_two_links() -> None:
    url = "https://example.org/"
    texts = to_telegram((Paragraph((Run("one two three four five", url=url),)),), limit=16)
    assert [Reading(html).links for html in texts] == [[url], [url]]


def test_o05_a_draft_is_cut_at_line_ends_and_stays_code() -> None:
    texts = to_telegram((CodeBlock("Dear Sir,\n\n  I object\nto all of it."),), limit=24)
    assert texts == ["<pre>Dear Sir,\n\n  I object</pre>", "<pre>to all of it.</pre>"]
    assert to_telegram((CodeBlock("x" * 20 + "\n" + "y" * 20),), limit=20) == [
        f"<pre>{'x' * 20}</pre>",
        f"<pre>{'y' * 20}</pre>",
    ]


def test_o05_the_rest_of_a_list_item_is_no_item_of_its_own() -> None:
    body = (Paragraph((Run("one two three four"),), bullet=True),)
    assert to_telegram(body, limit=16) == ["• one two three", "four"]


def test_o05_marks_beyond_the_hundredth_go_to_another_message() -> None:
    body = tuple(Paragraph((Run("x", url="https://example.org/"),), bullet=True) for _ in range(150))
    texts = to_telegram(body)
    assert [len(Reading(html).links) for html in texts] == [100, 50]


def test_o05_long_addresses_count_though_nobody_sees_them() -> None:
    body = tuple(Paragraph((Run("x", url="https://example.org/" + "y" * 1900),), bullet=True) for _ in range(40))
    texts = to_telegram(body)
    assert len(texts) == 3
    assert all(len(html.encode()) <= 32_000 for html in texts)


def test_o05_white_space_alone_needs_no_message_of_its_own() -> None:
    assert to_telegram(said("x" * 16 + " \n "), limit=16) == ["x" * 16]
    assert to_telegram((CodeBlock("x" * 16 + "\n"),), limit=16) == [f"<pre>{'x' * 16}</pre>"]


def test_a_body_without_words_gives_no_message() -> None:
    assert to_telegram(()) == []
    assert to_telegram(said(" \n")) == []
    assert to_telegram((Paragraph(()),)) == []
    assert to_telegram((Paragraph((Run("", code=True),)),)) == []


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        to_telegram((), limit=15)


def test_commands_of_other_chats_are_shown_as_code_and_ours_are_not() -> None:
    body = said("Type /reset-ai or /help, /help@other a/b https://x/y /help")
    assert to_telegram(body, commands={"help"}) == [
        "Type <code>/reset-ai</code> or /help, <code>/help@other</code> a/b https://x/y /help"
    ]
    assert to_telegram(said("/a&b", bold=True), commands=()) == ["<code>/a</code><b>&amp;b</b>"]
    assert to_telegram(body) == ["Type /reset-ai or /help, /help@other a/b https://x/y /help"]


def test_units_are_counted_in_utf16() -> None:
    assert [utf16_units(text) for text in ("", "abc", "ä", "👍", "\ud83d")] == [0, 3, 1, 2, 1]
