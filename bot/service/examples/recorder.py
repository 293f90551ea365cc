"""Play a conversation line by line, to be recorded: for `optout-bot record`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.engine.events import Event, Said, Started, Unreadable
from bot.service.examples.conversation import Conversation, Turn
from bot.service.examples.reading import span
from bot.service.examples.record import Heard
from bot.service.examples.transcript import later, turn_lines
from bot.service.library import Library

HELP = (
    "Answer as a person would. «:tap 1» or «:tap words» presses a button, «:wait 31 days» lets time go by, "
    "«:send photo» sends something that is no text, «:end» ends and writes the file, Ctrl-C leaves without it."
)


class Recorder:
    """Play and remember: `heard` is what `record` takes, `talk` the conversation."""

    def __init__(self, library: Library, now: datetime, language: str) -> None:
        self.talk = Conversation(library, now)
        self.language = language
        self.heard: list[Heard] = []

    def play(self, lines: Iterable[str]) -> Iterator[str]:
        """Take lines until they end or `:end` comes, and give what is to be shown after each."""
        yield HELP
        started = Started(self.language)
        yield from self._shown([self.talk.send(started)], started)
        for line in lines:
            line = line.rstrip("\r\n")
            if line.strip() == ":end":
                return
            if not line.strip():
                continue  # nobody can send an empty message
            if line.startswith(":"):
                yield from self._order(line[1:].strip())
            else:
                yield from self._send(Said(line))

    def _order(self, order: str) -> Iterator[str]:
        verb, _, rest = order.partition(" ")
        time = span(rest)
        if verb == "wait" and time is not None:
            turns = self.talk.wait(*time)
            yield from later(rest.strip())
            yield from self._shown(turns, None, rest.strip())
        elif verb == "tap" and (pressed := self.talk.press(self._by_number(rest.strip()))) is not None:
            yield from self._send(pressed)
        elif verb == "send" and rest.strip():
            yield from self._send(Unreadable(rest.strip()))
        else:
            offered = ", ".join(self.talk.offered)
            said = f" Offered: {offered}." if offered else " Nothing is offered; answer in words."
            yield f"I cannot do «:{order[:40]}» here." + (said if verb == "tap" else "")

    def _by_number(self, words: str) -> str:
        offered = self.talk.offered
        return offered[int(words) - 1] if words.isdecimal() and 1 <= int(words) <= len(offered) else words

    def _send(self, event: Event) -> Iterator[str]:
        yield from self._shown([self.talk.send(event)], event)

    def _shown(self, turns: list[Turn], event: Event | None, waited: str = "") -> Iterator[str]:
        messages = tuple([message for turn in turns for message in turn.messages])
        self.heard.append(Heard(event, messages, waited))
        for turn in turns:
            yield from turn_lines(turn, person=False)
