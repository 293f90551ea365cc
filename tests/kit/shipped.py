"""The shipped conversation, loaded once, and somebody who talks with it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from bot.app import Loaded, load, open_library
from bot.engine.effects import SetTimer
from bot.engine.events import Event, Pressed, Said, Started
from bot.engine.session import Session, decode, encode
from bot.engine.step import Outcome, accepts, step
from bot.service.library import Library
from bot.service.render import render
from bot.texts.plain import to_plain
from bot.texts.tree import Message, from_json, to_json

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@cache
def loaded() -> Loaded:
    """Load the shipped content with everything around it."""
    return load()


@cache
def library() -> Library:
    """Load the shipped content as it runs."""
    return open_library()


class Person:
    """Talk with the shipped conversation in one language; every session goes through its bytes."""

    def __init__(self, language: str = "en", **hints: str) -> None:
        self.library = library()
        self.now = NOW
        self.session: Session
        self._before: Session | None = None
        self.messages: list[Message] = []
        self.questions = 0
        self.outcome: Outcome
        self.timers: dict[str, SetTimer] = {}
        self.does(Started(language, tuple(hints.items())))

    def does(self, event: Event) -> Person:
        """Handle an event and render what was said."""
        self.outcome = step(self.library, self._before, event, self.now)
        data = encode(self.outcome.session)
        self.session = decode(data)
        assert self.session == self.outcome.session
        self._before = self.session
        assert len(data) <= 2048
        pack = self.library.pack(self.session.pack, self.session.version)
        assert pack is not None
        self.messages = []
        for effect in self.outcome.effects:
            if isinstance(effect, SetTimer):
                self.timers[effect.name] = effect
            message = render(self.library, pack, effect, self.session.language, self.now)
            if message is not None:
                assert from_json(to_json(message)) == message
                self.messages.append(message)
        return self

    def says(self, *texts: str) -> Person:
        """Type one answer after the other."""
        for text in texts:
            self.does(Said(text))
        return self

    def taps(self, *answers: str) -> Person:
        """Press one answer after the other; each must be open."""
        for answer in answers:
            assert accepts(self.library, self.session, answer, self.now), (self.session.state, answer, self.choices)
            self.does(Pressed(answer))
        return self

    @property
    def choices(self) -> list[str]:
        """The answers offered now."""
        return [choice.id for message in self.messages for choice in message.choices]

    @property
    def text(self) -> str:
        """Everything said in the last turn."""
        return "\n\n".join(to_plain(message.body) for message in self.messages)

    @property
    def links(self) -> list[str]:
        """Every address given in the last turn."""
        return [link.url for message in self.messages for link in message.links()]
