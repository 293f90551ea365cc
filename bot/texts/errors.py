"""What can be wrong with a text, and how it is told.

ContentError
└── MarkupError     a text cannot be compiled (message, offset)
KeyError
└── MissingValue    a fill-in has no value at this moment
TextProblem         one finding in a catalogue; a value, never raised
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.errors import ContentError, Problem


class MarkupError(ContentError):
    """Say why a text cannot be compiled; `offset` counts characters from its beginning."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class MissingValue(KeyError):
    """Say that a fill-in has no value at this moment; the caller falls back to another text."""


TextProblem = Problem
"""One finding in a catalogue; a value, never raised."""


@dataclass(slots=True)
class Findings:
    """Collect what is wrong with one file."""

    file: str
    problems: list[TextProblem] = field(default_factory=list)

    def error(self, place: tuple[int, int], code: str, message: str, hint: str) -> None:
        """Add something that keeps a translation from being used."""
        self.problems.append(TextProblem(self.file, *place, code, message, hint))

    def warning(self, place: tuple[int, int], code: str, message: str, hint: str) -> None:
        """Add something to look at that does no harm by itself."""
        self.problems.append(TextProblem(self.file, *place, code, message, hint, "warning"))


CODES: dict[str, str] = {
    "T101": "The file cannot be read.",
    "T102": "A line is neither a comment, nor a keyword with a complete text in quotes, nor such a text alone.",
    "T103": "A merge left its conflict marks behind.",
    "T104": "A message is not complete or not in order (msgctxt, msgid, msgid_plural, msgstr).",
    "T105": "A message stands twice; the first one counts.",
    "T106": "The header is missing or says another character set than UTF-8.",
    "T107": "Plural-Forms differs from the CLDR rule of the language; the CLDR rule is used.",
    "T108": "A plural message does not have as many forms as the language.",
    "T109": "The folder is not named after a language we know.",
    "T110": "The header names another language than the folder.",
    "T201": "The translation's markup cannot be read.",
    "T202": "A fill-in of the source is missing in the translation.",
    "T203": "The translation has a fill-in that the source does not have.",
    "T204": "The translation names other links than the source.",
    "T205": "The translation has a character that nobody can see or that turns the text around.",
    "T206": "A fill-in that is a paragraph of its own in the source stands inside a sentence.",
    "T207": "A fill-in stands more often than in the source.",
    "T208": "Commands, names with @, code or numbers differ from the source.",
    "T209": "The translation has HTML or marks of other programs; they would be shown as written.",
    "T210": "The translation is much longer or shorter than the source, or begins or ends with other spaces.",
}
"""Every code and what it stands for. T1xx: the file; T2xx: a translation beside its source."""
