"""Look into the markup of texts without failing: names, links, and the words that are left when marks are taken out."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.texts.markup import MarkupError, Template, compile_markup

_CODE = re.compile(r"`[^`\n]*`")
_FILL_IN = re.compile(r"\{[^{}\n]*\}")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\n]*\)")


@lru_cache(maxsize=16_384)
def template(source: str) -> Template | MarkupError:
    """Compile a text, or give what is wrong with it."""
    try:
        return compile_markup(source)
    except MarkupError as error:
        return error


def names_in(source: str) -> frozenset[str]:
    """Give the fill-ins of a text; none where it cannot be read."""
    made = template(source)
    return made.names if isinstance(made, Template) else frozenset()


def links_in(source: str) -> frozenset[str]:
    """Give the link names of a text; none where it cannot be read."""
    made = template(source)
    return made.links if isinstance(made, Template) else frozenset()


def blank(source: str, *, code: bool = True, fill: str = " ") -> str:
    """Replace fill-ins, link names (and code) by blanks of the same length, so that offsets stay right."""
    text = _FILL_IN.sub(lambda found: fill * len(found[0]), source)
    if code:
        text = _CODE.sub(lambda found: fill * len(found[0]), text)
    return _LINK.sub(lambda found: fill + found[1] + fill * (len(found[0]) - len(found[1]) - 1), text)
