"""What is on a picture, before it has a format."""

from __future__ import annotations

import pytest

from bot.content.draw.picture import Box, overview, picture
from bot.content.draw.words import lines, plain, shorten
from bot.engine.model import Pack
from bot.errors import Problem
from tests.service.examples.pets import MAIN, library


def pack(**changed: str) -> Pack:
    return library(None, **changed).current()


def boxes(pack: Pack, dialog: str | None = "main") -> dict[str, Box]:
    return {box.place: box for box in picture(pack, dialog).boxes}


def test_every_state_is_a_box_of_its_kind_with_its_first_words() -> None:
    found = boxes(pack())
    assert {box.place: box.kind for box in found.values()} == {
        "main/hello": "say", "main/which": "ask", "main/town": "ask", "main/toys": "ask", "main/name": "ask",
        "main/count": "ask", "main/old": "branch", "main/wise": "say", "main/card": "say", "main/later": "ask",
        "main/remind": "silent", "main/goodbye": "end",
    }  # fmt: skip
    assert found["main/which"].text == ("Which animal do you have?",)
    assert found["main/card"].text == ("(card)",)
    assert found["main/goodbye"].text == ("Thank you, and goodbye.",)
    assert found["main/remind"].text == ("wakes in 31 days → again",)
    assert [place for place, box in found.items() if box.start] == ["main/hello"]
    assert boxes(pack(), "forget")["forget/gone"].kind == "forget"


def test_answers_that_lead_to_one_place_share_an_arrow_and_many_are_counted() -> None:
    made = picture(pack(), "main")
    ids = {box.place: box.id for box in made.boxes}
    arrows = {(arrow.source, arrow.target): arrow.words for arrow in made.arrows}
    assert arrows[ids["main/which"], ids["main/town"]] == ("A dog", "A cat")
    assert arrows[ids["main/which"], ids["main/goodbye"]] == ("No, thank you",)
    assert arrows[ids["main/old"], ids["main/wise"]] == ("if count > 9",)
    assert arrows[ids["main/old"], ids["main/card"]] == ("otherwise",)
    assert arrows[ids["main/town"], ids["main/toys"]] == ("(one of towns)",)
    assert arrows[ids["main/toys"], ids["main/name"]] == ("Nothing", "(some of toys)")
    assert arrows[ids["main/hello"], ids["main/which"]] == ()
    many = "".join([f"      - answer: Animal {number}\n        id: a{number}\n" for number in range(7)])
    made = picture(pack(main=MAIN.replace("      - answer: A cat\n        id: cat\n", many)), "main")
    assert made.arrows[1].words == ("A dog", "Animal 0", "Animal 1", "Animal 2", "Animal 3", "… 3 more")


def test_changes_calls_and_places_of_other_dialogs_are_shown() -> None:
    main = MAIN.replace(
        "    say: Hello!\n    next: which",
        "    say: Hello!\n    do: help\n    set:\n      animal: dog\n    clear: town\n    next: again/good",
    )
    found = boxes(pack(main=main))
    assert found["main/hello"].kind == "call"
    assert found["main/hello"].text == ("Hello!", "calls help", "set animal = dog", "clear town")
    assert found["again/good"].kind == "outside"


def test_a_dialog_says_how_it_begins() -> None:
    assert picture(pack(), "help").title == "pets · help – (/help)"
    assert picture(pack(), "again").title == "pets · again – (a reminder)"
    assert picture(pack(), "main").title == "pets · main"


def test_the_whole_pack_begins_with_the_overview_and_lists_the_commands_once() -> None:
    made = picture(pack())
    assert [group.name for group in made.groups] == [
        "overview", "commands", "again", "forget", "help", "language", "main",
    ]  # fmt: skip
    assert made.groups[1].boxes[0].text == (
        "/help → help/say", "/back", "/restart → main/hello", "/language → language/ask", "/forget → forget/ask",
    )  # fmt: skip
    known = {box.id for box in made.boxes}
    assert len(known) == len(made.boxes)
    assert all(arrow.source in known and arrow.target in known for arrow in made.arrows)
    for group in made.groups:
        own = {box.id for box in group.boxes}
        assert all(arrow.source in own and arrow.target in own for arrow in group.arrows)


def test_the_overview_shows_which_topic_leads_to_which() -> None:
    calling = MAIN.replace("    say: Hello!\n    next", "    say: Hello!\n    do: help\n    next")
    back = "dialog: help\nstart: a\nstates:\n  a:\n    say: A.\n    next: main/which\n"
    made = overview(pack(main=calling, help=back), {("main/hello", "help/a"): 4})
    ids = {box.place: box.id for box in made.boxes}
    assert [(arrow.source, arrow.target, arrow.count) for arrow in made.arrows] == [(ids["main"], ids["help"], 4)]
    assert [box.place for box in made.boxes if box.start] == ["main"]


def test_problems_are_marked_at_the_state_they_stand_in() -> None:
    given = pack()
    which, town = given.dialogs["main"].states["which"].at, given.dialogs["main"].states["town"].at
    assert which is not None
    assert town is not None
    problems = [
        Problem(which.file, which.line + 2, 1, "D012", "x"),
        Problem(which.file, which.line + 3, 1, "D012", "x"),
        Problem(which.file, which.line, 1, "D020", "x"),
        Problem(town.file, town.line, 1, "D033", "x"),
        Problem(which.file, 1, 1, "D015", "above every state"),
        Problem("other.yaml", 99, 1, "D001", "elsewhere"),
    ]
    marks = {box.place: box.marks for box in picture(given, "main", problems).boxes if box.marks}
    assert marks == {"main/hello": ("D015",), "main/which": ("D012", "D020"), "main/town": ("D033",)}
    topics = {box.place: (box.marks, box.mild) for box in overview(given, problems=problems).boxes if box.marks}
    assert topics == {"main": (("D012", "D020", "D033", "D015"), False)}


def test_many_problems_name_the_errors_first_and_leave_room() -> None:
    given = pack()
    which = given.dialogs["main"].states["which"].at
    assert which is not None
    mild = [Problem(which.file, which.line, 1, f"D21{n}", "x", level="warning") for n in range(6)]
    (box,) = [
        box
        for box in picture(given, "main", [*mild, Problem(which.file, which.line, 1, "D041", "x")]).boxes
        if box.marks
    ]
    assert box.marks == ("D041", "D210", "D211", "D212", "D213", "…")
    assert not box.mild


def test_counts_are_those_of_the_ways_that_are_shown() -> None:
    made = picture(pack(), "main", counts={("main/hello", "main/which"): 3})
    assert [arrow.count for arrow in made.arrows[:2]] == [3, 0]
    assert picture(pack(), "main").arrows[0].count is None


def test_there_is_no_picture_of_a_dialog_there_is_not() -> None:
    with pytest.raises(KeyError):
        picture(pack(), "nothing")


def test_words_lose_their_markup() -> None:
    assert plain("**Bold** `code`\n\n- [words](link) {name} {{x}}") == "Bold code - words {name} {x}"


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("short", 10, "short"),
        ("one two three", 10, "one two…"),
        ("ones, twos three", 9, "ones…"),
        ("abcdefghijkl", 5, "abcd…"),
        ("a bcdefghijkl", 8, "a bcdef…"),
    ],
)
def test_words_are_cut_between_words(text: str, length: int, short: str) -> None:
    assert shorten(text, length) == short


def test_text_is_broken_into_few_lines() -> None:
    assert lines("one two three four five six", 9, 2) == ("one two", "three…")
    assert lines("", 9, 2) == ()
