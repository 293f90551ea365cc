"""Languages by any spelling: which of ours is meant, what it is called and asked for by, which way it runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from bot.engine.recognise import normalise as fold
from bot.texts.locale_data import SPELLINGS, chain, current, is_known, locale, subtags

SOURCE = "en"
"""The language that dialogs are written in."""

_TAG = re.compile(r"[A-Za-z]{2,8}(?:[_-][A-Za-z0-9]{1,8})*")
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8})*")
_NO_LANGUAGE = {"c", "posix", "und", "mul", "zxx", "root"}

# Not old names of other languages, though CLDR or we lead them there: the language itself may be among ours.
_NEIGHBOURS = {"no", "nn", "gsw"}

# Who reads one script of these languages reads the other one with some effort: better than a foreign language.
_BOTH_SCRIPTS = {"zh", "sr"}

_RIGHT_TO_LEFT = {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
"""Scripts of living languages that run from right to left."""

# What languages call themselves, so that a menu of 40 languages need not load 40 locales (about 6 ms and 1 MB each).
# A test compares every line with CLDR.
_ENDONYMS = {
    "ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština",
    "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español",
    "et": "Eesti", "eu": "Euskara", "fa": "فارسی", "fi": "Suomi", "fil": "Filipino",
    "fr": "Français", "ga": "Gaeilge", "gl": "Galego", "he": "עברית", "hi": "हिन्दी",
    "hr": "Hrvatski", "hu": "Magyar", "id": "Indonesia", "is": "Íslenska", "it": "Italiano",
    "ja": "日本語", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "mt": "Malti",
    "nb": "Norsk bokmål", "nl": "Nederlands", "pl": "Polski", "pt": "Português",
    "pt_BR": "Português (Brasil)", "ro": "Română", "ru": "Русский", "sk": "Slovenčina",
    "sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska", "sw": "Kiswahili",
    "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt",
}  # fmt: skip


# Everyday names that CLDR writes otherwise.
_ALSO = {
    "fa": ("farsi",),
    "fil": ("tagalog",),
    "nb": ("norsk",),
    "pt_BR": ("brazilian portuguese", "brazilian", "brasileiro", "português brasileiro"),
    "zh_Hans": ("simplified chinese", "mandarin", "简体中文"),
    "zh_Hant": ("traditional chinese", "繁體中文"),
}


@lru_cache(maxsize=SPELLINGS)
def normalise(wanted: str) -> str | None:
    """Write any spelling of a language our way (`pt-br` and `PT_br.UTF-8` are `pt_BR`, `iw` is `he`).

    None for what names no language: empty, `C`, garbage.
    """
    tag = _TAG.match(wanted.strip()[:64])
    if tag is None:
        return None
    rest = wanted.strip()[tag.end() :]
    if rest and rest[0] not in ".@":
        return None
    parts = re.split("[_-]", tag.group())
    name = parts[0].lower()
    if name in _NO_LANGUAGE:
        return None
    script = territory = None
    for part in parts[1:]:
        if len(part) == 1:  # what follows is an extension (`-u-ca-gregory`)
            break
        if len(part) == 4 and part.isalpha() and script is None and territory is None:
            script = part.title()
        elif territory is None and ((len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit())):
            territory = part.upper()
    spelled = "_".join(part for part in (name, script, territory) if part)
    if name in _NEIGHBOURS and is_known(spelled):
        return spelled
    full = subtags(spelled)
    if full is None:
        return spelled if is_known(spelled) else None
    renamed = current(name).split("_")
    script = script or next((part for part in renamed[1:] if len(part) == 4), None)
    return "_".join(part for part in (renamed[0], script, territory) if part)


def negotiate(wanted: str, available: Iterable[str]) -> str | None:
    """Find which of the available languages serves a person who asks for `wanted`, in any spelling; None if none does.

    In order: the language itself, its parents, the same language and script (the same territory first), a neighbour.
    """
    return _negotiate(wanted[:64], tuple(available))


@lru_cache(maxsize=SPELLINGS)
def _negotiate(wanted: str, available: tuple[str, ...]) -> str | None:
    name = normalise(wanted)
    if name is None:
        return None
    known = {normalise(offer) or offer: offer for offer in available}
    for candidate in chain(name):
        if candidate in known:
            return known[candidate]
    asked = subtags(name) or (name, "", "")
    fits: list[tuple[tuple[bool, bool, int, str], str]] = []
    for candidate, offer in known.items():
        has = subtags(candidate)
        if has is None or has[0] != asked[0]:
            continue
        if has[1] == asked[1] or asked[0] in _BOTH_SCRIPTS:
            fits.append(((has[1] != asked[1], has[2] != asked[2], len(candidate), candidate), offer))
    return min(fits)[1] if fits else None


@lru_cache(maxsize=SPELLINGS)
def is_rtl(language: str) -> bool:
    """Tell whether a language is written from right to left."""
    full = subtags(normalise(language) or language)
    return full is not None and full[1] in _RIGHT_TO_LEFT


@lru_cache(maxsize=SPELLINGS)
def endonym(language: str) -> str:
    """Say what a language calls itself, with a capital letter as in a menu (`Deutsch`); the code if nobody knows."""
    if language in _ENDONYMS:
        return _ENDONYMS[language]
    return _capital(_display(language, language))


@lru_cache(maxsize=SPELLINGS)
def language_name(language: str, spoken: str) -> str:
    """Say what a language is called in another one, as inside a sentence (`de` in French: `allemand`)."""
    return _display(language, spoken)


def _display(language: str, spoken: str) -> str:
    if not is_known(language):
        return language
    return locale(language).get_display_name(locale(spoken)) or language


def _capital(words: str) -> str:
    # Georgian has capitals only for whole words in capitals; `title` knows that.
    return words[:1].title() + words[1:]


def words_for(language: str, spoken: Iterable[str] = (SOURCE,)) -> tuple[str, ...]:
    """List the words by which a person may ask for a language: `de` is "Deutsch", "German", "allemand", "de".

    `spoken` are the languages whose word for it counts, besides its own and English.
    """
    words: dict[str, str] = {endonym(language): ""}
    for other in (SOURCE, *spoken):
        words.setdefault(language_name(language, other), "")
        if language == "nb":  # who asks for Norwegian means this one
            words.setdefault(language_name("no", other), "")
    for word in list(words):
        base, _, _ = word.partition(" (")
        words.setdefault(base, "")
    for word in (*_ALSO.get(language, ()), language.replace("_", "-")):
        words.setdefault(word, "")
    return tuple(words)


def asked_for(text: str, available: Iterable[str], spoken: Iterable[str] = (SOURCE,)) -> str | None:
    """Find the available language that a person asks for by name or code, in any case and with or without accents.

    None when no language, or more than one, is called that.
    """
    offers = tuple(available)
    wanted = fold(text)
    if not wanted:
        return None
    found = _asked(offers, tuple(dict.fromkeys(spoken))).get(wanted)
    if found is None and _CODE.fullmatch(text.strip()):
        return negotiate(text, offers)
    return found or None


@cache
def _asked(available: tuple[str, ...], spoken: tuple[str, ...]) -> dict[str, str]:
    """Map folded words to the language they ask for; to nothing where they ask for several."""
    table: dict[str, str] = {}
    for language in available:
        for word in {fold(word) for word in words_for(language, spoken)}:
            other = table.setdefault(word, language)
            if other != language:
                # The plain language keeps its plain name: "Portuguese" is pt where pt and pt_BR are both there.
                plain = min(language, other, key=len)
                table[word] = plain if {language, other} <= {plain, *_longer(plain, available)} else ""
    return table


def _longer(plain: str, available: tuple[str, ...]) -> list[str]:
    return [offer for offer in available if offer.startswith(f"{plain}_")]
