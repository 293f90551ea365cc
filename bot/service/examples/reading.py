"""Read example files strictly: every mistake at once, with its place and the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.content.shape import TABLES
from bot.engine.library import Library
from bot.errors import NoContent, Problem
from bot.reader import MAX_BYTES, Entries, Items, Node, Piece, Scalar, nearest, read
from bot.service.examples.model import SKIP, START, Example, Expect, Step, Verb

_SPAN = re.compile(r"([0-9]{1,4}) (minute|hour|day|week|month)s?\Z")
_VERBS: dict[str, Verb] = {
    "they say": "say", "they tap": "tap", "they react": "react", "they send": "send",
    "wait": "wait", "bot": "bot", "buttons": "buttons",
}  # fmt: skip


def span(text: str) -> tuple[int, str] | None:
    """Read a time such as «31 days» as number and unit; None for anything else."""
    match = _SPAN.match(text.strip())
    return (int(match[1]), match[2]) if match and int(match[1]) else None


def find_files(paths: Iterable[Path]) -> list[Path]:
    """List the example files of files and folders, in a stable order.

    A folder gives what lies in the folders `examples` below it, and where there is none all that lies in it. Raises
    `NoContent` for a path where there is nothing.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_file():
            found[path] = None
        elif path.is_dir():
            homes = sorted(one for one in path.rglob("examples") if one.is_dir()) or [path]
            found |= dict.fromkeys(sorted(one for home in homes for one in home.rglob("*.yaml")))
        else:
            raise NoContent(f"{path}: there is no such file or folder.")
    return list(found)


def load(path: Path, shown: str | None = None) -> tuple[Example | None, list[Problem]]:
    """Read one example from disk; `shown` is its name in problems."""
    name = shown or str(path)
    try:
        with path.open("rb") as stream:
            return read_example(name, stream.read(MAX_BYTES + 1))
    except OSError as error:
        return None, [Problem(name, 1, 1, "E001", f"the file cannot be read ({error.strerror}).")]


def read_example(file: str, source: str | bytes) -> tuple[Example | None, list[Problem]]:
    """Read one example; it is None where a problem of level error was found."""
    piece, problems = read(file, source)
    if piece is None:
        return None, problems
    text = source if isinstance(source, str) else source.decode("utf-8-sig")
    example = _Reading(problems).example(piece, text.replace("\r\n", "\n"))
    broken = any(problem.level == "error" for problem in problems)
    return None if broken else example, problems


def check_names(example: Example, library: Library, languages: Iterable[str]) -> list[Problem]:
    """List the language, slots and states of an example that do not exist."""
    pack = library.current()
    slots, places = set(pack.slots), {f"{d.name}/{one}" for d in pack.dialogs.values() for one in d.states}
    problems: list[Problem] = []

    def known(node: Scalar | None, code: str, what: str, names: set[str]) -> None:
        if node is not None and node.text not in names:
            problems.append(node.problem(code, f"there is no {what} «{node.text[:60]}».", nearest(node.text, names)))

    known(example.language, "E009", "language", set(languages))
    known(example.expect.language, "E009", "language", set(languages))
    for key, _ in (*example.hints, *example.expect.slots):
        known(key, "E013", "slot", slots)
    known(example.expect.state, "E012", "state", places)
    return problems


def same_titles(examples: Iterable[Example]) -> Iterator[Problem]:
    """Find examples that are called as an earlier one is: nobody could tell which of them a report means."""
    titles: dict[str, str] = {}
    # A copy («one (1).yaml») comes behind what it was copied from, and is the one to be told.
    for example in sorted(examples, key=lambda one: one.file.removesuffix(".yaml")):
        if example.title in titles:
            hint = f"{titles[example.title]} has it already; give another one, or delete the file if it is a copy."
            yield example.at.problem("E015", f"two examples are called «{example.title[:60]}».", hint)
        titles.setdefault(example.title, example.file)


class _Reading:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def fail(self, node: Node, code: str, message: str, hint: str = "") -> None:
        self.problems.append(node.problem(code, message, hint))

    def entries(self, piece: Piece, what: str) -> Entries | None:
        """Expect a mapping with the keys of a table."""
        rules = {key.name: key for key in TABLES[what]}
        article = "a" if what == "step" else "an"
        if not isinstance(piece, Entries):
            hint = f"Put them below, indented: {', '.join(list(rules)[:5])} …"
            self.fail(piece, "E002", f"{article} {what} needs keys of its own.", hint)
            return None
        for key, _ in piece:
            if key.text not in rules:
                self.fail(key, "E003", f"{article} {what} has no key «{key.text[:40]}».", nearest(key.text, set(rules)))
        for name, rule in rules.items():
            if rule.required and piece.get(name) is None:
                self.fail(piece, "E004", f"this {what} lacks the key «{name}».", rule.about)
        return piece

    def scalar(self, piece: Piece | None, what: str, *, empty: bool = False) -> Scalar | None:
        """Expect one text, not empty unless `empty`."""
        if piece is None:
            return None
        if not isinstance(piece, Scalar):
            self.fail(piece, "E005", f"«{what}» takes one text.", "A text that begins with a bracket needs quotes.")
            return None
        if not empty and not piece.text.strip():
            self.fail(piece, "E006", f"«{what}» is empty.", "Write its text, or delete the key.")
            return None
        return piece

    def pairs(self, piece: Piece | None, what: str, *, empty: bool = False) -> tuple[tuple[Scalar, Scalar], ...]:
        """Expect a mapping from free names to texts."""
        if piece is None:
            return ()
        if not isinstance(piece, Entries):
            self.fail(piece, "E002", f"«{what}» needs names below it, indented.")
            return ()
        found = [(key, self.scalar(value, key.text, empty=empty)) for key, value in piece]
        return tuple([(key, value) for key, value in found if value is not None])

    def yes_no(self, piece: Piece | None, what: str) -> Scalar | None:
        scalar = self.scalar(piece, what)
        if scalar is not None and scalar.text not in {"yes", "no"}:
            self.fail(scalar, "E008", f"«{what}» is yes or no, read «{scalar.text[:20]}».")
        return scalar

    def example(self, piece: Piece, source: str) -> Example | None:
        entries = self.entries(piece, "example")
        if entries is None:
            return None
        title = self.scalar(entries.get("example"), "example")
        steps = self.steps(entries.get("talk"))
        return Example(
            entries.file,
            title.text if title else "",
            title or entries,
            steps,
            source,
            language=self.scalar(entries.get("language"), "language"),
            now=self.now(entries.get("now")),
            hints=self.pairs(entries.get("hints"), "hints"),
            expect=self.expect(entries.get("expect")),
        )

    def now(self, piece: Piece | None) -> datetime:
        scalar = self.scalar(piece, "now")
        if scalar is None:
            return START
        try:
            moment = datetime.fromisoformat(scalar.text)
        except ValueError:
            self.fail(scalar, "E007", f"«{scalar.text[:30]}» is no time.", "Write for example: 2026-11-23T09:00Z.")
            return START
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def steps(self, piece: Piece | None) -> tuple[Step, ...]:
        if piece is None:
            return ()
        if not isinstance(piece, Items):
            self.fail(piece, "E002", "«talk» takes a list.", "Begin each step on a new line with «- ».")
            return ()
        return tuple([step for one in piece.values for step in self.step(one)])

    def step(self, piece: Piece) -> list[Step]:
        entries = self.entries(piece, "step")
        if entries is None:
            return []
        keys = [key.text for key, _ in entries if key.text in _VERBS]
        if len(keys) > 1 and sorted(keys) != ["bot", "buttons"]:
            hint = "Begin each on a line of its own with «- »; only «buttons» may stand below «bot»."
            self.fail(entries, "E010", f"this step does two things: {keys[0]} and {keys[1]}.", hint)
        found = []
        for key in sorted(keys):
            scalar = self.scalar(entries.get(key), key, empty=key == "they say")
            if scalar is not None:
                found.append(self.made(_VERBS[key], scalar, entries.key(key) or entries, entries))
        return found

    def made(self, verb: Verb, scalar: Scalar, key: Node, item: Node) -> Step:
        number, unit = 0, ""
        if verb == "wait":
            time = span(scalar.text)
            if time is None:
                self.fail(scalar, "E011", f"«{scalar.text[:30]}» is no time to wait.", "Write for example: 31 days.")
            else:
                number, unit = time
        elif verb == "react":
            if not re.fullmatch(r"[0-9]{1,3}", scalar.text):
                self.fail(scalar, "E014", f"«they react» takes a number, read «{scalar.text[:20]}».")
            else:
                number = int(scalar.text)
        elif verb == "bot" and scalar.text == "…":
            scalar = replace(scalar, text=SKIP)  # Word makes one sign of three dots
        return Step(verb, scalar, key, item, number, unit)

    def expect(self, piece: Piece | None) -> Expect:
        entries = self.entries(piece, "expectation") if piece is not None else None
        if entries is None:
            return Expect()
        return Expect(
            state=self.scalar(entries.get("state"), "state"),
            slots=self.pairs(entries.get("slots"), "slots", empty=True),
            language=self.scalar(entries.get("language"), "language"),
            ended=self.yes_no(entries.get("ended"), "ended"),
            forgotten=self.yes_no(entries.get("forgotten"), "forgotten"),
        )
