"""How long everybody's first call takes where nobody lifted the server's limit: five messages in 25 seconds, for all.

Two messages greet a person. What could not be said within 15 minutes is not said any more; the question comes instead,
with a word of excuse. So everybody has to end with the question, everything in order, nothing twice.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bot.app import open_library
from bot.engine.step import stale_question
from bot.service.examples.conversation import Conversation
from bot.service.examples.match import squash
from bot.service.library import Library
from bot.service.render import render
from tests.bench.matrix.contestant import Contestant, cpu
from tests.bench.matrix.crowd import SEES_ALL, Crowd
from tests.bench.matrix.scripts import Guided
from tests.bench.matrix.walking import Person, Walk
from tests.bench.timing import table
from tests.channels.matrix.walk import said
from tests.kit.synapse import REAL_MESSAGES, Synapse

QUIET = 120.0
"""Seconds without a message after which nothing more is expected."""
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


def excuse(library: Library) -> list[str]:
    """Give what is said instead of a greeting that took too long: an excuse, the question."""
    talk = Conversation(library, datetime.now(UTC))
    talk.start("en")
    assert talk.session is not None
    effects = stale_question(library, talk.session, talk.now).effects
    found = [render(library, library.current(), effect, "en", talk.now) for effect in effects]
    return said([message for message in found if message is not None])


def verdict(person: Person, instead: list[str], private: str) -> str:
    """Say how a person was answered: greeted, asked instead, not yet, or wrong."""
    heard = person.heard
    if heard == person.wanted:
        return "greeted"
    known = 0
    while known < min(len(heard), len(person.wanted)) and heard[known] == person.wanted[known]:
        known += 1
    rest = heard[known:]
    if not rest:
        return "not yet"
    # An excuse may have to be excused itself; the first words in a thread name the way into private.
    first, question = instead
    excuses = (first, squash(f"{first} {private}"))
    if not all(line in excuses for line in rest[:-1]):
        return "wrong"
    return "not yet" if rest[-1] in excuses else "asked instead" if rest[:-1] and rest[-1] == question else "wrong"


async def call_all(server: Synapse, people: int) -> str:
    """Let everybody call at once, and wait until everybody has the question."""
    library = open_library()
    private = f"📩 {library.words('en', library.current().phrases['private'])}"
    instead = excuse(library)
    bot = Contestant("ours")
    async with Crowd(server, people) as crowd:
        user = server.register("bot")
        await crowd.joins(user)
        walk = Walk(crowd, user.id, [Guided(number, library) for number in range(people)], threads=True, patience=0)
        crowd.seen = walk.saw
        try:
            await bot.start(server, user)
            before, began = cpu(bot.pid), time.monotonic()
            for person in walk.people:
                text, person.wanted = person.script.next()
                await crowd.says(person.number, text)
            count, quiet = -1, time.monotonic()
            while time.monotonic() - quiet < QUIET:
                await asyncio.sleep(1.0)
                if walk.messages != count:
                    count, quiet = walk.messages, time.monotonic()
                if all(verdict(one, instead, private) in ("greeted", "asked instead") for one in walk.people):
                    await asyncio.sleep(30.0)  # whatever comes now was said once too often
                    break
            used, seconds = cpu(bot.pid) - before, time.monotonic() - began
        finally:
            bot.kill()
    return _tables(walk, [verdict(one, instead, private) for one in walk.people], used, seconds)


def _tables(walk: Walk, verdicts: list[str], used: float, seconds: float) -> str:
    start = min(one.wrote[0] for one in walk.people)
    first = sorted((one.heard_at[0] - start) / 60_000 for one in walk.people if one.heard_at)
    last = sorted((one.heard_at[-1] - start) / 60_000 for one in walk.people if one.heard_at)
    counts = Counter(verdicts)
    rows = [
        (what, *(f"{found[max(0, int(share * len(found)) - 1)]:.1f}" if found else "–" for share in SHARES))
        for what, found in (("minutes until the first words", first), ("minutes until the last answer", last))
    ]
    wrong = [f"person {p.number}: {p.heard}" for p, v in zip(walk.people, verdicts, strict=True) if v == "wrong"]
    return (
        table(
            f"{len(walk.people)} people call at once, the server allows 0.2 messages a second",
            ("share of the people", *(f"{share:.0%}" for share in SHARES)),
            rows,
        )
        + f"\nGreeted: {counts['greeted']}; asked instead, with an excuse: {counts['asked instead']}; without a "
        f"question at the end: {counts['not yet']}; wrong words or twice: {counts['wrong']}; to the wrong person: "
        f"{len(walk.astray)}. {walk.messages} messages and {walk.reactions} reactions in {seconds / 60:.1f} minutes; "
        f"the bot used {used:.1f} s of CPU.\n" + "".join(f"\n    {text[:300]}" for text in wrong[:5])
    )


def run(people: int = 200) -> str:
    """Measure, and give the table."""
    with tempfile.TemporaryDirectory() as folder:
        server = Synapse(Path(folder), messages=REAL_MESSAGES, settings=SEES_ALL)
        server.start()
        try:
            return asyncio.run(call_all(server, people))
        finally:
            server.stop()
