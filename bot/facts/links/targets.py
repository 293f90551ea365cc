"""List the pages that facts lead to, each with the hosts it may be on before and after every redirect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from bot.facts.models import Facts

Group = Literal["forms", "authorities", "sources"]
GROUPS: tuple[Group, ...] = ("forms", "authorities", "sources")


@dataclass(frozen=True, slots=True)
class Target:
    """One address, and where it stands: `id` such as `forms/contact/url`, file and line."""

    id: str
    group: Group
    url: str
    allowed: tuple[str, ...]
    """Hosts (and everything below them) that the address and its redirects may name."""
    file: str
    line: int

    @property
    def host(self) -> str:
        """The host that is asked."""
        return host_of(self.url)


def targets(facts: Facts, only: Group | None = None) -> tuple[Target, ...]:
    """List every address once, in the order of the files; the same address in two places is opened once."""
    found: dict[tuple[str, tuple[str, ...]], Target] = {}
    for target in _all(facts):
        if only in (None, target.group):
            found.setdefault((target.url, target.allowed), target)
    return tuple(found.values())


def _all(facts: Facts) -> Iterator[Target]:
    for form in facts.forms.values():
        if form.status != "gone":
            yield _target(facts, "forms", form.id, "url", form.url, facts.hosts.forms)
    for authority in facts.authorities.values():
        for key in ("website", "form", "info"):
            url = getattr(authority, key)
            if url:
                yield _target(facts, "authorities", authority.id, key, url, authority.hosts)
    for source in facts.sources.values():
        if source.url:
            # Sources are cited from anywhere; whoever moves one to another host has to be looked at by a person.
            own = host_of(source.url).removeprefix("www.")
            yield _target(facts, "sources", source.id, "url", source.url, (own,))


def _target(facts: Facts, group: Group, name: str, key: str, url: str, allowed: tuple[str, ...]) -> Target:
    file, line, _ = facts.place(group, name, key)
    return Target(f"{group}/{name}/{key}", group, url, allowed, file, line)


def host_of(url: str) -> str:
    """Give the host of an address, empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
