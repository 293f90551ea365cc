"""Make a language that nobody speaks from the source texts: what stays English or is cut off catches the eye.

`Choose your country` becomes `⟦Ćĥóóśé ýóúŕ ćóúńťŕý ťŵó⟧`: readable, accented, as much longer as German is, and between
brackets. A missing bracket is a cut text, a letter without accent one that never reaches translators. Fill-ins, markup,
links, commands, code and numbers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.texts.plurals import plurals
from bot.texts.pobook import Book, Message, write_book
from bot.texts.reconcile import Entry, merge

LANGUAGE = "en_XA"
"""CLDR's name for accented English; nobody's real language."""
LONGER = 0.35
"""German is about a third longer than English (Spanish, French and Polish are no longer than that)."""
OPEN, CLOSE = "⟦", "⟧"

_ACCENTED = str.maketrans(
    "abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ", "áḃćďéḟǵĥíĵḱĺḿńóṕŕśťúṽŵẋýžÁḂĆĎÉḞǴĤÍĴḰĹḾŃÓṔŔŚŤÚṼŴẊÝŽ"
)
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AS_IT_IS = re.compile(
    r"\{\{|\}\}|\{[a-z][a-z0-9_]*\}|`[^`\n]*`|\]\([^)\n]*\)|\*\*|https?://\S+"
    r"|(?<![\w/<])/[a-z][a-z0-9_-]*|(?<![\w.])@[A-Za-z]\w+|\w*\d\w*"
)
_ALONE = re.compile(r"\s*(?:- )?\s*(?:\{[a-z][a-z0-9_]*\})?\s*")


def pseudo(entries: Iterable[Entry], language: str = LANGUAGE, without: Iterable[str] = ()) -> str:
    """Write the catalogue of the made-up language; messages of the contexts in `without` stay untranslated."""
    book = Book(language, notes=["A made-up language that shows texts which are cut off or never translated."])
    left = set(without)
    forms = plurals(language).categories
    for key, places in merge(entries).items():
        context, msgid = key
        plural = next((one.plural for one in places if one.plural), None)
        said = (msgid,) if plural is None else tuple(msgid if form == "one" else plural for form in forms)
        strings = ("",) * len(said) if context in left else tuple(accent(text) for text in said)
        book.messages[key] = Message(msgid, context, plural, strings, [one.place for one in places])
    return write_book(book)


def accent(text: str) -> str:
    """Say one text in the made-up language."""
    lines = text.split("\n")
    spoken = [number for number, line in enumerate(lines) if not _ALONE.fullmatch(line)]
    for number in spoken:
        bullet, body = ("- ", lines[number][2:]) if lines[number].startswith("- ") else ("", lines[number])
        before = body[: len(body) - len(body.lstrip())]
        words = body.strip()
        # A question still ends like one, as the check of translations expects.
        asks = "?" if words.endswith("?") else ""
        after = asks + body[len(body.rstrip()) :]
        first, last = number == spoken[0], number == spoken[-1]
        brackets = first * len(OPEN) + last * len(CLOSE)
        words = "".join(_accented(words.removesuffix(asks))) + _more(body, brackets)
        lines[number] = f"{bullet}{before}{OPEN * first}{words}{CLOSE * last}{after}"
    return "\n".join(lines)


def _accented(text: str) -> Iterator[str]:
    at = 0
    for kept in _AS_IT_IS.finditer(text):
        yield text[at : kept.start()].translate(_ACCENTED)
        yield kept.group()
        at = kept.end()
    yield text[at:].translate(_ACCENTED)


def _more(text: str, brackets: int) -> str:
    """Give words that make a line as long as a German one would be, and no longer."""
    room = round(len(_AS_IT_IS.sub("", text).strip()) * LONGER) - brackets
    words = "".join(f" {number}" for number in _NUMBERS) * (room // 45 + 1)
    return words[: max(room, 0)].rstrip().translate(_ACCENTED)
