"""Find slots that are kept and never looked at."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import links_in, names_in
from bot.checks.reads import slots_read
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.engine.conditions import Condition
from bot.errors import Problem

CODE = "D111"
TITLE = "A slot is kept and never used."
LEVEL: Level = "warning"
EXPLANATION = (
    "What a person says is kept only where it serves them. No condition, text, fact or letter looks at this slot: "
    "use it, or do not ask for it."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for a reader of each slot: conditions, texts, other slots, facts and letters."""
    if not view.outside.whole:
        return
    used = set(view.outside.reads | slots_read(view.pack, view.registry))
    for one in view.texts:
        used |= names_in(one.source) | links_in(one.source) | {one.text.by or ""}
    for _, state in view.states():
        conditions: list[Condition | None] = [item.when for item in state.items]
        conditions += [answer.when for answer in state.answers] + [branch.when for branch in state.branches]
        used |= {compared.name for one in conditions if one for compared in one.comparisons}
        changes = (*state.changes, *[one for answer in state.answers for one in answer.changes])
        used |= {one.source for one in changes if one.source}
        if state.remind and state.remind.on:
            used.add(state.remind.on)
        if state.pick and state.save:
            used.add(state.save)  # coming back, it says what is ticked
    for slot in view.pack.slots.values():
        if slot.name not in used and slot.name != "language" and slot.at is not None:
            yield say(
                slot.at, f"nobody ever looks at «{slot.name}».", "Use it in a text or a condition, or do not ask."
            )


GOOD = (Example(),)
BAD = (Example({"main.yaml": MAIN.replace(" {lamp}", "")}, 5),)
