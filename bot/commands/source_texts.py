"""List every text that translators see, with its stable place and the file it stands in: dialogs, facts, letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import bot
from bot.app import Loaded, load
from bot.checks.folder import packs_in
from bot.content.folder import INSTALLED
from bot.engine.model import Dialog, Pack
from bot.engine.text import Text
from bot.errors import ContentError
from bot.facts.models import Facts
from bot.facts.texts import texts as facts_texts
from bot.letters import load as letters_load
from bot.letters.models import texts as letters_texts
from bot.reader import Node
from bot.texts.reconcile import MATCH_WORDS, Entry

PARTS = ("dialogs", "facts", "letters")

_WORDS_COMMENT = "match words: what people may type, with commas; as many as you need"  # Babel wraps at 76


def every(root: Path | None, pack: str | None = None) -> list[Loaded]:
    """Load all packs of a content folder, or the one named: translations of all of them are in the same files."""
    if pack is not None:
        return [load(root, pack=pack)]
    code = Path(bot.__file__).resolve().parent
    places = [root] if root is not None else [code / INSTALLED, code.parent]
    names = next((found for place in places if (found := [one.name for one in packs_in(place)])), [None])
    return [load(root, pack=name) for name in names]


def gather(loaded: Loaded) -> Iterator[Entry]:
    """List every text of a pack: dialogs first, then facts and letters, each in the order of its files.

    Raises ContentError where a dialog cannot be read: its texts would seem to be gone.
    """
    pack = loaded.compiled.pack
    if pack is None:
        errors = [problem for problem in loaded.compiled.problems if problem.level == "error"]
        raise ContentError(f"{errors[0]} («{loaded.content.check}» lists everything.)", tuple(errors))
    folder = f"dialogs/{pack.name}"
    lines = {text.place: scalar.line for text, scalar in reversed(loaded.compiled.texts)}
    for text in of_pack(pack):
        file = f"{folder}/{text.place.split('/')[1]}.yaml"
        yield _entry(text.msgid, text.place, file, text.context, lines.get(text.place, 1), text.plural, text.by)
    for place, msgid, context in facts_texts(loaded.facts):
        file, line = _in_facts(loaded.facts, place.split("/")[2:])
        yield _entry(msgid, place, f"{folder}/facts/{file}", context, line)
    letters = letters_load.load(loaded.content.pack / "letters")
    for place, msgid, context in letters_texts(letters.letters, pack.name):
        node = _nearest(letters.places, place.split("/")[2:])
        yield _entry(msgid, place, f"{folder}/{node.file}", context, node.line)


def _entry(
    msgid: str, place: str, file: str, context: str | None, line: int, plural: str | None = None, by: str | None = None
) -> Entry:
    return Entry(msgid, place, file, context, plural, _WORDS_COMMENT if context == MATCH_WORDS else "", line, by)


def of_pack(pack: Pack) -> Iterator[Text]:
    """List the texts of a pack in the order of the conversation's files."""
    yield pack.title
    for rule in pack.commands.values():
        yield rule.about
        if rule.also:
            yield rule.also
    yield from pack.phrases.values()
    for slot in pack.slots.values():
        if slot.about:
            yield slot.about
    for dialog in pack.dialogs.values():
        yield from of_dialog(dialog)


def of_dialog(dialog: Dialog) -> Iterator[Text]:
    """List the texts of a dialog, state by state."""
    for state in dialog.states.values():
        for item in state.items:
            if isinstance(item.body, Text):
                yield item.body
        for text in (state.again, state.not_understood):
            if text:
                yield text
        for answer in state.answers:
            yield answer.label
            if answer.also:
                yield answer.also
        if state.done:
            yield state.done


def part_of(file: str) -> str:
    """Tell to which part of a pack a file belongs: dialogs, facts or letters."""
    folder = file.split("/")[2]
    return folder if folder in PARTS[1:] else PARTS[0]


def _in_facts(facts: Facts, path: list[str]) -> tuple[str, int]:
    """Find file and line of a text of the facts; of the nearest record around it where its own is not known."""
    keys: list[str | int] = [int(part) - 1 if part.isdecimal() else part for part in path]
    # The place of an answer does not say that it is one of the «options» of its question.
    ways = ([*keys[:2], "options", *keys[2:]], keys)
    for left_out in range(len(keys)):
        for way in ways:
            for sheet in facts.sheets:
                node = sheet.find(tuple(way[: len(way) - left_out]))
                if node is not None:
                    return Path(node.file).name, node.line
    raise AssertionError(f"no file of the facts has {'/'.join(path)}")


def _nearest(places: Mapping[tuple[str, ...], Node], path: Iterable[str]) -> Node:
    keys = tuple(path)
    while keys not in places:
        keys = keys[:-1]
    return places[keys]
