"""The plugin behind `make rows`: every row that is done has a test, and markers name real rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import rows

pytest_plugins = ["pytester"]

DOCUMENT = """
| row | what | state |
|---|---|---|
| S2 | second, and first in the table | done |
| S1 | first | done |
| B1 | beyond | later |
"""
TOLD = """
import pytest

pytestmark = pytest.mark.row("S1")

@pytest.mark.row("S2", "S1")
@pytest.mark.parametrize("n", [1, 2])
def test_both(n): pass

def test_one(): pass
"""


ASKED = ("--collect-only", "-q", "-p", "tests.rows")
ALONE = ("-p", "no:asyncio", "-p", "no:hypothesispytest")
"""Other plugins have nothing to say here, and take their time."""


def lists(pytester: pytest.Pytester, document: str, tests: str) -> pytest.RunResult:
    """A project with this document and these tests, and what `make rows` says about it."""
    pytester.makeini("[pytest]\nmarkers = row(*rows): the rows that a test proves\n")
    folder = pytester.mkdir("docs")
    (folder / "rows.md").write_text(document, encoding="utf-8")
    pytester.makepyfile(test_told=tests)
    return pytester.runpytest_inprocess(*ASKED, *ALONE)


def test_each_row_has_its_tests_below_it_once(pytester: pytest.Pytester) -> None:
    said = lists(pytester, DOCUMENT, TOLD)
    assert said.ret == pytest.ExitCode.OK
    section = next(n for n, line in enumerate(said.outlines) if "row → tests" in line)
    assert said.outlines[section + 1 : section + 6] == [
        "S2 → 1",
        "    test_told.py: test_both",
        "S1 → 2",
        "    test_told.py: test_both, test_one",
        "B1 → later",
    ]
    assert not any("[1]" in line for line in said.outlines)


def test_a_row_that_is_done_and_has_no_test_fails(pytester: pytest.Pytester) -> None:
    said = lists(pytester, DOCUMENT.replace("later", "done"), TOLD)
    assert said.ret == pytest.ExitCode.TESTS_FAILED
    said.stdout.fnmatch_lines(["B1 → no test", "*no test proves it*", "B1"])


def test_a_marker_of_no_row_fails_and_is_named(pytester: pytest.Pytester) -> None:
    said = lists(pytester, DOCUMENT, TOLD.replace('"S2", "S1"', '"S2", "S9"'))
    assert said.ret == pytest.ExitCode.TESTS_FAILED
    said.stdout.fnmatch_lines(["*not a row of docs/rows.md*", "S9 ← test_told.py::test_both"])


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (DOCUMENT.replace("S2", "S1"), "S1 stands twice"),
        (DOCUMENT.replace("later", "soon"), "B1 is 'soon'"),
    ],
)
def test_a_wrong_table_is_refused(document: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        rows.read(document)


def test_a_project_without_the_document_is_refused(pytester: pytest.Pytester) -> None:
    said = pytester.runpytest_inprocess(*ASKED, *ALONE)
    assert said.ret == pytest.ExitCode.USAGE_ERROR
    said.stderr.fnmatch_lines(["*docs/rows.md*"])


@pytest.mark.row("C5")
def test_the_top_of_the_project_is_what_it_was_asked_to_be() -> None:
    root = Path(rows.__file__).parents[1]
    for room in ("bot", "handlers", "states", "storage", "tests"):
        assert (root / room).is_dir()
    for file in ("pyproject.toml", "README.md"):
        assert (root / file).is_file()
