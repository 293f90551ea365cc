"""Play example conversations through Telegram, beside the pure engine: both have to say the same, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.engine.asking import DONE
from bot.engine.events import Reacted, Said, Unreadable
from bot.engine.walk import duration
from bot.service.examples.conversation import Conversation
from bot.service.examples.match import squash
from bot.service.examples.model import Example, Step
from bot.service.examples.play import scenes
from bot.texts.plain import to_plain
from bot.texts.tree import Message
from tests.kit.person import Person, buttons_of
from tests.kit.telegram_bot import TelegramBot
from tests.kit.telegram_double.server import Happened


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message says, in a form that both sides have."""

    text: str
    choices: tuple[str, ...] = ()


def plain_of(text: str, entities: list[dict[str, Any]]) -> str:
    """Read a text of Telegram as the plain renderer writes it: `words: address` for a link, without the shown host."""
    units = text.encode("utf-16-le")

    def cut(start: int, end: int) -> str:
        return units[2 * start : 2 * end].decode("utf-16-le")

    made, position = "", 0
    for link in sorted((one for one in entities if one["type"] == "text_link"), key=lambda one: one["offset"]):
        start, end = link["offset"], link["offset"] + link["length"]
        words, url = cut(start, end), link["url"]
        made += cut(position, start) + (url if words == url else f"{words}: {url}")
        position = end
        host = f" ({url.split('/')[2]})"
        if cut(position, position + len(host)) == host:
            position += len(host)
    return made + cut(position, len(units) // 2)


def heard(happened: list[Happened]) -> list[Heard]:
    """Give what a person heard; an answered question that only lost its buttons says nothing new."""
    found: list[Heard] = []
    for one in happened:
        answers = [button for button in buttons_of(one.markup) if button.data and not button.data.endswith(":/back")]
        if one.what == "edit" and not answers:
            continue
        words = f"[file: {one.message.file[0]}]" if one.message.file else plain_of(one.text, one.entities)
        found.append(Heard(_line(words), tuple(button.label for button in answers)))
    return found


def said(messages: list[Message]) -> list[Heard]:
    """Give what the engine said, in the same form."""
    found = []
    for message in messages:
        labels = tuple(("✅ " if one.selected else "") + " ".join(one.label.split()) for one in message.choices)
        text = to_plain(message.body)
        if text.strip():
            found.append(Heard(_line(text), labels))
        found += [Heard(f"[file: {file.name}]") for file in message.files]
    return found


def _line(text: str) -> str:
    lines = [f"- {line[2:]}" if line.startswith("• ") else line for line in text.split("\n")]
    return squash("\n".join(lines))


def joined(lines: list[Heard]) -> tuple[str, tuple[str, ...]]:
    """Put everything of a scene together: a long message may come in parts."""
    return squash(" ".join(line.text for line in lines)), tuple(label for line in lines for label in line.choices)


async def walk(bot: TelegramBot, example: Example, person: Person) -> None:
    """Play an example on both sides and compare after every step."""
    language = example.language.text if example.language else "en"
    pure = Conversation(bot.library, bot.clock())
    link = "_".join(value for _, value in example.hint_pairs)
    for step, _ in scenes(example):
        pure.now = bot.clock()
        if step is None:
            turns = [pure.start(language, example.hint_pairs)]
            happened = await person.says(f"/start {link}".strip())
        elif step.verb == "wait":
            turns = pure.wait(step.number, step.unit)
            happened = await _wait(bot, person, duration(step.number, step.unit))
        else:
            made = await _do(pure, person, step)
            if made is None:
                continue
            turns, happened = made
        expected = joined(said([message for turn in turns for message in turn.messages]))
        came = joined(heard(happened))
        where = f"{example.file}, after {step.verb if step else 'the start'} {step.text[:40] if step else ''}"
        assert came == expected, f"{where}\n{_difference(came, expected)}"


def _difference(came: tuple[str, tuple[str, ...]], expected: tuple[str, tuple[str, ...]]) -> str:
    """Show the first place where two scenes differ: assertions shorten long texts."""
    at = next((at for at, pair in enumerate(zip(came[0], expected[0], strict=False)) if pair[0] != pair[1]), 0)
    at = max(0, (at or min(len(came[0]), len(expected[0]))) - 40)
    return f"came: {came[0][at : at + 160]} {came[1]}\nexpected: {expected[0][at : at + 160]} {expected[1]}"


async def _do(pure: Conversation, person: Person, step: Step) -> tuple[list[Any], list[Happened]] | None:
    if step.verb == "tap":
        event = pure.press(step.text)
        assert event is not None, step.text
        labels = {one.id: one.label for one in pure.question.choices} if pure.question else {}
        turn = pure.send(event)
        return [turn], await person.taps(event.answer if event.answer in {*labels, DONE} else step.text)
    if step.verb == "say":
        return [pure.send(Said(step.text))], await person.says(step.text)
    if step.verb == "react":
        # Telegram's own reactions are not asked for; the same answer is pressed instead.
        turn = pure.send(Reacted(step.number, turn=pure.question.turn if pure.question else None))
        return [turn], await person.taps(list(turn.labels)[step.number - 1])
    kind = step.text if step.text in {"photo", "voice", "sticker"} else "photo"
    person.sends(None, **{kind: [{"file_id": "x"}]})
    return [pure.send(Unreadable(step.text))], await person.hears()


async def _wait(bot: TelegramBot, person: Person, span: timedelta) -> list[Happened]:
    bot.clock.advance(span)
    while await bot.turns.fire_due():
        pass
    return await person.hears()
