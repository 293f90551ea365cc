"""Find addresses whose host is nearly another one that the facts rely on: a letter was lost, or it is imitated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.errors import Problem
from bot.facts.models import Facts
from bot.facts.references import problem

_SHORT = 7
"""Hosts of fewer letters are near to each other by chance: bbc.com and abc.com."""


def lookalikes(facts: Facts) -> list[Problem]:
    """List sources whose host differs in one letter from the company's own, or from one that is cited more often."""
    hosts = {name: _domain(source.url) for name, source in facts.sources.items() if source.url}
    often = Counter(hosts.values())
    known = {*facts.hosts.forms, *(host for one in facts.authorities.values() for host in one.hosts)}
    found = []
    for name, host in hosts.items():
        others = (known | {one for one, count in often.items() if count > often[host]}) - {host}
        near = _near(host, others) if often[host] == 1 and host not in known else None
        if near:
            hint = f"Write {near}, or say with «# check: ignore F031 because …» that it is meant."
            message = f"{name}: the host {host} is nearly {near}."
            found.append(problem(facts, ("sources", name, "url"), "F031", message, hint, "warning"))
    return found


def _domain(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    # In «example.co.uk» the name is the third label from the end.
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-size:])


def _near(host: str, others: Iterable[str]) -> str | None:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(host) < _SHORT:
        return None
    near = process.extractOne(host, sorted(others), scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else None
