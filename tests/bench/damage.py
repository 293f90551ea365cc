"""Damage the shipped content in 200 ways: is each named where it stands, and does everything go on?

It takes some minutes, so `python -m tests.bench` leaves it out; `python -m tests.bench damage` runs it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.checks.folder import check_folder
from bot.checks.runner import run
from bot.checks.view import Outside, View
from bot.commands.check import prepare
from bot.content.compile import read_pack
from tests.bench.texts import made_up
from tests.bench.timing import table
from tests.kit.damage.judge import KINDS, draw, judge
from tests.kit.damage.tree import Damage, Tree
from tests.kit.damage.trial import Copy, stays_up
from tests.packs.kit import Bot

SEED, COPIES = 2026, 200
HALVES = 2
"""How many work side by side."""
EVERY = 20
"""Of so many copies each half tries one in a process of its own as well."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What came of one damage."""

    kind: str
    damage: Damage
    verdict: str
    """named, elsewhere, not named, harmless"""
    chat: str
    """refused (exit 78 and a sentence), talks, crashed"""
    running: str
    """refused, taken, crashed: what a bot that runs did with the change"""
    said: str


def bench(part: str = "") -> str:
    """Draw, judge and print: the table by kind, what was missed, and what the checks cost. `part` is another seed."""
    found = fates(int(part) if part else SEED, COPIES)
    return "\n".join([_by_kind(found), _missed(found), _time()])


def fates(seed: int, number: int) -> list[Fate]:
    """Try so many damages, side by side."""
    jobs = [(seed, number, half) for half in range(HALVES)]
    with multiprocessing.get_context("spawn").Pool(HALVES) as pool:
        found = [one for half in pool.map(_half, jobs) for one in half]
    return [fate for _, fate in sorted(found, key=lambda pair: pair[0])]


def _half(job: tuple[int, int, int]) -> list[tuple[int, Fate]]:
    seed, number, half = job
    with tempfile.TemporaryDirectory() as home:
        copy = Copy(Path(home))
        return asyncio.run(_tries(copy, seed, number, half))


async def _tries(copy: Copy, seed: int, number: int, half: int) -> list[tuple[int, Fate]]:
    tree = Tree.read(copy.root)
    assert copy.check() == [], "the content has problems before anything was damaged"
    bot = await Bot.start(copy)
    await bot.begins("resident", "en")
    found = []
    for at, (kind, damage) in enumerate(draw(tree, seed, number)):
        if at % HALVES == half:
            process = at % EVERY == half
            found.append((at, await one(copy, bot, tree, kind, damage, process)))
    await bot.store.close()
    return found


async def one(copy: Copy, bot: Bot, tree: Tree, kind: str, damage: Damage, process: bool) -> Fate:
    """Try one damage: what `check` says, what `chat` does, and what a running bot does."""
    try:
        with copy.damaged(damage):
            problems = copy.check()
            if process:
                copy.chat()
        verdict = judge(tree, damage, problems)
        said = str(problems[0]) if problems else ""
    except Exception as error:
        verdict, said = "not named", f"check or chat crashed: {error!r}"
        return Fate(kind, damage, verdict, "crashed", "", said)
    try:
        chat, running = await stays_up(copy, bot, damage, f"{kind} {damage.path}")
    except Exception as error:
        return Fate(kind, damage, verdict, "crashed", "crashed", repr(error))
    return Fate(kind, damage, verdict, chat, running, said)


def _by_kind(found: list[Fate]) -> str:
    kinds: dict[str, list[Fate]] = defaultdict(list)
    for fate in found:
        kinds[fate.kind].append(fate)
    rows = [_row(name, kinds[name]) for name in KINDS if name in kinds]
    rows.append(_row("**all**", found))
    counted = [fate for fate in found if fate.verdict != "harmless"]
    share = 100 * sum(fate.verdict == "named" for fate in counted) / len(counted)
    head = ("damage", "copies", "named at the right line", "named elsewhere", "not named", "harmless", "crashed")
    running = Counter(fate.running for fate in found)
    chats = Counter(fate.chat for fate in found)
    return (
        table(f"{len(found)} damaged copies, {len(kinds)} kinds of damage", head, rows)
        + f"\nNamed at the right line: {share:.1f} % of the {len(counted)} that change a meaning (target 95 %). "
        f"`chat` refused {chats['refused']} with a sentence and talked with {chats['talks']}; "
        f"a running bot kept its old content {running['refused']} times and took the new {running['taken']} times. "
        f"Crashed: {chats['crashed']}.\n"
    )


def _row(name: str, fates: list[Fate]) -> tuple[str, ...]:
    verdicts = Counter(fate.verdict for fate in fates)
    crashed = sum(fate.chat == "crashed" for fate in fates)
    counts = [len(fates), *(verdicts[one] for one in ("named", "elsewhere", "not named", "harmless")), crashed]
    return (name, *(str(count or "") for count in counts))


def _missed(found: list[Fate]) -> str:
    rows = [
        (
            fate.kind,
            f"`{fate.damage.path.rpartition('/')[2]}:{min(fate.damage.lines)}`",
            f"`{fate.damage.what.replace('|', ' ').replace('`', ' ')[:60]}`",
            fate.verdict if fate.chat != "crashed" else "crashed",
            fate.said.replace("|", " ")[:140],
        )
        for fate in found
        if fate.verdict in {"elsewhere", "not named"} or fate.chat == "crashed"
    ]
    return table("What was not named at its line", ("damage", "where", "what", "verdict", "said"), rows)


def _time() -> str:
    """Measure `check` on the shipped content and on 2,000 made-up states."""
    with tempfile.TemporaryDirectory() as home:
        copy = Copy(Path(home))
        files = made_up()
        rows = [
            ("shipped", "check", f"{_seconds(lambda: check_folder(copy.root, prepare)):.2f}", "2"),
            ("shipped", "check, and its examples played", f"{_seconds(copy.check):.2f}", ""),
            ("2,000 states, 5,000 messages", "check", f"{_seconds(lambda: _look(files)):.2f}", ""),
        ]
    return table("Time of `check` (CPU seconds, median of 5)", ("content", "what", "s", "target"), rows)


def _look(files: dict[str, str]) -> None:
    run(View(read_pack("big", files), files, outside=Outside()))


def _seconds(what: Callable[[], object]) -> float:
    found = []
    for _ in range(5):
        start = sum(os.times()[:4])  # of the processes it began too
        what()
        found.append(sum(os.times()[:4]) - start)
    return statistics.median(found)
