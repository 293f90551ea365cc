"""The translation cycle: `texts extract | update | status`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from bot.app import Loaded, load
from bot.engine.model import Dialog, Pack
from bot.engine.text import Text
from bot.errors import ContentError
from bot.texts.reconcile import Entry, template, update

TEMPLATE = "messages.pot"


def texts(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot texts …`."""
    loaded = load(arguments.content, pack=arguments.pack)
    entries = list(gather(loaded))
    locales = loaded.content.locales
    if arguments.what == "extract":
        locales.mkdir(parents=True, exist_ok=True)
        path = locales / TEMPLATE
        changed = _write(path, template(entries))
        print(f"{path}: {len({(e.context, e.msgid) for e in entries})} texts{'' if changed else ' (unchanged)'}")
        return 0
    languages = arguments.languages or sorted(p.parent.parent.name for p in locales.glob("*/LC_MESSAGES/messages.po"))
    for language in languages:
        path = locales / language / "LC_MESSAGES" / "messages.po"
        old = path.read_text("utf-8") if path.is_file() else ""
        made, report = update(entries, old, language, keep_typos=getattr(arguments, "keep_typos", False))
        if arguments.what == "update":
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, made)
            counts = (
                f"{report.kept} kept, {report.new} new, {report.fuzzy} to look at again, {report.gone} no longer used"
            )
            print(f"{path}: {counts}")
    if arguments.what == "status":
        return _status(loaded, entries, languages)
    return 0


def gather(loaded: Loaded) -> Iterator[Entry]:
    """List every text a translator sees: dialogs first, then facts and letters, each with its stable place."""
    pack = loaded.compiled.draft
    if pack is None:
        first = loaded.problems[0] if loaded.problems else "the pack cannot be read"
        raise ContentError(f"{first} («optout-bot check» lists everything.)")
    name = pack.name
    for text in of_pack(pack):
        dialog = text.place.split("/")[1]
        comment = "match words: comma-separated, what people may type; as many or few as your language needs"
        yield Entry(
            text.msgid, text.place, f"dialogs/{name}/{dialog}.yaml", text.context, text.plural,
            comment if text.context == "match words" else "",
        )  # fmt: skip
    from bot.facts.texts import texts as facts_texts
    from bot.letters.models import texts as letters_texts

    for place, msgid, context in facts_texts(loaded.facts):
        yield Entry(msgid, place, f"dialogs/{name}/facts", context)
    for place, msgid, context in letters_texts(loaded.letters, name):
        yield Entry(msgid, place, f"dialogs/{name}/letters", context)


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


def _status(loaded: Loaded, entries: list[Entry], languages: list[str]) -> int:
    from bot.texts.reconcile import merge

    grouped = merge(entries)
    print(f"{'language':<10} {'translated':>10} {'of':>6} {'%':>5}")
    for language in languages:
        done = sum(
            loaded.catalogues.translated(language, Text(msgid, places[0].place, context, places[0].plural))
            for (context, msgid), places in grouped.items()
        )
        print(f"{language:<10} {done:>10} {len(grouped):>6} {100 * done // max(1, len(grouped)):>4}%")
    return 0


def _write(path: Path, text: str) -> bool:
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    path.write_text(text, "utf-8")
    return True
