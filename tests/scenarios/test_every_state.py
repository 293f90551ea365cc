"""Every command in every state of the shipped conversation: a total table, and a valid session after each."""

from __future__ import annotations

from collections import Counter, deque
from functools import cache

from bot.engine.events import Command, Event, Pressed, Said, Started, TimerFired
from bot.engine.move import stands
from bot.engine.session import Session, decode, encode
from bot.engine.step import step
from tests.kit.shipped import NOW, library, loaded

VISITS = 30
"""Different sets of answers with which a place is left; more would meet no other place."""
TYPED = ("1.2.2020", "Ada Lovelace", "3", "ada@example.org", "12345", "Main Street 1")


def leaving(session: Session) -> str:
    """Name a place for one sort of person."""
    return f"{session.state} {session.slots.get('territory')}"


@cache
def one_of_each() -> dict[str, Session]:
    """Walk the conversation breadth first, and keep the first session that stands in each state."""
    lib = library()
    regimes = {place.regime: place.id for place in loaded().facts.territories.values()}
    starts = [Started("en"), *(Started("en", (("territory", one),)) for one in ("DE", *regimes.values()))]
    waiting = deque(step(lib, None, event, NOW) for event in starts)
    for dialog in lib.newest.dialogs:
        # Where a reminder leads: out of the middle of it, as somebody who has answered something.
        waiting.extend([step(lib, waiting[n].session, TimerFired(dialog, dialog), NOW) for n in (0, 1)])
    found: dict[str, Session] = {}
    seen: set[str] = set()
    visits: Counter[str] = Counter()
    while waiting:
        outcome = waiting.popleft()
        session = outcome.session
        found.setdefault(session.state, session)
        mark = f"{session.stack} {sorted(session.slots)} {session.picked} {session.maybe}"
        if mark in seen or session.ended or visits[leaving(session)] >= VISITS:
            continue
        seen.add(mark)
        visits[leaving(session)] += 1
        says = [getattr(effect, "say", effect) for effect in outcome.effects]
        ids = [choice.id for say in says for choice in getattr(say, "choices", ())]
        # Long lists have answers alike: the first few and whatever stands last.
        events: list[Event] = [Pressed(one) for one in dict.fromkeys((*ids[:12], *ids[-4:]))]
        top = lib.newest.dialogs[session.top.dialog].states[session.top.state]
        if top.write:
            events += [Said(text) for text in TYPED]
        if top.pick:
            events.append(Said("facebook, instagram"))
        for event in events:
            waiting.append(step(lib, session, event, NOW))
    for command in lib.newest.commands:
        for session in tuple(found.values()):
            after = step(lib, session, Command(command), NOW).session
            found.setdefault(after.state, after)
    return found


def test_e07_the_walk_meets_every_question() -> None:
    pack = library().newest
    asks = {f"{d.name}/{s.name}" for d in pack.dialogs.values() for s in d.states.values() if s.kind == "ask"}
    assert asks - set(one_of_each()) == set()


def test_e07_every_command_in_every_state_leaves_a_state_of_the_pack_and_something_said() -> None:
    lib = library()
    pack = lib.newest
    assert {"back", "language", "forget", "help"} <= set(pack.commands)
    words = [*pack.commands, "cancel", "start", "restart", "unknown", "reset-ai"]
    for place, session in one_of_each().items():
        for command in dict.fromkeys(words):
            for event in (Command(command), Said(f"/{command}"), Command(command, "nonsense")):
                outcome = step(lib, session, event, NOW)
                after = outcome.session
                where = f"{event} at {place}"
                assert stands(pack, after), where
                assert decode(encode(after)) == after, where
                assert outcome.effects, where
                again = step(lib, after, Said("/back"), NOW)
                assert stands(pack, again.session), where
                assert again.effects, where
