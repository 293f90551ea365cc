"""Expected lines are rewritten; everything else of a file stays."""

from __future__ import annotations

import pytest

from bot.engine.providers import BlockProvider
from bot.service.examples.accept import accept, difference, like
from bot.service.examples.align import Op, align
from bot.service.examples.play import play
from bot.texts.tree import CodeBlock
from tests.service.examples.pets import example, library


def accepted(talk: str) -> str:
    lib = library()
    played = play(lib, example(talk))
    new = accept(played)
    again = play(lib, example(new.partition("talk:\n")[2]))
    assert again.ok, again.differences
    return new.partition("talk:\n")[2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # What fits stays as it is, with its comments.
        ("  - bot: Hello*   # greeting\n  - bot: ...\n", "  - bot: Hello*   # greeting\n  - bot: ...\n"),
        # A changed line is replaced, a comment behind it stays.
        ("  - bot: Hi! # greeting\n  - bot: ...\n", "  - bot: Hello!  # greeting\n  - bot: ...\n"),
        ("  - bot: 'Hi: # you'   # greeting\n  - bot: ...\n", "  - bot: Hello!  # greeting\n  - bot: ...\n"),
        ('  - bot: "Hi \\"you\\""\n  - bot: ...\n', "  - bot: Hello!\n  - bot: ...\n"),
        # A text on several lines becomes one line; comments between steps stay.
        (
            "  - bot: |\n      Hello you,\n\n      there!\n\n  # then\n  - bot: Which animal*\n",
            "  - bot: Hello!\n\n  # then\n  - bot: Which animal*\n",
        ),
        ("  - bot: Hello you\n      over there\n  - bot: ...\n", "  - bot: Hello!\n  - bot: ...\n"),
        # Wildcards stay where the old line had them.
        ("  - bot: ...\n  - bot: Which animals*\n", "  - bot: ...\n  - bot: Which animal do you have?\n"),
        # Missing messages are added, those that are not said any more go.
        ("  - bot: Which*\n", "  - bot: Hello!\n  - bot: Which*\n"),
        ("  - bot: Hello!\n", "  - bot: Hello!\n  - bot: Which animal do you have?\n"),
        ("  - bot: Hello!\n  - bot: Good to see you.\n  - bot: Which*\n", "  - bot: Hello!\n  - bot: Which*\n"),
        (
            "  - bot: Hello!\n  - bot: Gone.\n    buttons: Yes\n  - bot: Which*\n    buttons: '*'\n",
            "  - bot: Hello!\n  - bot: Which*\n    buttons: '*'\n",
        ),
        # Buttons are named as before: by words, or by ids.
        ("  - bot: ...\n  - buttons: A dog, A cow\n", "  - bot: ...\n  - buttons: A dog, A cat, No, thank you\n"),
        ("  - bot: ...\n  - bot: Which*\n    buttons: dog, cow # pets\n",
         "  - bot: ...\n  - bot: Which*\n    buttons: dog, cat, none  # pets\n"),
        # What a person does stays, also when it comes to nothing.
        ("  - bot: Hi!\n  - they say: hmm\n  - bot: ...\n", "  - bot: Hello!\n  - bot: Which animal do you have?\n"
         "  - they say: hmm\n  - bot: ...\n"),
    ],
)  # fmt: skip
def test_only_what_differs_is_rewritten(old: str, new: str) -> None:
    assert accepted(old) == new


def test_a_line_that_must_be_quoted_is_quoted() -> None:
    lib = library(help="dialog: help\nstart: say\nstates:\n  say:\n    say: 'Note: it''s # here'\n    end: done\n")
    played = play(lib, example("  - they say: /help\n  - bot: Nothing\n  - bot: ...\n"))
    assert "  - bot: 'Note: it''s # here'\n" in accept(played)


def test_an_example_that_stops_is_rewritten_up_to_there() -> None:
    played = play(library(), example("  - bot: Hi!\n  - bot: ...\n  - they tap: horse\n  - bot: What?\n"))
    assert accept(played).endswith("  - bot: Hello!\n  - bot: ...\n  - they tap: horse\n  - bot: What?\n")


def test_an_empty_message_is_never_accepted() -> None:
    lib = library()
    lib.registry.blocks["card"] = BlockProvider(lambda scope: (CodeBlock(""),))
    talk = (
        "  - they tap: dog\n  - they tap: B\n  - they tap: nothing\n  - they say: Rex\n  - they say: 2\n  - bot: Card\n"
    )
    played = play(lib, example(talk))
    assert accept(played) == played.example.source


def test_buttons_where_none_are_offered_stay_as_they_are() -> None:
    played = play(library(), example("  - bot: Hello!\n    buttons: Yes\n  - bot: ...\n"))
    assert accept(played) == played.example.source


def test_the_change_is_shown_as_a_diff() -> None:
    assert difference("a.yaml", "x\n", "x\n") == ""
    assert difference("a.yaml", "x\ny\n", "x\nz\n").split("\n")[:3] == ["--- a.yaml", "+++ a.yaml", "@@ -1,2 +1,2 @@"]


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("Where*", "Anything.", "Anything."),
        ("Where do you live?*", "Where are you? Write it.", "Where are you?*"),
        ("*you live?", "Hello there. Where are you living?", "*Where are you living?"),
        ("*do you live*", "Hello. Where do you reside? Write.", "*Where do you reside?*"),
        ("All of it", "Something. Else.", "Something. Else."),
        # A `*` in the middle stays where its words stand now.
        ("Good that * is there.", "Good to know that Ann is there.", "Good to know that * is there."),
        ("Hello *, welcome back.", "Hi Ann, welcome back.", "Hi *, welcome back."),
        ("Until * you have * days.", "Until 24 December 2026 you get 31 days.", "Until * you get * days."),
        ("Good that * is there.", "How nice of Ann to come.", "How nice of Ann to come."),
    ],
)
def test_a_line_with_wildcards_keeps_to_the_sentence_that_matters(old: str, new: str, written: str) -> None:
    assert like(old, new) == written


def test_as_little_as_possible_is_rewritten() -> None:
    assert align(["a", "...", "z"], ["a", "b", "c", "z"]) == [Op("keep", 0, 0), Op("keep", 1), Op("keep", 2, 3)]
    assert align(["alpha"], ["beta", "alphas"]) == [Op("insert", 0, 0), Op("replace", 0, 1)]
    assert align(["alpha", "beta"], ["beta"]) == [Op("delete", 0), Op("keep", 1, 0)]
