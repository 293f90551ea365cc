"""Words people type for products, reasons and follow-ups: understood, each for one answer, in English and German."""

from __future__ import annotations

from functools import cache

import pytest

from bot.engine import recognise
from bot.engine.recognise import Found, Vocabulary, normalise
from bot.facts.answers import lists, match_words
from bot.facts.offer import MATCH_WORDS
from bot.facts.texts import texts
from bot.texts.catalogue import Catalogues
from tests.facts.kit import FOLDER, changed, registry, shipped

NAMES = ("products", "grounds", *shipped().follow_ups)


@cache
def german() -> Catalogues:
    return Catalogues.load(FOLDER.parents[2] / "locales")


@cache
def vocabulary(name: str) -> Vocabulary:
    provider = registry().lists[name]
    return recognise.build([{id: [provider.label(id, "en"), *provider.words(id, "en")] for id in provider.every}])


def understood(name: str, text: str) -> Found:
    every = registry().lists[name].every
    return recognise.recognise(text, vocabulary(name), every, every)


@pytest.mark.parametrize(
    ("name", "text", "id"),
    [
        ("products", "insta", "instagram"),
        ("products", "ig", "instagram"),
        ("products", "FB", "facebook"),
        ("products", "WA", "whatsapp"),
        ("products", "Meta AI", "meta_account"),
        ("products", "my Quest", "meta_account"),
        ("products", "the glasses", "meta_account"),
        ("products", "what others post", "third_party"),
        ("grounds", "deepfakes", "misuse_fear"),
        ("grounds", "health", "sensitive"),
        ("grounds", "my kids", "children"),
        ("grounds", "I am an artist", "creator"),
        ("grounds", "nobody asked me", "consent"),
        ("fears", "identity theft", "identity"),
        ("creations", "drawing", "art"),
        ("childhoods", "my daughter", "my_children"),
        ("professions", "nurse", "medical"),
        ("contents", "a mix", "everything"),
    ],
)
def test_what_people_type_is_understood(name: str, text: str, id: str) -> None:
    assert understood(name, text) == Found((id,))


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_has_words_and_every_word_names_it_alone(name: str) -> None:
    provider = registry().lists[name]
    for id in provider.every:
        words = provider.words(id, "en")
        assert len(words) >= 2
        for word in words:
            assert understood(name, word) == Found((id,)), word


def test_forms_and_other_lists_without_words_stay_as_they_were() -> None:
    assert registry().lists["forms"].words("fb_ai_objection", "en") == []


def test_the_words_are_translated_with_a_context_of_their_own() -> None:
    found = {place: text for place, text, context in texts(shipped()) if context == MATCH_WORDS}
    assert found["meta_ai/facts/products/instagram/also"] == shipped().products["instagram"].also
    assert "meta_ai/facts/grounds/creator/also" in found
    assert "meta_ai/facts/follow_ups/fears/deepfakes/also" in found
    assert registry().lists["products"].words("threads", "fr") == ["<fr>thread", "threads app"]
    assert len({place for place, _, _ in texts(shipped())}) == len(list(texts(shipped())))


def test_a_german_word_stands_for_one_answer_of_its_list_and_never_for_another_in_english() -> None:
    for path, answers in lists(shipped()):
        owner: dict[str, str] = {}
        for language in ("de", "en"):
            for id, (label, also) in answers.items():
                said = german().label(language, also or "", MATCH_WORDS)
                for word in [german().label(language, label, None), *match_words(said)]:
                    assert owner.setdefault(normalise(word), id) == id, (path, language, word)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("products.yaml", "also: thread,", "also: insta,", "F042 «insta» stands for instagram and threads."),
        ("products.yaml", "also: thread,", "also: Facebook!,", "F042 «Facebook!» stands for facebook and threads."),
        ("grounds.yaml", "also: belief,", "also: ill,", "F042 «ill» stands for health and belief."),
        ("grounds.yaml", "also: undo,", "also: consent, undo,", "F042 «consent» stands for irreversible and consent."),
        ("products.yaml", "also: thread,", "also: thread,,", "expected words separated by commas"),
        ("products.yaml", "also: thread,", "also: thread, thread,", "expected every word once, found thread twice"),
    ],
)
def test_a_word_for_two_answers_is_a_problem_at_its_place(file: str, old: str, new: str, says: str) -> None:
    (found,) = changed(file, old, new)
    assert says in str(found)
    assert found.line > 1
