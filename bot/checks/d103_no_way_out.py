"""Find states from which a dialog never ends."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.checks.ways import Where, circles, spread
from bot.errors import Problem

CODE = "D103"
TITLE = "Nobody gets out of here."
LEVEL: Level = "error"
EXPLANATION = (
    "From this state no way leads to an `end` of the dialog, nor for good into another dialog: people go round in "
    "circles. Add an answer that leads out."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for places that lead to no end; of each circle only the first state is named."""
    back: dict[Where, list[Where]] = {}
    for where, ways in view.ways.out.items():
        for way in ways:
            back.setdefault(way.to, []).append(where)
    ends = [w for w in view.ways.out if view.ways.state(w).kind == "end"]
    leaving = [w for w, ways in view.ways.out.items() if any(way.leaves and way.to[0] != w[0] for way in ways)]
    free = spread([*ends, *leaving], lambda where: back.get(where, ()))
    caught = [where for where in view.ways.out if where in view.ways.reachable and where not in free]
    inside = set(caught)
    rings = circles(caught, lambda where: [way.to for way in view.ways.out[where] if way.to in inside])
    for ring in rings:
        dialog_name, name = min(ring, key=caught.index)
        state = view.pack.dialogs[dialog_name].states[name]
        if state.at is not None:
            round_trip = f" ({' → '.join(place for _, place in ring[:5])})" if len(ring) > 1 else ""
            yield say(state.at, f"nobody gets out of «{name}»{round_trip}.", "Add an answer that leads to an end.")


_STATES = """  which:
    say: Shall we go round again?
    answers:
      - answer: "Yes"
        go: which
      - answer: Certainly
        go: {}

  other:
    say: Here we go.
    next: which

  out:
    say: Goodbye.
    end: done
"""
GOOD = (Example({"main.yaml": dialog(_STATES.format("out").replace("go: which", "go: other"))}),)
BAD = (
    Example({"main.yaml": dialog(_STATES.format("other").split("\n  out:")[0])}, 5),
    Example(
        {"main.yaml": dialog("  which:\n    say: Again?\n    answers:\n      - answer: Yes\n        go: which\n")}, 5
    ),
)
