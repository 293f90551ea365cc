"""Run all measurements, or those named: `python -m tests.bench engine telegram.sat`.

`damage` (half an hour of damaged content) and `matrix` (a crowd of 200) run only when they are named; a small crowd,
`matrix.quick`, always does.
"""

from __future__ import annotations

import importlib
import sys

ALL = ("draw", "engine", "start", "telegram", "texts", "matrix.quick")

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        module, _, part = name.partition(".")
        bench = importlib.import_module(f"tests.bench.{module}").bench
        print(bench(part) if part else bench(), flush=True)
