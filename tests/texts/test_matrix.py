from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.clean import clean
from bot.texts.links import is_web
from bot.texts.markup import compile_markup
from bot.texts.matrix import TAGS, to_html, to_matrix
from bot.texts.plain import to_plain
from bot.texts.tree import Body, CodeBlock, Link, Paragraph, Run
from tests.texts.reading import Reading, expected, squeezed
from tests.texts.strategies import bodies, typed


def said(text: str) -> Body:
    return (Paragraph((Run(text),)),)


def size(pair: tuple[str, str]) -> int:
    return len(json.dumps(pair[0])) + len(json.dumps(pair[1]))


def test_a_message_is_written_as_plain_text_and_as_html() -> None:
    template = compile_markup(
        "**Hello {name}**\nyou & `<x>`\n\nDo:\n- [the form](form)\n- two\n\n{draft}\n- **[`a`](form)**"
    )
    body = template.fill(
        {"name": "<Ann>", "form": Link("", "https://example.org/?a=1&b"), "draft": (CodeBlock("Dear\n<you>"),)}
    )
    ((plain, html),) = to_matrix(body)
    assert plain == to_plain(body)
    assert html == (
        "<p><strong>Hello &lt;Ann&gt;</strong><br>you &amp; <code>&lt;x&gt;</code></p><p>Do:</p>"
        '<ul><li><a href="https://example.org/?a=1&amp;b">the form</a></li><li>two</li></ul>'
        "<pre><code>Dear\n&lt;you&gt;</code></pre>"
        '<ul><li><strong><a href="https://example.org/?a=1&amp;b"><code>a</code></a></strong></li></ul>'
    )


@given(typed, st.booleans(), st.booleans())
def test_u02_whatever_a_person_typed_is_read_exactly_so(text: str, bold: bool, code: bool) -> None:
    for plain, html in to_matrix((Paragraph((Run(text, bold, code),)),)):
        assert plain == clean(text) == Reading(html).text
    assert Reading(to_html((CodeBlock(text),))).text == clean(text)


@given(bodies)
def test_only_allowed_tags_are_written_and_only_web_addresses_become_links(body: Body) -> None:
    for _, html in to_matrix(body):
        reading = Reading(html)
        assert reading.tags <= TAGS
        assert all(is_web(link) for link in reading.links)


@given(bodies, st.integers(256, 600))
def test_o06_events_never_exceed_the_limit_and_nothing_is_lost(body: Body, limit: int) -> None:
    pairs = to_matrix(body, limit)
    assert all(size(pair) <= limit and pair[0].strip() for pair in pairs)
    assert squeezed("".join(Reading(html).text for _, html in pairs)) == squeezed(expected(body))


@pytest.mark.parametrize("text", ["я " * 20_000, "👍" * 10_000, '"' * 50_000, "x" * 100_000])
def test_o06_long_texts_are_cut_within_40_000_bytes_as_they_are_sent(text: str) -> None:
    pairs = to_matrix(said(text))
    assert len(pairs) > 1
    assert all(size(pair) <= 40_000 for pair in pairs)
    assert squeezed("".join(plain for plain, _ in pairs)) == squeezed(text)


def test_a_body_without_words_gives_no_event() -> None:
    assert to_matrix(()) == []
    assert to_matrix(said(" ")) == []


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 256"):
        to_matrix((), limit_bytes=255)
