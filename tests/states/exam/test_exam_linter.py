"""The linter finds what is valid and yet costs candidates their year: a planted mistake a rule."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from states import exam_linter
from states.exam import Exam, Payment
from states.exam_linter import findings
from tests.factories import EXAM
from tests.states.exam.planted_mistakes import FIRST, PLANTED, area, found, is_workday


@pytest.mark.row("B15")
@pytest.mark.parametrize(("exam", "path", "rule"), PLANTED)
def test_a_planted_mistake_is_found(exam: Exam, path: str, rule: str) -> None:
    assert (path, rule) in {(one.path, one.rule) for one in found(exam)}


def test_each_rule_has_a_planted_mistake_and_its_words() -> None:
    planted = {str(one.values[2]) for one in PLANTED}
    ours = Path(exam_linter.__file__).read_text("utf-8")
    assert planted == set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', ours)) - {"lint-"}
    for locale in ("zh-CN", "en"):
        words = (resources.files("bot") / "locales" / locale / "cli.ftl").read_text("utf-8")
        assert planted == set(re.findall("^lint-([a-z-]+)", words, re.MULTILINE))


def test_midnight_is_no_night_and_a_free_area_needs_no_fee() -> None:
    def rules_found(exam: Exam) -> set[str]:
        return {one.rule for one in found(exam)}

    assert "closes-at-night" not in rules_found(EXAM)
    free = area(payment=Payment.NONE, fee=FIRST.fee.model_copy(update={"per_subject": 0}))
    assert "no-fee" not in rules_found(free)


def test_the_shipped_exam_has_no_surprise() -> None:
    shipped = {one.rule for one in findings(EXAM, is_workday)}
    assert shipped <= {"no-english", "no-employers"}
