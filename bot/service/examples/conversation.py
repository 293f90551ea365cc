"""A conversation without network and database: the pure step, its messages, and timers on a clock of its own."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.engine.effects import CancelTimers, EditLast, Effect, Forget, Say, SetTimer
from bot.engine.events import Event, Pressed, Started, TimerFired
from bot.engine.model import Pack
from bot.engine.recognise import normalise
from bot.engine.session import Session, decode, encode
from bot.engine.step import Outcome, accepts, step
from bot.engine.turn import Passed
from bot.engine.walk import duration
from bot.service.library import Library
from bot.service.render import render
from bot.texts.tree import Message

How = Literal["answer", "chosen", "picked", "written", "command", "missed", "other"]
"""What became of an event: a fixed answer, one or several entries of a list, a free text, a command, a miss."""


class LostInBytes(Exception):
    """Say that a session came back from its bytes as something else."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as it was played: what happened, where the person stood before and after, what was said."""

    event: Event
    before: Session | None
    after: Session
    messages: tuple[Message, ...]
    effects: tuple[Effect, ...]
    trace: tuple[Passed, ...]
    how: How
    labels: Mapping[str, str] = field(default_factory=dict)
    """The answers that were offered before, by id."""


def how(pack: Pack, before: Session | None, outcome: Outcome) -> How:
    """Say what became of an event, from the trace of its turn."""
    if before is None:
        return "other"
    if outcome.session.misses > before.misses:
        return "missed"
    first = outcome.trace[0] if outcome.trace else Passed("", "entered")
    if first.what == "command":
        return "command"
    state = pack.state(before.top.dialog, before.top.state)
    if state is None or first.place != before.state or first.what == "entered":
        return "other"
    if first.what != "value":
        return "answer"
    return "written" if state.write else "picked" if state.pick else "chosen"


class Conversation:
    """Play one conversation; the session goes through its bytes between any two turns."""

    def __init__(self, library: Library, now: datetime, *, silent: bool = False) -> None:
        """Begin at `now`; a `silent` one renders no messages (for trying many ways quickly)."""
        self.library = library
        self.now = now
        self.silent = silent
        self.session: Session | None = None
        """What would be kept: None before the start and after everything was forgotten."""
        self.last: Session | None = None
        """Where the last turn ended, also when nothing of it is kept."""
        self.question: Message | None = None
        """The question in hand, with its answers."""
        self.offered: tuple[str, ...] = ()
        """The answer ids of the question in hand."""
        self.timers: dict[str, tuple[datetime, str]] = {}

    def copy(self) -> Conversation:
        """Give the same conversation, to try something in."""
        made = copy(self)
        made.timers = dict(self.timers)
        return made

    def start(self, language: str = "en", hints: tuple[tuple[str, str], ...] = ()) -> Turn:
        """Open the conversation as a channel does."""
        return self.send(Started(language, hints))

    def send(self, event: Event) -> Turn:
        """Let something happen now; raises `LostInBytes` and whatever the engine or the renderer raises."""
        before = self.session
        labels = {one.id: one.label for one in self.question.choices} if self.question else {}
        outcome = step(self.library, before, event, self.now)
        session = outcome.session
        kept = decode(encode(session))
        if kept != session:
            raise LostInBytes("the session is not the same after it was written down and read again")
        pack = self.library.pack(session.pack, session.version) or self.library.current()
        spoken = () if self.silent else outcome.effects
        rendered = [render(self.library, pack, one, session.language, self.now) for one in spoken]
        messages = tuple([message for message in rendered if message is not None])
        forgotten = False
        for effect in outcome.effects:
            self._keep_time(effect)
            say = effect.say if isinstance(effect, EditLast) else effect
            if isinstance(say, Say) and (say.choices or say.kind == "question"):
                self.offered = tuple([one.id for one in say.choices])
            forgotten = forgotten or isinstance(effect, Forget)
        for message in messages:
            if message.choices or message.kind == "question":
                self.question = message
        self.session = None if forgotten and session.ended else kept
        self.last = session
        if session.ended:
            self.question, self.offered = None, ()
        return Turn(
            event, before, session, messages, outcome.effects, outcome.trace, how(pack, before, outcome), labels
        )

    def wait(self, number: int, unit: str) -> list[Turn]:
        """Let time go by; reminders that become due come in their order, each at its time."""
        end = self.now + duration(number, unit)
        turns = []
        while due := min(((at, name) for name, (at, _) in self.timers.items() if at <= end), default=None):
            at, name = due
            _, place = self.timers.pop(name)
            self.now = max(self.now, at)
            turns.append(self.send(TimerFired(name, place)))
        self.now = end
        return turns

    def press(self, words: str) -> Pressed | None:
        """Find the button that somebody means by its id or its words; None where none is offered."""
        question = self.question
        if question is None or self.session is None:
            return None
        ids = [one.id for one in question.choices]
        labels = [one.id for one in question.choices if normalise(one.label) == normalise(words)]
        answer = words if words in ids else labels[0] if len(labels) == 1 else None
        if answer is None and accepts(self.library, self.session, words, self.now):
            answer = words
        return None if answer is None else Pressed(answer, question.place, question.turn)

    def _keep_time(self, effect: Effect) -> None:
        if isinstance(effect, SetTimer):
            self.timers[effect.name] = (effect.due, effect.place)
        elif isinstance(effect, Forget):
            self.timers.clear()
        elif isinstance(effect, CancelTimers):
            for name in list(self.timers) if effect.names is None else effect.names:
                self.timers.pop(name, None)
