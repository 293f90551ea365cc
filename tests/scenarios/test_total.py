"""Any event in any reachable state of the real dialog gives a valid session and a reply."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.events import Command, Event, Joined, Pressed, Reacted, Said, Started, TimerFired, Unreadable
from tests.kit.shipped import Person, library
from tests.scenarios.test_everywhere import whole

COMMANDS = st.sampled_from([*library().newest.commands, "start", "blub", "reset-ai", ""])
NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["", " ", "/", "//", "/help me", "{name}", "<b>", "**x**", "٣", "１", "🇩🇪", "1, 2", "all", "\x00",
                     "\ud800", "yes", "no", "back", "x" * 5000, "Georgia", "Irak", "in germany", "not facebook"]),
)  # fmt: skip
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Said, NASTY),
    st.builds(Pressed, st.text(max_size=20), st.none() | st.text(max_size=10), st.none() | st.integers()),
    st.builds(Reacted, st.integers(-1, 12), st.booleans(), st.none() | st.integers(0, 40)),
    st.builds(Command, COMMANDS, st.text(max_size=10)),
    st.builds(TimerFired, st.text(max_size=8), st.sampled_from([*library().newest.dialogs, "gone"])),
    st.builds(Unreadable, st.just("photo")),
    st.builds(Started, st.sampled_from(["", "de", "xx", "pt-br"])),
    st.builds(Joined),
)
MOVES = st.lists(st.integers(0, 30) | EVENTS, min_size=1, max_size=40)


@given(st.sampled_from(["en", "de"]), MOVES)
def test_any_event_in_any_state_is_answered(language: Any, moves: Any) -> None:
    person = Person(language)
    for move in moves:
        if isinstance(move, int):
            choices = person.choices
            event: Event = Pressed(choices[move % len(choices)]) if choices else Said(str(move))
        else:
            event = move
        person.does(event)
        assert person.messages or (isinstance(event, (TimerFired, Reacted)))
        for message in person.messages:
            whole(message)
        assert (
            person.session.ended
            or person.choices
            or isinstance(event, (TimerFired, Reacted))
            or (person.library.newest.dialogs[person.session.top.dialog].states[person.session.top.state].write)
        )
