"""Hold translations to the glossary: a legal term has its own word in every language."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.glossary import Term
from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import po
from bot.checks.view import PoFile, View
from bot.errors import Problem
from bot.texts.polines import Entry

CODE = "T303"
TITLE = "A translation does not use the word of the glossary."
LEVEL: Level = "warning"
EXPLANATION = (
    "`locales/glossary.yaml` says how each language calls the terms of the law, and what would be wrong (an "
    "objection is no appeal). Use its word, or correct the glossary where it is wrong."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at every used translation whose English text has a term."""
    terms = view.glossary.terms if view.glossary else ()
    meant: dict[str, list[tuple[Term, str]]] = {}
    for language, po_file in view.po.items() if terms else ():
        for (_, msgid), entry in po_file.entries.items():
            if entry.fuzzy or not msgid:
                continue
            if msgid not in meant:
                meant[msgid] = list(_meant(terms, msgid))
            if meant[msgid]:
                for index, part in enumerate(entry.strings):
                    for term, word in meant[msgid] if part.text.strip() else ():
                        yield from _hold(po_file, language, entry, index, part.text, term, word)


def _meant(terms: tuple[Term, ...], msgid: str) -> Iterator[tuple[Term, str]]:
    """Find the terms of an English text, each with the word it has there."""
    low = msgid.lower()
    for term in terms:
        # Looking for the first letters of its words is ten times as quick as looking for them as words.
        found = term.words["en"].search(msgid) if any(stem in low for stem in term.stems) else None
        if found:
            yield term, found[0]


def _hold(
    po_file: PoFile, language: str, entry: Entry, index: int, text: str, term: Term, word: str
) -> Iterator[Problem]:
    wrong = term.avoid.get(language)
    found = wrong.search(text) if wrong else None
    hint = f"The glossary says {term.shown.get(language, term.shown['en'])}."
    if found:
        spot = (po_file.file, *entry.locate(index, found.start()))
        yield say(spot, f"«{found[0]}» is the wrong word for {term.shown['en']}.", hint)
    elif language in term.words and not term.words[language].search(text):
        yield say((po_file.file, *entry.locate(index)), f"the word for «{word}» is missing.", hint)


_PO = "locales/de/LC_MESSAGES/messages.po"
_TERMS = "terms:\n  - id: lamp\n    en: lamp\n    de: Lampe*\n    avoid:\n      de: Birne\n"


def _said(text: str) -> dict[str, str]:
    return {**po(("Which lamp is broken?", text)), "locales/glossary.yaml": _TERMS}


GOOD = (Example(_said("Welche Lampe ist kaputt?")),)
BAD = (Example(_said("Welche Leuchte ist kaputt?"), 6, _PO), Example(_said("Welche Birne ist kaputt?"), 6, _PO))
