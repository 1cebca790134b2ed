"""A rehearsal is green for the shipped exam, and finds mistakes that no look at the file finds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.workdays import is_workday
from bot.rehearsal.dialogue.walks import WalkPath, walk_all
from bot.rehearsal.played_storage import played_storage
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.report import report_files
from bot.rehearsal.report.failures import failures, refused_items
from bot.rehearsal.results import Results
from states.eligibility import find_eligibility_mistakes
from states.exam import Exam
from states.exam.parsing import find_mistakes
from states.exam_linter import findings
from states.texts import Text
from tests.bot.rehearsal.planted import EXAM, PLANTED

STEP = timedelta(hours=2)


async def played(exam: Exam, folder: Path, people: int = 84, seed: int = 2026) -> Results:
    return await rehearse(exam, folder, people, staff=6, seed=seed, step=STEP)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shipped(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A rehearsal of the shipped exam, which several tests look at."""
    return await played(EXAM, tmp_path_factory.mktemp("shipped"))


@pytest.mark.row("B14")
def test_the_shipped_exam_is_green(shipped: Results) -> None:
    results = shipped
    assert [one.rule for one in results.findings] == []
    assert results.registered > len(results.candidates) / 2
    assert sum(results.people.happenings.refusals.values()) > 0
    in_time = {kind for _, kind in results.forfeited} & {"prompt", "late"}
    assert not in_time
    assert {one.path: one.stuck for one in results.walks} == dict.fromkeys(WalkPath, "")
    assert all(one.messages > 20 for one in results.walks), "a whole form each"


@pytest.mark.row("B14")
@pytest.mark.parametrize("name", PLANTED)
async def test_only_the_rehearsal_finds(name: str, tmp_path: Path) -> None:
    plant, rule = PLANTED[name]
    exam = plant(EXAM)
    assert list(find_mistakes(exam)) == []
    assert list(find_eligibility_mistakes(exam)) == []
    assert _linted(exam) == _linted(EXAM)
    results = await played(exam, tmp_path)
    assert rule in {one.rule for one in results.findings}


@pytest.mark.row("B14")
def test_each_failure_says_why_and_by_when(shipped: Results, tmp_path: Path) -> None:
    """Everybody who is not registered has one reason; the report has them in both languages."""
    results = shipped
    found = failures(results)
    assert sum(count for _, count in found) == len(results.candidates) - results.registered
    missed = {one.names.key: one.closes for one, _ in found if isinstance(one.names, Text)}
    assert missed["rehearsal-duty-draft"] == EXAM.windows.registration.closes
    refused = refused_items(results)
    assert sum(one.refused for one in refused) == sum(results.people.happenings.refusals.values())
    assert all(one.mended <= one.refused for one in refused)
    assert len(refused) > 1, "not always the same item"
    for file in report_files.write(results, tmp_path / "report"):
        text = file.read_text(encoding="utf-8")
        says_why = ("没有按时办：提交报名信息", "not done in time: submit the registration")
        assert any(words in text for words in says_why)


@pytest.mark.row("B14")
async def test_a_dialogue_that_takes_no_answer_of_the_form_is_found(tmp_path: Path) -> None:
    """A subject whose name has a comma cannot be typed beside another one."""
    first, *others = EXAM.subjects
    torn = first.model_copy(update={"name": f"{first.name}，{others[0].name}"})
    exam = EXAM.model_copy(update={"subjects": (torn, *others)})
    assert list(find_mistakes(exam)) == []
    async with played_storage(tmp_path, exam) as storage:
        walks = await walk_all(exam, storage, 7)
    assert {one.stuck for one in walks} & {"subjects"}


def _linted(exam: Exam) -> set[tuple[str, str]]:
    return {(one.path, one.rule) for one in findings(exam, is_workday)}


async def test_the_same_seed_makes_the_same_rehearsal(tmp_path: Path) -> None:
    def facts(results: Results) -> Mapping[str, object]:
        return {
            "registered": results.registered,
            "forfeited": results.forfeited,
            "acts": [one.acts for one in results.candidates],
            "stages": [one.stage for one in results.candidates],
        }

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = await played(EXAM, tmp_path / "a", people=20, seed=7)
    assert facts(first) == facts(await played(EXAM, tmp_path / "b", people=20, seed=7))
