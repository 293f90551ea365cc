"""Read YAML as our authors use it: block style, every value text, no anchors, no repeats; every piece keeps its place.

The small, boring part of YAML in which nothing can surprise: `no` stays "no", `12:30` stays "12:30". What does not
fit is a `Problem` with file, line and column, in words that say what to do. Dialogs, letters, examples and facts are
read by this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from bot.errors import Problem

MAX_BYTES = 256 * 1024
"""A file of a pack is a few kilobytes; a larger one is a mistake or an attack (C02)."""
MAX_DEPTH = 30
"""Deepest nesting of a file; the format itself needs eight."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def read(file: str, source: str | bytes) -> tuple[Piece | None, list[Problem]]:
    """Read one file into pieces with places, and list everything that keeps it from being used."""
    problems: list[Problem] = []
    text = _decode(file, source, problems)
    if text is None:
        return None, problems
    problems += _scan_lines(file, text)
    if any(problem.level == "error" for problem in problems):
        return None, problems
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        problems.append(_explain(file, text, error))
        return None, problems
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problems.append(Problem(file, 1, 1, "Y001", "this is no YAML I can read.", str(error).split("\n")[0][:80]))
        return None, problems
    finally:
        loader.dispose()
    if node is None:
        problems.append(
            Problem(file, 1, 1, "Y002", "the file is empty.", "Write at least its first line, or delete it.")
        )
        return None, problems
    lines = text.split("\n")
    piece = _Converter(file, lines, problems).convert(node, 0)
    return piece, problems


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
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def _scan_lines(file: str, text: str) -> list[Problem]:
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


def _explain(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, col = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    read_line = lines[line - 1].strip() if line <= len(lines) else ""
    problem = str(error.problem or "")
    if "mapping values are not allowed" in problem:
        hint = "A text that contains «: » needs quotes around it, or goes below the key after «|»."
        return Problem(file, line, col, "Y010", f"a second «: » in «{read_line[:60]}».", hint)
    if "found character" in problem and "cannot start any token" in problem:
        return Problem(
            file, line, col, "Y011", f"a text cannot begin with «{read_line[:1]}» here.", "Put it in quotes."
        )
    if "found undefined alias" in problem or "alias" in problem:
        return Problem(
            file, line, col, "Y012", "«*» begins an alias, which is not used here.", "Put the text in quotes."
        )
    if "quoted scalar" in problem or "quoted scalar" in str(error.context or ""):
        start = error.context_mark or mark
        return Problem(
            file, start.line + 1 if start else line, start.column + 1 if start else col, "Y013",
            "a quotation mark is opened and not closed.", "Close it, or write the text below the key after «|».",
        )  # fmt: skip
    if "expected <block end>" in problem or "did not find expected" in problem:
        return Problem(
            file, line, col, "Y014", f"«{read_line[:60]}» does not fit here.",
            "Look at the indentation of this line and the one above, and at quotes.",
        )  # fmt: skip
    return Problem(
        file, line, col, "Y001", f"I cannot read «{read_line[:60]}».", "Look at the indentation, quotes and «: »."
    )


class _Converter:
    def __init__(self, file: str, lines: list[str], problems: list[Problem]) -> None:
        self.file = file
        self.lines = lines
        self.problems = problems
        self.seen: set[int] = set()

    def convert(self, node: yaml.Node, depth: int) -> Piece:
        line, col = node.start_mark.line + 1, node.start_mark.column + 1
        here = Node(self.file, line, col)
        if depth > MAX_DEPTH:
            self.problems.append(here.problem("Y020", f"nested deeper than {MAX_DEPTH}.", "Make it flatter."))
            return Scalar(self.file, line, col)
        if id(node) in self.seen:
            self.problems.append(here.problem("Y021", "an alias (`*name`) is not used here.", "Write the piece out."))
            return Scalar(self.file, line, col)
        self.seen.add(id(node))
        self._refuse_tricks(node, here)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, line, col)
        if isinstance(node, yaml.SequenceNode):
            values = tuple([self.convert(value, depth + 1) for value in node.value])
            return Items(self.file, line, col, values)
        return self._entries(node, line, col, depth)

    def _scalar(self, node: yaml.ScalarNode, line: int, col: int) -> Scalar:
        block = node.style in {"|", ">"}
        quoted = node.style in {"'", '"'}
        if not block and not quoted and node.value:
            end = self.lines[node.end_mark.line][node.end_mark.column :] if node.end_mark.line < len(self.lines) else ""
            if end.lstrip().startswith("#") and " " in node.value:
                self.problems.append(
                    Problem(self.file, line, col, "Y022", f"«{end.strip()[:30]}» is read as a comment and cut off.",
                            "If it belongs to the text, put the text in quotes.", "warning")
                )  # fmt: skip
        return Scalar(self.file, line, col, node.value.strip("\n") if block else node.value, block, quoted)

    def _entries(self, node: yaml.Node, line: int, col: int, depth: int) -> Entries:
        pairs: list[tuple[Scalar, Piece]] = []
        names: dict[str, int] = {}
        for key, value in node.value:
            made = self.convert(key, depth + 1)
            if not isinstance(made, Scalar):
                self.problems.append(
                    made.problem("Y023", "a key must be a simple word.", "Quote texts that begin with «{».")
                )
                continue
            if made.text == "<<":
                self.problems.append(
                    made.problem("Y021", "a merge key (`<<`) is not used here.", "Write the piece out.")
                )
                continue
            if made.text in names:
                hint = f"It stands in line {names[made.text]} already; keep one of them."
                self.problems.append(made.problem("Y024", f"«{made.text}» is here twice.", hint))
                continue
            names[made.text] = made.line
            pairs.append((made, self.convert(value, depth + 1)))
        return Entries(self.file, line, col, tuple(pairs))

    def _refuse_tricks(self, node: yaml.Node, here: Node) -> None:
        # An explicit tag shows in the source; implicit ones (bool, int) are simply ignored: everything is text.
        if node.tag and not node.tag.startswith("tag:yaml.org,2002:"):
            self.problems.append(here.problem("Y025", f"a tag («{node.tag[:30]}») is not used here.", "Delete it."))
        start = node.start_mark
        source = self.lines[start.line][start.column : start.column + 2] if start.line < len(self.lines) else ""
        if source.startswith("&"):
            self.problems.append(here.problem("Y026", "an anchor (`&name`) is not used here.", "Delete it."))
        elif source.startswith("!"):
            self.problems.append(here.problem("Y025", "a tag («!…») is not used here.", "Put the text in quotes."))
        if getattr(node, "flow_style", False) and isinstance(node, yaml.CollectionNode):
            shown = "{…}" if isinstance(node, yaml.MappingNode) else "[…]"
            hint = "Write one entry a line, or put the text in quotes if it begins with a bracket."
            self.problems.append(here.problem("Y027", f"{shown} on one line is not used here.", hint))


def nearest(word: str, known: list[str] | tuple[str, ...] | set[str] | frozenset[str]) -> str:
    """Give a sentence with the nearest right word, or the few there are."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(word, sorted(known), scorer=OSA.distance, score_cutoff=max(2, len(word) // 3))
    if found:
        return f"Did you mean «{found[0]}»?"
    if 0 < len(known) <= 8:
        return f"Known here: {', '.join(sorted(known))}."
    return ""
