"""The short crash loop on Matrix: each named point once, and five kills at random; nothing lost, nothing twice.

After fetching and before storing is N01; after storing is N02, where Matrix keeps position and turns in one commit.
What was written meanwhile, more than a sync shows at once (N15), is one batch: in order, each message counted (E01).
"""

from __future__ import annotations

from pathlib import Path

from tests.crash.loop import table
from tests.crash.matrix import points, run
from tests.kit.synapse import Synapse


async def test_s01_n01_n02_n15_o03_e01_nothing_is_lost_and_nothing_comes_twice(server: Synapse, tmp_path: Path) -> None:
    result = await run("named points and random", server, tmp_path, [*points(7), *[("", 0)] * 5])
    assert result.good, table([result])
    assert result.repeated == 0
    assert result.violations == []
    assert result.kills == 10
    assert result.said > 300
