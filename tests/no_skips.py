"""A pytest plugin under which a run with a skipped or expected-to-fail test is a failed run.

Continuous integration loads it (`-p tests.no_skips`): a test that does not run there guards
nothing, and a skip is how that stays unseen. A developer without Chromium may still skip the
browser's tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_RUN = pytest.StashKey[list[str]]()


class _Watch:
    """Collects the ids of tests and modules that were skipped, those of xdist's workers too."""

    def __init__(self, not_run: list[str]) -> None:
        self._not_run = not_run

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test; one that failed as expected (xfail) is reported as skipped too."""
        if report.skipped:
            self._not_run.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that skipped itself while it was imported."""
        if report.skipped:
            self._not_run.append(report.nodeid)


def pytest_configure(config: pytest.Config) -> None:
    """Start watching."""
    not_run = config.stash[_NOT_RUN] = []
    config.pluginmanager.register(_Watch(not_run))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Turn a run that passed into a failed one if anything did not run."""
    if session.config.stash[_NOT_RUN] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name what did not run, above pytest's own last line."""
    if not_run := config.stash[_NOT_RUN]:
        terminalreporter.section("did not run; every test must", red=True)
        for nodeid in sorted(not_run):
            terminalreporter.line(nodeid)
