"""Make an example file from a conversation that was played."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.engine.events import Command, Event, Joined, Left, Pressed, Reacted, Said, Started, TimerFired, Unreadable
from bot.engine.session import Session
from bot.errors import ContentError, UsageError
from bot.service.examples.match import spoken
from bot.service.examples.model import START
from bot.service.examples.play import in_words
from bot.service.examples.yaml_text import first_sentence, quoted
from bot.texts.tree import Message


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that happened and what the bot said then.

    `event` is None where time went by, `waited` says how much («31 days»); a reminder that came then is an event
    `TimerFired` of its own, or its messages stand here.
    """

    event: Event | None
    messages: tuple[Message, ...] = ()
    waited: str = ""


def record(
    title: str, heard: Sequence[Heard], *, session: Session | None, language: str = "en", now: datetime = START
) -> str:
    """Write an example from what happened; `session` is where it ended (None: nothing is said about the end).

    Long messages are cut to their first sentence and `*`, so that the example does not break at every comma.
    """
    lines = [f"example: {quoted(title)}", f"language: {language}"]
    if now != START:
        lines.append(f"now: {now.isoformat(timespec='minutes')}")
    started = heard[0].event if heard else None
    if isinstance(started, Started) and started.hints:
        lines += ["hints:", *[f"  {name}: {quoted(value)}" for name, value in started.hints]]
    lines += ["talk:", *_talk(heard)]
    if session is not None:
        lines += ["expect:", f"  state: {session.state}"]
        slots = [f"    {name}: {quoted(in_words(value))}" for name, value in sorted(session.slots.items())]
        lines += ["  slots:", *slots] if slots else []
    return "\n".join(lines) + "\n"


def _talk(heard: Iterable[Heard]) -> Iterator[str]:
    for one in heard:
        step = f"wait: {one.waited}" if one.event is None else _step(one.event)
        if step is not None:
            yield f"  - {step}"
        for message in one.messages:
            yield f"  - bot: {quoted(first_sentence(spoken(message)))}"


def _step(event: Event) -> str | None:
    match event:
        case Said(text=text):
            return f"they say: {quoted(text)}"
        case Pressed(answer=answer):
            return f"they tap: {quoted(answer)}"
        case Reacted(number=number):
            return f"they react: {number}"
        case Command(name=name, argument=argument):
            return f"they say: {quoted(f'/{name} {argument}'.strip())}"
        case Unreadable(what=what):
            return f"they send: {quoted(what)}"
        case Started() | Joined() | Left() | TimerFired():
            return None


def refuse(path: Path) -> None:
    """Raise `UsageError` where an example cannot be written to: before somebody plays a conversation in vain."""
    if path.suffix != ".yaml":
        raise UsageError(f"{path}: an example is a .yaml file; give for example {path.with_suffix('.yaml')}.")
    try:
        there = path.exists()
    except OSError as error:
        raise UsageError(f"{path}: there can be no such file ({error.strerror}).") from None
    if there:
        raise UsageError(f"{path}: there is a file already; choose another name.")
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise UsageError(f"{path}: nothing can be written in {above}; choose another folder.")


def write(path: Path, text: str) -> None:
    """Write a recorded example to a new file; an existing one is never overwritten."""
    refuse(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise ContentError(f"{path}: the file cannot be written ({error.strerror}).") from None
