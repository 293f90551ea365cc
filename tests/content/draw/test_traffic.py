"""Where people stand: by today's names, and to whom an arrow leads."""

from __future__ import annotations

from bot.content.draw.picture import overview, picture
from bot.content.draw.traffic import behind, inside, moved
from bot.engine.model import Pack
from tests.service.examples.pets import MAIN, library


def pack(**changed: str) -> Pack:
    return library(None, **changed).current()


CALLING = MAIN.replace("    say: Hello!\n    next", "    say: Hello!\n    do: help\n    next")


def test_people_are_counted_by_the_names_of_now() -> None:
    given = pack(main=MAIN.replace("states:\n", "renamed:\n  what: which\n\nstates:\n", 1))
    people = {("v1", "main/what"): 2, ("v2", "main/which"): 3, ("v1", "main/left"): 1, ("v1", "lost/x"): 4}
    assert moved(people, given) == ({"main/which": 5}, {"main/left": 1, "lost/x": 4})


def test_an_arrow_to_a_state_that_asks_nothing_leads_to_those_who_stand_behind_it() -> None:
    people = {"main/which": 2, "main/card": 1, "main/later": 4}
    assert behind(pack(), people, "main/hello") == 2
    assert behind(pack(), people, "main/old") == 5
    assert behind(pack(), people, "main/town") == 0


def test_a_called_dialog_widens_the_arrows_to_its_caller_and_from_topic_to_topic() -> None:
    given, people = pack(main=CALLING), {"help/say": 3, "main/which": 1}
    assert behind(given, people, "main/hello") == 3
    assert inside(given, people, "main") == 4
    made = overview(given, people=people)
    assert [arrow.count for arrow in made.arrows] == [3]
    assert made.groups[1].boxes[0].text[0] == "/help → help/say (3 people there)"
    boxes = {box.place: box for box in picture(given, "main", people=people).boxes}
    assert "calls help (3 people there)" in boxes["main/hello"].text


def test_a_place_of_another_dialog_says_who_stands_there() -> None:
    given = pack(main=MAIN.replace("    say: Hello!\n    next: which", "    say: Hello!\n    next: again/good"))
    boxes = {box.place: box for box in picture(given, "main", people={"again/good": 7}).boxes}
    assert boxes["again/good"].people == 7
