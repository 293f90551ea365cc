"""Play example conversations through Matrix, beside the pure engine: both have to say the same, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.engine.events import Reacted, Said, Unreadable
from bot.engine.walk import duration
from bot.service.examples.conversation import Conversation, Turn
from bot.service.examples.match import squash
from bot.service.examples.model import Example, Step
from bot.service.examples.play import scenes
from bot.texts.plain import to_plain
from bot.texts.tree import Message
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person

KEYCAPS = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟"]


class Clock:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def advance(self, span: timedelta) -> None:
        """Let time go by."""
        self.now += span


@dataclass(slots=True)
class Place:
    """Where the two talk: a direct chat, or a thread of a room."""

    room: str
    thread: str = ""


def said(messages: list[Message]) -> list[str]:
    """Give what the engine said, as the plain body of a Matrix event says it."""
    found = []
    for message in messages:
        lines = [to_plain(message.body)]
        lines += [
            f"{number}. {'✓ ' if choice.selected else ''}{choice.label}"
            for number, choice in enumerate(message.choices, 1)
        ]
        found.append("\n".join(lines))
        found += [f"[file: {file.name}]" for file in message.files]
    return [squash(one) for one in found if one.strip()]


def heard(events: list[dict[str, Any]]) -> list[str]:
    """Give what the person was shown; an edit counts with its new words."""
    found = []
    for event in events:
        content = event["content"].get("m.new_content", event["content"])
        words = f"[file: {content['body']}]" if content["msgtype"] == "m.file" else content["body"]
        found.append(squash(words))
    return found


class Walk:
    """One person's way through an example."""

    def __init__(self, bot: Bot, person: Person, place: Place, clock: Clock) -> None:
        self.bot = bot
        self.person = person
        self.place = place
        self.clock = clock
        self._shown = 0

    async def play(self, example: Example, first: str) -> None:
        """Play an example on both sides and compare after every step; `first` is the event that began it."""
        pure = Conversation(self.bot.turns.library, self.clock())
        language = example.language.text if example.language else "en"
        for step, _ in scenes(example):
            pure.now = self.clock()
            if step is None:
                turns, event = [pure.start(language)], first
            elif step.verb == "wait":
                turns, event = pure.wait(step.number, step.unit), ""
                self.clock.advance(duration(step.number, step.unit))
                while await self.bot.turns.fire_due():
                    pass
            else:
                turns, event = await self._do(pure, step)
            await self.bot.settled(self.person, *([event] if event else []))
            came = heard(self._new())
            expected = said([message for turn in turns for message in turn.messages])
            if step is None and self.place.thread:
                private = self.bot.turns.library.current().phrases["private"]
                expected[0] = squash(f"{expected[0]} 📩 {self.bot.turns.library.words(language, private)}")
            where = f"after {step.verb} {step.text[:40]}" if step else "at the start"
            assert came == expected, f"{example.file}, {where}:\ncame     {came}\nexpected {expected}"

    def _new(self) -> list[dict[str, Any]]:
        every = [one for one in self.person.messages(self.place.room) if self._is_mine(one)]
        new, self._shown = every[self._shown :], len(every)
        return new

    def _is_mine(self, event: dict[str, Any]) -> bool:
        """Tell whether the bot wrote this where the two talk; other threads are other people's."""
        relation = event["content"].get("m.relates_to", {})
        if event["sender"] != self.bot.id:
            return False
        if relation.get("rel_type") == "m.replace":
            return any(one["event_id"] == relation["event_id"] and self._is_mine(one) for one in self.person.seen)
        return not self.place.thread or relation.get("event_id") == self.place.thread

    async def _do(self, pure: Conversation, step: Step) -> tuple[list[Turn], str]:
        room, thread = self.place.room, self.place.thread
        if step.verb == "say":
            return [pure.send(Said(step.text))], await self.person.says(room, step.text, thread=thread)
        if step.verb == "tap":
            event = pure.press(step.text)
            assert event is not None, step.text
            assert pure.question is not None, step.text
            number = [choice.id for choice in pure.question.choices].index(event.answer) + 1
            return [pure.send(event)], await self._reacts(number)
        if step.verb == "react":
            turn = pure.question.turn if pure.question else None
            return [pure.send(Reacted(step.number, turn=turn))], await self._reacts(step.number)
        content = {"msgtype": "m.image", "body": "picture.png", "url": "mxc://localhost/nothing"}
        if thread:
            content["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread}  # type: ignore[assignment]
        return [pure.send(Unreadable(step.text))], await self.person.sends(room, content)

    async def _reacts(self, number: int) -> str:
        """React to the newest question on the screen; an edited one keeps its event."""
        question = [
            event["event_id"]
            for event in self.person.messages(self.place.room)
            if self._is_mine(event)
            and "\n1. " in str(event["content"].get("body"))
            and "m.new_content" not in event["content"]
        ][-1]
        key = KEYCAPS[number - 1] if number <= 10 else str(number)
        return await self.person.reacts(self.place.room, question, key)
