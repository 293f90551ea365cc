"""What holds for every test: no network, no silent skips, the same property tests everywhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.kit.no_network import no_network
from tests.kit.no_skips import pytest_make_collect_report, pytest_runtest_makereport, skips_fail

__all__ = ["no_network", "pytest_collection_modifyitems", "pytest_make_collect_report", "pytest_runtest_makereport"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that the others fill up the time beside them."""
    items.sort(key=lambda item: "crash" not in item.nodeid)


# No deadline: a shared machine is slow at times, and timings are measured by `make bench`, not by tests.
# Continuous integration runs the same examples every time, so that a red run can be repeated; at home they differ.
settings.register_profile("home", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("home"), derandomize=True, print_blob=True)
settings.load_profile("ci" if skips_fail() else "home")
