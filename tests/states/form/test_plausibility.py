"""Hints at answers that hardly go together: they are only hints."""

from __future__ import annotations

from datetime import date

import pytest

from states.form.plausibility import form_hints, record_hints
from states.records import Answers
from tests import factories

BORN = date(1990, 3, 7)
TODAY = date(2025, 12, 5)
RECORD = factories.education(degree="bachelor", graduated="2012-07", certificate="1" * 18)


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"degree": "college", "graduated": "2001-07"}, "doubt-graduated-young"),
        ({"graduated": "2005-07"}, "doubt-graduated-young"),
        ({"certificate": "12345"}, "doubt-certificate"),
    ],
)
def test_a_record_that_is_hardly_right(changed: Answers, hint: str) -> None:
    assert hint in [one.key for one in record_hints({**RECORD, **changed}, BORN)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"degree": "secondary", "graduated": "2008-07", "certificate": "12345"},
        {"degree": "college", "graduated": "1999-07", "certificate": "9912345"},
        {"degree": "bachelor-degree", "certificate": "1" * 16},
    ],
)
def test_a_record_that_may_be_right(changed: Answers) -> None:
    record = {**RECORD, **changed}
    born = BORN if record["graduated"] > "2000" else date(1975, 1, 1)
    assert [*record_hints(record, born)] == []


@pytest.mark.parametrize(
    ("answers", "hint"),
    [
        (
            {"title": "physician", "titled": "2019-08", "registered": "2019-07"},
            "doubt-title-late",
        ),
        ({"years": "8", "titled": "2020-01"}, "doubt-years"),
        ({"field_years": "20", "began_work": "2015-08"}, "doubt-field-years"),
        ({"years": "9", "titled": "2014-08"}, "doubt-years-more"),
        ({"titled": "2019-06", "appointed": "2001-07"}, "doubt-appointed-early"),
    ],
)
def test_answers_that_hardly_go_together(answers: Answers, hint: str) -> None:
    assert [one.key for one in form_hints(answers, TODAY)] == [hint]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"title": "intermediate", "titled": "2022-08", "registered": "2012-07"},
        {"years": "5", "titled": "2020-01"},
        {"years": "5", "titled": ""},
        {"titled": "2019-06", "appointed": "2019-06"},
        {"titled": "", "appointed": "2019-06"},
    ],
)
def test_answers_that_go_together(answers: Answers) -> None:
    assert [*form_hints(answers, TODAY)] == []
