"""One turn at a time: the conversation of the pets, the good way and the clumsy way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.engine import limits
from bot.engine.effects import Attach, CancelTimers, EditLast, End, Forget, Record, Say, SetTimer
from bot.engine.events import (
    Command,
    Event,
    Joined,
    Left,
    Pressed,
    Reacted,
    Said,
    Started,
    TimerFired,
    Unreadable,
    numbering,
)
from bot.engine.session import Frame
from bot.engine.step import Outcome, accepts, apology, stale_question, step
from bot.engine.text import Text
from bot.engine.walk import AuthorMistake
from tests.kit.pets import FILES, NOW, Talk, compiled, library


def at_foods() -> Talk:
    return Talk().does(Pressed("dog")).does(Pressed("DE"))


def test_the_first_contact_greets_and_asks() -> None:
    talk = Talk()
    assert talk.says == ["Hello!", "Which animal do you have?"]
    assert talk.choices == ["dog", "cat", "nothing"]
    assert talk.state == "main/animal"


@pytest.mark.parametrize("words", ["1", "A dog", "a dog!", "DOG", "puppy", "I have a dog", "puppyy", "１", "1.", "1️⃣"])
def test_an_answer_is_understood_in_many_ways(words: Any) -> None:
    assert Talk().does(Said(words)).slots == {"animal": "dog"}


@pytest.mark.parametrize(
    "words", ["", "   ", "🦄", "xyzzy", "7", "\u0000\u202e", "<b>{x}</b>", "\ud800", "²", "9" * 3000]
)
def test_nonsense_keeps_the_state_and_is_answered(words: Any) -> None:
    talk = Talk().does(Said(words))
    assert talk.state == "main/animal"
    assert talk.slots == {}
    assert talk.says == ["phrase not_understood", "Which animal?"]


def test_the_third_misunderstanding_offers_help() -> None:
    talk = Talk().does(Said("x")).does(Said("y")).does(Said("z"))
    assert talk.says == ["phrase not_understood", "phrase not_understood_help", "Which animal?"]


def test_200_pieces_of_nonsense_in_a_row_keep_the_state() -> None:
    talk = Talk()
    for number in range(200):
        talk.does(Said(f"blub {number} blub"))
        assert talk.state == "main/animal"
        assert talk.says


def test_an_answer_with_a_condition_is_offered_only_then() -> None:
    talk = Talk()
    assert talk.does(Pressed("unicorn")).says[0] == "phrase old_button"
    talk = at_foods().does(Command("animal"))
    assert "unicorn" in talk.choices


@pytest.mark.parametrize("words", ["Iraf", "Nigera", "Austrla"])
def test_a_slip_between_neighbours_is_asked_back(words: Any) -> None:
    talk = Talk().does(Pressed("dog")).does(Said(words))
    assert talk.says == ["phrase did_you_mean"]
    assert talk.choices[-1] == "neither"
    assert len(talk.choices) > 2
    assert "country" not in talk.slots


def test_a_name_of_several_is_asked_back_and_then_understood_by_number() -> None:
    talk = Talk().does(Pressed("dog")).does(Said("Georgia"))
    assert talk.choices == ["GE", "US", "neither"]
    assert talk.does(Said("2")).slots["country"] == "US"


def test_a_name_of_several_said_again_means_the_one_that_is_called_so_alone() -> None:
    talk = Talk().does(Pressed("dog")).does(Said("Georgia")).does(Said("United States"))
    assert talk.slots["country"] == "US"


def test_none_of_them_asks_the_question_again() -> None:
    talk = Talk().does(Pressed("dog")).does(Said("Georgia")).does(Said("3"))
    assert talk.says == ["Where does it live?"]
    talk.does(Said("Georgia")).does(Said("none"))
    assert talk.says == ["Where does it live?"]
    talk.does(Said("Georgia")).does(Pressed("neither"))
    assert talk.says == ["Where does it live?"]


def test_another_answer_may_be_given_to_did_you_mean() -> None:
    talk = Talk().does(Pressed("dog")).does(Said("Georgia")).does(Said("Germany"))
    assert talk.slots["country"] == "DE"


def test_a_negated_answer_is_asked_back() -> None:
    talk = Talk().does(Pressed("dog")).does(Said("not Germany"))
    assert talk.says == ["Did you mean {candidate}?"]
    assert talk.choices == ["DE", "neither"]
    assert talk.does(Said("yep")).slots["country"] == "DE"


def test_the_country_inside_a_sentence_is_found() -> None:
    assert Talk().does(Pressed("dog")).does(Said("we live in Germany, near Austria")).choices[-1] == "neither"
    assert Talk().does(Pressed("dog")).does(Said("well, in germany I think")).slots["country"] == "DE"


def test_the_list_is_understood_beyond_its_buttons() -> None:
    talk = Talk().does(Pressed("dog"))
    assert talk.choices == ["DE", "US"]
    assert talk.does(Said("austria")).slots["country"] == "AT"


def test_presses_tick_and_done_ends() -> None:
    talk = at_foods().does(Pressed("meat"))
    assert isinstance(talk.outcome.effects[0], EditLast)
    assert talk.session.picked == ("meat",)
    assert talk.does(Pressed("meat")).session.picked == ()
    assert talk.does(Pressed("done")).says[0] == "phrase pick_at_least"
    talk.does(Pressed("fish")).does(Pressed("meat"))
    assert talk.does(Pressed("grass")).says[0] == "phrase pick_at_most"
    assert talk.does(Pressed("done")).slots["foods"] == ("meat", "fish")
    assert talk.state == "main/count"


@pytest.mark.parametrize(
    ("words", "foods"),
    [("1, 3", ("meat", "grass")), ("1 3", ("meat", "grass")), ("fish", ("fish",)),
     ("Grass and meat", ("meat", "grass")), ("meat/fish", ("meat", "fish")),
     ("It eats fish and some grass", ("fish", "grass"))],
)  # fmt: skip
def test_a_typed_multiple_choice_picks_and_ends(words: Any, foods: Any) -> None:
    talk = at_foods().does(Said(words))
    assert talk.slots["foods"] == foods
    assert talk.state == "main/count"


@pytest.mark.parametrize("words", ["everything but", "meat, blub", "not meat", "12"])
def test_an_unclear_multiple_choice_picks_nothing(words: Any) -> None:
    assert "foods" not in at_foods().does(Said(words)).slots


def test_all_is_too_many_where_only_two_may_be_picked() -> None:
    assert at_foods().does(Said("all")).says[0] == "phrase pick_at_most"


def test_the_words_of_the_ending_button_end() -> None:
    talk = at_foods().does(Pressed("fish")).does(Said("that is all"))
    assert talk.slots["foods"] == ("fish",)


def test_a_fixed_answer_beside_the_list_stands_alone() -> None:
    talk = at_foods().does(Pressed("fish")).does(Said("I do not know"))
    assert "foods" not in talk.slots
    assert talk.state == "main/count"


def test_ticks_come_back_with_the_question() -> None:
    talk = at_foods().does(Said("meat")).does(Command("back"))
    assert talk.session.picked == ("meat",)
    assert talk.slots["foods"] == ("meat",)


def at_count() -> Talk:
    return at_foods().does(Said("fish"))


@pytest.mark.parametrize(("words", "answer"), [("0", "number_range"), ("21", "number_range"), ("many", None)])
def test_a_wrong_number_says_what_is_wanted(words: Any, answer: Any) -> None:
    talk = at_count().does(Said(words))
    expected = {"number_range": "From {from} to {to}, please.", None: "A number, please."}[answer]
    assert talk.says[0] == expected


def test_a_right_number_goes_on_and_a_branch_decides() -> None:
    talk = at_count().does(Said("5"))
    assert talk.says == ["One dog.", "[summary]", "When was it born?"]
    assert any(isinstance(effect, Attach) for effect in talk.outcome.effects)
    assert talk.slots["tags"] == ("lively", "dog")


def test_beside_free_writing_a_fixed_answer_counts_by_its_words() -> None:
    assert at_count().does(Said("skip")).state == "main/born"


def test_a_date_is_read_in_several_forms() -> None:
    for words in ("2020-02-29", "29.2.2020", "born on 29/02/2020"):
        assert at_count().does(Said("2")).does(Said(words)).slots["born"] == "2020-02-29"
    assert at_count().does(Said("2")).does(Said("30.2.2020")).says[0] == "phrase date_wanted"
    assert at_count().does(Said("2")).does(Said("1.1.2050")).says[0] == "From {from} to {to}, please."


def at_name() -> Talk:
    return at_count().does(Said("2")).does(Said("1.1.2020"))


def test_a_called_dialog_returns_and_the_end_sets_a_reminder() -> None:
    talk = at_name()
    assert talk.session.stack == ("main/name", "name/ask")
    talk.does(Said("  Rex \n the  Great "))
    assert talk.slots["nick"] == "Rex the Great"
    assert talk.session.ended
    timer = next(effect for effect in talk.outcome.effects if isinstance(effect, SetTimer))
    assert (timer.name, timer.place, timer.due) == ("feed", "feed", NOW + timedelta(days=1))
    assert isinstance(talk.outcome.effects[-1], End)


def test_a_name_that_is_too_long_is_refused_and_said_so() -> None:
    talk = at_name().does(Said("x" * 200))
    assert talk.says[0] == "Too long, at most {limit}."
    assert talk.does(Said("x" * 9000)).says[0] == "Too long, at most {limit}."


def test_a_command_word_is_a_name_where_the_person_writes_freely() -> None:
    assert at_name().does(Said("help")).slots["nick"] == "help"


def test_after_the_end_there_is_an_answer_and_commands_work() -> None:
    talk = at_name().does(Said("Rex"))
    assert talk.does(Said("thanks")).says == ["phrase ended"]
    assert talk.does(Pressed("dog")).says == ["phrase ended"]
    assert talk.does(Said("help")).says == ["What do you need?"]
    assert not talk.session.ended
    assert talk.does(Said("nothing")).says == ["Fine."]
    assert talk.session.ended
    assert talk.does(Started()).says[0] == "Hello!"


def test_a_reminder_calls_its_dialog_wherever_the_person_is() -> None:
    talk = at_count().does(TimerFired("feed", "feed"))
    assert talk.says == ["Did you feed it?"]
    assert talk.does(Said("fed")).says == ["Good.", "How many do you have?"]
    assert talk.state == "main/count"
    assert talk.does(TimerFired("feed", "gone")).outcome.effects == ()


def test_back_goes_back_and_keeps_the_answers() -> None:
    talk = at_count().does(Command("back")).does(Said("back")).does(Said("/back"))
    assert talk.state == "main/animal"
    assert talk.slots["country"] == "DE"
    assert talk.does(Command("back")).says == ["phrase nothing_to_go_back", "Which animal?"]


def test_back_goes_into_a_dialog_that_was_called() -> None:
    talk = at_name().does(Said("Rex")).does(Command("back"))
    assert talk.session.stack == ("main/name", "name/ask")


def test_back_drops_did_you_mean() -> None:
    talk = Talk().does(Pressed("dog")).does(Said("Georgia")).does(Said("/back"))
    assert talk.says == ["Where does it live?"]
    assert talk.session.maybe == ()


def test_another_animal_forgets_what_depended_on_it() -> None:
    talk = at_count().does(Said("2")).does(Command("animal"))
    assert talk.slots["count"] == 2
    talk.does(Said("cat"))
    assert "count" not in talk.slots
    assert "foods" not in talk.slots
    assert talk.slots["country"] == "DE"


def test_an_interrupt_comes_back_to_the_question_and_is_no_wrong_answer() -> None:
    talk = at_count().does(Said("x")).does(Command("help")).does(Said("more"))
    assert talk.session.stack == ("main/count", "help/more")
    assert talk.does(Command("back")).state == "help/ask"
    assert talk.does(Command("back")).state == "main/count"
    talk.does(Command("help")).does(Command("help"))
    assert len(talk.session.frames) == 2
    assert talk.does(Said("nothing")).says == ["Fine.", "How many do you have?"]
    assert talk.does(Command("back")).state == "main/foods"


def test_a_command_takes_the_rest_of_the_line_as_the_answer() -> None:
    assert at_count().does(Said("/animal cat")).slots["animal"] == "cat"


def test_unknown_and_foreign_commands_are_told() -> None:
    assert Talk().does(Said("/blub")).says[0] == "No command {command}."
    assert Talk().does(Said("/reset-ai")).says[0] == "phrase foreign_command"
    assert Talk().does(Said("/RESTART")).says[0] == "Hello!"
    assert Talk().does(Said("what is /help for?")).says[0] == "phrase not_understood"


def test_a_command_is_known_by_its_other_words_too() -> None:
    talk = at_count().does(Said("/Assist"))
    assert talk.state == "help/ask"
    assert [one.place for one in talk.outcome.trace if one.what == "command"] == ["commands/help"]


def test_restart_forgets_the_answers() -> None:
    assert at_count().does(Command("restart")).slots == {}


def test_forget_forgets_and_says_so() -> None:
    talk = at_count().does(Command("forget"))
    assert isinstance(talk.outcome.effects[0], Forget)
    assert talk.says == ["Everything is gone."]
    assert talk.slots == {}
    assert talk.session.history == ()


def test_an_old_button_is_answered_and_changes_nothing() -> None:
    talk = at_count()
    before = talk.session
    for event in (Pressed("dog"), Pressed("DE", place="main/country"), Pressed("skip", turn=1), Pressed("\x00" * 70)):
        talk.does(event)
        assert talk.says[0] == "phrase old_button"
        assert talk.session == before


def test_reactions_answer_by_number_and_can_be_taken_back() -> None:
    talk = Talk().does(Reacted(1))
    assert talk.slots == {"animal": "dog"}
    assert talk.does(Reacted(1, added=False, turn=talk.session.turn - 1)).state == "main/animal"
    assert talk.does(Reacted(9)).says[0] == "phrase old_button"
    talk = at_foods().does(Reacted(1)).does(Reacted(1)).does(Reacted(2)).does(Reacted(1, added=False))
    assert talk.session.picked == ("fish",)
    assert talk.does(Reacted(1, turn=1)).says[0] == "phrase old_button"
    talk = Talk().does(Pressed("dog")).does(Said("Georgia")).does(Reacted(2))
    assert talk.slots["country"] == "US"


def test_a_number_counts_only_for_the_answers_it_stood_before() -> None:
    talk = Talk().does(Pressed("dog"))
    old, turn = numbering(talk.choices), talk.session.turn
    asked = numbering(talk.does(Said("Georgia")).choices)
    assert talk.session.turn == turn
    assert talk.does(Reacted(1, turn=turn, offered=old)).says[0] == "phrase old_button"
    assert "country" not in talk.slots
    assert numbering(talk.choices) == old
    assert talk.does(Said("Georgia")).does(Reacted(2, turn=turn, offered=asked)).slots["country"] == "US"


@pytest.mark.parametrize("event", [Unreadable("photo"), Pressed("?"), Reacted(9), Command("nonsense"), Started()])
def test_after_the_question_was_asked_again_a_number_means_what_was_shown_last(event: Event) -> None:
    talk = Talk().does(Pressed("dog")).does(Said("Georgia"))
    assert talk.choices[0] == "GE"
    assert talk.does(event).choices[0] == "DE"
    assert talk.does(Said("1")).slots["country"] == "DE"


def test_a_photo_is_answered_once_with_the_question() -> None:
    assert Talk().does(Unreadable("photo")).says == ["phrase unreadable", "Which animal?"]


def test_leaving_cancels_the_timers_and_says_nothing() -> None:
    talk = at_count().does(Left())
    assert talk.outcome.effects == (CancelTimers(),)


def test_a_stale_timer_of_a_first_contact_and_a_first_command() -> None:
    assert step(library(), None, Left(), NOW).effects == ()
    assert Talk(first=Joined("en")).state == "main/animal"
    assert Talk(first=Said("Hello")).state == "main/animal"
    assert Talk(first=Said("/help")).state == "help/ask"
    assert Talk(first=Command("help")).state == "help/ask"
    assert Talk(first=Command("start")).state == "main/animal"


def test_coming_back_in_the_middle_goes_on() -> None:
    talk = at_count().does(Started())
    assert talk.says == ["phrase welcome_back", "How many do you have?"]
    assert talk.does(Command("start")).state == "main/count"


def test_a_poster_link_brings_answers_but_only_valid_ones() -> None:
    talk = Talk(first=Started("de", (("country", "DE"), ("animal", "x"), ("blub", "y"), ("count", "3"))))
    assert talk.slots == {"country": "DE"}
    talk = at_count().does(Started("", (("country", "AT"),)))
    assert talk.says[0] == "Hello!"
    assert talk.slots["country"] == "AT"


def test_naming_a_language_changes_it() -> None:
    lib = library(translations={"de": GERMAN})
    from bot.service.common import register_languages

    register_languages(lib.registry, ("en", "de"))
    talk = Talk(lib).does(Said("Deutsch bitte"))
    assert talk.session.language == "de"
    assert talk.says[0] == "phrase language_changed"
    assert talk.does(Said("ein Hund")).slots == {"animal": "dog"}
    assert talk.does(Said("Deutsch")).says == ["Where does it live?"]


GERMAN = """msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "A dog"
msgstr "Ein Hund"
"""


def test_a_session_of_a_lost_version_stays_where_the_place_still_exists() -> None:
    talk = at_count()
    changed = FILES | {"main.yaml": FILES["main.yaml"].replace("Hello!", "Good day!")}
    talk.library = library(changed)
    talk.does(Said("3"))
    assert talk.state == "main/born"
    assert talk.session.version == compiled(changed).version


def test_a_session_finishes_on_the_version_it_began_while_that_is_kept() -> None:
    talk = at_count()
    old = talk.library.newest
    changed = FILES | {"main.yaml": FILES["main.yaml"].replace("How many do you have?", "How many?")}
    talk.library = library(changed)
    talk.library.older = lambda name, version: old if version == old.version else None
    assert talk.does(Said("x")).says == ["A number, please.", "How many do you have?"]
    assert talk.session.version == old.version


def test_a_renamed_state_moves_people() -> None:
    talk = at_count()
    renamed = FILES["main.yaml"].replace("count:\n    say", "amount:\n    say").replace("go: count\n", "go: amount\n")
    renamed = renamed.replace("next: count\n", "next: amount\n") + "renamed:\n  count: amount\n"
    talk.library = library(FILES | {"main.yaml": renamed})
    assert talk.does(Said("3")).state == "main/born"


def renaming(*changes: tuple[str, str]) -> dict[str, str]:
    """Rename the state `count` to `amount`, and change what else stands in the main dialog."""
    text = FILES["main.yaml"].replace("count:\n    say", "amount:\n    say").replace("go: count\n", "go: amount\n")
    text = text.replace("next: count\n", "next: amount\n") + "renamed:\n  count: amount\n"
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return FILES | {"main.yaml": text}


def test_words_that_were_kept_where_a_day_is_kept_now_are_forgotten() -> None:
    text = FILES["main.yaml"].replace("  born:\n    type: date\n    latest: today\n", "  born:\n    type: text\n")
    talk = Talk(library(FILES | {"main.yaml": text}))
    for event in (Pressed("dog"), Pressed("DE"), Said("fish"), Said("2"), Said("long ago")):
        talk.does(event)
    assert talk.slots["born"] == "long ago"
    talk.library = library(FILES | {"name.yaml": FILES["name.yaml"].replace("  ask:", "  asked:").replace(
        "start: ask", "start: asked") + "renamed:\n  ask: asked\n"})  # fmt: skip
    talk.does(Said("Rex"))
    assert (talk.slots.get("nick"), talk.slots.get("born")) == ("Rex", None)


def test_who_is_moved_loses_only_the_answers_and_ways_back_that_are_gone() -> None:
    talk = at_count()
    assert {"foods", "country"} <= talk.slots.keys()
    start, end = FILES["main.yaml"].index("  foods:\n    say:"), FILES["main.yaml"].index("  count:\n    say:")
    question = FILES["main.yaml"][start:end].replace("next: count", "next: amount").replace("go: count", "go: amount")
    talk.library = library(
        renaming(
            (question, ""),
            ("  foods:\n    type: choices\n    from: foods\n    depends on: animal\n", ""),
            ("next: foods\n", "next: amount\n"),
            ("  animal:\n    type: choice\n", "  animal:\n    type: choice\n    about: Which one\n"),
        )
    )
    assert talk.does(Said("3")).state == "main/born", "moved, and not begun again"
    assert "foods" not in talk.slots
    assert talk.slots["country"] == "DE"
    assert talk.does(Command("back")).state == "main/amount"
    assert talk.does(Command("back")).state == "main/country", "the question that is gone is stepped over"


def test_who_is_moved_in_the_middle_of_a_command_comes_back_from_it() -> None:
    talk = at_count().does(Command("help"))
    before = talk.state
    start, end = FILES["main.yaml"].index("  foods:\n    say:"), FILES["main.yaml"].index("  count:\n    say:")
    question = FILES["main.yaml"][start:end].replace("next: count", "next: amount").replace("go: count", "go: amount")
    talk.library = library(renaming((question, ""), ("next: foods\n", "next: amount\n")))
    assert talk.does(Said("xyzzy")).state == before
    assert talk.does(Pressed("fine")).state == "main/amount"
    assert talk.does(Command("back")).state == "main/country"


def test_who_is_moved_keeps_no_answer_of_another_type() -> None:
    talk = at_count()
    kept = {**talk.session.slots, "nick": "Rex", "tags": ("lively",), "born": 7}
    number = renaming(("nick:\n    type: name", "nick:\n    type: number"))
    outcome = step(library(number), replace(talk.session, slots=kept), Said("3"), NOW)
    assert outcome.session.state == "main/born"
    assert outcome.session.slots.keys() & {"nick", "tags", "born"} == {"tags"}


def test_a_move_that_leads_nowhere_lets_people_finish_on_their_version() -> None:
    talk = at_name()
    old = talk.library.newest
    # The state that called is gone, and another one of their places was renamed.
    inner = talk.session.top
    text = FILES["main.yaml"].replace("    do: name\n", "    say: Well.\n")
    name = FILES["name.yaml"].replace(f"  {inner.state}:\n", "  renamed_one:\n")
    name = name.replace(f"start: {inner.state}\n", "start: renamed_one\n") + f"renamed:\n  {inner.state}: renamed_one\n"
    talk.library = library(FILES | {"main.yaml": text, "name.yaml": name})
    talk.library.older = lambda pack, version: old if version == old.version else None
    talk.does(Said("Rex"))
    assert talk.session.version == old.version
    assert "phrase restarted" not in talk.says


def test_a_removed_state_restarts_politely_and_keeps_the_answers() -> None:
    talk = at_name()
    without = FILES["main.yaml"].replace("    do: name\n", "    say: Well.\n")
    talk.library = library(FILES | {"main.yaml": without})
    talk.does(Said("Rex"))
    assert talk.says[:2] == ["phrase restarted", "Hello!"]
    assert talk.slots["country"] == "DE"


def test_the_console_can_ask_whether_a_press_means_something() -> None:
    talk = Talk()
    assert accepts(talk.library, talk.session, "dog", NOW)
    assert not accepts(talk.library, talk.session, "DE", NOW)
    talk.does(Pressed("dog")).does(Said("Georgia"))
    assert accepts(talk.library, talk.session, "neither", NOW)
    assert accepts(talk.library, talk.session, "AT", NOW)


def said(outcome: Outcome) -> list[str]:
    return [e.body.msgid for e in outcome.effects if isinstance(e, Say) and isinstance(e.body, Text)]


def test_an_apology_changes_nothing() -> None:
    talk = at_count()
    outcome = apology(talk.library, talk.session, "sorry", NOW)
    assert outcome.session == talk.session
    assert said(outcome) == ["phrase sorry", "How many do you have?"]
    assert said(stale_question(talk.library, talk.session, NOW))[0] == "phrase stale"


def test_E05_a_silent_loop_is_an_authors_mistake_with_its_place() -> None:
    looping = "dialog: name\nstart: a\nstates:\n  a:\n    next: b\n  b:\n    next: a\n"
    talk = at_count().does(Said("2"))
    talk.library = library(FILES | {"name.yaml": looping})
    with pytest.raises(AuthorMistake, match="name/"):
        talk.does(Said("1.1.2020"))


def test_dialogs_that_call_one_another_for_ever_are_stopped() -> None:
    calling = "dialog: name\nstart: a\nstates:\n  a:\n    do: name\n    next: b\n  b:\n    end: done\n"
    talk = at_count().does(Said("2"))
    talk.library = library(FILES | {"name.yaml": calling})
    with pytest.raises(AuthorMistake, match="called inside one another"):
        talk.does(Said("1.1.2020"))


def test_a_country_without_a_right_is_recorded_and_ends() -> None:
    talk = Talk().does(Pressed("cat")).does(Said("iran")).does(Said("fish")).does(Said("2"))
    assert talk.session.ended
    assert any(isinstance(effect, Record) and effect.what == "refused" for effect in talk.outcome.effects)


def test_history_is_bounded() -> None:
    talk = Talk()
    for _ in range(30):
        talk.does(Pressed("dog")).does(Command("animal"))
        talk.does(Pressed("dog")).does(Pressed("DE")).does(Command("help")).does(Said("more")).does(Command("back"))
    assert len(talk.session.history) <= limits.HISTORY + 2


def test_frames_name_where_the_person_stands() -> None:
    assert Talk().session.top == Frame("main", "animal")
