"""Find the text for a person: their language, its parents, then the English source – message by message.

English stands in the dialogs and needs no file. Every other language is read at its first use (about 6 ms for 400
messages) or by `preload`. A turn costs dictionary look-ups; compiled templates are kept. Nothing here raises on a bad
catalogue: the message falls back and the reason stands in `problems`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.engine.text import Text
from bot.texts.agree import Difference, refusals, remarks
from bot.texts.clean import forbidden
from bot.texts.errors import MarkupError, MissingValue, TextProblem
from bot.texts.folder import find
from bot.texts.languages import SOURCE, is_rtl, negotiate
from bot.texts.locale_data import chain
from bot.texts.markup import Template, compile_markup, literal
from bot.texts.plain import to_plain
from bot.texts.plurals import Plurals, plurals
from bot.texts.pofile import PoFile, looks_wrong, read
from bot.texts.polines import Entry, Key
from bot.texts.tree import Body

# Sessions name languages we offered; whatever else is asked for must not fill the memory.
_TABLES = 256

_NO_VALUES: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class _Found:
    """A text in the language where it was found: one template, or one per plural form."""

    language: str
    forms: tuple[Template, ...]
    plurals: Plurals | None
    rtl: bool


@dataclass(slots=True)
class _Catalogue:
    """One language's file: unread bytes at first, then its good messages."""

    language: str
    file: str
    data: bytes | None
    messages: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    po: PoFile | None = None


@dataclass(slots=True)
class _Table:
    """What was already found for one language: `catalogues` are asked in order, then the source."""

    catalogues: tuple[_Catalogue, ...]
    found: dict[tuple[str | None, str, str | None], _Found] = field(default_factory=dict)


class Catalogues:
    """Hold the texts of all languages. Make it with `load` or `from_texts`; it reads nothing from disk afterwards."""

    def __init__(self, files: Mapping[str, tuple[str, bytes]], problems: Iterable[TextProblem] = ()) -> None:
        """Take `language -> (file name for messages, bytes)`; use `load` or `from_texts`."""
        self._catalogues = {language: _Catalogue(language, file, data) for language, (file, data) in files.items()}
        self._tables: dict[str, _Table] = {}
        self._problems: dict[TextProblem, None] = dict.fromkeys(problems)
        self.languages: tuple[str, ...] = (SOURCE, *sorted(name for name in self._catalogues if name != SOURCE))
        """The languages there are, English first."""

    @classmethod
    def load(cls, folder: Path, languages: Iterable[str] | None = None) -> Catalogues:
        """Take `<folder>/<language>/LC_MESSAGES/messages.po` of these languages, or of all; `.mo` files are never read.

        The bytes are read now, so that a later change on disk cannot mix old and new; they are understood at first use.
        """
        return cls(*find(folder, languages))

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Catalogues:
        """Take the texts of `.po` files by language; in messages the file is called `<language>.po`."""
        return cls(
            {language: (f"{language}.po", text.encode("utf-8", "surrogatepass")) for language, text in texts.items()}
        )

    @property
    def problems(self) -> list[TextProblem]:
        """List what was found wrong so far, by file and line; `verify` looks at everything."""
        return sorted(self._problems, key=lambda found: (found.file, found.line, found.col, found.code))

    def broken(self, language: str) -> list[TextProblem]:
        """List what keeps whole catalogues from being read (not of single translations, which fall back).

        The catalogues of `language` are read; of the others only those with a wrong line, for a quick start."""
        wanted = {one.language for one in self._table(language).catalogues}
        found = []
        for catalogue in self._catalogues.values():
            if catalogue.language in wanted or catalogue.data is None or looks_wrong(catalogue.data):
                self._messages(catalogue)
                found += [one for one in catalogue.po.problems if one.level == "error"] if catalogue.po else []
        return found

    def nearest(self, wanted: str) -> str:
        """Give the language that serves a person who asks for `wanted` in any spelling; English when none does."""
        return negotiate(wanted, self.languages) or SOURCE

    def text(self, language: str, text: Text, number: int | None = None) -> str:
        """Give a text with its markup, not filled in."""
        return self.template(language, text, number).source

    def template(self, language: str, text: Text, number: int | None = None) -> Template:
        """Give a text's compiled template; `number` chooses the plural form (the last one without a number)."""
        return _form(self._find(language, text), number)

    def fill(self, language: str, text: Text, values: Mapping[str, object] = _NO_VALUES) -> Body:
        """Give a text with its values: translation, else source, else source without what is not known; never raise."""
        found = self._find(language, text)
        number = None if text.by is None else _number(values.get(text.by))
        try:
            return _form(found, number).fill(values, rtl=found.rtl)
        except MissingValue:
            source = _form(self._find(SOURCE, text), number)
        try:
            return source.fill(values)
        except MissingValue:
            return source.fill_known(values)

    def plain(self, language: str, text: Text, values: Mapping[str, object] = _NO_VALUES) -> str:
        """Give a text with its values as plain words: the label of an answer."""
        return to_plain(self.fill(language, text, values))

    def label(self, language: str, msgid: str, context: str | None = None) -> str:
        """Translate one label of the facts or the letters: plain words without markup or fill-ins."""
        key = (context or None, msgid)
        for catalogue in self._table(language).catalogues:
            strings = self._messages(catalogue).get(key)
            if strings is not None:
                return strings[0]
        return msgid

    def entries(self, language: str) -> Mapping[Key, Entry]:
        """Give the entries of a language's catalogue as they stand in its file, for the checks; none without a file."""
        catalogue = self._catalogues.get(language)
        if catalogue is None:
            return {}
        self._messages(catalogue)
        return catalogue.po.entries if catalogue.po is not None else {}

    def translated(self, language: str, text: Text) -> bool:
        """Tell whether a text is said in the language or a parent of it, and not in English for want of better."""
        return self._find(language, text).language != SOURCE

    def preload(self, languages: Iterable[str] | None = None, texts: Iterable[Text] = ()) -> None:
        """Read these languages (or all) now, and compile `texts` in them, so that no person waits for it."""
        known = list(texts)
        for language in self.languages if languages is None else languages:
            for catalogue in self._table(language).catalogues:
                self._messages(catalogue)
            for text in known:
                self._find(language, text)

    def verify(self, texts: Iterable[Text], languages: Iterable[str] | None = None) -> list[TextProblem]:
        """Look at every catalogue and at every translation of `texts`; give all problems, warnings too."""
        known = list(texts)
        self.preload(languages, known)
        asked = self.languages if languages is None else languages
        catalogues = {one.language: one for language in asked for one in self._table(language).catalogues}
        for catalogue in catalogues.values():
            for text in known:
                self._remark(catalogue, text)
        return self.problems

    def _table(self, language: str) -> _Table:
        table = self._tables.get(language)
        if table is None:
            nearest = self.nearest(language)
            names = [name for name in chain(nearest) if name in self._catalogues]
            table = _Table(tuple(self._catalogues[name] for name in names))
            if len(self._tables) < _TABLES:
                self._tables[language] = table
        return table

    def _find(self, language: str, text: Text) -> _Found:
        table = self._table(language)
        key = (text.context, text.msgid, text.plural)
        found = table.found.get(key)
        if found is None:
            found = table.found[key] = self._look_up(table, text)
        return found

    def _look_up(self, table: _Table, text: Text) -> _Found:
        source = _source(text)
        for catalogue in table.catalogues:
            forms = self._translation(catalogue, text, source.forms)
            if forms is not None:
                rule = plurals(catalogue.language) if text.plural is not None else None
                return _Found(catalogue.language, forms, rule, is_rtl(catalogue.language))
        return source

    def _translation(
        self, catalogue: _Catalogue, text: Text, source: tuple[Template, ...]
    ) -> tuple[Template, ...] | None:
        """Compile a translation; None where there is none, or none that can be used (the reason goes to `problems`)."""
        key = (text.context or None, text.msgid)
        strings = self._messages(catalogue).get(key)
        if strings is None:
            return None
        if text.plural is None:
            strings = strings[:1]
        elif len(strings) != len(plurals(catalogue.language).categories):
            return None
        forms: list[Template] = []
        usable = True
        for index, string in enumerate(strings):
            try:
                form = compile_markup(string)
            except MarkupError as error:
                hint = "Until it is mended, people read the source text."
                self._add(catalogue, key, index, Difference("T201", str(error), hint, error.offset))
                usable = False
                continue
            shown = text.by in source[-1].names and not plurals(catalogue.language).names_its_number(index)
            for difference in refusals(source, form, None if shown else text.by):
                self._add(catalogue, key, index, difference)
                usable = False
            forms.append(form)
        return tuple(forms) if usable else None

    def _remark(self, catalogue: _Catalogue, text: Text) -> None:
        source, found = _source(text).forms, self._find(catalogue.language, text)
        for index, form in enumerate(found.forms if found.language == catalogue.language else ()):
            for difference in remarks(source, form):
                if difference.code == "T210" and text.context == "match words":
                    continue  # what people type has no length: a translator gives as many words as there are
                self._add(catalogue, (text.context or None, text.msgid), index, difference)

    def _messages(self, catalogue: _Catalogue) -> dict[Key, tuple[str, ...]]:
        """Read a catalogue at its first use; afterwards give its good, translated messages."""
        if catalogue.data is None:
            return catalogue.messages
        po = catalogue.po = read(catalogue.data, catalogue.file, catalogue.language)
        messages: dict[Key, tuple[str, ...]] = {}
        self._problems.update(dict.fromkeys(po.problems))
        for message in po.catalog:
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if not msgid or message.fuzzy or not strings or not all(string.strip() for string in strings):
                continue
            key = (message.context, msgid)
            bad = [(index, found) for index, string in enumerate(strings) if (found := forbidden(string))]
            for index, (offset, name) in bad:
                problem = f"The character {name} is invisible or turns the text around."
                difference = Difference("T205", problem, "Take it out; until then people read the source text.", offset)
                self._add(catalogue, key, index, difference)
            if not bad:
                messages[key] = strings
        catalogue.messages = messages
        catalogue.data = None
        return messages

    def _add(self, catalogue: _Catalogue, key: Key, form: int, difference: Difference) -> None:
        entry = catalogue.po.entries.get(key) if catalogue.po is not None else None
        line, col = entry.locate(form, difference.offset) if entry is not None else (1, 1)
        self._problems[
            TextProblem(
                catalogue.file, line, col, difference.code, difference.message, difference.hint, difference.level
            )
        ] = None


def _form(found: _Found, number: int | None) -> Template:
    if found.plurals is None or number is None:
        return found.forms[-1]
    return found.forms[found.plurals.form(number)]


def _number(value: object) -> int | None:
    """Read the number that chooses a plural form, whether it comes as a number or as its digits."""
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 19:
        return int(value.strip())  # which takes more signs for spaces than int does
    return None


def _source(text: Text) -> _Found:
    forms = (text.msgid,) if text.plural is None else (text.msgid, text.plural)
    rule = None if text.plural is None else plurals(SOURCE)
    return _Found(SOURCE, tuple(_compile_source(form) for form in forms), rule, is_rtl(SOURCE))


def _compile_source(source: str) -> Template:
    try:
        return compile_markup(source)
    except MarkupError:
        return literal(source)  # an author's error that the check names; a person reads the text as it stands
