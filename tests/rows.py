"""A pytest plugin that says which tests prove each row of `docs/rows.md` (`make rows`).

A test names its rows by a marker: `@pytest.mark.row("S1", "S2")`. The run fails where a row that
is said to be done has no test, or where a marker names a row that is not in the document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DOCUMENT = "docs/rows.md"
DONE, LATER = "done", "later"
_ROW = re.compile(r"\| *([A-Z]\d+) *\|.*\| *(\w+) *\|")


def read(table: str) -> dict[str, str]:
    """By row, in the table's order, whether it is ``done`` or comes ``later``.

    Raises:
        ValueError: a row stands twice, or its state is neither.
    """
    states: dict[str, str] = {}
    for row, state in _ROW.findall(table):
        if row in states:
            raise ValueError(f"{row} stands twice")
        if state not in (DONE, LATER):
            raise ValueError(f"{row} is {state!r}, neither {DONE} nor {LATER}")
        states[row] = state
    return states


class _Rows:
    """The rows of the document, and the tests that were collected for them."""

    def __init__(self, states: dict[str, str]) -> None:
        self._states = states
        self._tests: dict[str, list[str]] = {row: [] for row in states}
        self._unknown: dict[str, list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_finish(self, session: pytest.Session) -> Iterator[None]:
        """Note the rows of all tests; pytest's own list of every test is left out."""
        self._note(session.items)
        collected = session.items[:]
        if session.config.option.collectonly:
            session.items.clear()
        try:
            return (yield)
        finally:
            session.items[:] = collected

    def _note(self, items: Iterable[pytest.Item]) -> None:
        for item in items:
            test = item.nodeid.partition("[")[0]
            for row in {row: None for mark in item.iter_markers("row") for row in mark.args}:
                tests = self._tests if row in self._states else self._unknown
                if test not in tests.setdefault(row, []):
                    tests[row].append(test)

    @property
    def untold(self) -> list[str]:
        """The rows that are done, and that no test proves."""
        done = [row for row, state in self._states.items() if state == DONE]
        return [row for row in done if not self._tests[row]]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """Turn a run that passed into a failed one if document and tests do not agree."""
        if (self.untold or self._unknown) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Each row and below it its tests, by their files; and then what is wrong."""
        terminalreporter.section("row → tests")
        for row, state in self._states.items():
            count = len(self._tests[row]) or ("no test" if state == DONE else "later")
            terminalreporter.line(f"{row} → {count}")
            for file, names in _by_file(self._tests[row]).items():
                terminalreporter.line(f"    {file}: {', '.join(names)}")
        if self.untold:
            terminalreporter.section("done, and no test proves it", red=True)
            terminalreporter.line(" ".join(self.untold))
        if self._unknown:
            terminalreporter.section(f"not a row of {DOCUMENT}", red=True)
            for row, tests in self._unknown.items():
                terminalreporter.line(f"{row} ← {', '.join(tests)}")


def _by_file(tests: Sequence[str]) -> dict[str, list[str]]:
    """Tests by their files: ``test_told.py``, and ``test_one`` or ``TestTold::test_one``."""
    files: dict[str, list[str]] = {}
    for test in tests:
        file, _, name = test.partition("::")
        files.setdefault(file, []).append(name)
    return files


def pytest_configure(config: pytest.Config) -> None:
    """Read the document.

    Raises:
        pytest.UsageError: it is not there, or a line of its table is wrong.
    """
    try:
        states = read((config.rootpath / DOCUMENT).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise pytest.UsageError(f"{DOCUMENT}: {error}") from error
    config.pluginmanager.register(_Rows(states))
