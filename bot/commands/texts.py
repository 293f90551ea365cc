"""The translation cycle: `texts extract | update | status | pseudo`."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.app import Loaded
from bot.commands.source_texts import PARTS, every, gather, part_of
from bot.content.folder import INSTALLED
from bot.engine.text import Text
from bot.errors import ContentError, UsageError
from bot.texts.languages import SOURCE, endonym, language_name, normalise
from bot.texts.locale_data import is_known
from bot.texts.pobook import Book, read_book
from bot.texts.progress import Counts, Progress, picture, table
from bot.texts.pseudo import LANGUAGE, pseudo
from bot.texts.reconcile import MATCH_WORDS, Entry, Report, merge, template, update

__all__ = ["gather", "texts"]

TEMPLATE = "messages.pot"
PLACE = Path("LC_MESSAGES", "messages.po")
MADE = "made-up-language.txt"
"""Marks a folder that `texts pseudo` made and may make anew."""


def texts(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot texts …`."""
    # All packs have their translations in the same files: one alone would throw those of the others away.
    packs = every(arguments.content, getattr(arguments, "pack", None))
    entries = [entry for pack in packs for entry in gather(pack)]
    locales = packs[0].content.locales
    if arguments.what in {"extract", "update"} and locales.parent.name == INSTALLED:
        # What is written there is gone with the next version.
        raise UsageError(
            f"These are the texts of the installed package. Copy {locales.parent} to a folder of your own and say "
            f"«optout-bot texts {arguments.what} --content THAT_FOLDER»."
        )
    if arguments.what == "extract":
        return _extract(locales, entries)
    if arguments.what == "update":
        return _update(locales, entries, arguments.languages, arguments.keep_typos)
    if arguments.what == "pseudo":
        return _pseudo(packs, entries, arguments.language or LANGUAGE, arguments.output)
    return _status(packs, entries, arguments.languages, arguments.output)


def _extract(locales: Path, entries: list[Entry]) -> int:
    path = locales / TEMPLATE
    changed = _write(path, template(entries))
    print(f"{_short(path)}: {len(merge(entries))} texts{'' if changed else ' (unchanged)'}")
    return 0


def _update(locales: Path, entries: list[Entry], wanted: list[str], keep_typos: bool) -> int:
    chosen = _chosen(locales, wanted)
    _extract(locales, entries)
    if not chosen:
        print("There is no translation yet. Begin one with its language: optout-bot texts update fr")
    code = 0
    for language, path in chosen.items():
        begun = path.is_file()
        try:
            made, report = update(entries, _read(path), language, keep_typos=keep_typos, file=_short(path))
            changed = _write(path, made)
        except (ContentError, UsageError) as error:
            # The others can be brought up to date all the same.
            print(f"optout-bot: {error}", file=sys.stderr)
            code = max(code, 2 if isinstance(error, UsageError) else 1)
            continue
        print(f"{_short(path)}: {_summary(report, begun, changed, language)}")
    return code


def _summary(report: Report, begun: bool, changed: bool, language: str) -> str:
    stands = f"{report.translated} translated, {report.unsure} to look at again, {report.missing} not translated"
    if not begun:
        return f"begun for {language_name(language, SOURCE)}, {report.missing} texts to translate"
    news = (
        (report.new, "new"),
        (len(report.changed), "changed"),
        (report.back, "said again"),
        (report.gone, "no longer said"),
    )
    said = ", ".join(f"{number} {what}" for number, what in news if number)
    return f"{said or ('tidied up' if changed else 'unchanged')}; now {stands}"


def _status(packs: list[Loaded], entries: list[Entry], wanted: list[str], output: Path | None) -> int:
    if output is not None and output.suffix.lower() != ".svg":
        raise UsageError(f"{output}: the picture is an SVG; give a name that ends in .svg.")
    found = []
    for language, path in _chosen(packs[0].content.locales, wanted).items():
        if not path.is_file():
            raise UsageError(
                f"There is no translation for {language} yet; «optout-bot texts update {language}» begins it."
            )
        book = read_book(_read(path), language, _short(path), strict=False)
        if book.problems:
            places, them = ("place", "it") if len(book.problems) == 1 else ("places", "them")
            said = f"{len(book.problems)} damaged {places}; «{packs[0].content.check}» names {them}."
            print(f"{_short(path)}: {said}", file=sys.stderr)
        found.append(Progress(language, endonym(language), _counts(packs[0], book, entries)))
    print(table(found))
    print("Words that people may type are not counted: every language has as many as it needs.")
    if output is not None:
        _write(output, picture(found))
        print(f"{output}: picture written")
    return 0


def _counts(loaded: Loaded, book: Book, entries: list[Entry]) -> dict[str, Counts]:
    parts = {name: Counts() for name in PARTS}
    for (context, msgid), places in merge(entries).items():
        if context == MATCH_WORDS:
            continue
        first = next((one for one in places if one.plural), places[0])
        text = Text(msgid, first.place, context, first.plural, first.by)
        message = book.messages.get((context, msgid))
        counts = parts[part_of(places[0].file)]
        if loaded.catalogues.translated(book.language or SOURCE, text):
            counts.translated += 1
        elif message is not None and message.fuzzy:
            counts.unsure += 1
        elif message is not None and message.begun:
            counts.unusable += 1
        else:
            counts.missing += 1
    return parts


def _pseudo(packs: list[Loaded], entries: list[Entry], wanted: str, output: Path | None) -> int:
    language = _language(wanted)
    made = pseudo(entries, language, without={MATCH_WORDS})
    if output is not None and output.suffix == ".po":
        _write(output, made)
        print(f"{output}: {len(merge(entries))} texts in a made-up language ({language})")
        return 0
    folder = output or Path(tempfile.mkdtemp(prefix="optout-bot-pseudo-"))
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MADE).is_file():
            raise UsageError(f"{folder}: this folder is not empty; name a new one, so that nothing of yours is lost.")
        shutil.rmtree(folder)
    content = packs[0].content
    try:
        shutil.copytree(content.pack.parent, folder / "dialogs", ignore=shutil.ignore_patterns("examples"))
        if content.locales.is_dir():
            # The words of the law are not to be found in a language that nobody speaks.
            shutil.copytree(content.locales, folder / "locales", ignore=shutil.ignore_patterns("glossary.yaml"))
    except OSError as error:
        raise UsageError(f"{folder}: the copy cannot be written ({_reason(error)}).") from None
    _write(folder / MADE, "optout-bot texts pseudo made this copy; it may be deleted.\n")
    _write(folder / "locales" / language / PLACE, made)
    print(f"{folder}: a copy of the content with a made-up language ({language}); look at it, then delete it:")
    print(f"  optout-bot chat --content {folder} --lang {language}")
    print(f"  optout-bot check --content {folder}")
    return 0


def _chosen(locales: Path, wanted: Iterable[str]) -> dict[str, Path]:
    """Give the catalogues asked for, or all there are: language -> its file, which need not be there yet."""
    there = dict(sorted(_there(locales)))
    languages = [_language(one) for one in wanted]
    return {one: there.get(one, locales / one / PLACE) for one in languages} if languages else there


def _there(locales: Path) -> Iterator[tuple[str, Path]]:
    for path in locales.glob(f"*/{PLACE}"):
        language = normalise(path.parent.parent.name)
        if language is not None and language != SOURCE:
            yield language, path


def _language(wanted: str) -> str:
    language = normalise(wanted)
    if language == SOURCE:
        raise UsageError("English is the language the texts are written in: change it in the dialogs themselves.")
    if language is None or (not is_known(language) and not is_known(language.partition("_")[0])):
        raise UsageError(f"“{wanted[:20]}” is no language that CLDR knows; write it like de, pt_BR or zh_Hans.")
    return language


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ContentError(f"{_short(path)}:{line}:1: T101 The file is not UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{_short(path)}: the file cannot be read ({_reason(error)}).") from None


def _write(path: Path, text: str) -> bool:
    """Write a file if it changes, whole or not at all: nobody's translations are lost when the disk is full."""
    data = text.encode()
    beside = path.with_name(f"{path.name}.new")
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        os.replace(beside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise UsageError(f"{_short(path)}: the file cannot be written ({_reason(error)}); it is as it was.") from None
    return True


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _short(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return str(path)
