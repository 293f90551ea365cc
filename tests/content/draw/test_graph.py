"""A pack as a graph."""

from __future__ import annotations

from bot.content.draw.graph import Edge, command_starts, distances, edges, returns
from bot.engine.model import Pack
from tests.service.examples.pets import AGAIN, MAIN, library


def pack(**changed: str) -> Pack:
    return library(None, **changed).current()


def test_every_way_out_of_a_state_is_an_edge_with_its_words() -> None:
    found = list(edges(pack(), ["main", "again"]))
    assert Edge("main/hello", "main/which", "next") in found
    assert Edge("main/which", "main/town", "answer", "A dog", "", "dog") in found
    assert Edge("main/which", "main/goodbye", "answer", "No, thank you", "", "none") in found
    assert Edge("main/town", "main/toys", "value", "one of towns", "", "value") in found
    assert Edge("main/toys", "main/name", "value", "some of toys", "", "value") in found
    assert Edge("main/name", "main/count", "value", "types name", "", "value") in found
    assert Edge("main/old", "main/wise", "branch", "", "count > 9") in found
    assert Edge("main/old", "main/card", "branch", "", "otherwise") in found
    assert Edge("main/remind", "again/ask", "remind", "in 31 days") in found
    assert Edge("again/tomorrow", "again/ask", "remind", "in 1 day") in found


def test_conditions_of_answers_reminders_on_a_date_and_calls_are_edges_too() -> None:
    main = MAIN.replace("        id: cat\n", "        id: cat\n        when: count > 3\n").replace(
        "    say: Hello!\n", "    say: Hello!\n    do: help\n"
    )
    found = list(edges(pack(main=main, again=AGAIN.replace("in: 1 days", "on: =today"))))
    assert Edge("main/which", "main/town", "answer", "A cat", "count > 3", "cat") in found
    assert Edge("main/hello", "help/say", "call", "calls") in found
    assert Edge("again/tomorrow", "again/ask", "remind", "on today") in found


def test_a_called_dialog_comes_back_to_where_its_caller_goes_on() -> None:
    calling = MAIN.replace("    say: Hello!\n    next", "    say: Hello!\n    do: help\n    next")
    assert list(returns(pack(main=calling))) == [("help/say", "main/which")]


def test_commands_lead_to_places() -> None:
    assert dict(command_starts(pack())) == {
        "help": "help/say", "restart": "main/hello", "language": "language/ask", "forget": "forget/ask",
    }  # fmt: skip


def test_distances_count_answers_also_through_calls_commands_and_reminders() -> None:
    far = distances(pack(), "main/toys")
    assert (far["main/toys"], far["main/town"], far["main/which"], far["main/hello"]) == (0, 1, 2, 2)
    assert distances(pack(), "forget/gone")["main/count"] == 2
    assert distances(pack(), "again/good")["main/remind"] == 2
    calling = MAIN.replace("    say: Hello!\n    next", "    say: Hello!\n    do: again\n    next")
    assert distances(pack(main=calling), "main/which")["main/hello"] == 1
    assert "help/say" not in distances(pack(main=calling), "main/which")
