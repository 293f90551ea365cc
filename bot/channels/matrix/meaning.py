"""From what happened in rooms to events of conversations: whose they are, and which are for us at all.

In a direct chat everything counts. In a room only what calls us counts (a mention, a reply to us, `!optout`, joining),
and from then on what the same person writes in their own thread; everybody else's talk is never looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.matrix.inbound import (
    Item,
    Locked,
    Membership,
    Reaction,
    TakenBack,
    Vote,
    Words,
)
from bot.channels.matrix.outbound import Address, key_of, parts_of
from bot.channels.matrix.rooms import Memory
from bot.engine.events import Command, Event, Joined, Left, Pressed, Reacted, Said, Started, Unreadable
from bot.service.flood import Floods
from bot.service.records import Receipt
from bot.service.turns import Inbound


@dataclass(slots=True)
class Facts:
    """What has to be known to understand a batch: our id, the direct chats, open conversations, our own messages.

    `known` are the keys of conversations that exist, `receipts` our remembered questions by event id, `own` further
    messages of ours, `now` is when the batch was read.
    """

    me: str
    direct: Mapping[str, str]
    known: Collection[str]
    receipts: Mapping[str, Receipt]
    own: Collection[str] = ()
    greetings: Floods = field(default_factory=lambda: Floods(burst=10, per_second=0.2, backlog=100))
    now: datetime | None = None


def keys_of(items: Iterable[Item], me: str, direct: Mapping[str, str], memory: Memory) -> set[str]:
    """List the conversations a batch may belong to, so that it can be asked at once which of them exist."""
    keys = set()
    for item in items:
        person = item.person if isinstance(item, Membership) else item.sender
        if direct.get(item.room) == person:
            keys.add(key_of(me, item.room, "", person))
            continue
        if isinstance(item, (Words, Locked)) and item.thread:
            keys.add(key_of(me, item.room, memory.part(item.thread), person))
        greeted = memory.greeted(item.room, person)
        if greeted:
            keys.add(key_of(me, item.room, greeted, person))
    return keys


def targets_of(items: Iterable[Item], memory: Memory) -> set[str]:
    """List the events of ours that a batch refers to."""
    found = set()
    for item in items:
        if isinstance(item, Reaction):
            found.add(item.target)
        elif isinstance(item, Vote):
            found.add(memory.question(item.target))
        elif isinstance(item, Words) and item.reply_to:
            found.add(item.reply_to)
        elif isinstance(item, TakenBack):
            reaction = memory.reaction(item.target)
            if reaction:
                found.add(reaction[0])
    return found


def understand(item: Item, facts: Facts, memory: Memory) -> Inbound | None:
    """Give the event of a conversation that an item is, None when it is not for us."""
    if isinstance(item, Words):
        return _words(item, facts, memory)
    if isinstance(item, Reaction):
        return _reaction(item, facts, memory)
    if isinstance(item, TakenBack):
        return _taken_back(item, facts, memory)
    if isinstance(item, Vote):
        return _vote(item, facts, memory)
    if isinstance(item, Membership):
        return _membership(item, facts, memory)
    return None


def place_of(item: Words | Locked, facts: Facts, memory: Memory) -> tuple[str, Address] | None:
    """Find the open conversation a message belongs to by where it stands."""
    if facts.direct.get(item.room) == item.sender:
        return key_of(facts.me, item.room, "", item.sender), Address(item.room, item.sender, item.thread)
    if item.thread:
        part = memory.part(item.thread)
        key = key_of(facts.me, item.room, part, item.sender)
        if key in facts.known:
            return key, address_in(item.room, item.sender, part, memory)
    return None


def _words(item: Words, facts: Facts, memory: Memory) -> Inbound | None:
    place = place_of(item, facts, memory)
    if place is None:
        answers_us = bool(item.reply_to) and (item.reply_to in facts.own or item.reply_to in facts.receipts)
        if not item.called and not answers_us:
            return None
        part = memory.greeted(item.room, item.sender)
        if not part or key_of(facts.me, item.room, part, item.sender) not in facts.known:
            part = memory.part(item.thread) or item.event_id
            if item.related or memory.belongs_to_another(item.room, part, item.sender):
                # Never two people's answers in one thread, and never somebody's in the open room: we begin a new one.
                part = f"~{item.event_id}"
            memory.put(f"greeted {item.room} {item.sender}", part)
        place = key_of(facts.me, item.room, part, item.sender), address_in(item.room, item.sender, part, memory)
    key, address = place
    return Inbound(item.event_id, key, address.to_bytes(), event_of(item), item.at)


def event_of(item: Words) -> Event:
    """Read the words: a command, an answer, or nothing but a call."""
    if item.text is None:
        return Unreadable(item.what)
    text = item.text.strip()
    if item.called and not text:
        return Started()
    if text[:1] in ("/", "!") and text[1:2].isalpha():
        # Matrix clients keep the slash for themselves, so the exclamation mark is a command too.
        name, _, argument = text[1:].partition(" ")
        return Command(name[:64], argument)
    return Said(item.text)


def _reaction(item: Reaction, facts: Facts, memory: Memory) -> Inbound | None:
    if item.private:
        part = memory.greeted(item.room, item.sender)
        if not facts.direct.get(item.room) and part and key_of(facts.me, item.room, part, item.sender) in facts.known:
            memory.put(f"private {item.sender}", {"room": item.room, "part": part})
        return None
    found = _own(facts.receipts.get(item.target), item)
    if found is None or item.number is None:
        return None
    memory.reacted(item.event_id, item.target, item.number)
    return _inbound(item, found, Reacted(item.number, True, turn_of(found), offered_of(found)), facts, memory)


def _taken_back(item: TakenBack, facts: Facts, memory: Memory) -> Inbound | None:
    reaction = memory.reaction(item.target)
    found = _own(facts.receipts.get(reaction[0]), item) if reaction else None
    if reaction is None or found is None:
        return None
    return _inbound(item, found, Reacted(reaction[1], False, turn_of(found), offered_of(found)), facts, memory)


def _vote(item: Vote, facts: Facts, memory: Memory) -> Inbound | None:
    found = _own(facts.receipts.get(memory.question(item.target)), item)
    if found is None or len(item.answers) != 1:
        return None  # no poll of ours, or a vote taken back: the next one counts
    place = found.remember.partition("#")[0] or None
    return _inbound(item, found, Pressed(item.answers[0], place, turn_of(found)), facts, memory)


def _membership(item: Membership, facts: Facts, memory: Memory) -> Inbound | None:
    if item.person == facts.me:
        return None
    direct = facts.direct.get(item.room) == item.person
    part = "" if direct else memory.greeted(item.room, item.person)
    if item.now in ("leave", "ban"):
        key = key_of(facts.me, item.room, part, item.person)
        if key not in facts.known:
            return None
        address = Address(item.room, item.person) if direct else address_in(item.room, item.person, part, memory)
        return Inbound(item.event_id, key, address.to_bytes(), Left(), item.at)
    if item.now != "join" or item.before == "join" or direct:
        return None
    if part and (part != f"~{item.event_id}" or key_of(facts.me, item.room, part, item.person) in facts.known):
        return None  # greeted before; the greeting of a batch that could not be committed is said again
    if facts.greetings.judge(item.room, item.at, facts.now) != "take":
        return None  # a raid: whoever wants something can still write
    part = f"~{item.event_id}"
    memory.put(f"greeted {item.room} {item.person}", part)
    key = key_of(facts.me, item.room, part, item.person)
    return Inbound(item.event_id, key, address_in(item.room, item.person, part, memory).to_bytes(), Joined(), item.at)


def _own(receipt: Receipt | None, item: Item) -> Receipt | None:
    """Give the receipt only to the person it belongs to: others react too."""
    parts = parts_of(receipt.key) if receipt is not None else None
    return receipt if parts is not None and parts[1] == item.room and parts[3] == item.sender else None


def turn_of(receipt: Receipt) -> int | None:
    """Read which question a remembered message asked."""
    number = receipt.remember.rpartition("#")[2].partition("~")[0]
    return int(number) if number.isdigit() else None


def offered_of(receipt: Receipt) -> str:
    """Read which answers a remembered message offered, as their `numbering`; empty where it is not known."""
    return receipt.remember.rpartition("#")[2].partition("~")[2]


def _inbound(item: Item, receipt: Receipt, event: Event, facts: Facts, memory: Memory) -> Inbound:
    parts = parts_of(receipt.key)
    assert parts is not None
    _, room, part, person = parts
    address = address_in(room, person, part, memory) if part else Address(room, person)
    return Inbound(item.event_id, receipt.key, address.to_bytes(), event, item.at)


def address_in(room: str, person: str, part: str, memory: Memory) -> Address:
    """Give where somebody's conversation in a room is answered."""
    pending = part if part.startswith("~") else ""
    return Address(room, person, memory.root(part), direct=False, pending=pending)
