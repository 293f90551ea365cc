"""How large the letters of a picture are on A3, and how long it takes: made-up dialogs and the shipped pack."""

from __future__ import annotations

import resource
import sys
import time
from tempfile import TemporaryDirectory

from bot.content.draw.layout import READABLE, best_layout
from bot.content.draw.pages import pages
from bot.content.draw.picture import picture
from tests.bench.start import wall
from tests.bench.timing import table
from tests.kit.large import large
from tests.kit.shipped import loaded

STATES, SEEDS = 60, range(1, 6)
DENSITIES = (1.3, 1.8, 2.5)
TIMES = 3


def bench() -> str:
    """Measure the pictures; the words are those of the shipped dialogs."""
    return "\n".join([_one_sheet(), _pages(), _shipped()])


def _one_sheet() -> str:
    rows = []
    for near in (True, False):
        for arrows in DENSITIES:
            letters, took = [], []
            for seed in SEEDS:
                made = picture(large(STATES, arrows, seed=seed, near=near), "main")
                start = time.perf_counter()
                letters.append(best_layout(made).letters)
                took.append(time.perf_counter() - start)
            where = "as people write" if near else "anywhere"
            rows.append((f"{arrows}, {where}", f"{min(letters):.1f} to {max(letters):.1f}", f"{max(took):.1f}"))
    title = f"{STATES} states on one A3 ({len(SEEDS)} dialogs each; smallest letters, {READABLE:.0f} are needed)"
    return table(title, ("arrows a state", "points", "s at most"), rows)


def _pages() -> str:
    rows = []
    for states, arrows in ((120, 1.8), (200, 1.8), (200, 2.5), (600, 1.8)):
        made = picture(large(states, arrows), "main")
        start = time.perf_counter()
        found = pages(made)
        took = time.perf_counter() - start
        smallest = min(layout.letters for _, layout in found)
        rows.append((f"{states}, {arrows}", str(len(found)), f"{smallest:.1f}", f"{took:.1f}"))
    return table("Larger dialogs with --each", ("states, arrows a state", "pages", "points", "s"), rows)


def _shipped() -> str:
    pack = loaded().compiled.draft
    assert pack is not None
    letters = {name: best_layout(picture(pack, name)).letters for name in pack.dialogs}
    least = min(letters, key=lambda name: letters[name])
    command = [sys.executable, "-m", "bot", "draw"]
    rows = []
    with TemporaryDirectory() as folder:
        for typed in (["followups"], [], ["--each"]):
            before = _cpu()
            took = wall([*command, *typed, "-o", f"{folder}/x.svg"], TIMES)
            rows.append((" ".join(["draw", *typed]), f"{took:.1f}", f"{(_cpu() - before) / TIMES:.1f}"))
    title = f"The shipped pack (the smallest letters of a dialog on A3: {letters[least]:.1f} points, {least})"
    return table(title, ("command", f"s, median of {TIMES}", "CPU s"), rows)


def _cpu() -> float:
    """Give the CPU seconds of all commands so far, with what Graphviz took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
