"""Reason about conditions by trying every value that could make a difference: no guess, and no false alarm."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, product

from bot.content.resolve import answer_ids
from bot.engine.conditions import Comparison, Condition
from bot.engine.effects import Value
from bot.engine.model import Pack, Slot
from bot.engine.providers import Registry, ValueProvider

_MOST = 20_000
"""Cases looked at for one question; where there are more, everything counts as possible."""
_SETS = 12
"""Most ids of a multiple choice whose combinations are tried."""
_OTHER = "\x00other"
"""An id that no condition names; conditions are read from text without control characters."""

Cases = Iterator[dict[str, Value | None]]


class Truth:
    """Say what conditions of one pack can hold, together or one after the other."""

    def __init__(self, pack: Pack, registry: Registry, *, whole: bool = True) -> None:
        """Take the names there are; where they are not `whole`, whatever a condition names is possible."""
        self.pack = pack
        self.registry = registry
        self.whole = whole
        self.found_ids: dict[str, frozenset[str]] = {}

    def possible(self, holds: Sequence[Condition], fails: Sequence[Condition] = ()) -> bool:
        """Say whether there is a case in which all of `holds` hold and none of `fails` does."""
        cases = self._cases((*holds, *fails))
        return cases is None or any(_fits(case, holds, fails) for case in cases)

    def known(self, holds: Sequence[Condition], fails: Sequence[Condition] = ()) -> frozenset[str]:
        """Give the names that certainly have a value where all of `holds` hold and none of `fails` does."""
        cases = self._cases((*holds, *fails))
        if cases is None:
            return frozenset()
        certain: frozenset[str] | None = None
        for case in cases:
            if _fits(case, holds, fails):
                have = frozenset(name for name, value in case.items() if value not in (None, "", ()))
                certain = have if certain is None else certain & have
        return certain or frozenset()

    def _cases(self, conditions: Sequence[Condition]) -> Cases | None:
        """Walk over all cases that could make a difference, or None where there are too many."""
        looked_at: dict[str, list[Comparison]] = {}
        for condition in conditions:
            for one in condition.comparisons:
                looked_at.setdefault(one.name, []).append(one)
        if any(
            len({i for one in found for i in one.ids if one.verb == "has"}) >= _SETS for found in looked_at.values()
        ):
            return None
        domains = {name: self._domain(name, found) for name, found in looked_at.items()}
        count = 1
        for values in domains.values():
            count *= len(values)
        if count > _MOST:
            return None
        return (dict(zip(domains, values, strict=True)) for values in product(*domains.values()))

    def _domain(self, name: str, comparisons: Collection[Comparison]) -> list[Value | None]:
        slot, provider = self.pack.slots.get(name), self.registry.values.get(name)
        kind = slot.type if slot else provider.type if provider else _kind(comparisons)
        named = sorted({one for comparison in comparisons for one in comparison.ids})
        if kind == "yes_no":
            return [None, "yes", "no"]
        if kind == "number":
            limits = {one.number for one in comparisons if one.verb not in {"known", "is", "has"}}
            return [None, *sorted({near for limit in limits for near in (limit - 1, limit, limit + 1)} or {0})]
        if kind in {"text", "name", "date"}:
            return [None, "x"]
        every = self._every(slot, provider)
        possible = [one for one in named if not every or one in every]
        others = [] if every and every <= set(named) else [_OTHER]
        if kind == "choice":
            return [None, *possible, *others]
        return [None, *_sets([*possible, *others])]

    def _every(self, slot: Slot | None, provider: ValueProvider | None) -> frozenset[str]:
        if not self.whole:
            return frozenset()
        if slot is not None:
            if slot.name not in self.found_ids:
                self.found_ids[slot.name] = answer_ids(self.pack, self.registry, slot) or frozenset()
            return self.found_ids[slot.name]
        return frozenset(provider.choices if provider else ())


def _kind(comparisons: Collection[Comparison]) -> str:
    """Guess what a name keeps that nobody knows, from the way it is asked for."""
    verbs = {one.verb for one in comparisons}
    if verbs & {"<", ">", "<=", ">=", "="}:
        return "number"
    return "yes_no" if "truth" in verbs else "choices" if "has" in verbs else "choice"


def _sets(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(ids) + 1):
        yield from combinations(ids, size)


def _fits(case: dict[str, Value | None], holds: Sequence[Condition], fails: Sequence[Condition]) -> bool:
    lookup = case.get
    return all(one.holds(lookup) for one in holds) and not any(one.holds(lookup) for one in fails)
