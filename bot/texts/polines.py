"""Look at every line of a `.po` file: cut it into entries and say where one is damaged.

A line is empty, a comment, a keyword with a complete text in quotes, or such a text alone. Translators' tools and merges
by hand break these rules in ways that Babel and polib pass over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.texts.errors import TextProblem

Key = tuple[str | None, str]
"""Context and source text of a message."""

_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,3}\])?)[ \t]+"((?:[^"\\]|\\.)*)"')
_MORE = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CONFLICT = re.compile(r"<{7}|={7}$|>{7}|\|{7}")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(slots=True)
class Part:
    """One keyword of an entry with its text. `pieces` are (line, column, raw text between the quotes)."""

    keyword: str
    pieces: list[tuple[int, int, str]]

    @property
    def text(self) -> str:
        """Give the text without quotes and escapes."""
        return "".join([_ESCAPE.sub(_unescape, raw) if "\\" in raw else raw for _, _, raw in self.pieces])

    def locate(self, offset: int) -> tuple[int, int]:
        """Find line and column in the file, from 1, of a character of the text."""
        line, col, raw = self.pieces[0]
        for line, col, raw in self.pieces:
            at = 0
            while at < len(raw):
                if not offset:
                    return line, col + at
                at += 2 if raw[at] == "\\" else 1
                offset -= 1
        return line, col + len(raw)


@dataclass(slots=True)
class Entry:
    """One message as it stands in the file; `lines` are all its lines, comments included."""

    first: int
    lines: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    damaged: bool = False
    fuzzy: bool = False

    def part(self, keyword: str) -> Part | None:
        """Give the part with this keyword, if there is one."""
        return next((part for part in self.parts if part.keyword == keyword), None)

    @property
    def key(self) -> Key:
        """Name the message by its context and source text."""
        context, msgid = self.part("msgctxt"), self.part("msgid")
        return (context.text or None) if context else None, msgid.text if msgid else ""

    @property
    def strings(self) -> list[Part]:
        """List the parts that are translations."""
        return [part for part in self.parts if part.keyword.startswith("msgstr")]

    def locate(self, form: int = 0, offset: int = 0) -> tuple[int, int]:
        """Find line and column of a character of a translation; of the entry where there is no such form."""
        strings = self.strings
        if form < len(strings):
            return strings[form].locate(offset)
        return self.parts[0].pieces[0][0] if self.parts else self.first, 1


def entries(text: str, file: str, problems: list[TextProblem]) -> Iterator[Entry]:
    """Cut a file into entries and name every line that is damaged."""
    entry = Entry(1)
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        words = line.strip(" \t")
        if not words:
            if entry.damaged or entry.strings:
                yield entry
                entry = Entry(number + 1)
            continue
        if words.startswith("#"):
            if entry.parts or entry.damaged:
                yield entry
                entry = Entry(number)
            if words.startswith("#,") and "fuzzy" in [flag.strip() for flag in words[2:].split(",")]:
                entry.fuzzy = True
            if not words.startswith("#~") and not _unreadable(words):
                entry.lines.append(words)
            continue
        if words.startswith(("msgid ", "msgid\t", "msgctxt")) and entry.strings:
            yield entry
            entry = Entry(number)
        start = len(line) - len(line.lstrip(" \t"))
        problem = _line(entry, words, number, start + 1, file)
        entry.lines.append(words)
        if problem is not None:
            entry.damaged = True
            problems.append(problem)
    if entry.lines or entry.parts:
        yield entry


def _line(entry: Entry, words: str, number: int, col: int, file: str) -> TextProblem | None:
    """Put one line into its entry, or say what is wrong with it."""
    keyword = _KEYWORD.fullmatch(words)
    if keyword is not None and not _unreadable(words):
        entry.parts.append(Part(keyword.group(1), [(number, col + keyword.start(2), keyword.group(2))]))
        return None
    more = _MORE.fullmatch(words)
    if more is not None and entry.parts and not _unreadable(words):
        entry.parts[-1].pieces.append((number, col + 1, more.group(1)))
        return None
    if _CONFLICT.match(words):
        return TextProblem(
            file, number, col, "T103", f"“{words[:7]}” is the mark of a merge that was not finished.",
            "Choose one of the two texts and take the marks out; until then the entries around it are not used.",
        )  # fmt: skip
    return TextProblem(file, number, *_damage(words, col))


def _damage(words: str, col: int) -> tuple[int, str, str, str]:
    """Say where a line breaks and why: (column, code, message, hint)."""
    unused = "until then this entry is not used."
    if _unreadable(words):
        at = next(position for position, char in enumerate(words) if _unreadable(char))
        return col + at, "T102", "Some bytes of this line cannot be read.", f"Write the line anew; {unused}"
    started = re.match(r'(?:msg[a-z_]+(?:\[\d+\])?[ \t]*)?(")', words)
    if started is not None:
        whole = re.match(r'"(?:[^"\\]|\\.)*"', words[started.start(1) :])
        if whole is None:
            return (
                col + len(words),
                "T102",
                "The text is not closed with a quote.",
                f'Put “"” at the end of the line; {unused}',
            )
        after = started.start(1) + whole.end()
        if after < len(words):
            return (
                col + after - 1, "T102", "A quote stands inside the text, or something follows it.",
                f"Write a quote inside a text as \\\"; {unused}",
            )  # fmt: skip
        if words.startswith('"'):
            return col, "T102", "This text belongs to no keyword.", f"Put msgid or msgstr before it; {unused}"
    if words.startswith("msg"):
        return col, "T102", f"“{words.split()[0][:30]}” is no keyword with a text in quotes.", (
            f'Expected msgctxt, msgid, msgid_plural, msgstr or msgstr[0] and then "text"; {unused}'
        )  # fmt: skip
    return (
        col,
        "T102",
        f"“{short(words)}” is no line of a .po file.",
        f"Take it out, or put # before a comment; {unused}",
    )


_ALLOWED = re.compile(r"(msgctxt )?msgid (msgstr |msgid_plural (msgstr\[\d+\] )+)")


def complete(entry: Entry, file: str, problems: list[TextProblem]) -> bool:
    """Tell whether an entry can be used; name it where it is not whole."""
    if entry.damaged or not entry.parts:
        return False
    order = "".join(f"{part.keyword} " for part in entry.parts)
    numbers = [part.keyword for part in entry.strings]
    if _ALLOWED.fullmatch(order) and numbers in (["msgstr"], [f"msgstr[{index}]" for index in range(len(numbers))]):
        return True
    problems.append(
        TextProblem(
            file, entry.parts[0].pieces[0][0], 1, "T104", f"This entry is not complete or not in order: it has {order.strip()}.",
            "A message is msgid and msgstr, or msgid, msgid_plural, msgstr[0], msgstr[1] …; msgctxt may stand first.",
        )
    )  # fmt: skip
    return False


def _unreadable(words: str) -> bool:
    return not words.isascii() and any("\ud800" <= char <= "\udfff" for char in words)


def _unescape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found.group(1), found.group(1))


def short(words: str) -> str:
    """Shorten a text for a message, on one line."""
    words = " ".join(words.split())
    return words if len(words) <= 50 else words[:49] + "…"
