"""Reading the pieces of a dialog file by the table of keys: names, texts, targets, conditions, changes."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.content.shape import TABLES
from bot.engine.conditions import Condition, ConditionError, parse
from bot.engine.model import Change, Place, Target
from bot.engine.text import Text
from bot.errors import Problem
from bot.reader import Entries, Items, Node, Piece, Scalar, nearest

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
ANSWER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,31}\Z")
_SPAN = re.compile(r"(\d{1,4}) (minute|hour|day|week|month)s?\Z")
_KEY = re.compile(r"[a-z][a-z0-9_]*( [a-z]+){0,3}\Z")
"""How a key looks; what begins with a capital or goes on is a sentence that was read as one."""
_NOTE = re.compile(r"\w#|\s//|\s<!--|\s;|\s--")
"""How a comment begins where it is none for YAML."""
_RESERVED = {"neither"}


Marks = dict[tuple[str, int, str], Place]
"""Where a value stands: file and line of what it belongs to, its key (`save`, `set tone`, `remind do`) -> its place."""


class Reading:
    """Collect the problems of one file and give its pieces their form."""

    def __init__(
        self, file: str, pack: str, problems: list[Problem], texts: list[tuple[Text, Scalar]] | None = None
    ) -> None:
        self.file = file
        self.pack = pack
        self.problems = problems
        self.texts = [] if texts is None else texts
        self.marks: Marks = {}

    def mark(self, owner: Node, entries: Entries, before: str = "") -> None:
        """Remember where the values of a piece stand, so that a wrong name is shown at its own line."""
        for key, value in entries:
            if isinstance(value, Scalar):
                self.marks[owner.file, owner.line, before + key.text] = self.place(value)
            elif isinstance(value, Entries) and key.text in {"set", "add", "remind"}:
                self.mark(owner, value, f"{key.text} ")

    def place(self, node: Node) -> Place:
        """Give the place of a piece."""
        return Place(self.file, node.line, node.col)

    def fail(self, node: Node, code: str, message: str, hint: str = "") -> None:
        """Note a problem at a piece."""
        self.problems.append(node.problem(code, message, hint))

    def warn(self, node: Node, code: str, message: str, hint: str = "") -> None:
        """Note a warning at a piece."""
        self.problems.append(node.warning(code, message, hint))

    def entries(self, piece: Piece | None, what: str) -> Entries | None:
        """Expect a mapping with the keys of a table; unknown and missing keys are named."""
        if not isinstance(piece, Entries):
            if piece is not None:
                keys = ", ".join(key.name for key in TABLES[what][:4])
                self.fail(piece, "D001", f"{a(what)} needs keys of its own ({keys} …).", "Put them below, indented.")
            return None
        known = {key.name: key for key in TABLES[what]}
        meant: set[str] = set()
        for key, _ in piece:
            if key.text not in known:
                hint = nearest(key.text, set(known))
                if key.text.strip().lower() in known:
                    hint = f"Write «{key.text.strip().lower()}»: keys are in small letters."
                elif not _KEY.match(key.text):
                    hint = "If it is a text with «: » in it, put the whole text in quotes."
                meant |= {name for name in known if f"«{name}»" in hint}
                hint = hint or f"It can have {', '.join(known)}."
                self.fail(key, "D002", f"{a(what)} has no key «{key.text[:60]}».", hint)
        for name, rule in known.items():
            if rule.required and piece.get(name) is None and name not in meant:
                self.fail(piece, "D003", f"this {what} lacks the key «{name}».", rule.about)
        return piece

    def knows(self, entries: Entries, what: str) -> bool:
        """Say whether a piece has only keys of its table."""
        return {key.text for key, _ in entries} <= {key.name for key in TABLES[what]}

    def mapping(self, piece: Piece | None, what: str) -> Entries | None:
        """Expect a mapping whose keys are free names."""
        if piece is None or isinstance(piece, Entries):
            return piece
        self.fail(piece, "D001", f"«{what}» needs names below it, indented.")
        return None

    def scalar(self, piece: Piece | None, what: str) -> Scalar | None:
        """Expect a single, not empty text."""
        if piece is None:
            return None
        if not isinstance(piece, Scalar):
            hint = "A text that begins with a bracket needs quotes."
            if isinstance(piece, Items):
                hint = "Write it on one line, several words with commas; quotes around a text that begins with «-»."
            self.fail(piece, "D004", f"«{what}» takes one text.", hint)
            return None
        if not piece.text.strip():
            self.fail(piece, "D005", f"«{what}» is empty.", "Write its text, or delete the key.")
            return None
        return piece

    def name(self, piece: Piece | None, what: str) -> str | None:
        """Expect a name: lower-case letters, digits and `_`."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return None
        if not NAME.match(scalar.text):
            hint = "Names are lower-case letters, digits and _, for example ask_country."
            if NAME.match(scalar.text.lower()):
                hint = f"Names have small letters only: write «{scalar.text.lower()}»."
            elif what == "do" and "/" in scalar.text:
                hint = f"«do» calls a whole dialog, from its start: write «{scalar.text.partition('/')[0]}»."
            self.fail(scalar, "D006", f"«{scalar.text[:40]}» is no name.", hint)
            return None
        return scalar.text

    def number(self, piece: Piece | None, what: str) -> int | None:
        """Expect a whole number."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", scalar.text):
            self.fail(scalar, "D007", f"«{what}» takes a whole number, read «{scalar.text[:20]}».")
            return None
        return int(scalar.text)

    def choice(self, piece: Piece | None, what: str, table: str) -> str | None:
        """Expect one of the words that the table lists for this key."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return None
        words = next(key.choices for key in TABLES[table] if key.name == what)
        if scalar.text not in words:
            self.fail(scalar, "D008", f"«{what}» cannot be «{scalar.text[:30]}».", nearest(scalar.text, words))
            return None
        return scalar.text

    def text(self, piece: Piece | None, what: str, place: str, context: str | None = None) -> Text | None:
        """Expect a translatable text."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return None
        text = Text(scalar.text.strip(), f"{self.pack}/{place}", context)
        self.texts.append((text, scalar))
        return text

    def target(self, piece: Piece | None, what: str) -> Target | None:
        """Expect a state of this dialog, or `dialog/state`."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return None
        dialog, slash, state = scalar.text.rpartition("/")
        if not NAME.match(state) or (slash and not NAME.match(dialog)):
            hint = "Write a state's name, or dialog/state."
            if NAME.match(scalar.text.lower()):
                hint = f"Names have small letters only: write «{scalar.text.lower()}»."
            elif _NOTE.search(scalar.text):
                hint = "If the end is a comment, write a space and «#» before it."
            self.fail(scalar, "D009", f"«{scalar.text[:40]}» is no state.", hint)
            return None
        return Target(state, dialog or None, self.place(scalar))

    def condition(self, piece: Piece | None, what: str) -> Condition | None:
        """Expect a condition of the small language."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return None
        try:
            return replace(parse(scalar.text), spot=(scalar.line, scalar.col + scalar.quoted))
        except ConditionError as error:
            col = scalar.col + (0 if scalar.block else error.offset)
            self.problems.append(
                Problem(
                    self.file,
                    scalar.line,
                    col,
                    "D010",
                    f"in «{what}»: {error}.",
                    "For example: right is yes and land is known.",
                )
            )
            return None

    def names(self, piece: Piece | None, what: str) -> list[tuple[str, Scalar]]:
        """Expect names with commas."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return []
        found = []
        for word in scalar.text.split(","):
            if NAME.match(word.strip()):
                found.append((word.strip(), scalar))
            else:
                self.fail(scalar, "D006", f"«{word.strip()[:40]}» is no name.", "Names are separated by commas.")
        return found

    def span(self, piece: Piece | None, what: str) -> tuple[int, str] | None:
        """Expect a time from now, such as «31 days»."""
        scalar = self.scalar(piece, what)
        if scalar is None:
            return None
        match = _SPAN.match(scalar.text)
        if match is None or int(match[1]) == 0:
            self.fail(scalar, "D011", f"«{scalar.text[:30]}» is no time.", "Write for example: 31 days.")
            return None
        return int(match[1]), match[2]

    def answer_id(self, piece: Piece | None, label: str, at: Node) -> str:
        """Take a given answer id, or make one from the words of the answer."""
        scalar = self.scalar(piece, "id") if piece is not None else None
        made = scalar.text if scalar else slug(label)
        if not ANSWER_ID.match(made):
            self.fail(scalar or at, "D012", f"«{made[:40]}» is no answer id.", "Give an id of letters, digits and _.")
        elif made in _RESERVED:
            self.fail(scalar or at, "D013", f"the answer id «{made}» is used by the bot itself.", "Choose another id.")
        return made

    def changes(self, entries: Entries) -> tuple[Change, ...]:
        """Read `set`, `add` and `clear` in the order of the file."""
        found: list[Change] = []
        for key, value in entries:
            if key.text == "clear":
                found += [Change("clear", name) for name, _ in self.names(value, "clear")]
            elif key.text in {"set", "add"}:
                for slot, wanted in self.mapping(value, key.text) or ():
                    scalar = self.scalar(wanted, slot.text)
                    if scalar is None:
                        continue
                    verb: str = key.text
                    source = scalar.text[1:] if scalar.text.startswith("=") and not scalar.quoted else None
                    made = Change("set" if verb == "set" else "add", slot.text, None if source else scalar.text, source)
                    found.append(made)
        return tuple(found)

    def items(self, piece: Piece | None, what: str) -> tuple[Piece, ...]:
        """Expect a list."""
        if piece is None:
            return ()
        if not isinstance(piece, Items):
            self.fail(piece, "D014", f"«{what}» takes a list.", "Begin each entry on a new line with «- ».")
            return ()
        return piece.values


def a(what: str) -> str:
    """Put the article before a word."""
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def slug(words: str) -> str:
    """Make an answer id from the words of an answer: «Yes, please» becomes `yes_please`."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:32].strip("_")
