"""Which plural form a number takes: CLDR's rule for whole numbers, in CLDR's order, as gettext needs it."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from babel.plural import PluralRule, to_gettext

from bot.texts.locale_data import locale

_ORDER = ("zero", "one", "two", "few", "many", "other")

# Categories that only fractions or millions reach would be forms that nobody ever reads: CLDR's "many" of French is for
# 1 000 000. Our numbers are days, accounts and forms.
_NUMBERS = range(1000)

_COMPARED = (*range(131), 199, 200, 201, 211, 212, 221, 999)


@dataclass(frozen=True, slots=True)
class Plurals:
    """The forms of one language; `categories` are in the order of `msgstr[0]`, `msgstr[1]` and so on."""

    language: str
    categories: tuple[str, ...]
    _rule: PluralRule

    def form(self, number: int) -> int:
        """Give the index of the form that a number takes."""
        category = self._rule(abs(number))
        return self.categories.index(category) if category in self.categories else len(self.categories) - 1

    def names_its_number(self, form: int) -> bool:
        """Tell whether a form is said for one number only, as «one day»; such a form need not show the number.

        French takes its first form for 0 as well as for 1; «un jour» is usual there.
        """
        numbers = [number for number in _NUMBERS if self.form(number) == form]
        return len(numbers) == 1 or numbers == [0, 1]

    def agrees(self, header: str) -> bool:
        """Tell whether a file's Plural-Forms means the same for every number; a wrong or hostile one does not."""
        fields = dict(part.partition("=")[::2] for part in header.replace(" ", "").split(";") if part)
        if fields.get("nplurals") != str(len(self.categories)):
            return False
        try:
            rule: Callable[[int], int] = gettext.c2py(fields.get("plural", ""))
            return all(rule(number) == self.form(number) for number in _COMPARED)
        except (ValueError, ArithmeticError, RecursionError, OverflowError):
            return False


@cache
def plurals(language: str) -> Plurals:
    """Give the plural forms of a language; English's for one that CLDR does not know."""
    rule = locale(language).plural_form
    reached = {rule(number) for number in _NUMBERS}
    return Plurals(language, tuple(category for category in _ORDER if category in reached), rule)


@cache
def header(language: str) -> str:
    """Write a file's Plural-Forms: the well-known expression where it means CLDR's rule, else one made of the rule."""
    # Costs 70 ms; only a file that is written or complained about needs it.
    from babel.messages.plurals import get_plural

    forms = plurals(language)
    known = get_plural(locale(language))
    well_known = f"nplurals={known.num_plurals}; plural={known.plural_expr};"
    if forms.agrees(well_known):
        return well_known
    # gettext's expression ends in the last form, which needs no condition of its own.
    rules = locale(language).plural_form.rules
    return to_gettext(PluralRule({category: rules[category] for category in forms.categories[:-1]}))
