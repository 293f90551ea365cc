"""Read the markup of one text into runs and fill-ins. `markup` makes templates of them; nothing else needs this."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NoReturn

from bot.texts.clean import forbidden
from bot.texts.errors import MarkupError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FILL_IN = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TOKEN = re.compile(r"\*\*|`|\{\{|\}\}|[{}\[]")
_BRACE = re.compile(r"\{\{|\}\}|[{}]")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\n]*)\)")
_LINK_START = re.compile(r"\[[^\[\]]*\]\(")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")

Piece = tuple[str, str | None]
"""Words and the name of the fill-in after them (None: nothing follows)."""


@dataclass(frozen=True, slots=True)
class ParsedRun:
    """Text in one style: words and fill-ins by turns."""

    pieces: tuple[Piece, ...]
    bold: bool
    code: bool
    link: str | None


@dataclass(frozen=True, slots=True)
class ParsedParagraph:
    """A paragraph or list item."""

    runs: tuple[ParsedRun, ...]
    bullet: bool


def parse(source: str) -> tuple[ParsedParagraph, ...]:
    """Read a text; MarkupError at the first thing that cannot be understood."""
    bad = forbidden(source.replace("\r\n", "\n "))
    if bad is not None:
        offset, name = bad
        raise MarkupError(f"The character {name} is invisible or turns the text around; please take it out.", offset)
    paragraphs = tuple(
        ParsedParagraph(_Reader(text, starts).read(), bullet) for text, starts, bullet in _paragraphs(source)
    )
    address = _ADDRESS.search(source)
    if address is not None:
        raise MarkupError(
            f"The address “{address.group()}…” stands in the text; addresses live in the facts: "
            "write {name} or [words](name) with the name of the link.",
            address.start(),
        )
    return paragraphs


def _paragraphs(source: str) -> list[tuple[str, list[tuple[int, int]], bool]]:
    """Cut a text into paragraphs: (text, [(position in it, offset in the source) of each line], list item?)."""
    found: list[tuple[list[str], list[tuple[int, int]], bool]] = []
    fresh = True
    offset = 0
    for line in source.split("\n"):
        words = line.strip()
        start = offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        if not words:
            fresh = True
            continue
        bullet = words.startswith("- ")
        if bullet:
            start += len(words) - len(words[2:].lstrip())
            words = words[2:].lstrip()
        if fresh or bullet:
            found.append(([words], [(0, start)], bullet))
        else:
            lines, starts, _ = found[-1]
            starts.append((sum(map(len, lines)) + len(lines), start))
            lines.append(words)
        fresh = False
    return [("\n".join(lines), starts, bullet) for lines, starts, bullet in found]


@dataclass(slots=True)
class _Reader:
    """Read one paragraph. `starts` leads from a position in it back to the offset in the source."""

    text: str
    starts: list[tuple[int, int]]
    runs: list[ParsedRun] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    style: tuple[bool, bool, str | None] = (False, False, None)

    def read(self) -> tuple[ParsedRun, ...]:
        """Read it all."""
        self._range(0, len(self.text), bold=False, link=None)
        self._end_run()
        return tuple(self.runs)

    def _range(self, position: int, end: int, *, bold: bool, link: str | None) -> None:
        outer = bold
        opened = position
        while position < end:
            token = _TOKEN.search(self.text, position, end)
            if token is None:
                self._say(self.text[position:end], bold, False, link)
                break
            at = token.start()
            self._say(self.text[position:at], bold, False, link)
            match token.group():
                case "**":
                    if outer:
                        self._fail(
                            "Bold is opened outside the link and closed inside it; close it before the link.", at
                        )
                    if bold and not self.text[opened:at].strip():
                        self._fail("Nothing stands between “**” and “**”.", opened - 2)
                    bold = not bold
                    position = opened = at + 2
                case "`":
                    position = self._code(at, end, bold, link)
                case "[":
                    position = self._bracket(at, bold, link)
                case brace:
                    position = self._brace(brace, at, end, bold, False, link)
        if bold and not outer:
            self._fail("“**” opens bold, but nothing closes it in this paragraph.", opened - 2)

    def _code(self, at: int, end: int, bold: bool, link: str | None) -> int:
        close = self.text.find("`", at + 1, end)
        if close < 0 or "\n" in self.text[at:close]:
            self._fail("“`” opens code, but nothing closes it on this line.", at)
        if close == at + 1:
            self._fail("Nothing stands between “`” and “`”.", at)
        position = at + 1
        while position < close:
            token = _BRACE.search(self.text, position, close)
            if token is None:
                self._say(self.text[position:close], bold, True, link)
                break
            self._say(self.text[position : token.start()], bold, True, link)
            position = self._brace(token.group(), token.start(), close, bold, True, link)
        return close + 1

    def _bracket(self, at: int, bold: bool, link: str | None) -> int:
        found = _LINK.match(self.text, at)
        if found is None:
            if _LINK_START.match(self.text, at):
                self._fail("The link is not closed: write [words](name).", at)
            self._say("[", bold, False, link)
            return at + 1
        words, name = found.groups()
        if not _NAME.fullmatch(name):
            self._fail(
                f"“{name}” is not the name of a link; addresses live in the facts and are named in lower-case letters, "
                "digits and _.",
                found.start(2),
            )
        if not words.strip():
            self._fail(f"The link has no words: write [words]({name}) or {{{name}}}.", at)
        self._range(found.start(1), found.end(1), bold=bold, link=name)
        return found.end()

    def _brace(self, brace: str, at: int, end: int, bold: bool, code: bool, link: str | None) -> int:
        if len(brace) == 2:
            self._say(brace[0], bold, code, link)
            return at + 2
        fill_in = _FILL_IN.match(self.text, at, end)
        if fill_in is None:
            self._fail(_why(self.text[at:end]), at)
        self._style(bold, code, link)
        self.pieces.append(("".join(self.words), fill_in.group(1)))
        self.words.clear()
        return fill_in.end()

    def _say(self, words: str, bold: bool, code: bool, link: str | None) -> None:
        if words:
            self._style(bold, code, link)
            self.words.append(words)

    def _style(self, bold: bool, code: bool, link: str | None) -> None:
        if self.style != (bold, code, link):
            self._end_run()
            self.style = (bold, code, link)

    def _end_run(self) -> None:
        if self.words:
            self.pieces.append(("".join(self.words), None))
            self.words.clear()
        if self.pieces:
            self.runs.append(ParsedRun(tuple(self.pieces), *self.style))
            self.pieces.clear()

    def _fail(self, message: str, position: int) -> NoReturn:
        line = bisect_right(self.starts, position, key=lambda start: start[0]) - 1
        begin, offset = self.starts[line]
        raise MarkupError(message, offset + position - begin)


def _why(rest: str) -> str:
    """Say what is wrong with a brace and what follows it."""
    if rest.startswith("}"):
        return "A lone “}”: write “}}” for a brace that is shown, or open the fill-in with “{”."
    inside = re.match(r"\{([^{}\n]*)\}", rest)
    if inside is None:
        return "A lone “{”: write “{{” for a brace that is shown, or close the fill-in with “}”."
    name = inside.group(1)
    shown = name if len(name) <= 40 else name[:40] + "…"
    if not name.strip():
        return "“{}” names nothing: write the name of the value between the braces."
    if any(char in name for char in ".["):
        return f"“{{{shown}}}” reaches into a value; only plain names may be filled in."
    if "!" in name or ":" in name:
        return f"“{{{shown}}}” has a format; only plain names may be filled in, they come ready to be read."
    return f"“{{{shown}}}” is not a plain name: lower-case letters, digits and _, beginning with a letter."
