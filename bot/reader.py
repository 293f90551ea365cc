"""Read YAML as our authors use it: block style, every value text, no anchors, no repeats; every piece keeps its place.

The small, boring part of YAML in which nothing can surprise: `no` stays "no", `12:30` stays "12:30". What does not
fit is a `Problem` with file, line and column, in words that say what to do. Dialogs, letters, examples and facts are
read by this.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.errors import Problem

MAX_BYTES = 256 * 1024
"""A file of a pack is a few kilobytes; a larger one is a mistake or an attack (C02)."""
MAX_DEPTH = 30
"""Deepest nesting of a file; the format itself needs eight."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_kept: ContextVar[dict[tuple[str, str, bool], tuple[Any, list[Problem]]] | None] = ContextVar("kept", default=None)
_REMARK = re.compile(r"#\s*check:")
"""The remark to the checks; it may stand behind a text."""


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a file with its place (line and column from 1)."""

    file: str
    line: int
    col: int

    def problem(self, code: str, message: str, hint: str = "") -> Problem:
        """Make a problem that points here."""
        return Problem(self.file, self.line, self.col, code, message, hint)

    def warning(self, code: str, message: str, hint: str = "") -> Problem:
        """Make a warning that points here."""
        return Problem(self.file, self.line, self.col, code, message, hint, "warning")


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A text as it was written. `block` is True for a `|` or `>` text, `quoted` for one in quotes."""

    text: str = ""
    block: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Entries(Node):
    """A mapping: pairs of key and value in the order of the file."""

    pairs: tuple[tuple[Scalar, Scalar | Entries | Items], ...] = ()

    def get(self, key: str) -> Scalar | Entries | Items | None:
        """Give the value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """Give the key itself, for its place."""
        return next((name for name, _ in self.pairs if name.text == key), None)

    def __iter__(self) -> Iterator[tuple[Scalar, Scalar | Entries | Items]]:
        """Walk over the pairs."""
        return iter(self.pairs)


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list in the order of the file."""

    values: tuple[Scalar | Entries | Items, ...] = field(default=())


Piece = Scalar | Entries | Items


def read(file: str, source: str | bytes, *, flow: bool = False) -> tuple[Piece | None, list[Problem]]:
    """Read one file into pieces with places, and list everything that keeps it from being used.

    `flow` takes lists and mappings on one line too (`[a, b]`), for files that are tables of ids and not talk.
    """
    problems: list[Problem] = []
    text = _decode(file, source, problems)
    if text is None:
        return None, problems
    kept, key = _kept.get(), (file, text, flow)
    if kept is None:
        return _parse(file, text, flow)
    if key not in kept:
        kept[key] = _parse(file, text, flow)
    root, found = kept[key]
    return root, [*found]


@contextmanager
def reading_once() -> Iterator[None]:
    """Read no file twice inside: a check looks at the same content as dialogs, as facts and as examples."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _parse(file: str, text: str, flow: bool) -> tuple[Piece | None, list[Problem]]:
    problems = _scan_lines(file, text)
    if any(problem.level == "error" for problem in problems):
        return None, problems
    builder = _Builder(file, text.split("\n"), problems, flow)
    loader = _Loader(text)
    try:
        while loader.check_event() and not builder.stopped:
            builder.feed(loader.get_event())
    except yaml.YAMLError as error:
        problems.append(_explain(file, text, error, flow))
        return None, problems
    finally:
        loader.dispose()
    if builder.root is None and not builder.stopped:
        problems.append(
            Problem(file, 1, 1, "Y002", "the file is empty.", "Write at least its first line, or delete it.")
        )
    return (None if builder.stopped else builder.root), problems


def _decode(file: str, source: str | bytes, problems: list[Problem]) -> str | None:
    if len(source) > MAX_BYTES:
        problems.append(
            Problem(
                file, 1, 1, "Y003", f"the file has {len(source):,} bytes; at most {MAX_BYTES:,} are read.", "Split it."
            )
        )
        return None
    if isinstance(source, str):
        return source.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        return source.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        problems.append(
            Problem(file, line, 1, "Y004", "the file is not UTF-8 text.", "Save it with the encoding UTF-8.")
        )
        return None


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_MARKS = ("\t", "<<<<<<<", "=======", ">>>>>>>")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def _scan_lines(file: str, text: str) -> list[Problem]:
    if not _CONTROL.search(text) and not _BIDI.search(text) and not any(mark in text for mark in _MARKS):
        return []  # nearly every file, and at every start: looking at each line takes ten times as long
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.lstrip(" ")
        if stripped.startswith("\t"):
            problems.append(
                Problem(file, number, len(line) - len(stripped) + 1, "Y005", "a tab at the beginning of a line.",
                        "Indent with two spaces.")
            )  # fmt: skip
        match = _CONTROL.search(line)
        if match:
            problems.append(
                Problem(file, number, match.start() + 1, "Y006", f"a control character (U+{ord(match[0]):04X}).",
                        "Delete it.")
            )  # fmt: skip
        match = _BIDI.search(line)
        if match:
            problems.append(
                Problem(file, number, match.start() + 1, "Y007",
                        f"a character that turns the reading direction (U+{ord(match[0]):04X}).",
                        "Delete it; the bot isolates foreign words by itself.")
            )  # fmt: skip
        if re.match(r"(<{7}|={7}|>{7})( |$)", line):
            problems.append(
                Problem(file, number, 1, "Y008", "the mark of a merge conflict.", "Choose one of the versions.")
            )
    return problems


_VALUE = re.compile(r"\s*(?:- +)*(?:[^\s:#'\"][^:#]*: +)?(.*)")
"""A line of a block: list marks, a key, and the value it begins."""

_QUOTES = "Put the text in quotes, or write it below the key after «|»."


def _explain(file: str, text: str, error: Any, flow: bool) -> Problem:
    """Say in an author's words why the parser gave up; errors of its own kind have marks and words, others none."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, col = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    whole = lines[line - 1] if line <= len(lines) else ""
    shown = whole.strip()[:60]
    problem, context = str(getattr(error, "problem", "")), str(getattr(error, "context", ""))

    def at(code: str, message: str, hint: str) -> Problem:
        return Problem(file, line, col, code, message, hint)

    if "mapping values are not allowed" in problem:
        return at(
            "Y010",
            f"a second «: » in «{shown}».",
            "A text with «: » in it needs quotes, or goes below the key after «|».",
        )
    if "escape" in problem:
        return at(
            "Y015", "a backslash in a quoted text means something else here.", "Use single quotes, or write \\\\."
        )
    if "cannot start any token" in problem:
        return at("Y011", f"a text cannot begin with «{whole[col - 1 : col]}».", _QUOTES)
    if "quoted scalar" in problem or "quoted scalar" in context:
        start = error.context_mark or mark
        line, col = (start.line + 1, start.column + 1) if start else (line, col)
        return at(
            "Y013", "a quotation mark is opened and not closed.", "Close it, or write the text below the key after «|»."
        )
    opened = _left_open(lines[: line - 1])
    if opened:
        hint = "Close it, or write the text below the key after «|»."
        return Problem(file, *opened, "Y013", "a quotation mark is opened and not closed.", hint)
    found = _VALUE.match(whole)
    value = found[1] if found else ""
    if value[:1] in {"*", "&", "!"}:
        return at("Y012", f"a text cannot begin with «{value[0]}».", _QUOTES)
    if value[:1] in {"{", "["} and not flow:
        return at("Y016", f"a text cannot begin with «{value[0]}».", _QUOTES)
    if value[:1] in {"|", ">"} and len(value) > 1:
        return at("Y017", f"the text after «{value[0]}» begins on the next line.", "Move it there, indented.")
    if value.startswith("- ") or "sequence entries are not allowed" in problem:
        return at("Y018", "a list begins on the line after its key.", "Move «- » there, indented.")
    if "expected <block end>" in problem or "did not find expected" in problem or "could not find expected" in problem:
        hint = "Look at the indentation of this line and the one above, and at quotes."
        return at("Y014", f"«{shown}» does not fit here." if shown else "something above is not finished.", hint)
    return at("Y001", f"I cannot read «{shown}».", "Look at the indentation, quotes and «: ».")


def _left_open(above: list[str]) -> tuple[int, int] | None:
    """Find the text whose closing quotation mark was lost: it went on until the next one, where the parser stumbled."""
    for number in range(len(above), 0, -1):
        found = _VALUE.match(above[number - 1])
        value = found[1] if found else ""
        mark = value[:1]
        if mark in {"'", '"'} and found:
            # Two of them inside single quotes stand for one.
            inside = value[1:].replace("''", "") if mark == "'" else re.sub(r"\\.", "", value[1:])
            return (number, found.start(1) + 1) if mark not in inside else None
        if re.match(r"\s*(?:- +)*[a-z_ ]+:(?: |$)", above[number - 1]) and mark not in {"'", '"'}:
            continue
    return None


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not closed yet; `key` waits for its value."""

    line: int
    col: int
    mapping: bool
    pairs: list[tuple[Scalar, Piece]] = field(default_factory=list)
    values: list[Piece] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    key: Scalar | None = None
    dropped: bool = False
    """The key in hand is refused; its value is read and forgotten."""


class _Builder:
    """Put parser events together without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, file: str, lines: list[str], problems: list[Problem], flow: bool) -> None:
        self.file = file
        self.lines = lines
        self.problems = problems
        self.open: list[_Open] = []
        self.root: Piece | None = None
        self.documents = 0
        self.flow_allowed = flow
        self.flow = 0
        """How many flow collections are open; inside the first nothing more is said about them."""
        self.stopped = False

    def feed(self, event: Any) -> None:
        """Take one event of the parser."""
        kind = type(event)  # the parser makes no subclasses, and there are tens of thousands of events
        if kind is yaml.ScalarEvent:
            self._refuse_tricks(event)
            self._place(self._scalar(event))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._refuse_tricks(event)
            self._begin(event, kind is yaml.MappingStartEvent)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            done = self.open.pop()
            self.flow = max(self.flow - 1, 0)
            self._place(
                Entries(self.file, done.line, done.col, tuple(done.pairs))
                if done.mapping
                else Items(self.file, done.line, done.col, tuple(done.values))
            )
        elif kind is yaml.AliasEvent:
            here = self._here(event)
            hint = "Write the piece out, or put the text in quotes."
            self.problems.append(
                here.problem("Y021", f"«*{str(event.anchor)[:30]}» is an alias, which is not used here.", hint)
            )
            self._place(Scalar(self.file, here.line, here.col))
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents == 2:
                here = self._here(event)
                self.problems.append(here.problem("Y028", "a second document begins here.", "Keep one in a file."))
                self.stopped = True

    def _here(self, event: Any) -> Node:
        return Node(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _begin(self, event: Any, mapping: bool) -> None:
        here = self._here(event)
        if event.flow_style and not self.flow_allowed:
            self.flow += 1
            if self.flow == 1:
                shown = "{…}" if mapping else "[…]"
                hint = "Write one entry a line, or put the text in quotes if it begins with a bracket."
                self.problems.append(here.problem("Y027", f"{shown} on one line is not used here.", hint))
        self.open.append(_Open(here.line, here.col, mapping))
        if len(self.open) > MAX_DEPTH:
            self.problems.append(here.problem("Y020", f"nested deeper than {MAX_DEPTH}.", "Make it flatter."))
            self.stopped = True

    def _place(self, piece: Piece) -> None:
        """Put a piece where it belongs: into the list, as a key, or as the value of the key before it."""
        if not self.open:
            self.root = piece
            return
        top = self.open[-1]
        if not top.mapping:
            top.values.append(piece)
        elif top.key is None:
            self._key(top, piece)
        else:
            if not top.dropped:
                top.pairs.append((top.key, piece))
            top.key, top.dropped = None, False

    def _key(self, top: _Open, piece: Piece) -> None:
        top.key = piece if isinstance(piece, Scalar) else Scalar(self.file, piece.line, piece.col)
        top.dropped = True
        if not isinstance(piece, Scalar):
            hint = "Quote texts that begin with «{» or «[»."
            self.problems.append(piece.problem("Y023", "a key must be a simple word.", hint))
        elif piece.text == "<<":
            self.problems.append(piece.problem("Y021", "a merge key (`<<`) is not used here.", "Write the piece out."))
        elif piece.text in top.names:
            hint = f"It stands in line {top.names[piece.text]} already; keep one of them."
            self.problems.append(piece.problem("Y024", f"«{piece.text[:40]}» is here twice.", hint))
        else:
            top.names[piece.text] = piece.line
            top.dropped = False

    def _scalar(self, event: Any) -> Scalar:
        style, text, mark = event.style, event.value, event.start_mark
        block, quoted = style in {"|", ">"}, style in {"'", '"'}
        if not block and not quoted and " " in text and event.end_mark.line < len(self.lines):
            rest = self.lines[event.end_mark.line][event.end_mark.column :].strip()
            if rest.startswith("#") and not _REMARK.match(rest):
                hint = "If it belongs to the text, put the text in quotes."
                message = f"«{rest[:30]}» is read as a comment and cut off."
                self.problems.append(self._here(event).warning("Y022", message, hint))
        # The lines themselves were looked at before; only double quotes can still make one, out of a backslash.
        bad = _CONTROL.search(text) if style == '"' else None
        if bad:
            message = f"a control character (U+{ord(bad[0]):04X}) is written with a backslash."
            self.problems.append(self._here(event).problem("Y006", message, "Delete it."))
        return Scalar(self.file, mark.line + 1, mark.column + 1, text.strip("\n") if block else text, block, quoted)

    def _refuse_tricks(self, event: Any) -> None:
        # Without an explicit tag everything is text: `no`, `12:30` and `0123` stay what was written.
        if event.anchor is not None:
            message = f"«&{event.anchor[:30]}» is an anchor, which is not used here."
            self.problems.append(self._here(event).problem("Y026", message, "Delete it."))
        if event.tag is not None:
            hint = "Delete it, or put the text in quotes."
            message = f"a tag («{event.tag[:30]}») is not used here."
            self.problems.append(self._here(event).problem("Y025", message, hint))


def scalars(piece: Piece | None, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Scalar]]:
    """List every text of a file with the keys above it."""
    if isinstance(piece, Scalar):
        yield keys, piece
    elif isinstance(piece, Items):
        for one in piece.values:
            yield from scalars(one, keys)
    elif isinstance(piece, Entries):
        for key, value in piece:
            yield from scalars(value, (*keys, key.text))


def nearest(word: str, known: Collection[str]) -> str:
    """Give a sentence with the nearest right word, or the few there are."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(word, sorted(known), scorer=OSA.distance, score_cutoff=max(2, len(word) // 3))
    if found:
        return f"Did you mean «{found[0]}»?"
    if 0 < len(known) <= 8:
        return f"Known here: {', '.join(sorted(known))}."
    return ""
