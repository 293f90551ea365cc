"""Where people stand, as a picture of the present content shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from bot.engine.model import Pack, State


def moved(people: Mapping[tuple[str, str], int], pack: Pack) -> tuple[Counter[str], Counter[str]]:
    """Count people (version and `dialog/state` -> people) by the places of this pack, and those whose place is gone.

    Who stands in a state that was renamed since is counted for its new name: there they go on when they write.
    """
    here: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for (_, place), count in people.items():
        dialog, _, state = place.partition("/")
        home = pack.dialogs.get(dialog)
        if home is None:
            gone[place] += count
        elif state in home.states:
            here[place] += count
        elif state in home.renamed:
            here[f"{dialog}/{home.renamed[state]}"] += count
        else:
            gone[place] += count
    return here, gone


def behind(pack: Pack, people: Mapping[str, int], place: str) -> int:
    """Count the people to whom an arrow to this place leads without another answer, each place once.

    Nobody stays in a state that asks nothing, so what follows it counts too; a state that calls a dialog counts
    everybody in that dialog.
    """
    return sum(people.get(one, 0) for one in _reached(pack, [place]))


def inside(pack: Pack, people: Mapping[str, int], dialog: str) -> int:
    """Count the people in a dialog and in those that it calls."""
    return sum(people.get(one, 0) for one in _reached(pack, _places(pack, dialog)))


def _reached(pack: Pack, start: Iterable[str]) -> set[str]:
    found = set(start)
    waiting = list(found)
    while waiting:
        place = waiting.pop()
        dialog, _, name = place.partition("/")
        state = pack.state(dialog, name)
        if state is None:
            continue
        for further in _on(pack, dialog, state):
            if further not in found:
                found.add(further)
                waiting.append(further)
    return found


def _on(pack: Pack, dialog: str, state: State) -> Iterator[str]:
    if state.do is not None and state.do in pack.dialogs:
        # People come back from there before they go on, if ever.
        yield from _places(pack, state.do)
    elif state.kind != "ask":
        for target in (*[branch.go for branch in state.branches], state.next):
            if target is not None:
                yield f"{target.dialog or dialog}/{target.state}"


def _places(pack: Pack, dialog: str) -> list[str]:
    return [f"{dialog}/{state}" for state in pack.dialogs[dialog].states]
