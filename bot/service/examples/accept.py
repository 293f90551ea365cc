"""Rewrite the expected lines of an example to what the bot says now; everything else of the file stays.

Comments stay, and so do lines and wildcards that still fit. What a person does and what is expected at the end are
the author's: they are never rewritten.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.service.examples.align import Op, align, likeness
from bot.service.examples.match import fits, offers, spoken, squash
from bot.service.examples.model import Step
from bot.service.examples.play import Played, Scene
from bot.service.examples.yaml_text import first_sentence, quoted
from bot.texts.tree import Message, RenderedChoice

_SENTENCE = re.compile(r"(?<=[.!?:])\s+")
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")


def accept(played: Played) -> str:
    """Give the text of the example with its expected lines as the bot speaks now."""
    source = played.example.source.split("\n")
    edits = [edit for scene in played.scenes for edit in _scene(source, scene)]
    for edit in sorted(edits, key=lambda one: (one.first, one.last), reverse=True):
        source[edit.first : edit.last] = edit.lines
    return "\n".join(source)


def difference(file: str, old: str, new: str) -> str:
    """Show what changes in a file as a unified diff; empty where nothing does."""
    return "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), file, file, lineterm=""))


@dataclass(frozen=True, slots=True)
class _Edit:
    """The lines from `first` up to, not including `last` (from 0) become these."""

    first: int
    last: int
    lines: tuple[str, ...] = ()


def _scene(source: list[str], scene: Scene) -> Iterator[_Edit]:
    lines = [step for step in scene.expected if step.verb == "bot"]
    said = [spoken(message) for message in scene.messages]
    if "" in said:
        return  # an empty message is a mistake of the bot, nothing to be accepted
    ops = align([line.text for line in lines], said) if lines else []
    for op in ops:
        if op.what == "replace":
            assert op.said is not None
            step = lines[op.line]
            yield _rewritten(source, step, like(step.text, said[op.said]))
        elif op.what == "delete":
            step = lines[op.line]
            yield _Edit(step.item.line - 1, _end(source, [one for one in scene.expected if one.item is step.item]))
    yield from _insertions(source, scene, lines, said, ops)
    yield from _buttons(source, scene, lines, ops)


def _insertions(source: list[str], scene: Scene, lines: list[Step], said: list[str], ops: list[Op]) -> Iterator[_Edit]:
    """Put new lines before the one they come before, or after the last one."""
    new: dict[int, list[str]] = {}
    for op in ops:
        if op.what == "insert" and op.said is not None:
            new.setdefault(op.line, []).append(first_sentence(said[op.said]))
    for line, texts in new.items():
        anchor = lines[min(line, len(lines) - 1)].item
        prefix = source[anchor.line - 1][: anchor.col - 1]
        own = [step for step in scene.expected if step.item is anchor]
        at = anchor.line - 1 if line < len(lines) else _end(source, own)
        yield _Edit(at, at, tuple([f"{prefix}bot: {quoted(text)}" for text in texts]))


def _buttons(source: list[str], scene: Scene, lines: list[Step], ops: list[Op]) -> Iterator[_Edit]:
    places = {id(lines[op.line]): op.said for op in ops if op.what in {"keep", "replace"}}
    gone = {id(lines[op.line].item) for op in ops if op.what == "delete"}
    asked = [message for message in scene.messages if message.choices]
    here: Message | None = asked[-1] if asked else None
    for step in scene.expected:
        if step.verb == "bot":
            place = places.get(id(step))
            here = scene.messages[place] if place is not None else (asked[-1] if asked else None)
        elif here is not None and here.choices and id(step.item) not in gone and not offers(step.text, here.choices):
            yield _rewritten(source, step, _names(step.text, here.choices))


def _names(old: str, choices: tuple[RenderedChoice, ...]) -> str:
    """Name the buttons as the old line did: by their ids, or by their words."""
    words = {piece.strip() for piece in squash(old).split(",")}
    ids = sum(1 for one in choices if one.id in words and one.label not in words)
    return ", ".join([one.id if ids else squash(one.label) for one in choices])


def _rewritten(source: list[str], step: Step, text: str) -> _Edit:
    first = step.key.line - 1
    prefix = source[first][: step.key.col - 1]
    comment = _comment(source, step)
    return _Edit(first, _end(source, [step]), (f"{prefix}{step.verb}: {quoted(text)}{comment}",))


def _comment(source: list[str], step: Step) -> str:
    """Give the comment at the end of a step's first line, with the spaces before it."""
    value = step.value
    rest = source[value.line - 1][value.col - 1 :]
    if value.quoted:
        found = _QUOTED.match(rest)
        rest = rest[found.end() :] if found else ""
    start = rest.find(" #")
    return f"  {rest[start:].strip()}" if start >= 0 else ""


def _end(source: list[str], steps: list[Step]) -> int:
    """Give the number of lines up to the end of these steps of one entry."""
    step = max(steps, key=lambda one: one.key.line)
    end = step.value.line
    deeper = " " * step.key.col
    for number in range(end, len(source)):
        line = source[number]
        if line.startswith(deeper) and (step.value.block or not line.lstrip().startswith("#")):
            end = number + 1
        elif line.strip():
            break
    return end


def like(old: str, new: str) -> str:
    """Write what was said now in the manner of the old line: whole, or only the sentence that matters and `*`."""
    if "*" not in old:
        return new
    inside = _inside(squash(old), new)
    if inside is not None:
        return inside
    sentences = _SENTENCE.split(new)
    core = max(squash(old).split("*"), key=len)
    index = max(range(len(sentences)), key=lambda at: likeness(core, sentences[at]))
    text = sentences[index]
    text = f"{'*' if index else ''}{text}{'*' if index + 1 < len(sentences) else ''}"
    return text if fits(text, new) else new


def _inside(old: str, new: str) -> str | None:
    """Put each `*` in the middle of a text where its words stand now; None where that cannot be told."""
    if old.startswith("*") or old.endswith("*"):
        return None
    words, said = old.split(), new.split()
    text: list[str] = []
    for what, first, last, start, end in difflib.SequenceMatcher(None, words, said, autojunk=False).get_opcodes():
        before, now = words[first:last], said[start:end]
        if what == "equal" or not any("*" in word for word in before):
            text += now
        elif len(before) == 1 and now and fits(before[0], " ".join(now)):
            text += before
        elif len(before) == len(now):
            text += [
                was if "*" in was and fits(was, is_now) else is_now for was, is_now in zip(before, now, strict=True)
            ]
        else:
            return None
    found = " ".join(text)
    return found if "*" in found and fits(found, new) else None
