"""Territories: every ISO 3166-1 code, the flag, the words people type, and which regime holds where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.facts.models import Facts
from bot.facts.places import Authority

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
ISO_CODES: tuple[str, ...] = tuple(_CODES.split())
"""The 249 officially assigned codes of ISO 3166-1 alpha-2."""
KOSOVO = "XK"
"""Not assigned by ISO, but what everybody uses."""
ALL_CODES = frozenset((*ISO_CODES, KOSOVO))

Names = Callable[[str, str], str]
"""(territory id, language) -> its official name in that language"""
T = TypeVar("T")


def flag(territory: str) -> str:
    """Give the flag sign of a two-letter code."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in territory)


def for_language(table: Mapping[str, T], language: str) -> T | None:
    """Find the entry for a language or its parent: `de_AT` or `de-AT` -> `de_AT`, `de`."""
    code = language.replace("-", "_")
    while code:
        if code in table:
            return table[code]
        code = code.rpartition("_")[0]
    return None


def label(names: Names, territory: str, language: str) -> str:
    """Say what a button shows: flag and name."""
    return f"{flag(territory)} {names(territory, language)}"


def words(facts: Facts, names: Names, territory: str, language: str) -> tuple[str, ...]:
    """List what a person may type for a territory: names, everyday names, flag, codes; English is always understood."""
    record = facts.territories[territory]
    found: list[str] = [names(territory, language), names(territory, "en"), *record.native]
    for group in ("any", "en"):
        found.extend(record.words.get(group, ()))
    found.extend(for_language(record.words, language) or ())
    found.append(flag(territory))
    found.extend(code for code in (territory, record.alpha3) if code not in facts.not_codes)
    return tuple(dict.fromkeys(found))


def shown(facts: Facts, language: str) -> tuple[str, ...]:
    """List the territories offered first to people of a language."""
    likely = for_language(facts.likely, language)
    return facts.likely.get("any", ()) if likely is None else likely


def offered(authority: Authority) -> bool:
    """Say whether an authority may be named to a person: it takes complaints, and the record is not weak."""
    return authority.takes_complaints == "yes" and authority.confidence != "low"


def authorities(facts: Facts, territory: str, subdivision: str | None = None) -> tuple[Authority, ...]:
    """List the authorities to offer, the best first; where parts have their own, only that of the part."""
    if needs_subdivision(facts, territory):
        return tuple(
            one
            for one in facts.authorities.values()
            if offered(one) and one.territory == territory and subdivision and one.subdivision == subdivision
        )
    return tuple(
        one
        for one in facts.authorities.values()
        if offered(one) and one.subdivision is None and (one.territory == territory or territory in one.also_for)
    )


def needs_subdivision(facts: Facts, territory: str) -> bool:
    """Say whether a complaint depends on the part of the territory a person lives in."""
    return bool(parts_of(facts, territory))


def authorities_for(facts: Facts, slots: Mapping[str, Any]) -> tuple[Authority, ...]:
    """List the authorities for the territory and part in the slots."""
    part = slots.get("subdivision")
    return authorities(facts, str(slots.get("territory")), part if isinstance(part, str) else None)


def parts_of(facts: Facts, territory: str) -> tuple[str, ...]:
    """List the parts of a territory that a complaint depends on."""
    return tuple(part.id for part in facts.subdivisions.values() if part.territory == territory)


def part_label(facts: Facts, part: str, language: str) -> str:
    """Name a part in the person's language, else in English."""
    names = facts.subdivisions[part].names
    return for_language(names, language) or names["en"]
