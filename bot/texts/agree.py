"""Hold a translation beside its source: what makes it unusable, and what a translator should look at again."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.texts.markup import Template

# A German sentence is a third longer than an English one; three times is a slip, except for single words.
LONG = 3.0
SHORT = 0.2
SHORT_WORDS = 20

_TURNING = re.compile("[\u061c\u200e\u200f]")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]+|#\d+);")
# Marks of other programs: *one star*, __two lines__, [words](an address) is T204.
_OTHER_MARKS = re.compile(r"(?<![*\w])\*(?![*\s])[^*\n]*[^*\s]\*(?![*\w])|(?<!\w)__(?!\s)[^_\n]+__(?!\w)")
_COMMAND = re.compile(r"(?<![\w/<])/[a-z][a-z0-9_-]*")
_MENTION = re.compile(r"(?<![\w.])@[A-Za-z][A-Za-z0-9_]{2,}")
_CODE = re.compile(r"`[^`\n]*`")
_PHONE = re.compile(r"\+?\d[\d ()/-]{6,}\d")
_FILL_IN = re.compile(r"(?<!\{)(?:\{\{)*\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Difference:
    """Tell one difference; `offset` counts characters in the translation."""

    code: str
    message: str
    hint: str
    offset: int = 0
    level: Literal["error", "warning"] = "error"


def refusals(source: Sequence[Template], translation: Template, by: str | None = None) -> Iterator[Difference]:
    """List why a translation cannot be used: its fill-ins or links are not those of the source.

    `source` has all forms of the source text; a form that is said for one number only may leave it out (`by`).
    """
    known = frozenset().union(*(form.names for form in source))
    links = frozenset().union(*(form.links for form in source))
    for name in sorted(translation.names - known):
        nearest = ", ".join(f"{{{other}}}" for other in sorted(known)) or "none"
        yield Difference(
            "T203",
            f"“{{{name}}}” is not in the source.",
            f"The source has {nearest}; the names between braces are not translated.",
            max(translation.source.find(f"{{{name}}}"), 0),
        )
    for name in sorted(known - translation.names - {by}):
        yield Difference("T202", f"“{{{name}}}” of the source is missing.", f"Put {{{name}}} where its value belongs.")
    bare = re.search(rf"(?<![\w{{]){by}(?![\w}}])", translation.source) if by and "_" in by else None
    if bare and by not in translation.names:
        hint = f"Write {{{by}}}, or leave it out where it is said for one number only."
        yield Difference("T202", f"“{by}” has no braces, so people read the name.", hint, bare.start())
    if translation.links != links:
        shown = ", ".join(f"({name})" for name in sorted(links)) or "none"
        yield Difference(
            "T204",
            "The links are not those of the source.",
            f"The source links to {shown}: translate the words in [ ] and leave what stands in ( ) as it is.",
            max(translation.source.find("]("), 0),
        )


def remarks(source: Sequence[Template], translation: Template) -> Iterator[Difference]:
    """List what is probably not meant in a translation that can be used."""
    like = source[-1]
    text = translation.source
    for name in sorted((like.alone & translation.names) - translation.alone):
        yield _warning(
            "T206",
            f"“{{{name}}}” is a paragraph of its own in the source, here it stands inside a sentence.",
            "Put an empty line before and after it.",
            text.find(f"{{{name}}}"),
        )
    often = Counter(_FILL_IN.findall(text))
    allowed = Counter(_FILL_IN.findall(like.source))
    for name in sorted(name for name in often if often[name] > max(allowed[name], 1)):
        yield _warning(
            "T207",
            f"“{{{name}}}” stands {often[name]} times, in the source {allowed[name]} times.",
            "Say it once.",
            text.rfind(f"{{{name}}}"),
        )
    spoken, said = _CODE.sub(" ", like.source), _CODE.sub(" ", text)
    for pattern, what, before, after in (
        (_COMMAND, "commands", spoken, said),
        (_MENTION, "names with @", spoken, said),
        (_PHONE, "numbers", spoken, said),
        (_CODE, "pieces of code", like.source, text),
    ):
        theirs = sorted({found.group() for found in pattern.finditer(before)})
        ours = sorted({found.group() for found in pattern.finditer(after)})
        if theirs != ours:
            yield _warning(
                "T208",
                f"The {what} are {', '.join(ours) or 'none'}; in the source {', '.join(theirs) or 'none'}.",
                f"Leave {what} as they are in the source.",
            )
    html = _HTML.search(text) or _OTHER_MARKS.search(said)
    if html is not None and _HTML.search(like.source) is None and _OTHER_MARKS.search(spoken) is None:
        yield _warning(
            "T209",
            f"“{html.group()}” would be shown as written.",
            "Use **bold**, `code` or [words](name) as in the source, or take it out.",
            html.start(),
        )
    turning = _TURNING.search(text)
    if turning and not any(unicodedata.bidirectional(char) in {"R", "AL"} for char in _TURNING.sub("", text)):
        yield _warning(
            "T205",
            f"The character U+{ord(turning[0]):04X} is invisible and turns writing around; nothing here needs it.",
            "Take it out.",
            turning.start(),
        )
    yield from _length(like.source, text)


def _length(source: str, text: str) -> Iterator[Difference]:
    if len(source) >= SHORT_WORDS and not SHORT <= len(text) / len(source) <= LONG:
        yield _warning(
            "T210",
            f"The translation has {len(text)} characters, the source {len(source)}.",
            "Look whether it says the same.",
        )
    if (text[:1].isspace(), text[-1:].isspace()) != (source[:1].isspace(), source[-1:].isspace()):
        yield _warning(
            "T210",
            "The translation begins or ends with other spaces or line ends than the source.",
            "Begin and end it as the source does.",
        )


def _warning(code: str, message: str, hint: str, offset: int = 0) -> Difference:
    return Difference(code, message, hint, max(offset, 0), "warning")
