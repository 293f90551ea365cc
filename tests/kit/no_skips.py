"""Turn skipped tests into failures where `OPTOUT_CI=1`: what did not run proves nothing."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest


def skips_fail() -> bool:
    """Tell whether this run is one in which nothing may be skipped."""
    return os.environ.get("OPTOUT_CI") == "1"


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure (xfail) also counts as "skipped" for pytest; it did run, so it stays what it is.
    if not skips_fail() or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} was skipped ({reason}); with OPTOUT_CI=1 every test has to run"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test."""
    report = yield
    _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a module that skipped itself as a whole."""
    report = yield
    _fail(report)
    return report
