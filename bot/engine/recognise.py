"""From what a person wrote to an answer id.

Order: number, exact words (the person's language, the source language, the id), further words, words inside a
sentence, part of an answer's words, a slip of the pen with a clear margin. Whatever could mean two things is asked
back, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.engine import limits

_SPACE = re.compile(r"\s+")
_DIGITS = re.compile(r"\d")
_FLAG = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True, slots=True)
class Found:
    """The result: `ids` has one id when it is clear, several when it must be asked back, none when nothing fits.

    `sure` is False where even a single id should be confirmed first ("Did you mean A?").
    """

    ids: tuple[str, ...] = ()
    sure: bool = True


NOTHING = Found()


def normalise(text: str) -> str:
    """Fold case, width, accents and punctuation away, so that «Österreich!» and «osterreich» are the same words.

    Flags (pairs of regional indicators) are kept when nothing else is left.
    """
    text = text[: limits.TEXT_READ]
    if text.isascii():
        folded = text.lower()
        kept = "".join([c if c.isalnum() else " " for c in folded if c != "'"])
        return _SPACE.sub(" ", kept).strip()
    letters: list[str] = []
    flags: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if unicodedata.combining(char):
            continue
        if ord(char) in _FLAG:
            flags.append(char)
        elif char.isalnum():
            letters.append(char)
        elif char not in "'’ʼ`´" and unicodedata.category(char) not in {"Cf", "Mn"}:
            letters.append(" ")
    words = _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(letters))).strip()
    return words or "".join(flags)


def number(text: str) -> int | None:
    """Read a whole number in the digits of any script («2», «２», «٢», «2.», «#2»); None for anything else."""
    stripped = text.strip().lstrip("#(").rstrip(".):").strip()
    if stripped.endswith("\u20e3"):
        stripped = stripped.rstrip("\u20e3\ufe0f")
    if not 1 <= len(stripped) <= 9:
        return None
    digits = [unicodedata.decimal(char, None) for char in stripped]
    if any(digit is None for digit in digits):
        return None
    return int("".join(str(digit) for digit in digits))


@dataclass(slots=True)
class Vocabulary:
    """All words by which the answers of one question may be named in one language.

    `layers` are looked up in order (labels in the person's language, in the source language, ids, further words):
    the first that knows the words decides; where it knows several ids for them, all are given.
    """

    layers: tuple[Mapping[str, frozenset[str]], ...]
    _keys: list[str] = field(default_factory=list)
    _ids: dict[str, frozenset[str]] = field(default_factory=dict)
    _long: list[str] = field(default_factory=list)
    _longest: int = 0

    def __post_init__(self) -> None:
        for layer in self.layers:
            for word, ids in layer.items():
                self._ids[word] = self._ids.get(word, frozenset()) | ids
        self._keys = [word for word in self._ids if len(word) >= limits.FUZZY_FROM]
        self._long = [word for word in self._ids if " " in word]
        self._longest = max((word.count(" ") + 1 for word in self._ids), default=0)

    def exact(self, words: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Give the ids that these normalised words name exactly."""
        for layer in self.layers:
            ids = [one for one in layer.get(words, ()) if one in allowed]
            if ids:
                return tuple(sorted(ids))
        return ()

    def inside(self, words: str, allowed: Collection[str]) -> tuple[tuple[str, ...], list[str]]:
        """Find the longest known words inside a sentence: the ids they name (one group a place) and what is
        left over.
        """
        tokens = words.split(" ")
        groups: list[str] = []
        rest: list[str] = []
        ambiguous: list[str] = []
        at = 0
        while at < len(tokens):
            for length in range(min(self._longest, len(tokens) - at), 0, -1):
                piece = " ".join(tokens[at : at + length])
                # Two-letter words inside a sentence are words ("in", "is"), not country codes; an age is an age.
                read = len(piece) > 2 or len(tokens) <= 2 or (len(piece) == 2 and piece.isdigit())
                ids = self.exact(piece, allowed) if read else ()
                if ids:
                    (groups if len(ids) == 1 else ambiguous).extend(ids)
                    at += length
                    break
            else:
                rest.append(tokens[at])
                at += 1
        return tuple(dict.fromkeys(groups + ambiguous)), rest

    def part(self, words: str, allowed: Collection[str]) -> Found:
        """Find the answers whose words contain these words («whatsapp» in «WhatsApp, chats with AI»)."""
        if len(words) < limits.PART_FROM:
            return NOTHING
        wanted = f" {words} "
        ids = {one for key in self._long if wanted in f" {key} " for one in self._ids[key] if one in allowed}
        return Found(tuple(sorted(ids))) if len(ids) <= limits.CANDIDATES else NOTHING

    def near(self, words: str, allowed: Collection[str]) -> Found:
        """Find what was meant by a slip: one id only with a clear margin over every other."""
        if len(words) < limits.FUZZY_FROM:
            return NOTHING
        allowance = 1 if len(words) < 6 else 2 if len(words) < 12 else 3
        scored: dict[str, int] = {}
        best_word: dict[str, str] = {}
        hits = process.extract(words, self._keys, scorer=OSA.distance, score_cutoff=allowance + limits.NEAR, limit=40)
        digits = _DIGITS.findall(words)
        for word, distance, _ in hits:
            # A slip of the pen is one of letters: «I am 70» is not «I am 17».
            if digits != _DIGITS.findall(word):
                continue
            for one in self._ids[word]:
                if one in allowed and distance < scored.get(one, 99):
                    scored[one] = int(distance)
                    best_word[one] = word
        ranked = sorted(scored, key=lambda one: (scored[one], one))
        if not ranked or scored[ranked[0]] > allowance:
            return NOTHING
        best = ranked[0]
        rivals = [one for one in ranked[1:] if scored[one] - scored[best] < limits.NEAR]
        rivals += [one for one in self._neighbours(best_word[best], best, allowed) if one not in rivals]
        if rivals:
            return Found((best, *rivals[: limits.CANDIDATES - 1]))
        # In a short word one slip is a large part of it («blub» is no «club»): that is confirmed first.
        return Found((best,), sure=len(words) >= limits.SURE_FROM)

    def _neighbours(self, word: str, own: str, allowed: Collection[str]) -> list[str]:
        hits = process.extract(word, self._keys, scorer=OSA.distance, score_cutoff=limits.NEAR, limit=20)
        found: list[str] = []
        for other, _, _ in hits:
            found += [one for one in self._ids[other] if one != own and one in allowed and one not in found]
        return found


def recognise(
    text: str,
    vocabulary: Vocabulary,
    shown: Sequence[str],
    allowed: Collection[str],
    negations: Collection[str] = (),
) -> Found:
    """Say which of the `allowed` answers a text names; numbers count along `shown`."""
    position = number(text)
    if position is not None and 1 <= position <= len(shown):
        return Found((shown[position - 1],))
    words = normalise(text)
    if not words:
        return NOTHING
    ids = vocabulary.exact(words, allowed)
    if ids:
        return Found(ids[: limits.CANDIDATES])
    if len(words) > 200:
        return NOTHING
    ids, rest = vocabulary.inside(words, allowed)
    if ids:
        # A «no» that is itself a word of the answer («No, another way») does not turn it round.
        doubtful = any(word in negations and vocabulary.exact(word, allowed) != ids for word in rest)
        return Found(ids[: limits.CANDIDATES], sure=not doubtful)
    found = vocabulary.part(words, allowed)
    return found if found.ids else vocabulary.near(words, allowed)


def build(layers: Sequence[Mapping[str, Sequence[str]]]) -> Vocabulary:
    """Make a vocabulary from layers of id -> words as people write them."""
    made: list[dict[str, frozenset[str]]] = []
    for layer in layers:
        words: dict[str, set[str]] = {}
        for one, spellings in layer.items():
            for spelling in spellings:
                key = normalise(spelling)
                if key:
                    words.setdefault(key, set()).add(one)
        made.append({word: frozenset(ids) for word, ids in words.items()})
    return Vocabulary(tuple(made))
