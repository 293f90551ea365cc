from __future__ import annotations

import pytest

from bot.engine.effects import Value
from bot.letters.case import read_case
from bot.letters.compose import Letter, compose, length
from tests.letters.kit import longer, same, scope, tiny, tiny_facts, tiny_registry

LETTERS = tiny().letters
WORDS = "I asked you in May, by phone, and the person who answered promised to take my address off the list for good."


def written(
    language: str = "en", /, kind: str = "objection", laws: dict[str, str] | None = None, **slots: Value
) -> Letter:
    case = read_case(scope(language, **slots), tiny_registry(), LETTERS, tiny_facts(laws))
    return compose(LETTERS, kind, case, longer if language == "de" else same)


def test_a_short_letter_follows_the_paragraphs_of_the_recipe() -> None:
    letter = written(grounds=("paper",), person_name="Ann")
    assert letter.short == "Good day! No advertising, please.\n\nIt wastes paper.\n\nThank you.\n\nAnn"
    assert letter.fits
    assert letter.length == len(letter.short)


def test_a_long_letter_has_the_date_and_each_reason_as_a_paragraph() -> None:
    letter = written(grounds=("paper", "noise"), accounts=("web",), waste="bins")
    assert letter.long.split("\n\n") == [
        "November 23, 2026",
        "No more advertising",
        "I buy at Web shop, and I want no advertising.",
        "It wastes paper, and I can hardly carry it all down the stairs to the bin in the yard. My bin is full.",
        "Your calls disturb me.",
        "Please answer by December 7, 2026.",
        "[name]",
    ]


def test_the_date_is_written_as_in_the_place_where_the_person_lives() -> None:
    assert written(territory="IE").long.startswith("23 November 2026\n")
    assert written("de", territory="DE").long.startswith("23. November 2026~"[:17])


def test_an_account_without_a_name_is_not_listed() -> None:
    assert "I buy at the shop, and" in written(accounts=("fax",)).long


def test_a_provision_is_named_only_where_the_facts_carry_it() -> None:
    assert written().subject == "No more advertising"
    assert written(laws={"stop": "Act 7"}).subject == "No more advertising (Act 7)"


def test_without_reasons_and_own_words_the_letter_says_what_can_be_said_without() -> None:
    assert "I need not say why." in written().short
    assert "I need not say why." not in written(own_words="Because.").short
    assert "I need not say why." not in written(grounds=("noise",)).short


def test_a_follow_up_of_two_reasons_is_told_once() -> None:
    assert written(grounds=("paper", "noise"), waste="trees").long.count("Trees are felled for it.") == 1


def test_a_ground_that_is_no_longer_offered_is_left_out() -> None:
    assert written(grounds=("paper", "noise"), territory="FR").short.count("paper") == 0


def test_shortening_takes_its_steps_in_order_and_never_more_than_it_needs() -> None:
    gone: list[str] = []
    letter = written()
    watched = {"Thank you.": "thanks", "It wastes paper.": "argument"}
    for count in range(1, 400):
        letter = written(grounds=("paper", "noise"), waste="bins", own_words="x" * count)
        missing = [name for words, name in watched.items() if words not in letter.short]
        assert gone == missing[: len(gone)]
        gone = missing
        assert "x" * count in letter.short
        if "Bins!" not in letter.short:
            assert letter.fits
            assert letter.length > 200 or count < 120
    assert gone == ["thanks", "argument"]
    assert "Bins!" in letter.short
    assert not letter.fits


def test_own_words_are_never_cut_even_if_nothing_fits_then() -> None:
    letter = written(grounds=("paper",), own_words=WORDS * 4)
    assert WORDS * 4 in letter.short
    assert not letter.fits


def test_characters_are_counted_as_a_form_counts_them() -> None:
    assert length("ä") == 1
    assert length("🙂") == 2


@pytest.mark.parametrize("name", ["<b>{x}</b>", "**me**", "[a](b)", "{name}", "`code`", "- A"])
def test_a_name_stays_as_it_was_written(name: str) -> None:
    letter = written(person_name=name)
    assert letter.short.endswith(f"\n\n{name}")
    assert letter.long.endswith(f"\n\n{name}")


@pytest.mark.parametrize("words", ["{own_words} {", "**bold** and [a](b)", "- not a list", "`x`", "}}{{"])
def test_own_words_stay_as_they_were_written(words: str) -> None:
    assert f"\n\n{words}\n\n" in written(own_words=words).short


def test_own_words_become_one_paragraph_without_control_characters() -> None:
    assert "\n\none two three\n\n" in written(own_words="  one\n\ntwo\x00\t three \u202e ").short


def test_a_further_kind_of_letter_needs_no_further_code() -> None:
    reminder = written(kind="reminder", sent_on="2026-10-01")
    assert "On October 1, 2026 I wrote to you, Tiny Ltd, and heard nothing." in reminder.long
    assert "heard nothing" not in written(kind="reminder").long


def test_a_broken_translation_falls_back_to_english() -> None:
    def broken(language: str, msgid: str, context: str | None = None) -> str:
        return {"{name}": "{nobody}", "Good day!": "**Guten Tag"}.get(msgid, msgid)

    case = read_case(scope("de", person_name="Ann"), tiny_registry(), LETTERS, tiny_facts())
    letter = compose(LETTERS, "objection", case, broken)
    assert letter.short.startswith("Good day!")
    assert letter.short.endswith("Ann")


def test_a_letter_can_be_in_english_while_the_person_speaks_another_language() -> None:
    assert "~" in written("de").long
    assert "~" not in written("de", letter_language="english").long


def test_sentences_stand_without_a_space_between_them_where_the_script_has_none() -> None:
    assert "Good day!No advertising, please." in written("ja").short
