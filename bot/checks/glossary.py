"""Read `locales/glossary.yaml`: how each language says the legal and technical terms, and what it must not say.

    terms:
      - id: right_to_object
        about: The right of GDPR Art. 21, not a mere wish.
        en: right to object
        de: Widerspruchsrecht, Recht auf Widerspruch
        avoid:
          de: Einspruchsrecht

Where the English text has the term (one of the words with commas), a translation must have one of its language's words,
and none to avoid. A `*` stands for any letters (`Widerspr*`, `berechtigte* Interesse*`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.content.shape import Key
from bot.errors import Problem
from bot.reader import Entries, Items, Node, Scalar, nearest, read
from bot.texts.locale_data import is_known

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z0-9]{2,8})*\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")

TERM = (
    Key("id", "name", "The name of the term, for messages.", "id: right_to_object", required=True),
    Key("about", "plain", "What it means, for translators."),
    Key("en", "plain", "The English words, with commas; * at the end of a word stands for any ending.", "en: object*",
        required=True),
    Key("avoid", "renamed", "By language: words that are wrong for it, with commas."),
)  # fmt: skip
"""The keys of a term; every further key is a language (`de`, `pt_BR`) with its words."""


class Patterns(Mapping[str, re.Pattern[str]]):
    """Give by language the pattern of its words, made when it is asked for: most languages have no catalogue yet."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __getitem__(self, language: str) -> re.Pattern[str]:
        """Make the pattern, once."""
        return _pattern(self._words[language])

    def __iter__(self) -> Iterator[str]:
        """Walk over the languages."""
        return iter(self._words)

    def __len__(self) -> int:
        """Count the languages."""
        return len(self._words)


@dataclass(frozen=True, slots=True)
class Term:
    """One term: by language the patterns of its words, and of the words to avoid."""

    id: str
    words: Mapping[str, re.Pattern[str]]
    shown: Mapping[str, str]
    avoid: Mapping[str, re.Pattern[str]]
    at: Node
    stems: tuple[str, ...]
    """What a text with one of the English words has in any case: how the words begin, in small letters."""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Glossary:
    """Every term, in the order of the file."""

    terms: tuple[Term, ...] = ()


def read_glossary(file: str, text: str) -> tuple[Glossary, list[Problem]]:
    """Read the glossary; what cannot be used is left out and named."""
    piece, problems = read(file, text)
    if piece is None:
        return Glossary(), problems
    terms = piece.get("terms") if isinstance(piece, Entries) else None
    if not isinstance(piece, Entries) or not isinstance(terms, Items):
        hint = "Write «terms:» and below it one «- id: …» for each term."
        return Glossary(), [*problems, piece.problem("G001", "the glossary is a list of terms.", hint)]
    for key, _ in piece:
        if key.text != "terms":
            problems.append(key.problem("G002", f"a glossary has no key «{key.text}».", nearest(key.text, {"terms"})))
    seen: dict[str, int] = {}
    found = []
    for one in terms.values:
        term = _term(one, problems) if isinstance(one, Entries) else None
        if not isinstance(one, Entries):
            problems.append(one.problem("G001", "a term needs keys of its own (id, en, de …).", "Put them below «- »."))
        elif term is not None and term.id in seen:
            problems.append(
                term.at.problem("G004", f"the term «{term.id}» is here twice.", f"See line {seen[term.id]}.")
            )
        elif term is not None:
            seen[term.id] = term.at.line
            found.append(term)
    return Glossary(tuple(found)), problems


def _term(entries: Entries, problems: list[Problem]) -> Term | None:
    words: dict[str, str] = {}
    avoid: dict[str, str] = {}
    places: dict[str, Scalar] = {}
    name = entries.get("id")
    slip = _slip(entries) if name is None else None
    for key, value in entries:
        if key.text == "avoid" and isinstance(value, Entries):
            for language, wrong in value:
                avoid |= _words(language, wrong, problems)
                places[language.text] = language
        elif key.text not in {"id", "about"} and key is not slip:
            words |= _words(key, value, problems)
    if slip is not None:
        problems.append(slip.problem("G002", f"a term has no key «{slip.text[:30]}».", "Did you mean «id»?"))
        return None
    if not isinstance(name, Scalar) or not _NAME.match(name.text):
        problems.append(
            (name or entries).problem("G003", "a term needs an id of a-z, 0-9 and _.", "id: right_to_object")
        )
        return None
    for code in avoid.keys() & words.keys():
        both = sorted(_each(avoid[code]) & _each(words[code]))
        if both:
            message = f"«{both[0]}» is the word of «{name.text}» and the one to avoid ({code})."
            problems.append(places[code].problem("G003", message, "Take it out of one of the two."))
            del avoid[code]
    if "en" not in words:
        problems.append(entries.problem("G003", f"the term «{name.text}» has no English words.", "Add «en: …»."))
        return None
    about = entries.get("about")
    return Term(
        name.text,
        Patterns(words),
        words,
        Patterns(avoid),
        name,
        tuple(re.split(r"[*\s]", word.strip().lower())[0] for word in words["en"].split(",") if word.strip()),
        about.text if isinstance(about, Scalar) else "",
    )


def _each(words: str) -> set[str]:
    return {word.strip().lower() for word in words.split(",") if word.strip()}


def _slip(entries: Entries) -> Scalar | None:
    """Give the key that was meant as `id`: the first, unless it is a language that CLDR knows."""
    for key, value in entries:
        if key.text in {"about", "avoid", "en"} or not isinstance(value, Scalar) or not _NAME.match(value.text):
            continue
        if "id" in key.text.lower() or not _LANGUAGE.match(key.text):
            return key
    return None


def _words(key: Scalar, value: object, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    if not _LANGUAGE.match(key.text):
        hint = nearest(key.text, {"id", "about", "avoid"}) or "Languages are written like de or pt_BR."
        problems.append(key.problem("G002", f"a term has no key «{key.text[:30]}».", hint))
    elif not is_known(key.text.split("_")[0]):
        hint = "A language is written like de, pt_BR or zh_Hans."
        problems.append(key.problem("G002", f"«{key.text}» is no language that CLDR knows.", hint))
    elif isinstance(value, Items):
        hint = "Write them on one line with commas, without brackets."
        problems[:] = [one for one in problems if (one.code, one.line) != ("Y027", value.line)]
        problems.append(key.problem("G003", f"«{key.text}» needs words, with commas.", hint))
    elif not isinstance(value, Scalar) or not [word for word in value.text.split(",") if word.strip(" *")]:
        problems.append(key.problem("G003", f"«{key.text}» needs words, with commas.", ""))
    else:
        yield key.text, value.text


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """Match any of the words as whole words; scripts without spaces have no word borders, so there parts count."""
    made = []
    for word in filter(None, (one.strip() for one in words.split(","))):
        body = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
        spaced = all(ord(char) < 0x2E80 for char in word)
        # A brace is no border either: the name of a fill-in is no word of the text.
        made.append(rf"(?<![\w{{]){body}(?![\w}}])" if spaced else body)
    return re.compile("|".join(made), re.IGNORECASE)
