"""What a person writes, turn by turn, and what has to be answered: word for word, and to nobody else."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

from babel import Locale

from bot.engine.events import Command, Said
from bot.service.examples.conversation import Conversation
from bot.service.examples.match import squash
from bot.service.library import Library
from tests.channels.matrix.walk import heard, said


class Script(Protocol):
    """Know what one person says and hears."""

    def next(self) -> tuple[str, list[str]]:
        """Give what the person writes next, and what has to be answered."""
        ...


class Guided:
    """Walk the shipped conversation, everybody on a way of their own; the pure engine says what is to be heard."""

    def __init__(self, number: int, library: Library) -> None:
        self._number = number
        self._chance = random.Random(number)
        self._talk = Conversation(library, datetime.now(UTC))
        self._library = library
        self._turn = -1

    def next(self) -> tuple[str, list[str]]:
        """Call the bot, name a country, then choose by chance among what is offered."""
        self._turn += 1
        if self._turn == 0:
            lines = said(list(self._talk.start("en").messages))
            private = self._library.current().phrases["private"]
            return "!optout", [squash(f"{lines[0]} 📩 {self._library.words('en', private)}"), *lines[1:]]
        question = self._talk.question
        if question is None:
            return "/restart", said(list(self._talk.send(Command("restart", "")).messages))
        if self._turn == 1:
            text = countries()[self._number % len(countries())]
        elif question.choices:
            text = str(self._chance.randint(1, len(question.choices)))
        else:
            text = f"I am number {self._number} and this is my own reason."
        return text, said(list(self._talk.send(Said(text)).messages))


class Echo:
    """Say something that nobody else says, and hear it again."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._turn = -1

    def next(self) -> tuple[str, list[str]]:
        """Give the next words."""
        self._turn += 1
        text = f"person {self._number} turn {self._turn}"
        return f"!echo {text}", [text]


@cache
def countries() -> list[str]:
    """List the English names of all countries and territories."""
    names = Locale("en").territories
    return [name for code, name in sorted(names.items()) if len(code) == 2 and code not in {"EU", "EZ", "UN", "ZZ"}]


Owner = Callable[[dict[str, Any]], int | None]
"""Tell by an event of the bot whom it is for; None where that cannot be told."""


def echoed(event: dict[str, Any]) -> int | None:
    """Tell whom an echo is for: it says so itself."""
    words = str(event["content"].get("body")).split()
    return int(words[1]) if len(words) == 4 and words[1].isdigit() else None


def words_of(event: dict[str, Any]) -> str:
    """Give the words of a message as the expectation writes them."""
    return heard([event])[0]
