"""Run all measurements, or those named: `python -m tests.bench engine start`."""

from __future__ import annotations

import importlib
import sys

ALL = ("engine", "start")

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        print(importlib.import_module(f"tests.bench.{name}").bench(), flush=True)
