"""Run the whole crash loop: `python -m tests.crash [--kills N] [--write FILE]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.crash.loop import PEOPLE, SCRIPT, Result, points, run, table

ROUND = 20
"""Random kills while one backlog is worked off; then everything is judged and a new backlog waits."""


async def main(kills: int) -> list[Result]:
    """Kill at every named point, then at random."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for point, number in points(1):
            result = await run(point, Path(folder) / point, [(point, number)], 0.0)
            results.append(_told(result))
        total = Result("at random")
        for number in range(-(-kills // ROUND)):
            one = await run(f"round {number + 1}", Path(folder) / str(number), [("", 0)] * ROUND, 0.25, seed=number)
            _told(one)
            for name in ("kills", "said", "lost", "repeated", "may_repeat", "out_of_order", "double_turns", "seconds"):
                setattr(total, name, getattr(total, name) + getattr(one, name))
            total.violations += one.violations
        results.append(total)
    return results


def _told(result: Result) -> Result:
    print(f"{result.name}: {'good' if result.good else result} ({result.seconds:.0f} s)", file=sys.stderr, flush=True)
    return result


parser = argparse.ArgumentParser(prog="python -m tests.crash")
parser.add_argument("--kills", type=int, default=200, help="random kills")
parser.add_argument("--write", type=Path, help="file whose table is replaced")
arguments = parser.parse_args()
found = asyncio.run(main(arguments.kills))
print(f"{PEOPLE} people, {PEOPLE * len(SCRIPT)} messages waiting at each start\n\n{table(found)}")
if arguments.write:
    text = arguments.write.read_text("utf-8")
    start, end = text.index("| kills |"), text.rindex("|\n") + 2
    arguments.write.write_text(text[:start] + table(found) + "\n" + text[end:], "utf-8")
sys.exit(0 if all(one.good for one in found) else 1)
