"""Many people in one room of a real Synapse at once, each in their own thread; beside simplematrixbotlib echoing.

`python -m tests.bench matrix` takes some minutes and installs simplematrixbotlib into a folder that is thrown away, so
`python -m tests.bench` leaves it out. `matrix.limit` shows how long it takes where nobody lifted the server's limit.
"""

from __future__ import annotations


def bench(part: str = "") -> str:
    """Measure 200 people; `part` is another number of them, or `limit`."""
    if part == "limit":
        from tests.bench.matrix.limit import run as limited

        return limited()
    from tests.bench.matrix.runner import run

    return run(int(part)) if part else run()
