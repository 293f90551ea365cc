"""Run every check over one pack and put everything that was found into one list: sorted, once each, causes first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.checks import remarks
from bot.checks.adopt import adopt
from bot.checks.aftermath import without_aftermath
from bot.checks.misspelled import where_declared
from bot.checks.registry import all_checks
from bot.checks.view import View
from bot.content.resolve import resolve
from bot.errors import Problem

_FROM_OUTSIDE = frozenset({"D042", "D045", "D046", "D047", "D049", "D050", "D051"})
"""Findings about names that facts and letters give; where those cannot be read, nothing can be said about names."""
_BEHIND = frozenset({"T301", "T302", "T304"})
"""Findings that a catalogue does not have what is said."""
_NAMED = re.compile(r"«([a-z0-9_]+)»")


def run(view: View) -> list[Problem]:
    """List every problem of a pack, its facts, letters and translations."""
    found = [*view.compiled.problems, *view.outside.problems, *_translations(view)]
    ran: set[str] = set()
    if view.compiled.draft is not None:
        resolved = resolve(view.pack, view.registry, view.compiled.marks)
        found += _worth_a_word(view, resolved)
        broken = any(one.level == "error" for one in (*view.compiled.problems, *resolved))
        for check in all_checks():
            if not (check.WHOLE and broken):
                ran.add(check.CODE)
                found += check.check(view)
    found += view.played.problems if view.played else ()
    files = {f"{view.prefix}{path}": text for path, text in view.files.items()}
    ignorable = {one.CODE for one in all_checks()}
    # First the remarks: what they silence must not stand for anything else.
    found = remarks.obey(tidy(found), {**files, **dict(view.locales.values())}, ignorable, ran)
    return tidy(where_declared(files, without_aftermath(view, _differ(view, found))))


def _differ(view: View, found: list[Problem]) -> list[Problem]:
    """Leave out where the bot says something else than an example does, because it lacks the translation for it."""
    if view.played is None:
        return found
    codes = {one.code for one in found}
    files = {one.file for one in found if one.code in _BEHIND}
    behind = {
        language
        for language, (file, _) in view.locales.items()
        # A text that was changed is told at the text; every language lacks it then.
        if "T305" in codes or file in files
    }
    return [one for one in found if view.played.languages.get(one) not in behind]


def _translations(view: View) -> Iterable[Problem]:
    """Hold every translation beside its source text."""
    texts = dict.fromkeys([one.text for one in view.texts] + [text for text, _ in view.outside.texts])
    return adopt(view.catalogues.verify(texts))


def _worth_a_word(view: View, resolved: Iterable[Problem]) -> Iterable[Problem]:
    """Leave out what is said about a dialog whose file could not be read, or about facts that are not there."""
    for problem in resolved:
        named = _NAMED.search(problem.message)
        if problem.code in {"D040", "P010"} and named:
            if named[1] in view.compiled.unread:
                continue
            lost = next((path for path in view.files if path.endswith(f"/{named[1]}.yaml") and _lost(path)), None)
            if lost:
                hint = f"It stands in {lost}, where nobody looks: put it beside pack.yaml."
                problem = replace(problem, hint=hint)
        if problem.code in _FROM_OUTSIDE and not view.outside.whole:
            continue
        yield problem


def _lost(path: str) -> bool:
    """Say whether a file lies in a folder that is not read."""
    return path.split("/")[0] not in {"facts", "letters", "examples"}


def tidy(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by place, each once."""
    return sorted(set(problems), key=lambda one: (one.file, one.line, one.col, one.level, one.code, one.message))
