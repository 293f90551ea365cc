"""What may stand in a text: everything people write, minus the characters that trick eyes or break encoders."""

from __future__ import annotations

import re
from itertools import islice

FSI = "\u2068"
"""First strong isolate: what follows takes its own direction, up to `PDI`."""
PDI = "\u2069"
"""Pop directional isolate."""

# The longest real ones: a family of four with skin tones has 11 code points, the flag of England 7.
GRAPHEME_LENGTH = 16

_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NEWLINE = re.compile("\r\n?|\u2028|\u2029")
_SURROGATE = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
_ISOLATE = re.compile("[\u2066-\u2069]")

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def clean(value: str) -> str:
    """Make a text safe to show and to encode, whoever wrote it; a harmless one comes back as it is.

    Line ends of every kind become a newline, lone surrogates and noncharacters U+FFFD; control characters, bidi
    embeddings and overrides and isolates without a partner go. Newlines, tabs and joiners (emoji, Persian, Indic) stay.
    """
    if value.isascii() and value.isprintable():
        return value
    if _SUSPECT.search(value) is None:
        return value
    value = _NEWLINE.sub("\n", value)
    value = _SURROGATE.sub("\ufffd", value)
    value = _DROPPED.sub("", value)
    return balance(value) if _ISOLATE.search(value) else value


def balance(value: str) -> str:
    """Drop isolates that are not closed, or not opened, within their line: bidi ends them there anyway."""
    unpaired: list[int] = []
    opened: list[int] = []
    for position, char in enumerate(value):
        if char == "\n":
            unpaired += opened
            opened.clear()
        elif char == PDI:
            if opened:
                opened.pop()
            else:
                unpaired.append(position)
        elif "\u2066" <= char <= "\u2068":
            opened.append(position)
    gone = {*unpaired, *opened}
    return "".join([char for position, char in enumerate(value) if position not in gone]) if gone else value


def isolate(value: str, *, rtl: bool) -> str:
    """Put a cleaned value between isolates, line by line, where its direction could disturb the text around it.

    In a right-to-left text that is every value; in a left-to-right text only one that has right-to-left letters.
    """
    if not value or not (rtl or (not value.isascii() and _RIGHT_TO_LEFT.search(value))):
        return value
    if "\n" in value:
        return "\n".join([f"{FSI}{line}{PDI}" if line else line for line in value.split("\n")])
    return f"{FSI}{value}{PDI}"


def trim(text: str, most: int) -> str:
    """Shorten a text to at most `most` signs as a reader counts them; the last one then is “…”.

    A pile of accents counts, and is kept, only as far as real writing goes.
    """
    if len(text) <= most:
        return text
    from wcwidth import iter_graphemes  # 20 ms, and most texts are short

    signs = [sign[:GRAPHEME_LENGTH] for sign in islice(iter_graphemes(text), most + 1)]
    if len(signs) <= most:
        return "".join(signs)
    return "".join(signs[: most - 1]).rstrip() + "…"


_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060-\u2064\u206a-\u206f\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e001f\U000f0000-\U0010ffff]"
)


def forbidden(text: str) -> tuple[int, str] | None:
    """Find the first character that no author or translator may use: its offset and its name as `U+202E`.

    Those are control, bidi override, zero-width, soft hyphen and private-use characters, and isolates without a
    partner. Zero-width (non-)joiners and direction marks stay allowed: Persian, Indic languages and Hebrew need them.
    """
    if text.isascii() and text.isprintable():
        return None
    found = _FORBIDDEN.search(text)
    if found is not None:
        return found.start(), f"U+{ord(found.group()):04X}"
    if _ISOLATE.search(text):
        balanced = balance(text)
        if balanced != text:
            offset = next(
                (at for at, (one, other) in enumerate(zip(text, balanced, strict=False)) if one != other), len(balanced)
            )
            return offset, f"U+{ord(text[offset]):04X}"
    return None
