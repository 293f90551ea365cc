"""Choose everything: `python -m tests.bench.matrix --people 50 --turns 8 --rounds 5 --only ours`, or `--limit 20`."""

from __future__ import annotations

import argparse

from tests.bench.matrix.limit import run as limited
from tests.bench.matrix.runner import run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matrix", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="only contestants whose name holds this")
    parser.add_argument("--limit", action="store_true", help="everybody's first call, at the server's default limit")
    chosen = parser.parse_args()
    print(limited(chosen.people) if chosen.limit else run(chosen.people, chosen.turns, chosen.rounds, only=chosen.only))
