"""Look at every line of a `.po` file: cut it into entries and say where one is damaged.

A line is empty, a comment, a keyword with a complete text in quotes, or such a text alone. Translators' tools and
merges by hand break these rules in ways that Babel and polib pass over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.texts.errors import Findings

Key = tuple[str | None, str]
"""Context and source text of a message."""

_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,3}\])?)[ \t]+"((?:[^"\\]|\\.)*)"')
_MORE = re.compile(r'"((?:[^"\\]|\\.)*)"')
_QUOTE = re.compile(r'(?:msg[a-z_]+(?:\[\d+\])?[ \t]*)?(")')
_ISOLATES = re.compile("[\u2066-\u2069]")
_CONFLICT = re.compile(r"<{7}|={7}$|>{7}|\|{7}")
# A keyword and a text in other quotes than the straight ones, or in none.
_OTHER_QUOTES = re.compile(r"(msg[a-z_]+(?:\[\d+\])?)[ \t]*([“”„‟«»‘’‚'`])")
_NO_QUOTES = re.compile(r"(msg(?:id|id_plural|str|ctxt)(?:\[\d+\])?)[ \t]+[^\s\"]")
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
    open: bool = False
    """The last text was not closed: lines without a keyword go on with it."""
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
    def places(self) -> list[str]:
        """List the place ids that the comments name (`#. meta_ai/draft/intro/say/1`)."""
        return [word for line in self.lines if line.startswith("#.") for word in line[2:].split() if "/" in word]

    @property
    def strings(self) -> list[Part]:
        """List the parts that are translations."""
        return [part for part in self.parts if part.keyword.startswith("msgstr")]

    def locate(self, form: int = 0, offset: int = 0) -> tuple[int, int]:
        """Find line and column of a character of a translation; of the entry where there is no such form."""
        strings = self.strings
        if form < len(strings):
            return strings[form].locate(offset)
        return self.place

    def part_place(self, keyword: str) -> tuple[int, int]:
        """Give line and column of the text behind a keyword; of the entry where there is none."""
        part = self.part(keyword)
        return part.pieces[0][:2] if part else self.place

    @property
    def place(self) -> tuple[int, int]:
        """Give line and column of the first keyword."""
        return self.parts[0].pieces[0][0], 1


SOME_BYTES = "Some bytes of this line cannot be read."


def entries(text: str, findings: Findings) -> Iterator[Entry]:
    """Cut a file into entries and name every line that is damaged. Lines leave in the form that Babel reads."""
    entry = Entry(1)
    conflict = False
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        words = line.strip(" \t")
        if not words:
            if entry.damaged or entry.strings:
                yield entry
                entry = Entry(number + 1)
            elif not entry.parts:
                entry = Entry(number + 1)  # comments that stand alone belong to no message below them
        elif words.startswith("#"):
            if entry.parts or entry.damaged:
                yield entry
                entry = Entry(number)
            _comment(entry, words)
        else:
            # A second source text begins another entry, also where the first one lost its translation.
            begun = entry.strings or entry.part("msgid")
            if begun and words.startswith(("msgid ", "msgid\t", "msgctxt")):
                yield entry
                entry = Entry(number)
            mark = _CONFLICT.match(words)
            if mark and conflict and mark[0][0] != "<":
                entry.damaged = True  # the other marks of a conflict need no word of their own
            else:
                _line(entry, words, number, len(line) - len(line.lstrip(" \t")) + 1, findings)
            conflict = mark[0][0] != ">" if mark else conflict
    yield entry


def _comment(entry: Entry, words: str) -> None:
    if words.startswith("#,") and "fuzzy" in [flag.strip() for flag in words[2:].split(",")]:
        entry.fuzzy = True
    if words.startswith("#:"):
        words = _ISOLATES.sub("", words)  # gettext puts file names between them, and Babel fails where one is missing
    if not words.startswith("#~") and not _unreadable(words):
        entry.lines.append(words)


def _line(entry: Entry, words: str, number: int, col: int, findings: Findings) -> None:
    """Put one line into its entry, or say what is wrong with it."""
    keyword = _KEYWORD.fullmatch(words)
    more = _MORE.fullmatch(words)
    if keyword is not None and not _unreadable(words):
        entry.parts.append(Part(keyword.group(1), [(number, col + keyword.start(2), keyword.group(2))]))
        entry.lines.append(f'{keyword.group(1)} "{keyword.group(2)}"')
    elif more is not None and entry.parts and not _unreadable(words):
        entry.parts[-1].pieces.append((number, col + 1, more.group(1)))
        entry.lines.append(words)
    elif entry.open and not words.startswith(("msg", '"')) and not _CONFLICT.match(words):
        entry.open = not words.endswith('"')
    else:
        entry.damaged = True
        entry.open = _opens(words)
        at, code, message, hint = _damage(words)
        findings.error((number, col + at), code, message, f"{hint} Until then this entry is not used.")


def _opens(words: str) -> bool:
    """Say whether a line begins a text and does not end it."""
    quote = _QUOTE.match(words)
    return quote is not None and _MORE.match(words, quote.start(1)) is None


def _damage(words: str) -> tuple[int, str, str, str]:
    """Say where a line breaks and why: (characters before it, code, message, hint)."""
    if _unreadable(words):
        at = next(position for position, char in enumerate(words) if _unreadable(char))
        return at, "T102", SOME_BYTES, "Write the line anew in UTF-8."
    if _CONFLICT.match(words):
        message = f"“{words[:7]}” is the mark of a merge that was not finished."
        return 0, "T103", message, "Choose one of the two texts and take the marks out."
    quote = _QUOTE.match(words)
    if quote is not None:
        start = quote.start(1)
        whole = _MORE.match(words, start)
        if whole is None:
            hint = 'Put “"” at the end of the line; a text on several lines has quotes around each of them.'
            return len(words), "T102", "The text is not closed with a quote.", hint
        if whole.end() < len(words):
            message = "A quote stands inside the text, or something follows it."
            return whole.end() - 1, "T102", message, 'Write a quote inside a text as \\".'
        if start == 0:
            return 0, "T102", "This text belongs to no keyword.", "Put msgid or msgstr before it."
    other, bare = _OTHER_QUOTES.match(words), _NO_QUOTES.match(words)
    if other:
        message = f"“{other[2]}” is no straight quote, so {other[1]} has no text."
        return other.start(2), "T102", message, f'Write straight quotes: {other[1]} "…".'
    if bare:
        return bare.end() - 1, "T102", f"The text of {bare[1]} is not in quotes.", f'Write {bare[1]} "…".'
    if words.lower().startswith("msg"):
        message = f"“{short(words.split()[0])}” is no keyword with a text in quotes."
        return (
            0,
            "T102",
            message,
            "Expected is msgctxt, msgid, msgid_plural, msgstr or msgstr[0], a space, then the text.",
        )
    return 0, "T102", f"“{short(words)}” is no line of a .po file.", "Take it out, or put # before a comment."


def complete(entry: Entry, findings: Findings) -> bool:
    """Tell whether an entry can be used; name it where it is not whole."""
    if entry.damaged or not entry.parts:
        return False
    keywords = [part.keyword for part in entry.parts]
    strings = [f"msgstr[{index}]" for index in range(len(entry.strings))]
    expected = ["msgid", "msgid_plural", *strings] if "msgid_plural" in keywords else ["msgid", "msgstr"]
    if strings and keywords in (expected, ["msgctxt", *expected]):
        return True
    findings.error(
        _astray(entry),
        "T104",
        f"This entry is not complete or not in order: {', '.join(keywords)}.",
        "A message is msgid and msgstr, or msgid, msgid_plural, msgstr[0], msgstr[1] …; msgctxt may stand first.",
    )
    return False


def _astray(entry: Entry) -> tuple[int, int]:
    """Find the line that is not what must come next; of an entry that ends too early the last one."""
    keywords = [part.keyword for part in entry.parts]
    several = "msgid_plural" in keywords
    form = 0
    expected = ["msgctxt", "msgid"] if keywords[0] == "msgctxt" else ["msgid"]
    expected += ["msgid_plural"] if several else ["msgstr"]
    for part in entry.parts:
        wanted = expected.pop(0) if expected else f"msgstr[{form}]" if several else ""
        if part.keyword != wanted:
            return part.pieces[0][0], 1
        form += wanted.startswith("msgstr[")
    return entry.parts[-1].pieces[-1][0], 1


def _unreadable(words: str) -> bool:
    return not words.isascii() and any("\ud800" <= char <= "\udfff" for char in words)


def _unescape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found.group(1), found.group(1))


def short(words: str) -> str:
    """Shorten a text for a message, on one line."""
    words = " ".join(words.split())
    return words if len(words) <= 50 else words[:49] + "…"
