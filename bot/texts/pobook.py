"""Read a `.po` file whole and write it so that versions of it merge: what the translators' tools work on.

`pofile` reads what people in the chat are to see; this keeps everything else too: comments of translators, earlier
source texts, messages no longer used. Written files have no dates, no line numbers, no wrapped lines and one order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.errors import ContentError
from bot.texts.errors import Findings, TextProblem
from bot.texts.plurals import header as plural_header
from bot.texts.polines import Entry, Key, complete, entries, short

NOTE = "Texts of optout-bot. Translate msgstr, keep {fill-ins}, **marks** and [links](name)."
"""The comment at the top of a new file."""

_OURS = {"project-id-version", "language", "plural-forms", "mime-version", "content-type", "content-transfer-encoding"}
_NOISE = {"pot-creation-date", "po-revision-date", "generated-by", "x-generator"}
_BLANK = ("FULL NAME", "EMAIL@ADDRESS", "LL@li.org", "PROJECT", "ORGANIZATION", "FIRST AUTHOR")
"""What tools write where a person should have filled in something."""
_FILL_IN = re.compile(r"(?<!\{)(?:\{\{)*\{[a-z][a-z0-9_]*\}")
_FORMATS = {"python-format", "python-brace-format"}
_BOTH_GONE = re.compile(r"^<{7} .*\n(?:(?:#(?![.:|]).*|[ \t\r]*|={7}\r?|\|{7}.*)\n)*?>{7} .*$", re.MULTILINE)
_MARK = re.compile(r"^(?:[<>|]{7} .*|={7}\r?)$", re.MULTILINE)
"""What git leaves where two branches each took texts out: both end up in one place, and both may stay."""
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Previous:
    """The source a translation was made for, where it is another one today."""

    msgid: str
    plural: str | None = None
    context: str | None = None


@dataclass(slots=True)
class Message:
    """One message: `about` are our comments (places first), `notes` those of translators."""

    msgid: str
    context: str | None = None
    plural: str | None = None
    strings: tuple[str, ...] = ("",)
    about: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    previous: Previous | None = None

    @property
    def key(self) -> Key:
        """Name the message by its context and source text."""
        return self.context, self.msgid

    @property
    def fuzzy(self) -> bool:
        """Tell whether a translator has to look at it before it is used."""
        return "fuzzy" in self.flags

    @property
    def begun(self) -> bool:
        """Tell whether anything is translated."""
        return any(string.strip() for string in self.strings)

    @property
    def whole(self) -> bool:
        """Tell whether every form is translated."""
        return all(string.strip() for string in self.strings)


@dataclass(slots=True)
class Book:
    """A catalogue: its messages in order, and those no longer used. `language` is None for the template."""

    language: str | None
    messages: dict[Key, Message] = field(default_factory=dict)
    obsolete: dict[Key, Message] = field(default_factory=dict)
    notes: list[str] = field(default_factory=lambda: [NOTE])
    header: dict[str, str] = field(default_factory=dict)
    """What translators' tools wrote into the header: Last-Translator, Language-Team and the like."""
    problems: tuple[TextProblem, ...] = ()


def read_book(text: str, language: str, file: str = "messages.po", *, strict: bool = True) -> Book:
    """Read a catalogue.

    `strict` raises ContentError, with `problems`, where an entry is damaged or translated twice in different words:
    whoever writes the file anew would lose it. Otherwise what can be read is given, and `problems` says the rest.
    """
    findings = Findings(file)
    book = Book(language)
    text = _BOTH_GONE.sub(lambda both: _MARK.sub("", both.group()) if "#~" in both.group() else both.group(), text)
    active, obsolete = _parted(text.removeprefix("\ufeff"))
    for target, part in ((book.messages, active), (book.obsolete, obsolete)):
        for entry in entries(part, findings):
            if not complete(entry, findings):
                continue
            message = _message(entry)
            first = target.setdefault(message.key, message)
            if first is message or not message.begun or message.strings == first.strings:
                continue
            if first.begun:
                said = f"“{short(message.msgid)}” is translated twice, in different words."
                findings.error(entry.place, "T105", said, "Take one of the two out.")
            else:
                target[message.key] = message
    head = book.messages.pop((None, ""), None)
    if head is not None:
        book.notes = head_notes(head.notes)
        book.header = dict(_kept(head.strings[0]))
    book.problems = tuple(sorted(findings.problems, key=lambda found: (found.line, found.col)))
    if strict and book.problems:
        more = f" (and {len(book.problems) - 1} more)" if len(book.problems) > 1 else ""
        first_problem = str(book.problems[0]).replace("\n    ", " ")
        raise ContentError(f"{first_problem}{more} Nothing was changed.", book.problems)
    return book


def write_book(book: Book) -> str:
    """Write a catalogue."""
    lines = [_comment("#", note) for note in book.notes]
    lines += ['msgid ""', 'msgstr ""']
    lines += [f'"{_escape(f"{name}: {value}")}\\n"' for name, value in _fields(book)]
    for message in book.messages.values():
        lines += ["", *_lines(message)]
    for message in sorted(book.obsolete.values(), key=lambda one: (one.msgid, one.context or "")):
        lines += ["", *_obsolete_lines(message)]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> list[str]:
    """Write a text between quotes, a line of the file for each line of the text."""
    pieces = [piece for piece in re.split(r"(?<=\n)", text) if piece]
    if len(pieces) < 2:
        return [f'"{_escape(text)}"']
    return ['""', *[f'"{_escape(piece)}"' for piece in pieces]]


def _escape(text: str) -> str:
    return text.translate(_ESCAPED)


def _parted(text: str) -> tuple[str, str]:
    """Cut a file in two, so that lines keep their numbers: what is used, and what stands behind `#~`."""
    active: list[str] = []
    obsolete: list[str] = []
    waiting = 0
    """So many comment lines before this one belong to the message that follows."""
    for line in text.split("\n"):
        words = line.strip(" \t\r")
        if words.startswith("#~"):
            for at in range(len(active) - waiting, len(active)):
                active[at], obsolete[at] = "", active[at]
            active.append("")
            obsolete.append(f"#{words[2:]}" if words.startswith("#~|") else words[2:].strip())
            waiting = 0
            continue
        active.append(line)
        obsolete.append("")
        waiting = waiting + 1 if words.startswith("#") else 0
    return "\n".join(active), "\n".join(obsolete)


def _message(entry: Entry) -> Message:
    context, msgid = entry.key
    plural = entry.part("msgid_plural")
    message = Message(
        msgid, context, plural.text if plural else None, tuple(part.text for part in entry.strings) or ("",)
    )
    before: list[str] = []
    for line in entry.lines:
        if not line.startswith("#"):
            break
        if line.startswith("#."):
            message.about.append(line[2:].strip())
        elif line.startswith("#,"):
            message.flags |= {flag.strip() for flag in line[2:].split(",")} - {""}
        elif line.startswith("#|"):
            before.append(line[2:].strip())
        elif not line.startswith("#:"):
            message.notes.append(line[1:].removeprefix(" "))
    message.previous = previous(before)
    return message


def previous(lines: Iterable[str]) -> Previous | None:
    """Read the lines after `#|`; None where they name no source."""
    found = next(entries("\n".join(lines), Findings("")))
    msgid, plural, context = (found.part(name) for name in ("msgid", "msgid_plural", "msgctxt"))
    if msgid is None or found.damaged:
        return None
    return Previous(msgid.text, plural.text if plural else None, context.text or None if context else None)


def head_notes(lines: Iterable[str]) -> list[str]:
    """Keep what somebody wrote at the top of a file; what tools write there goes."""
    return [line for line in lines if line and not any(word in line for word in _BLANK)] or [NOTE]


def _kept(header: str) -> Iterator[tuple[str, str]]:
    for line in header.split("\n"):
        name, colon, value = (part.strip() for part in line.partition(":"))
        blank = not value or any(word in value for word in _BLANK)
        if colon and not blank and name.lower() not in _OURS | _NOISE:
            yield name, value


def _fields(book: Book) -> Iterator[tuple[str, str]]:
    yield "Project-Id-Version", "optout-bot"
    yield from book.header.items()
    if book.language is not None:
        yield "Language", book.language
        yield "Plural-Forms", plural_header(book.language)
    yield "MIME-Version", "1.0"
    yield "Content-Type", "text/plain; charset=UTF-8"
    yield "Content-Transfer-Encoding", "8bit"


def _lines(message: Message) -> Iterator[str]:
    yield from (_comment("#", note) for note in message.notes)
    yield from (_comment("#.", about) for about in message.about)
    # One file a line: two branches that each add a place do not meet.
    yield from (f"#: \u2068{file}\u2069" if " " in file else f"#: {file}" for file in message.files)
    flags = sorted(message.flags - _FORMATS)
    # Babel also takes «100% sure» for a format of Python and then refuses right translations.
    if _FILL_IN.search(message.msgid) or _FILL_IN.search(message.plural or ""):
        flags.append("python-brace-format")
    if flags:
        yield f"#, {', '.join(flags)}"
    yield from (f"#| {line}" for line in _previous_lines(message.previous))
    yield from _body(message)


def _obsolete_lines(message: Message) -> Iterator[str]:
    yield from (_comment("#", note) for note in message.notes)
    flags = sorted(message.flags - _FORMATS)
    if flags:
        yield f"#, {', '.join(flags)}"
    yield from (f"#~| {line}" for line in _previous_lines(message.previous))
    yield from (f"#~ {line}" for line in _body(message))


def _comment(mark: str, text: str) -> str:
    return f"{mark} {' '.join(text.splitlines())}".rstrip()


def _previous_lines(source: Previous | None) -> Iterator[str]:
    if source is None:
        return
    for keyword, text in (("msgctxt", source.context), ("msgid", source.msgid), ("msgid_plural", source.plural)):
        if text is not None:
            yield from _keyword(keyword, text)


def _body(message: Message) -> Iterator[str]:
    if message.context is not None:
        yield from _keyword("msgctxt", message.context)
    yield from _keyword("msgid", message.msgid)
    if message.plural is None:
        yield from _keyword("msgstr", message.strings[0])
        return
    yield from _keyword("msgid_plural", message.plural)
    for index, string in enumerate(message.strings):
        yield from _keyword(f"msgstr[{index}]", string)


def _keyword(keyword: str, text: str) -> Iterator[str]:
    first, *more = quoted(text)
    yield f"{keyword} {first}"
    yield from more
