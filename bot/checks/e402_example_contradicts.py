"""Find examples that expect or tap what the dialogs do not have."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.talk import Talk, talks
from bot.checks.view import View
from bot.content.resolve import answer_ids
from bot.engine.recognise import normalise
from bot.errors import Problem
from bot.reader import Entries, Scalar, nearest

CODE = "E402"
TITLE = "An example contradicts the dialogs."
LEVEL: Level = "error"
EXPLANATION = (
    "It ends in a state that is not there, looks at a slot nobody knows, expects an answer that cannot be, or taps one "
    "that no question has. Correct the example, or the dialog; `optout-bot test --accept` rewrites expected lines."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look the names of every example up."""
    taps = _taps(view)
    for talk in talks(view):
        language = talk.entries.get("language")
        if isinstance(language, Scalar) and not _spoken(view, language.text):
            yield say(
                language, f"there are no texts in «{language.text[:20]}».", nearest(language.text, view.languages)
            )
        hints = talk.entries.get("hints")
        for key, _ in hints if isinstance(hints, Entries) else ():
            if key.text not in view.pack.slots:
                yield _no_slot(view, key)
        expect = talk.entries.get("expect")
        if isinstance(expect, Entries):
            yield from _expected(view, expect)
        # In another language an answer may be tapped by its translated words; those are known to whoever plays it.
        if view.outside.whole and talk.language.startswith("en"):
            yield from _tapped(talk, taps)


def _spoken(view: View, language: str) -> bool:
    return view.catalogues.nearest(language).split("_")[0] == language.lower().replace("-", "_").split("_")[0]


def _expected(view: View, expect: Entries) -> Iterator[Problem]:
    state = expect.get("state")
    if isinstance(state, Scalar):
        dialog, _, name = state.text.partition("/")
        if view.pack.state(dialog, name) is None:
            places = {f"{one.name}/{other.name}" for one, other in view.states()}
            now = view.pack.dialogs[dialog].renamed.get(name) if dialog in view.pack.dialogs else None
            hint = f"It was renamed: write {dialog}/{now}." if now else nearest(state.text, places)
            ends = sorted(place for place in places if place.endswith(f"/{state.text}"))
            if ends:
                hint = f"Write the dialog before it: {', '.join(ends[:5])}."
            yield say(state, f"there is no state «{state.text[:60]}».", hint)
    slots = expect.get("slots")
    for key, value in slots if isinstance(slots, Entries) else ():
        slot = view.pack.slots.get(key.text)
        if slot is None:
            yield _no_slot(view, key)
            continue
        ids = answer_ids(view.pack, view.registry, slot)
        if ids and isinstance(value, Scalar) and view.outside.whole:
            for one in (part.strip() for part in value.text.split(",")):
                if one and one not in ids:
                    at = slot.at
                    where = f" ({at.file}:{at.line})" if at else ""
                    yield say(value, f"«{slot.name}» is never «{one[:30]}»{where}.", nearest(one, ids))


def _no_slot(view: View, key: Scalar) -> Problem:
    return say(key, f"there is no slot «{key.text[:40]}».", nearest(key.text, set(view.pack.slots)))


def _taps(view: View) -> set[str]:
    """Give everything that can be tapped: ids and words, as the engine reads them."""
    found = {"done", "neither", "yes", "no"}
    for _, state in view.states():
        for answer in state.answers:
            found |= {answer.id, normalise(answer.label.msgid)}
        if state.done is not None:
            found.add(normalise(state.done.msgid))
        provider = view.registry.lists.get(state.choose or state.pick or "")
        for one in provider.every if provider else ():
            found |= {one, normalise(provider.label(one, "en")) if provider else ""}
    return found


def _tapped(talk: Talk, taps: set[str]) -> Iterator[Problem]:
    for tap in talk.said("they tap"):
        if tap.text not in taps and normalise(tap.text) not in taps:
            yield say(tap, f"no question has the answer «{tap.text[:40]}».", nearest(tap.text, taps))


_TALK = (
    "example: A lamp\nlanguage: en\ntalk:\n  - bot: Which lamp*\n  - they tap: {tap}\n  - bot: Thank you*\n"
    "expect:\n  state: {state}\n  slots:\n    lamp: {lamp}\n"
)


def _example(tap: str = "bridge", state: str = "main/thanks", lamp: str = "bridge") -> dict[str, str]:
    return {"examples/one.yaml": _TALK.format(tap=tap, state=state, lamp=lamp)}


_FILE = "examples/one.yaml"
GOOD = (
    Example(_example()),
    Example({_FILE: _example()[_FILE].replace("talk:", "hints:\n  lamp: bridge\ntalk:")}),
)
BAD = (
    Example(_example(tap="brigde"), 5, _FILE),
    Example(_example(state="main/thank"), 8, _FILE),
    Example(_example(lamp="brigde"), 10, _FILE),
    Example({_FILE: _example()[_FILE].replace("    lamp:", "    lmap:")}, 10, _FILE),
    Example({_FILE: _example()[_FILE].replace("language: en", "language: xy")}, 2, _FILE),
    Example({_FILE: _example()[_FILE].replace("talk:", "hints:\n  lmap: bridge\ntalk:")}, 4, _FILE),
)
