"""Everything the checks may look at, in one object: files, compiled pack, providers, translations, coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.checks.condition import Truth
from bot.checks.glossary import Glossary
from bot.checks.stood import Stood, stood
from bot.checks.ways import Ways
from bot.content.compile import Compiled
from bot.engine.model import Dialog, Pack, Place, State
from bot.engine.providers import Registry
from bot.engine.text import Text
from bot.errors import Problem
from bot.reader import Scalar, read, scalars
from bot.texts.catalogue import Catalogues
from bot.texts.polines import Entry, Key


@dataclass(frozen=True, slots=True)
class Outside:
    """What comes from outside the dialogs: the named providers, and what was found while facts and letters were read.

    `whole` is False where facts or letters could not be used: names that are missing then are nobody's mistake.
    `texts` are those of facts and letters with the place of each; `constants` names further fill-ins. `reads` are slots
    that somebody else than the dialogs looks at.
    """

    registry: Registry = field(default_factory=Registry)
    problems: tuple[Problem, ...] = ()
    whole: bool = True
    texts: tuple[tuple[Text, Place | None], ...] = ()
    constants: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Played:
    """What came of the example conversations of a pack: the places (`dialog/state`) they reach, and what differs."""

    reached: frozenset[str]
    problems: tuple[Problem, ...] = ()
    languages: Mapping[Problem, str] = field(default_factory=dict)
    """The language of the examples that differ, where it is not English."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text with the piece it was read from. `source` is this form's English text."""

    text: Text
    scalar: Scalar
    source: str

    @property
    def role(self) -> str:
        """Say what kind of text it is: `say`, `answer`, `words`, `phrase`, `about`, `command`, `title` ….

        In facts and letters: `fact` for whole sentences, `letter` for what goes to the company, `label` for the rest.
        """
        parts = self.text.place.split("/")[1:]
        if self.text.context == "match words" or parts[-1] == "also":
            return "words"
        if parts[0] == "letters":
            return "label" if parts[1] == "names" else "letter"
        if parts[0] == "facts":
            return "fact" if parts[-1] in {"text", "summary"} else "label"
        if parts[0] == "pack":
            return {"phrases": "phrase", "commands": "command"}.get(parts[1], "title")
        if parts[1] == "slots":
            return "about"
        return "answer" if parts[2] in {"answers", "done"} else "say"


@dataclass(frozen=True, slots=True)
class PoFile:
    """The entries of a catalogue with their lines, by context and source text."""

    language: str
    file: str
    text: str
    entries: Mapping[Key, Entry]


class View:
    """Bundle one pack and everything around it for the checks; derived things are reckoned once, when asked for."""

    def __init__(
        self,
        compiled: Compiled,
        files: Mapping[str, str],
        *,
        prefix: str = "",
        outside: Outside | None = None,
        catalogues: Catalogues | None = None,
        locales: Mapping[str, tuple[str, str]] | None = None,
        glossary: Glossary | None = None,
        template: str = "",
        play: Callable[[], Played | None] | None = None,
    ) -> None:
        """Take a compiled pack and its files (path inside the pack -> text; `prefix` comes before it in problems).

        `locales` are the texts of the `.po` files: language -> (file name for problems, text), `template` is the
        text of `messages.pot`. `play` plays the example conversations; without it nobody knows what they reach.
        """
        self.compiled = compiled
        self.files = files
        self.prefix = prefix
        self.outside = outside or Outside()
        self.catalogues = catalogues or Catalogues({})
        self.locales = dict(locales or {})
        self.glossary = glossary
        self.template = template
        self._play = play
        self.words: dict[tuple[int, str], tuple[Any, ...]] = {}
        """The words of answers already listed by `bot.checks.answers`, by question and language."""

    @property
    def pack(self) -> Pack:
        """The pack as far as it could be read."""
        assert self.compiled.draft is not None, "checks run only where there is a pack"
        return self.compiled.draft

    @property
    def registry(self) -> Registry:
        """The named providers."""
        return self.outside.registry

    @cached_property
    def played(self) -> Played | None:
        """What came of the example conversations; None where nobody played them."""
        return self._play() if self._play else None

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language there are texts in, English first."""
        return self.catalogues.languages

    @cached_property
    def texts(self) -> tuple[Written, ...]:
        """Every text of the dialogs, form by form, in the order of the files."""
        found = []
        earlier: Text | None = None
        for text, scalar in self.compiled.texts:
            second = text.plural is not None and text is earlier
            found.append(Written(text, scalar, text.plural if second and text.plural else text.msgid))
            earlier = text
        return tuple(found)

    @cached_property
    def every(self) -> tuple[Written, ...]:
        """Every text of the dialogs, then those of facts and letters that stand in a file as they are shown."""
        outside = (
            Written(text, self._outside[text.place], text.msgid)
            for text, _ in self.outside.texts
            if text.place in self._outside
        )
        return (*self.texts, *outside)

    @cached_property
    def truth(self) -> Truth:
        """Reasoning about conditions."""
        return Truth(self.pack, self.registry, whole=self.outside.whole)

    @cached_property
    def ways(self) -> Ways:
        """The ways through the dialogs."""
        return Ways(self.pack)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name a text may fill in."""
        return frozenset({*self.pack.slots, *self.registry.values, *self.outside.constants})

    @cached_property
    def po(self) -> Mapping[str, PoFile]:
        """The catalogues line by line, by language."""
        return {
            language: PoFile(language, file, text, self.catalogues.entries(language))
            for language, (file, text) in self.locales.items()
        }

    @cached_property
    def stood(self) -> Stood:
        """What the catalogues say stood where our texts stand now."""
        return stood(
            self.po, [one.text for one in self.texts] + [text for text, _ in self.outside.texts], self.template
        )

    def states(self) -> Iterator[tuple[Dialog, State]]:
        """Walk over every state in the order of the files."""
        for dialog in self.pack.dialogs.values():
            for state in dialog.states.values():
                yield dialog, state

    def scalar(self, text: Text) -> Scalar | None:
        """Give the piece a text was read from."""
        return self._scalars.get(text.place)

    def place(self, text: Text) -> Place:
        """Give the place of a text in its file."""
        scalar = self._scalars.get(text.place)
        return Place(scalar.file, scalar.line, scalar.col) if scalar else Place(f"{self.prefix}pack.yaml", 1, 1)

    def written(self, text: Text) -> tuple[str, int, int]:
        """Give the place of any text in its file, of those in facts and letters too."""
        scalar = self._scalars.get(text.place) or self._outside.get(text.place)
        if scalar is None:
            place = self.place(text)
            return place.file, place.line, place.col
        return scalar.file, scalar.line, scalar.col

    def translation(self, language: str, text: Text, form: int = 0, offset: int = 0) -> tuple[str, int, int]:
        """Give the place of a translation in its catalogue; of the source where the language has none."""
        po = self.po.get(language)
        entry = po.entries.get((text.context or None, text.msgid)) if po else None
        if po is None or entry is None:
            return self.written(text)
        line, col = entry.locate(form, offset)
        return po.file, line, col

    def spot(self, scalar: Scalar, offset: int) -> tuple[str, int, int]:
        """Give file, line and column of a character of a text, counted in the text as it was understood."""
        lines = self._lines(scalar.file)
        if not scalar.block:
            whole = lines[scalar.line - 1] if scalar.line <= len(lines) else ""
            start = scalar.col - 1 + scalar.quoted
            # A text that goes on over several lines, or has escapes in it, is pointed at as a whole.
            plain = whole[start : start + len(scalar.text)] == scalar.text
            return scalar.file, scalar.line, scalar.col + (offset + scalar.quoted if plain else 0)
        before = scalar.text[:offset]
        line = scalar.line + 1
        while line <= len(lines) and not lines[line - 1].strip():
            line += 1
        indent = len(lines[line - 1]) - len(lines[line - 1].lstrip(" ")) if line <= len(lines) else 0
        return scalar.file, line + before.count("\n"), indent + offset - (before.rfind("\n") + 1) + 1

    @cached_property
    def _scalars(self) -> dict[str, Scalar]:
        found: dict[str, Scalar] = {}
        for text, scalar in self.compiled.texts:
            found.setdefault(text.place, scalar)
        return found

    @cached_property
    def _outside(self) -> Mapping[str, Scalar]:
        """Find the texts of facts and letters in their files: the same words at the place most like theirs."""
        written: dict[str, list[tuple[tuple[str, ...], Scalar]]] = {}
        for path, text in self.files.items():
            if path.startswith(("facts/", "letters/")):
                for keys, scalar in scalars(read(self.prefix + path, text, flow=True)[0]):
                    written.setdefault(scalar.text.strip(), []).append((keys, scalar))
        found: dict[str, Scalar] = {}
        for one, _ in self.outside.texts:
            place = set(one.place.split("/"))
            there = written.get(one.msgid.strip(), [])
            if there:
                found[one.place] = max(there, key=lambda pair: len(place.intersection(pair[0])))[1]
        return found

    def source(self, file: str) -> str:
        """Give the text of a file by the name it has in problems."""
        return self.files.get(file.removeprefix(self.prefix), "")

    def _lines(self, file: str) -> list[str]:
        if file not in self._split:
            self._split[file] = self.source(file).removeprefix("\ufeff").split("\n")
        return self._split[file]

    @cached_property
    def _split(self) -> dict[str, list[str]]:
        return {}
