"""The same choices lead to the same places in every language."""

from __future__ import annotations

import pytest

from bot.engine.events import Said
from bot.engine.providers import BlockProvider
from bot.service.examples.conversation import Conversation
from bot.service.examples.languages import events, replay
from bot.service.examples.model import START
from bot.service.examples.play import play
from bot.texts.tree import CodeBlock, Paragraph, Run
from tests.service.examples.pets import AGAIN, MAIN, example, library

TALKS = [
    "  - they say: puppy\n  - they say: Berlin\n  - they say: ball and bone\n  - they say: Rex\n  - they say: 3\n"
    "  - they react: 1\n  - wait: 2 months\n  - they tap: well\n",
    "  - they tap: dog\n  - they tap: B\n  - they tap: ball\n  - they tap: mouse\n  - they tap: done\n",
    "  - they tap: dog\n  - they tap: B\n  - they tap: ball\n  - they say: A mouse\n",
    "  - they tap: dog\n  - they tap: B\n  - they say: Nothing\n  - they say: Rex\n  - they say: many\n",
    "  - they say: hmm\n  - they say: cat\n",
    "  - they tap: cat\n  - they say: capital\n  - they say: Paris\n",
    "  - they tap: cat\n  - they say: capital\n  - they say: None of these\n  - they say: Rome\n",
    "  - they tap: cat\n  - they say: capital\n  - they tap: neither\n  - they tap: R\n",
    "  - they tap: cat\n  - they say: capital\n  - they react: 3\n  - they tap: R\n",
    "  - they say: help me\n  - they say: /help\n  - they say: back\n  - they send: photo\n  - they tap: dog\n",
    "  - they say: /language\n  - they say: Deutsch\n  - they tap: dog\n",
    "  - they tap: none\n  - they say: hello?\n  - they say: /restart\n  - they say: A dog\n",
    "  - they tap: dog\n  - they tap: B\n  - they react: 1\n  - they react: 5\n  - they say: Rex\n",
    "  - they say: /forget\n  - they tap: delete\n  - they say: hello\n",
]


@pytest.mark.parametrize("talk", TALKS)
def test_typed_words_become_the_answers_they_were_understood_as(talk: str) -> None:
    lib = library()
    played = play(lib, example(talk))
    assert played.ok, played.differences
    assert replay(lib, played, "de") is None


def test_an_example_in_another_language_is_played_in_english_too() -> None:
    lib = library()
    played = play(lib, example("  - they say: Einen Hund\n  - bot: Wo wohnt es?\n", "language: de\n"))
    assert played.ok
    assert replay(lib, played, "en") is None


def test_a_way_that_depends_on_the_language_is_named() -> None:
    odd = MAIN.replace(
        "    next: town\n  town:\n    say: Where",
        "    next: odd\n  odd:\n    branch:\n      - when: language is de\n        go: goodbye\n"
        "      - otherwise: town\n  town:\n    say: Where",
    )
    lib = library(main=odd)
    found = replay(lib, play(lib, example("  - they tap: dog\n  - bot: ...\n")), "de")
    assert found is not None
    assert str(found.problem) == "examples/one.yaml:3:15: E030 in «de», the state is another one here."
    assert (found.expected, found.came) == ("main/town", ("main/goodbye",))


def test_an_answer_that_depends_on_the_language_is_named() -> None:
    odd = MAIN.replace("        id: cat\n", "        id: cat\n        set:\n          town: =language\n")
    lib = library(main=odd)
    lib.registry.lists["towns"] = lib.registry.lists["languages"]
    found = replay(lib, play(lib, example("  - they tap: cat\n")), "de")
    assert found is not None
    assert (found.expected, found.came) == ("en", ("de",))
    assert "the answer «town»" in found.problem.message


def test_a_failure_in_another_language_is_named() -> None:
    lib = library()

    def card(scope: object) -> tuple[CodeBlock, ...]:
        if getattr(scope, "language", "") == "de":
            raise KeyError("no German card")
        return (CodeBlock("card"),)

    lib.registry.blocks["card"] = BlockProvider(card)
    talk = "  - they tap: dog\n  - they tap: B\n  - they tap: nothing\n  - they say: Rex\n  - they say: 2\n"
    found = replay(lib, play(lib, example(talk)), "de")
    assert found is not None
    assert found.problem.code == "E031"
    assert "KeyError" in found.problem.message


def test_an_empty_message_in_another_language_is_named() -> None:
    lib = library()
    lib.registry.blocks["card"] = BlockProvider(
        lambda scope: (Paragraph((Run("" if scope.language == "de" else "card"),)),)
    )
    talk = "  - they tap: dog\n  - they tap: B\n  - they tap: nothing\n  - they say: Rex\n  - they say: 2\n"
    found = replay(lib, play(lib, example(talk)), "de")
    assert found is not None
    assert (found.problem.code, found.problem.line) == ("E032", 7)


def test_a_choice_whose_answer_was_forgotten_at_once_is_typed_again() -> None:
    lib = library(main=MAIN.replace("  toys:\n    say:", "  toys:\n    clear: town\n    say:"))
    talk = Conversation(lib, START)
    talk.start()
    played = play(lib, example("  - they tap: dog\n  - they say: Berlin\n"))
    assert played.last is not None
    assert "town" not in played.last.slots
    assert list(events(lib, talk, played.scenes[-1].turns[0])) == [Said("Berlin")]
    assert replay(lib, played, "de") is None


def test_a_reminder_of_which_nothing_comes_is_compared_too() -> None:
    lib = library(again=AGAIN)
    assert replay(lib, play(lib, example("  - wait: 2 days\n")), "de") is None
