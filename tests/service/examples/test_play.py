"""Examples are played turn by turn, through the pure step, with a clock of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine import step as engine_step
from bot.engine.effects import CancelTimers
from bot.engine.events import Pressed, TimerFired
from bot.engine.providers import BlockProvider
from bot.engine.session import Session, decode
from bot.service.examples.conversation import Conversation, how
from bot.service.examples.model import START
from bot.service.examples.play import Played, in_words, play
from bot.service.examples.report import explain, summary
from bot.texts.tree import CodeBlock
from tests.service.examples.pets import MAIN, example, library

WHOLE = """\
  - bot: Hello!
  - bot: Which animal*
    buttons: A dog, cat, No, thank you
  - they say: puppy
  - bot: Where*
  - buttons: Berlin, *
  - they say: capital
  - bot: Which one?
  - they tap: Paris
  - bot: ...
  - they tap: ball
  - they tap: done
  - they say: Rex
  - bot: How old is Rex?
  - they say: 12
  - bot: How wise!
  - bot: Rex the animal
  - bot: '[file: pet.txt]'
  - bot: Shall*
  - they react: 1
  - wait: 31 days
  - bot: Is Rex*
  - they tap: tomorrow
  - wait: 1 day
  - bot: Is Rex well?
"""

END = """\
  state: again/ask
  language: en
  ended: no
  forgotten: no
  slots:
    animal: dog
    toys: ball
    count: 12
"""


def played(talk: str, head: str = "", expect: str = "", **changed: str) -> Played:
    return play(library(None, **changed), example(talk, head, expect))


def codes(result: Played) -> list[tuple[str, int]]:
    return [(one.problem.code, one.problem.line) for one in result.differences]


def test_a_whole_conversation_with_words_buttons_a_reaction_and_reminders_is_as_expected() -> None:
    result = played(WHOLE, expect=END)
    assert result.differences == []
    assert result.ok
    assert result.last is not None
    assert result.last.state == "again/ask"


def test_answers_by_words_and_by_button_are_counted_and_a_free_text_is_neither() -> None:
    result = played(WHOLE, expect=END)
    assert (result.answers("say"), result.answers("tap"), result.answers("react")) == (1, 3, 1)
    assert summary([result], 1) == "2 examples: 1 as expected, 1 unreadable. 4 answers, 25 % of them by their words."


@pytest.mark.parametrize(
    ("talk", "found"),
    [
        ("  - bot: Hi!\n", [("E020", 3)]),
        ("  - bot: ...\n  - bot: Hi!\n", [("E020", 4)]),
        ("  - bot: Hello!\n  - bot: Which*\n  - bot: More\n", [("E021", 5)]),
        ("  - bot: Hello!\n", [("E022", 3)]),
        ("  - bot: ...\n  - bot: Which*\n    buttons: A dog\n", [("E023", 5)]),
        ("  - bot: Hello!\n    buttons: A dog\n  - bot: ...\n", [("E023", 4)]),
        ("  - they tap: horse\n", [("E024", 3)]),
        ("  - they say: no, thank you\n  - they tap: dog\n", [("E024", 4)]),
        ("  - bot: Hi!\n  - they tap: dog\n  - bot: Where*\n", [("E020", 3)]),
        ("  - they say: hmm\n  - bot: A dog or a cat?\n  - bot: ...\n", []),
        ("  - they send: photo\n  - bot: I can only read text.\n  - bot: ...\n", []),
        ("  - buttons: dog, cat, none\n  - they say: /help\n  - bot: Answer with a button.\n  - bot: ...\n", []),
        ("  - wait: 1 month\n  - they tap: dog\n", []),
    ],
)
def test_a_difference_is_named_at_its_line(talk: str, found: list[tuple[str, int]]) -> None:
    assert codes(played(talk)) == found


def test_a_difference_says_what_was_expected_what_came_and_what_stands_around() -> None:
    result = played("  - bot: Hello!\n  - bot: What animal?\n  - they tap: dog\n")
    assert explain(result.example, result.differences[0]) == (
        "examples/one.yaml:4:10: E020 the bot said something else.\n"
        "    in «One»\n"
        "    expected  What animal?\n"
        "    came      Which animal do you have?\n"
        "       2 │ talk:\n"
        "       3 │   - bot: Hello!\n"
        "  →    4 │   - bot: What animal?\n"
        "       5 │   - they tap: dog\n"
        "       6 │"
    )


def test_silence_is_said_to_be_silence_and_long_messages_are_cut() -> None:
    result = played("  - bot: ...\n  - bot: Which*\n  - bot: More\n")
    assert "came      (nothing)" in explain(result.example, result.differences[0])
    long = replace(result.differences[0], expected="x" * 300)
    assert f"{'x' * 159}…" in explain(result.example, long)


def test_a_button_there_is_not_names_those_there_are_and_the_nearest() -> None:
    result = played("  - they tap: dgo\n")
    assert result.differences[0].problem.hint == "Did you mean «dog»?"
    assert result.differences[0].came == ("dog (A dog)", "cat (A cat)", "none (No, thank you)")
    result = played("  - they tap: dog\n  - they tap: B\n  - they tap: nothing\n  - they tap: Rex\n")
    assert result.differences[0].problem.hint == "The bot offers no buttons here."


def test_an_entry_of_a_list_that_is_not_shown_can_be_tapped_by_its_id() -> None:
    result = played("  - they tap: dog\n  - they tap: L\n", expect="  slots:\n    town: L\n")
    assert result.ok


@pytest.mark.parametrize(
    ("expect", "line", "came"),
    [
        ("  state: main/which\n", 6, "main/town"),
        ("  ended: yes\n", 6, "no"),
        ("  forgotten: yes\n", 6, "no"),
        ("  language: de\n", 6, "en"),
        ("  slots:\n    animal: cat\n", 7, "dog"),
        ("  slots:\n    animal:\n", 7, "dog"),
        ("  slots:\n    town: B\n", 7, "(nothing)"),
    ],
)
def test_what_is_otherwise_at_the_end_is_named(expect: str, line: int, came: str) -> None:
    result = played("  - they tap: dog\n  - bot: Where*\n", expect=expect)
    assert codes(result) == [("E025", line)]
    assert result.differences[0].came == (came,)


def test_hints_of_a_poster_are_taken_and_the_language_is_that_of_the_example() -> None:
    result = played(
        "  - bot: Hallo!\n  - bot: Welches*\n", "language: de\nhints:\n  town: R\n", "  slots:\n    town: R\n"
    )
    assert result.ok


def test_after_forgetting_nothing_is_remembered_no_reminder_comes_and_everything_begins_anew() -> None:
    talk = """\
  - they tap: none
  - bot: Thank you*
  - they say: /forget
  - they tap: delete
  - bot: Everything is deleted.
"""
    assert played(talk, expect="  state: forget/gone\n  forgotten: yes\n  ended: yes\n  slots:\n    animal:\n").ok
    assert played(f"{talk}  - wait: 2 months\n  - they say: hi\n  - bot: Hello!\n  - bot: ...\n").ok
    assert codes(played(f"{talk}  - they tap: dog\n")) == [("E024", 8)]


def test_a_mistake_of_the_author_that_stops_the_bot_is_named_and_the_example_ends() -> None:
    loop = "dialog: help\nstart: say\nstates:\n  say:\n    say: Again.\n    next: say\n"
    result = played("  - they say: /help\n  - bot: Again.\n", help=loop)
    assert codes(result) == [("E026", 3)]
    assert "AuthorMistake" in result.differences[0].problem.message


def test_an_empty_message_is_a_mistake_wherever_it_comes() -> None:
    lib = library()
    lib.registry.blocks["card"] = BlockProvider(lambda scope: (CodeBlock(""),))
    talk = "  - they tap: dog\n  - they tap: B\n  - they tap: nothing\n  - they say: Rex\n  - they say: 2\n"
    result = play(lib, example(talk))
    assert codes(result) == [("E028", 7)]
    assert "main/card" in result.differences[0].problem.message


def test_a_session_that_bytes_change_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(data: bytes) -> Session:
        return replace(decode(data), slots={})

    monkeypatch.setattr("bot.service.examples.conversation.decode", lossy)
    assert codes(played("  - they tap: dog\n")) == [("E027", 3)]


def test_several_reminders_come_in_the_order_of_their_times() -> None:
    soon = "  soon:\n    remind:\n      name: soon\n      in: 2 days\n      do: help\n    next: goodbye\n"
    late = MAIN.replace("    next: goodbye\n  goodbye:", f"    next: soon\n{soon}  goodbye:")
    talk = """\
  - they tap: dog
  - they tap: B
  - they tap: nothing
  - they say: Rex
  - they say: 2
  - they tap: yes
  - wait: 3 months
  - bot: Answer with a button.
  - bot: Is Rex well?
"""
    result = played(talk, main=late)
    assert result.ok, result.differences
    assert [turn.event for turn in result.scenes[-1].turns] == [
        TimerFired("soon", "help"),
        TimerFired("again", "again"),
    ]


def test_a_silent_conversation_says_nothing_but_goes_the_same_way() -> None:
    talk = Conversation(library(), START, silent=True)
    assert talk.start().messages == ()
    assert talk.offered == ("dog", "cat", "none")
    other = talk.copy()
    other.send(Pressed("dog"))
    assert (talk.last and talk.last.state, other.last and other.last.state) == ("main/which", "main/town")


def test_a_reminder_can_be_cancelled_one_by_one_and_all_at_once() -> None:
    talk = Conversation(library(), START)
    talk.start()
    talk.timers = {"a": (START + timedelta(days=1), "help"), "b": (START + timedelta(days=1), "help")}
    talk._keep_time(CancelTimers(("a", "missing")))
    assert set(talk.timers) == {"b"}
    talk._keep_time(CancelTimers())
    assert talk.timers == {}


def test_what_became_of_an_event_is_read_from_its_trace() -> None:
    lib = library()
    outcome = engine_step.step(lib, None, Pressed("x"), START)
    assert how(lib.current(), None, outcome) == "other"


def test_remembered_answers_are_written_as_in_a_file() -> None:
    assert [in_words(value) for value in (None, True, False, 3, "a", ("a", "b"))] == ["", "yes", "no", "3", "a", "a, b"]
