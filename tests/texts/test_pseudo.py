from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.text import Text
from bot.texts.agree import refusals, remarks
from bot.texts.catalogue import Catalogues
from bot.texts.markup import compile_markup
from bot.texts.pobook import read_book
from bot.texts.pseudo import CLOSE, LANGUAGE, OPEN, accent, pseudo
from bot.texts.reconcile import Entry

PIECES = st.sampled_from(
    [
        "Hello", "you there,", "{name}", "**bold words**", "`/reset-ai code`", "[the form](form)", "/help", "30 days",
        "@somebody", "Art. 21(1)", "{{not a name}}", "Really?", "2025", "naïve",
    ]
)  # fmt: skip
LINES = st.lists(PIECES, min_size=1, max_size=6).map(" ".join)
TEXTS = st.lists(LINES | LINES.map("- {}".format) | st.just("{block}"), min_size=1, max_size=4).map("\n\n".join)


@given(TEXTS)
def test_fill_ins_markup_links_commands_and_numbers_stay_as_they_are(text: str) -> None:
    source, made = compile_markup(text), compile_markup(accent(text))
    assert not list(refusals([source], made))
    assert not [one for one in remarks([source], made) if one.code != "T210"]
    assert re.findall(r"\d+|/[a-z-]+|@\w+|`[^`]*`", text) == re.findall(r"\d+|/[a-z-]+|@\w+|`[^`]*`", accent(text))


@given(TEXTS)
def test_paragraphs_lists_and_questions_keep_their_shape(text: str) -> None:
    made = accent(text).split("\n")
    assert len(made) == len(text.split("\n"))
    for before, after in zip(text.split("\n"), made, strict=True):
        assert (before[:2] == "- ") == (after[:2] == "- ")
        assert (before == "{block}") == (after == "{block}")
        assert before.endswith("?") == after.endswith("?")


@given(TEXTS)
def test_a_text_stands_between_one_pair_of_brackets(text: str) -> None:
    made = accent(text)
    said = re.sub(r"^(- )?\{\w+\}$|\s", "", text, flags=re.MULTILINE)
    assert made.count(OPEN) == made.count(CLOSE) == bool(said)
    assert made.find(OPEN) <= made.find(CLOSE)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Yes", "⟦Ýéś⟧"),
        ("Where do you live?", "⟦Ŵĥéŕé ďó ýóú ĺíṽé ťŵó⟧?"),
        ("- {name}: choose", "- ⟦{name}: ćĥóóśé⟧"),
        ("{block}", "{block}"),
        ("{a}\n\nNo way out.\n\n{b}", "{a}\n\n⟦Ńó ŵáý óúť. ť⟧\n\n{b}"),
        ("First line\nSecond line", "⟦Ḟíŕśť ĺíńé ťŵ\nŚéćóńď ĺíńé ťŵ⟧"),
        ("", ""),
    ],
)
def test_examples(text: str, made: str) -> None:
    assert accent(text) == made


WORDS = st.sampled_from(["a", "quick", "brown", "fox", "jumps", "over", "lazy", "dogs"])


@given(st.lists(WORDS, min_size=8, max_size=80).map(" ".join).filter(lambda text: len(text) >= 25))
def test_a_text_is_as_much_longer_as_german_is_and_no_longer(text: str) -> None:
    assert 1.25 <= len(accent(text)) / len(text) <= 1.4


def test_without_its_accents_the_text_can_be_read_and_typed() -> None:
    text = "The quick brown fox jumps over the lazy dog"
    plain = unicodedata.normalize("NFKD", accent(text)).encode("ascii", "ignore").decode()
    assert plain.startswith(text)


def test_every_letter_changes_so_that_what_stays_english_shows() -> None:
    made = accent("abcdefghijklmnoprstuvwxyz ABCDEFGHIJKLMNOPRSTUVWXYZ")
    assert not re.search("[a-zA-Z]", made)


ENTRIES = [
    Entry("Hello {name}", "p/a", "f"),
    Entry("{n} day", "p/b", "f", None, "{n} days"),
    Entry("yes, yep", "p/c", "f", "match words"),
]


def test_a_catalogue_of_it_is_used_like_any_other() -> None:
    texts = Catalogues.from_texts({LANGUAGE: pseudo(ENTRIES, without=["match words"])})
    assert texts.languages == ("en", LANGUAGE)
    assert texts.text(LANGUAGE, Text("Hello {name}", "p/a")) == "⟦Ĥéĺĺó {name}⟧"
    days = Text("{n} day", "p/b", None, "{n} days", "n")
    assert [texts.text(LANGUAGE, days, number) for number in (1, 2)] == ["⟦{n} ďáý⟧", "⟦{n} ďáýś⟧"]
    assert not texts.translated(LANGUAGE, Text("yes, yep", "p/c", "match words"))
    assert not texts.problems


def test_it_can_borrow_the_plural_forms_of_a_language() -> None:
    book = read_book(pseudo(ENTRIES, "ar"), "ar")
    assert len(book.messages[None, "{n} day"].strings) == 6
    assert book.messages[None, "{n} day"].strings[1:3] == ("⟦{n} ďáý⟧", "⟦{n} ďáýś⟧")
