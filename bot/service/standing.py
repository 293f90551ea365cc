"""Who is affected by new content: people stand in states, and some of those states may be gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.engine.model import Pack
from bot.service.library import Library
from bot.service.ports import Packs

_NAMED = 5
"""States named in a sentence; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many people stand where this content has no state any more; keys are `dialog/state`."""

    removed: Mapping[str, int]
    """Neither there nor renamed: these people finish on the version they began, or begin again."""
    renamed: Mapping[str, int]
    """Moved by `renamed:` as soon as they write."""
    restarted: int
    """Of the removed: how many begin again, because their version cannot be loaded any more."""


def standing(people: Mapping[tuple[str, str], int], pack: Pack, loadable: Collection[str] = ()) -> Standing:
    """Compare where people stand (version and `dialog/state` -> people) with a pack.

    `loadable` are the older versions that stay loaded beside it.
    """
    removed: dict[str, int] = {}
    renamed: dict[str, int] = {}
    restarted = 0
    for (version, place), count in sorted(people.items()):
        dialog, _, state = place.partition("/")
        if version == pack.version or pack.state(dialog, state) is not None:
            continue
        home = pack.dialogs.get(dialog)
        if home is not None and state in home.renamed:
            renamed[place] = renamed.get(place, 0) + count
            continue
        removed[place] = removed.get(place, 0) + count
        if version not in loadable:
            restarted += count
    return Standing(removed, renamed, restarted)


async def affected(library: Library, store: Packs) -> Standing:
    """Say whom the newest content of a library affects, of those who stand somewhere in a store."""
    people, pack = await store.states_in_use(), library.newest
    loadable = {version for version, _ in people if library.pack(pack.name, version) is not None}
    return standing(people, pack, loadable)


def describe(found: Standing) -> str:
    """Say in a sentence or two who is affected; empty where nobody is."""
    said = []
    if found.removed:
        count = sum(found.removed.values())
        finishing = count - found.restarted
        ends = []
        if finishing:
            ends.append(f"{_these(finishing, count)} finish on the version they began")
        if found.restarted:
            ends.append(f"{_these(found.restarted, count)} begin again, with their answers kept")
        said.append(f"{_stand(count)} in states you removed ({_listed(found.removed)}); {' and '.join(ends)}.")
    if found.renamed:
        count = sum(found.renamed.values())
        moved = "is" if count == 1 else "are"
        said.append(f"{_people(count)} {moved} moved by «renamed» ({_listed(found.renamed)}).")
    return " ".join(said)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _stand(count: int) -> str:
    return f"{_people(count)} {'is' if count == 1 else 'are'}"


def _these(count: int, all_of: int) -> str:
    return "they" if count == all_of else f"{count} of them"


def _listed(places: Mapping[str, int]) -> str:
    most = sorted(places.items(), key=lambda one: (-one[1], one[0]))
    named = ", ".join(f"{place}: {count}" for place, count in most[:_NAMED])
    return named if len(most) <= _NAMED else f"{named}, and {len(most) - _NAMED} more"
