"""Many people in one room of a real Synapse at once, each in their own thread; beside simplematrixbotlib echoing.

simplematrixbotlib is installed into a folder that is thrown away. `python -m tests.bench matrix` takes many minutes, so
`python -m tests.bench` runs `matrix.quick`. `matrix.limit` shows how long it takes at a server's own limit.
"""

from __future__ import annotations


def bench(part: str = "") -> str:
    """Measure 200 people; `part` is another number of them, `quick` or `limit`."""
    if part == "limit":
        from tests.bench.matrix.limit import run as limited

        return limited()
    from tests.bench.matrix.runner import run

    if part == "quick":
        return run(20, turns=2, number=1)
    return run(int(part)) if part else run()
