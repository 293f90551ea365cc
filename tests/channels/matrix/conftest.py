"""One real homeserver for all Matrix tests of a run; every test has users of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.synapse import Synapse


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """Give the running server."""
    synapse = Synapse(tmp_path_factory.mktemp("synapse"))
    synapse.start()
    try:
        yield synapse
    finally:
        synapse.stop()
