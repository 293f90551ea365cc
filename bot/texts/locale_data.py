"""Reach Babel's CLDR data: one locale object per language, loaded at first use and kept.

The data of a first locale cost 10 to 15 ms and 4 MB, each further one about 6 ms and 1 MB; `Locale.parse` is free.
"""

from __future__ import annotations

from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale

# How many different spellings are remembered; people can write anything, so the memory is bounded.
SPELLINGS = 512


@cache
def _aliases() -> dict[str, str]:
    aliases = {old: new for old, new in get_global("language_aliases").items() if isinstance(new, str)}
    # CLDR's likely matches that are not aliases: the nearest written language of people who ask for these.
    return aliases | {"no": "nb", "nn": "nb", "gsw": "de", "sh": "sr_Latn"}


@cache
def _likely() -> dict[str, str]:
    return dict(get_global("likely_subtags"))


@cache
def _parents() -> dict[str, str]:
    return dict(get_global("parent_exceptions"))


@lru_cache(maxsize=SPELLINGS)
def locale(language: str) -> Locale:
    """Give Babel's locale of a language (`de`, `pt_BR`, `zh_Hans`); that of the nearest known parent, or English."""
    for name in chain(language):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=SPELLINGS)
def is_known(language: str) -> bool:
    """Tell whether CLDR has data for exactly this language."""
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return True


@lru_cache(maxsize=SPELLINGS)
def chain(language: str) -> tuple[str, ...]:
    """List a language and its parents, nearest first (`pt_AO`: pt_AO, pt_PT, pt); another script is no parent."""
    found: list[str] = []
    written = subtags(language)
    while language and language != "root":
        found.append(language)
        language = _parents().get(language) or language.rpartition("_")[0]
        above = subtags(language)
        if written is not None and above is not None and above[1] != written[1]:
            break
    return tuple(found)


def current(name: str) -> str:
    """Give today's name of a language (`iw` is `he`, `sh` is `sr_Latn`)."""
    return _aliases().get(name, name)


@lru_cache(maxsize=SPELLINGS)
def subtags(language: str) -> tuple[str, str, str] | None:
    """Fill in what a language leaves out (language, script, territory: `pt` is pt, Latn, BR); None if unknown."""
    try:
        name, territory, script, *_ = parse_locale(language)
    except ValueError:
        return None
    name, *implied = current(name).split("_")
    for part in implied:
        if len(part) == 4:
            script = script or part
        else:
            territory = territory or part
    tries = [(script, territory), (script, None), (None, territory), (None, None)]
    for with_script, with_territory in tries:
        key = "_".join(part for part in (name, with_script, with_territory) if part)
        likely = _likely().get(key)
        if likely is not None:
            parts = likely.split("_")
            return parts[0], script or parts[1], territory or parts[2]
    return None
