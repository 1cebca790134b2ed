"""A rehearsal is green for the shipped exam, and finds mistakes that no look at the file finds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.workdays import is_workday
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.results import Results
from states.eligibility import find_eligibility_mistakes
from states.exam import Exam
from states.exam.parsing import find_mistakes
from states.exam_linter import findings
from tests.bot.rehearsal.planted import EXAM, PLANTED

STEP = timedelta(hours=2)


async def played(exam: Exam, folder: Path, people: int = 84, seed: int = 2026) -> Results:
    return await rehearse(exam, folder, people, staff=6, seed=seed, step=STEP)


@pytest.mark.row("B14")
async def test_the_shipped_exam_is_green(tmp_path: Path) -> None:
    results = await played(EXAM, tmp_path)
    assert [one.rule for one in results.findings] == []
    assert results.registered > len(results.candidates) / 2
    assert sum(results.people.happenings.refusals.values()) > 0
    in_time = {kind for _, kind in results.forfeited} & {"prompt", "late"}
    assert not in_time


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
