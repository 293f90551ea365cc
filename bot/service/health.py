"""How the bot is: told by its parts, read by the health pages, `ready.json` and the operator's log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.service.ports import Upkeep

log = logging.getLogger("bot.health")


@dataclass(slots=True)
class ChannelHealth:
    """How one channel is. A trouble is logged when it begins and when it ends, not every time."""

    name: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    up: bool = False
    received: int = 0
    skipped: int = 0
    poisoned: int = 0
    messages_sent: int = 0
    messages_refused: int = 0
    conversations_closed: int = 0
    markup_mistakes: int = 0
    last_received: datetime | None = None
    last_sent: datetime | None = None
    receiving: str = ""
    """Why nothing can be received, empty when all is well."""
    sending: str = ""
    """Why the last message could not be sent, empty when all is well."""
    gap: str = ""
    """The time of an outage that the network does not remember, empty when there was none since the start."""

    def missed(self, since: datetime, until: datetime) -> None:
        """Note a time whose messages may be lost: the network forgot them before it could be asked."""
        self.gap = f"{since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC"
        log.error(
            "%s: what people wrote from %s may be lost: the outage was longer than is kept for us", self.name, self.gap
        )

    def heard(self, count: int = 0) -> None:
        """Note that the network answered, with so many events."""
        self.received += count
        self.last_received = self.clock()
        if self.receiving:
            log.warning("%s: receiving again", self.name)
        self.receiving = ""

    def deaf(self, why: str) -> None:
        """Note that the network does not let us receive."""
        if self.receiving != why:
            log.warning("%s: nothing can be received: %s", self.name, why)
        self.receiving = why

    def sent(self) -> None:
        """Note that a message arrived."""
        self.messages_sent += 1
        self.last_sent = self.clock()
        if self.sending:
            log.warning("%s: sending again", self.name)
        self.sending = ""

    def failed(self, why: str) -> None:
        """Note that a message has to wait."""
        if not self.sending:
            log.warning("%s: a message has to wait: %s", self.name, why)
        self.sending = why

    def refused(self) -> None:
        """Note that the network will never take a message."""
        self.messages_refused += 1

    def closed(self) -> None:
        """Note that a person can no longer be written to."""
        self.conversations_closed += 1

    def mistake(self, place: str) -> None:
        """Note that the network did not understand the markup of a text: something for its author."""
        self.markup_mistakes += 1
        log.error("%s: the markup of a text at %s was refused; it went out as plain text", self.name, place or "?")


@dataclass(slots=True)
class Health:
    """How everything is."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    started: datetime | None = None
    content: str = ""
    channels: dict[str, ChannelHealth] = field(default_factory=dict)

    def channel(self, name: str) -> ChannelHealth:
        """Give the health of a channel, begun at the first call."""
        return self.channels.setdefault(name, ChannelHealth(name, self.clock))

    @property
    def ready(self) -> bool:
        """Whether every channel is up and can receive."""
        return bool(self.channels) and all(one.up and not one.receiving for one in self.channels.values())

    def page(self) -> dict[str, object]:
        """Give what the health page says; nothing of it is about a person."""
        return {
            "ok": True,
            "ready": self.ready,
            "content": self.content,
            "channels": {
                one.name: {
                    "up": one.up,
                    "receiving": one.receiving or "fine",
                    "sending": one.sending or "fine",
                    "may_be_lost": one.gap or "nothing",
                    "last_received": _when(one.last_received),
                    "last_sent": _when(one.last_sent),
                }
                for one in self.channels.values()
            },
        }

    async def metrics(self, store: Upkeep) -> str:
        """Give the counts in the text form that Prometheus reads."""
        counts = await store.counts()
        now = self.clock()
        oldest = (now - counts.oldest_waiting).total_seconds() if counts.oldest_waiting else 0.0
        lines = [
            f"optout_sessions {counts.sessions}",
            f"optout_open_cases {counts.open_cases}",
            f"optout_closed_conversations {counts.closed_conversations}",
            f"optout_timers {counts.timers}",
            f"optout_oldest_waiting_seconds {oldest:.0f}",
            f"optout_unknown_messages {counts.unknown}",
            f"optout_dead_letters {counts.dead_letters}",
            f"optout_database_bytes {counts.bytes}",
        ]
        for one in self.channels.values():
            label = f'{{channel="{one.name}"}}'
            lines += [
                f"optout_up{label} {int(one.up and not one.receiving)}",
                f"optout_received_total{label} {one.received}",
                f"optout_skipped_total{label} {one.skipped}",
                f"optout_poisoned_total{label} {one.poisoned}",
                f"optout_sent_total{label} {one.messages_sent}",
                f"optout_refused_total{label} {one.messages_refused}",
                f"optout_markup_mistakes_total{label} {one.markup_mistakes}",
                f"optout_waiting_messages{label} {counts.waiting.get(one.name, 0)}",
            ]
        return "\n".join(lines) + "\n"


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
