"""What was said is compared with what was expected."""

from __future__ import annotations

import pytest

from bot.service.examples.match import fits, match, offers, spoken, squash
from bot.texts.tree import CodeBlock, Message, Paragraph, RenderedChoice, RenderedFile, Run


@pytest.mark.parametrize(
    ("expected", "said", "yes"),
    [
        ("Hello", "Hello", True),
        ("Hello", "Hello!", False),
        ("Hello*", "Hello!", True),
        ("*lo*", "Hello!", True),
        ("H*o", "Hello!", False),
        ("*", "", True),
        ("a (b) [c]", "a (b) [c]", True),
        ("**Bold** words", "Bold words", True),
        ("two\n  lines", "two lines", True),
        ("", "", True),
    ],
)
def test_a_star_stands_for_anything_and_space_does_not_count(expected: str, said: str, yes: bool) -> None:
    assert fits(expected, said) is yes


def test_a_message_is_its_plain_text_and_the_names_of_its_files() -> None:
    body = (Paragraph((Run("Hi "), Run("there", bold=True))), CodeBlock("copy\nme"))
    message = Message(body, files=(RenderedFile("a.txt", "text/plain", b""),))
    assert spoken(message) == "Hi there copy me [file: a.txt]"
    assert squash(" a\u2068b\u2069 \n c ") == "ab c"


@pytest.mark.parametrize(
    ("expected", "said", "places"),
    [
        (["a", "b"], ["a", "b"], (0, 1)),
        (["...", "b"], ["a", "b"], (None, 1)),
        (["...", "b"], ["b"], (None, 0)),
        (["a", "..."], ["a"], (0, None)),
        (["a", "..."], ["a", "b", "c"], (0, None)),
        (["...", "a", "b"], ["a", "x", "a", "b"], (None, 2, 3)),
        (["...", "...", "a"], ["a"], (None, None, 0)),
        ([], [], ()),
    ],
)
def test_lines_are_placed_on_messages_in_order(
    expected: list[str], said: list[str], places: tuple[int | None, ...]
) -> None:
    found = match(expected, said)
    assert found.failed is None
    assert found.places == places


@pytest.mark.parametrize(
    ("expected", "said", "failed", "at"),
    [
        (["a"], ["b"], 0, 0),
        (["a", "b"], ["a", "c"], 1, 1),
        (["...", "b"], ["a", "c"], 1, 0),
        (["a"], ["a", "b"], 1, 1),
        (["a", "b"], ["a"], 1, 1),
        (["...", "...", "x"], ["a", "b", "c"], 2, 0),
    ],
)
def test_the_first_line_that_cannot_be_placed_is_known(
    expected: list[str], said: list[str], failed: int, at: int
) -> None:
    found = match(expected, said)
    assert (found.failed, found.at) == (failed, at)


CHOICES = (RenderedChoice("yes", "Yes"), RenderedChoice("no", "No, thank you"), RenderedChoice("de", "🇩🇪 Germany"))


@pytest.mark.parametrize(
    ("expected", "yes"),
    [
        ("Yes, No, thank you, 🇩🇪 Germany", True),
        ("yes, no, de", True),
        ("Yes, no, *Germany", True),
        ("Yes, *", True),
        ("*", True),
        ("*, de", True),
        ("*, no, *", True),
        ("yes, *, de", True),
        ("Yes, No, thank you", False),
        ("no, yes, de", False),
        ("yes, no, de, more", False),
        ("yes, maybe, de", False),
        ("*, fr", False),
        ("yes no", False),
    ],
)
def test_buttons_are_named_by_words_or_ids_also_where_words_have_commas(expected: str, yes: bool) -> None:
    assert offers(expected, CHOICES) is yes
