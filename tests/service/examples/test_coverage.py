"""What the examples reach is counted, and a way to the rest is found by trying."""

from __future__ import annotations

import pytest

from bot.engine.model import Place
from bot.service.examples.conversation import Conversation
from bot.service.examples.coverage import GROUPS, Point, Reached, everything
from bot.service.examples.model import START
from bot.service.examples.play import play
from bot.service.examples.reading import read_example
from bot.service.examples.report import coverage_lines
from bot.service.examples.suggest import Known, known, suggest
from bot.service.examples.ways import Way
from bot.service.library import Library
from tests.service.examples.pets import MAIN, example, library

DOG = "  - they say: hmm\n  - they tap: dog\n  - they say: Berlin\n  - they tap: nothing\n  - they say: Rex\n"


def steps(way: Way | None) -> tuple[str, ...]:
    """Give the steps of a way that begins as any conversation does."""
    assert way is not None
    return tuple([line.removeprefix("  - ") for line in way.lines])


def reached(lib: Library, *talks: str) -> Reached:
    found = Reached()
    for talk in talks:
        found.add(lib.current(), play(lib, example(talk)).turns)
    return found


def test_states_answers_misses_and_values_are_counted() -> None:
    found = reached(library(), DOG, "  - they say: /help\n  - they tap: cat\n")
    points = found.points
    assert points[Point("states", "main/hello")] == 2
    assert points[Point("answers", "main/which", "dog")] == 1
    assert points[Point("answers", "main/town", "value")] == 1
    assert points[Point("answers", "main/toys", "nothing")] == 1
    assert points[Point("answers", "main/name", "value")] == 1
    assert points[Point("not understood", "main/which")] == 1
    assert points[Point("commands", "", "help")] == 1
    assert ("B",) not in found.values["town"]
    assert list(found.values["animal"]) == ["dog", "cat"]


def test_the_ways_between_places_are_counted_for_the_picture() -> None:
    found = reached(library(), DOG, DOG)
    assert found.passages["main/hello", "main/which"] == 2
    assert found.passages["main/which", "main/town"] == 2
    assert ("main/which", "help/say") not in found.passages


def test_a_call_is_a_way_too() -> None:
    calling = MAIN.replace("    say: Hello!\n    next: which", "    say: Hello!\n    do: help\n    next: which")
    found = reached(library(main=calling), "  - they tap: dog\n")
    assert found.passages["main/hello", "help/say"] == 1
    assert found.passages["main/hello", "main/which"] == 1


def test_a_reminder_is_reached_when_it_comes() -> None:
    until = f"{DOG}  - they say: 2\n  - they tap: yes\n"
    assert reached(library(), until).points[Point("reminders", "main/remind")] == 0
    assert reached(library(), f"{until}  - wait: 31 days\n").points[Point("reminders", "main/remind")] == 1


def test_what_there_is_knows_its_place_in_the_files() -> None:
    points = list(everything(library().current()))
    town = next(point for point in points if point == Point("states", "main/town"))
    assert town.at == Place("main.yaml", 36, 3)
    assert Point("not understood", "main/name") not in points
    assert Point("not understood", "main/count") in points
    assert {point.what for point in points if point.group == "commands"} == {
        "help", "back", "restart", "language", "forget",
    }  # fmt: skip


def test_points_are_named_for_their_reader() -> None:
    assert [str(Point(group, "a/b", "c")) for group in GROUPS] == [
        "a/b", "a/b, answer c", "a/b, an answer that is not understood", "a/b, its reminder", "/c",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("point", "way"),
    [
        (Point("states", "main/hello"), ()),
        (Point("states", "main/town"), ("they tap: dog",)),
        (Point("answers", "main/which", "none"), ("they tap: none",)),
        (Point("states", "main/toys"), ("they tap: dog", "they tap: B")),
        (Point("answers", "main/toys", "value"), ("they tap: dog", "they tap: B", "they tap: ball", "they tap: done")),
        (Point("not understood", "main/which"), ("they say: ☃☃☃",)),
        (Point("commands", "", "help"), ("they say: /help",)),
        (Point("states", "help/say"), ("they say: /help",)),
        (Point("states", "forget/gone"), ("they say: /forget", "they tap: delete")),
    ],
)
def test_a_short_way_is_found_by_trying(point: Point, way: tuple[str, ...]) -> None:
    assert steps(suggest(library(), point, START)) == way


def test_a_way_through_a_reminder_waits_for_it() -> None:
    way = steps(suggest(library(), Point("states", "again/tomorrow"), START))
    assert way[-2:] == ("wait: 31 days", "they tap: tomorrow")
    assert steps(suggest(library(), Point("reminders", "again/tomorrow"), START)) == (*way, "wait: 1 day")


def pasted(lib: Library, lines: tuple[str, ...]) -> Reached:
    """Play what is proposed, put into a file as it stands there."""
    head = "" if "talk:" in lines else "talk:\n"
    made, problems = read_example("found.yaml", f"example: Found\n{head}" + "\n".join(lines) + "\n")
    assert made is not None, problems
    played = play(lib, made)
    assert played.ok
    found = Reached()
    found.add(lib.current(), played.turns)
    return found


def test_a_way_that_is_found_really_leads_there() -> None:
    lib = library()
    way = suggest(lib, Point("states", "main/wise"), START)
    assert way is not None
    assert pasted(lib, way.lines).points[Point("states", "main/wise")] == 1


def test_a_proposal_tells_of_the_link_that_it_needs_and_of_nothing_else() -> None:
    lib = library(
        main=MAIN.replace(
            "      - answer: No, thank you\n",
            "      - answer: As on the poster\n        id: poster\n        when: town is known\n"
            "        go: goodbye\n      - answer: No, thank you\n",
        )
    )
    start = "example: A\nnow: 2026-12-24T09:00+01:00\nhints:\n  town: B\ntalk:\n"
    made, problems = read_example("a.yaml", f"{start}  - they tap: dog\n")
    assert made is not None, problems
    knows = known(lib, [play(lib, made)], {})
    poster = Point("answers", "main/which", "poster")
    found = suggest(lib, poster, START, knows)
    assert found is not None
    assert found.lines == ("hints:", "  town: B", "talk:", "  - they tap: poster")
    assert pasted(lib, found.lines).points[poster] == 1
    assert steps(suggest(lib, Point("states", "main/toys"), START, knows)) == ("they tap: dog", "they tap: B")


def test_steps_are_written_so_that_they_can_be_pasted() -> None:
    odd = example("  - they say: 'Rex: the #1'\n").steps[0]
    assert odd.line == "they say: 'Rex: the #1'"


def test_a_shorter_way_is_sought_than_the_one_that_was_found_first() -> None:
    # The example stands one step before the place after two; from the beginning two are enough.
    near = MAIN.replace("    next: town\n", "    next: name\n").replace("        go: goodbye", "        go: count", 1)
    lib = library(main=near)
    talk = example("  - they tap: dog\n  - they say: Rex\n  - they say: 5\n")
    found = steps(suggest(lib, Point("states", "main/wise"), START, known(lib, [play(lib, talk)], {})))
    assert (found[0], len(found)) == ("they tap: none", 2)


def test_no_way_is_found_to_a_place_nothing_leads_to() -> None:
    lib = library(main=MAIN + "  island:\n    say: Alone.\n    end: done\n")
    assert suggest(lib, Point("states", "main/island"), START) is None
    assert suggest(lib, Point("reminders", "main/island"), START) is None


def test_trying_ends_after_so_many_turns() -> None:
    assert suggest(library(), Point("states", "main/wise"), START, turns=3) is None


def test_answers_of_examples_are_tried_and_their_conversations_gone_on_from() -> None:
    narrow = MAIN.replace("count > 9", "count = 7")
    lib = library(main=narrow)
    assert suggest(lib, Point("states", "main/wise"), START) is None
    seven = [play(lib, example(f"{DOG}  - they say: 5\n"))]
    found = Reached()
    found.add(lib.current(), play(lib, example(f"{DOG}  - they say: 7\n")).turns)
    way = suggest(lib, Point("states", "main/wise"), START, known(lib, seven, found.values))
    assert steps(way)[-1] == "they say: 7"


def test_what_is_only_offered_in_another_language_is_found_there() -> None:
    german = MAIN.replace(
        "      - answer: A cat\n        id: cat\n",
        "      - answer: A cat\n        id: cat\n        when: language is not de\n"
        "      - answer: A dachshund\n        id: dachshund\n        when: language is de\n",
    )
    lib = library(main=german)
    found = suggest(lib, Point("answers", "main/which", "dachshund"), START)
    assert found is not None
    assert found.lines == ("language: de", "talk:", "  - they tap: dachshund")
    assert pasted(lib, found.lines).points[Point("answers", "main/which", "dachshund")] == 1
    knows = known(lib, [play(lib, example("  - they say: puppy\n  - wait: 1 day\n"))], {})
    paths = [way.lines for way, _ in knows.stands]
    assert ("language: de", "talk:", "  - they tap: dog") in paths
    assert ("  - they tap: dog",) in paths


def test_a_forgotten_conversation_leads_nowhere() -> None:
    lib = library()
    talk = Conversation(lib, START, silent=True)
    talk.start()
    talk.session = None
    found = suggest(lib, Point("states", "main/town"), START, Known(((Way("en", START), talk),)))
    assert steps(found) == ("they tap: dog",)


def test_the_account_gives_numbers_places_and_ways() -> None:
    lib = library(main=MAIN + "  island:\n    say: Alone.\n    end: done\n")
    lines = list(coverage_lines(lib, [play(lib, example(DOG))]))
    assert lines[0] == "What 1 example of «pets» reaches:"
    assert lines[1] == "  states             6 of   22   27 %"
    island = MAIN.count("\n") + 1
    at = lines.index(f"main.yaml:{island}:3: main/island")
    assert lines[at + 1] == "  no way found by trying: look at the conditions that lead there"
    at = next(index for index, line in enumerate(lines) if line.endswith(": main/wise"))
    assert lines[at + 1] == "  - they tap: dog"
    at = next(i for i, line in enumerate(lines) if line.endswith("again/ask, an answer that is not understood"))
    assert lines[lines.index("", at) - 1] == "  - they say: ☃☃☃"
    # What one conversation reaches stands together.
    at = next(index for index, line in enumerate(lines) if line.endswith(": help/say"))
    assert lines[at + 1].endswith(": /help")
    assert lines[at + 2] == "  - they say: /help"


def test_only_what_is_complete_says_100_percent() -> None:
    small = "dialog: main\nstart: hello\nstates:\n  hello:\n    say: Hello!\n    end: done\n"
    lib = library(main=small, again=small.replace("main", "again"))
    lines = list(coverage_lines(lib, [play(lib, example("  - they say: /again\n"))]))
    assert any(line.split()[-2:] == ["0", "%"] for line in lines)
    assert not any("reminders" in line for line in lines)
