"""Find dialogs that call themselves, directly or through others."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.checks.ways import circles
from bot.engine import limits
from bot.errors import Problem

CODE = "D105"
TITLE = "A dialog calls itself."
LEVEL: Level = "error"
EXPLANATION = (
    "A dialog that is called waits until the called one ends. Calling itself, it would pile up until the limit of "
    f"{limits.FRAMES} is reached. Go there with `next` or `go: dialog/state` instead of `do`."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for circles of calls, and for calls nested more deeply than the engine allows."""
    calls = view.ways.calls
    rings = circles(calls, lambda name: [to for _, to in calls[name]])
    for ring in rings:
        first = min(ring)
        inside = set(ring)
        (_, where), to = next(call for call in calls[first] if call[1] in inside)
        state = view.pack.dialogs[first].states[where]
        if state.at is not None:
            way = "itself" if len(ring) == 1 else f"«{to}», which calls it again"
            yield say(state.at, f"the dialog «{first}» calls {way}.", "Use go: dialog/state instead of do.")
    if not rings:
        yield from _too_deep(view)


def _too_deep(view: View) -> Iterator[Problem]:
    calls = view.ways.calls
    depth = dict.fromkeys(calls, 1)
    for _ in range(limits.FRAMES):
        depth = {name: 1 + max((depth[to] for _, to in calls[name]), default=0) for name in calls}
    # An interrupt calls one dialog more from wherever the person is.
    for (dialog_name, where), to in calls.get(view.pack.start, ()):
        state = view.pack.dialogs[dialog_name].states[where]
        if depth[to] + 1 >= limits.FRAMES and state.at is not None:
            message = f"calls are nested {depth[to] + 1} deep from here; at most {limits.FRAMES - 1} may be."
            yield say(state.at, message, "Go on with next: dialog/state where nobody has to come back.")


_END = "\n  out:\n    say: Bye.\n    end: done\n"
GOOD = (Example({"main.yaml": dialog("  which:\n    do: help\n    next: out\n" + _END)}),)
BAD = (
    Example({"main.yaml": dialog("  which:\n    say: Again.\n    do: main\n    next: out\n" + _END)}, 5),
    Example(
        {
            "main.yaml": dialog("  which:\n    do: l1\n    next: out\n" + _END),
            **{
                f"l{n}.yaml": dialog(f"  which:\n    do: l{n + 1}\n    next: out\n" + _END, name=f"l{n}")
                for n in range(1, 7)
            },
            "l7.yaml": dialog("  which:\n    say: Deep?\n    end: done\n", name="l7"),
        },
        5,
    ),
)
