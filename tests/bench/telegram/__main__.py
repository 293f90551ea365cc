"""Measure chosen shapes, as long as wanted: `python -m tests.bench.telegram sat net --rounds 5 --seconds 8`."""

from __future__ import annotations

import argparse

from tests.bench.telegram.runner import SHAPES, run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.telegram", description=__doc__)
    parser.add_argument("shapes", nargs="*", default=list(SHAPES), help="of " + ", ".join(SHAPES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--only", default="", help="only contestants whose name holds this")
    chosen = parser.parse_args()
    if unknown := set(chosen.shapes) - set(SHAPES):
        parser.error(f"no shape {', '.join(sorted(unknown))}; there are {', '.join(SHAPES)}")
    print(run(chosen.shapes, chosen.rounds, chosen.seconds, chosen.only), flush=True)
