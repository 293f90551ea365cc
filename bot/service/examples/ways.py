"""Ways through a conversation: steps that can be taken, taken again, and left out where they are not needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.engine.events import Event, Pressed
from bot.service.examples.conversation import Conversation, Turn
from bot.service.examples.languages import events
from bot.service.examples.model import START
from bot.service.examples.play import Played
from bot.service.examples.yaml_text import quoted
from bot.service.library import Library
from bot.texts.languages import SOURCE


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a person: its lines in an example (each a key and a text), what happens (`wait`: time goes by)."""

    lines: tuple[str, ...]
    events: tuple[Event, ...] = ()
    wait: tuple[int, str] | None = None

    def take(self, talk: Conversation) -> list[Turn]:
        """Let it happen in a conversation."""
        return talk.wait(*self.wait) if self.wait else [talk.send(event) for event in self.events]


@dataclass(frozen=True, slots=True)
class Way:
    """How a conversation begins and the steps taken so far."""

    language: str
    now: datetime
    moves: tuple[Move, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()

    def on(self, move: Move) -> Way:
        """Give the way that is longer by one step."""
        return replace(self, moves=(*self.moves, move))

    def walk(self, library: Library) -> tuple[Conversation, list[Turn]]:
        """Go the way from its beginning; gives the conversation and the turns of the last step."""
        talk = Conversation(library, self.now, silent=True)
        turns = [talk.start(self.language, self.hints)]
        for move in self.moves:
            turns = move.take(talk)
        return talk, turns

    @property
    def lines(self) -> tuple[str, ...]:
        """The way as an example says it below `example:`; where nothing special comes before, only its steps."""
        head = [] if self.language == SOURCE else [f"language: {self.language}"]
        if self.now != START:
            head.append(f"now: {self.now.isoformat(timespec='minutes')}")
        if self.hints:
            head += ["hints:", *[f"  {name}: {quoted(value)}" for name, value in self.hints]]
        steps = [f"  - {line}" for move in self.moves for line in move.lines]
        return (*head, "talk:", *steps) if head else tuple(steps)


def shortest(way: Way, library: Library, arrives: Callable[[Sequence[Turn]], bool]) -> Way:
    """Leave out everything (but the last step) without which the way still arrives."""
    for plain in (replace(way, hints=(), now=START), replace(way, hints=()), replace(way, now=START)):
        if plain != way and arrives(plain.walk(library)[1]):
            way = plain
            break
    at = 0
    while at < len(way.moves) - 1:
        shorter = replace(way, moves=(*way.moves[:at], *way.moves[at + 1 :]))
        if arrives(shorter.walk(library)[1]):
            way, at = shorter, 0
        else:
            at += 1
    return way


def stands(library: Library, played: Played, language: str) -> Iterator[tuple[Way, Conversation]]:
    """Go through an example in a language, silently; gives the way so far and the conversation after every step.

    The conversation is the same object each time: copy it to keep it.
    """
    example = played.example
    way = Way(language, example.now, (), example.hint_pairs)
    talk, _ = way.walk(library)
    yield way, talk
    for scene in played.scenes[1:]:
        step = scene.step
        assert step is not None
        if step.verb == "wait":
            moves = [Move((step.line,), wait=(step.number, step.unit))]
        else:
            moves = [Move((_line(event, step.line),), (event,)) for event in events(library, talk, scene.turns[0])]
        for move in moves:
            move.take(talk)
            way = way.on(move)
        yield way, talk


def _line(event: Event, written: str) -> str:
    return f"they tap: {quoted(event.answer)}" if isinstance(event, Pressed) else written
