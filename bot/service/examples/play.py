"""Play one example: what happened at each step, and the first thing that is not as the author expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.engine.effects import Value
from bot.engine.events import Event, Reacted, Said, Unreadable
from bot.engine.session import Session
from bot.errors import Problem
from bot.reader import Node, Scalar, nearest
from bot.service.examples.conversation import Conversation, LostInBytes, Turn
from bot.service.examples.match import match, offers, spoken
from bot.service.examples.model import SKIP, Example, Step
from bot.service.library import Library
from bot.texts.tree import Message


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as expected: where, what was expected, and what came instead."""

    problem: Problem
    expected: str = ""
    came: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of the person (None: the start), the turns it caused and the lines expected after it."""

    step: Step | None
    turns: tuple[Turn, ...]
    expected: tuple[Step, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """Everything that was said in this scene, in order."""
        return tuple([message for turn in self.turns for message in turn.messages])

    @property
    def answered(self) -> bool:
        """Whether an answer was taken that had words to choose from: an offered one, or one of a list."""
        return bool(self.turns) and self.turns[0].how in {"answer", "chosen", "picked"}


@dataclass(slots=True)
class Played:
    """An example as it was played; `differences` is empty where everything was as expected."""

    example: Example
    scenes: list[Scene] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    last: Session | None = None
    forgotten: bool = False

    @property
    def ok(self) -> bool:
        """Whether everything was as expected."""
        return not self.differences

    @property
    def turns(self) -> list[Turn]:
        """All turns, in order."""
        return [turn for scene in self.scenes for turn in scene.turns]

    @property
    def language(self) -> str:
        """The language it begins in."""
        return self.example.language.text if self.example.language else "en"

    def answers(self, verb: str) -> int:
        """Count the answers taken that the person gave by `say` or by `tap`."""
        return sum(1 for scene in self.scenes if scene.step and scene.step.verb == verb and scene.answered)


def scenes(example: Example) -> Iterator[tuple[Step | None, tuple[Step, ...]]]:
    """Cut the steps into what the person does and what is expected after it; the first one is the start."""
    person: Step | None = None
    expected: list[Step] = []
    for step in example.steps:
        if step.by_person:
            yield person, tuple(expected)
            person, expected = step, []
        else:
            expected.append(step)
    yield person, tuple(expected)


def play(library: Library, example: Example) -> Played:
    """Play an example to its end; it stops early only where a step cannot be done."""
    played = Played(example)
    talk = Conversation(library, example.now)
    for step, expected in scenes(example):
        try:
            turns = _do(talk, step) if step else [talk.start(played.language, example.hint_pairs)]
        except LostInBytes as error:
            played.differences.append(_broken(example, step, "E027", f"{error}."))
            break
        except Exception as error:
            # The engine or a provider failed; the author gets its name and sentence, not a traceback.
            played.differences.append(
                _broken(example, step, "E026", f"the bot failed here: {type(error).__name__}: {error}")
            )
            break
        if turns is None:
            assert step is not None
            played.differences.append(_no_button(talk, step))
            break
        scene = Scene(step, tuple(turns), expected)
        played.scenes.append(scene)
        played.differences += compare(example, scene)
    else:
        played.differences += _at_the_end(example, talk)
    played.last, played.forgotten = talk.last, talk.session is None
    return played


def _do(talk: Conversation, step: Step) -> list[Turn] | None:
    """Let a person's step happen; None where there is no such button."""
    if step.verb == "wait":
        return talk.wait(step.number, step.unit)
    event: Event | None
    if step.verb == "tap":
        event = talk.press(step.text)
    elif step.verb == "say":
        event = Said(step.text)
    elif step.verb == "react":
        event = Reacted(step.number, turn=talk.question.turn if talk.question else None)
    else:
        event = Unreadable(step.text)
    return None if event is None else [talk.send(event)]


def _broken(example: Example, step: Step | None, code: str, message: str) -> Difference:
    node: Node = step.value if step else example.at
    return Difference(node.problem(code, message))


def _no_button(talk: Conversation, step: Step) -> Difference:
    choices = talk.question.choices if talk.question else ()
    names = [one.id for one in choices]
    labels = {one.label: one.id for one in choices}
    hint = nearest(step.text, {*names, *labels}) if choices else "The bot offers no buttons here."
    offered = tuple([f"{one.id} ({one.label})" for one in choices])
    problem = step.value.problem("E024", f"there is no answer «{step.text[:60]}» to tap.", hint)
    return Difference(problem, step.text, offered)


def compare(example: Example, scene: Scene) -> list[Difference]:
    """Compare what was said after one step with what was expected; the first difference only."""
    lines = [step for step in scene.expected if step.verb == "bot"]
    said = [spoken(message) for message in scene.messages]
    if "" in said:
        node: Node = scene.step.value if scene.step else example.at
        place = scene.messages[said.index("")].place
        return [Difference(node.problem("E028", f"the bot says an empty message after this, in {place}."))]
    places: tuple[int | None, ...] = ()
    if lines:
        found = match([line.text for line in lines], said)
        if found.failed is not None:
            return [_said_otherwise(lines, said, found.failed, found.at)]
        places = found.places
    return _buttons(scene, dict(zip([id(line) for line in lines], places, strict=False)))


def _said_otherwise(lines: Sequence[Step], said: Sequence[str], failed: int, at: int) -> Difference:
    left = tuple(said[at:])
    if failed == len(lines):
        last = lines[-1].value
        hint = "Add a line for it, or «- bot: ...»."
        return Difference(last.problem("E022", "after this line the bot said more.", hint), "", left)
    line = lines[failed]
    before = failed > 0 and lines[failed - 1].text.strip() == SKIP
    if not left:
        return Difference(line.value.problem("E021", "the bot said nothing more here."), line.text, ())
    message = "the bot said nothing like this." if before else "the bot said something else."
    return Difference(line.value.problem("E020", message), line.text, left if before else left[:1])


def _buttons(scene: Scene, places: dict[int, int | None]) -> list[Difference]:
    """Compare the offered answers with each `buttons:` line, which belongs to the message of the line before it."""
    messages = scene.messages
    asked = [message for message in messages if message.choices]
    here = asked[-1] if asked else None
    for step in scene.expected:
        if step.verb == "bot":
            place = places[id(step)]
            here = messages[place] if place is not None else (asked[-1] if asked else None)
            continue
        choices = here.choices if here is not None else ()
        if not offers(step.text, choices):
            offered = ", ".join([one.label for one in choices]) or "(no buttons)"
            return [Difference(step.value.problem("E023", "other buttons are offered."), step.text, (offered,))]
    return []


def _at_the_end(example: Example, talk: Conversation) -> list[Difference]:
    last, expect = talk.last, example.expect
    assert last is not None
    found: list[Difference] = []

    def same(scalar: Scalar | None, what: str, came: str) -> None:
        if scalar is not None and scalar.text.strip() != came:
            wanted = scalar.text.strip() or "(nothing)"
            problem = scalar.problem("E025", f"at the end, {what} is something else.")
            found.append(Difference(problem, wanted, (came or "(nothing)",)))

    same(expect.state, "the state", last.state)
    for key, value in expect.slots:
        remembered = None if talk.session is None else last.slots.get(key.text)
        same(value, f"«{key.text}»", in_words(remembered))
    same(expect.language, "the language", last.language)
    same(expect.ended, "«ended»", "yes" if last.ended else "no")
    same(expect.forgotten, "«forgotten»", "yes" if talk.session is None else "no")
    return found


def in_words(value: Value | None) -> str:
    """Write a remembered answer as example files do: several with commas, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
