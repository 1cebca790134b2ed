"""Education records: contradictions, and the records that a form may refer to (domain §1.3)."""

from __future__ import annotations

import pytest

from states.form.education import (
    CHECKED_FROM,
    PENDING,
    RECORD,
    find_contradiction,
    is_usable,
    record_line,
    record_options,
    unchecked_record,
)
from states.form.pages import FORM
from states.records import Answers
from states.texts import Problem, Text
from tests.states.people import ANSWERS, make_context
from tests.states.people import RECORD as COLLEGE

pytestmark = pytest.mark.row("S2", "S8")


def record(degree: str, graduated: str, verification: str) -> Answers:
    changed = {"degree": degree, "graduated": graduated, "verification": verification}
    return {**COLLEGE, **changed}


MONTHS = ["1988-07", "2001-12", "2002-01", "2002-07", "2025-06"]


@pytest.mark.parametrize(
    ("degree", "checked"),
    [
        ("secondary", False),
        ("college", False),
        ("bachelor", True),
        ("master", True),
        ("doctor", True),
        ("bachelor-degree", True),
        ("master-degree", True),
        ("doctor-degree", True),
    ],
)
def test_from_2002_on_a_bachelor_and_above_has_to_wait_while_it_is_unverified(
    degree: str, checked: bool
) -> None:
    unverified = [month for month in MONTHS if not is_usable(record(degree, month, "pending"))]
    assert unverified == (["2002-01", "2002-07", "2025-06"] if checked else [])
    for month in MONTHS:
        assert is_usable(record(degree, month, "passed"))
        assert is_usable(record(degree, month, "failed"))


def test_every_degree_has_its_own_name() -> None:
    degrees = [one.code for one in RECORD.fields["degree"].options({}, make_context())]
    assert len(set(degrees)) == len(degrees) == 8
    assert (PENDING, CHECKED_FROM) == ("pending", "2002-01")


@pytest.mark.parametrize(
    ("enrolled", "holds"), [("2007-09", True), ("2012-06", True), ("2012-07", False), ("", True)]
)
def test_one_enrols_before_one_graduates(enrolled: str, holds: bool) -> None:
    kept = {**record("bachelor", "2012-07", "passed"), "enrolled": enrolled}
    assert (find_contradiction(kept) is None) is holds


UNVERIFIED = record("bachelor", "2019-07", "pending")
VERIFIED = record("bachelor", "2019-07", "passed")


@pytest.mark.parametrize(
    ("records", "numbers"),
    [
        ((), []),
        ((UNVERIFIED,), ["1"]),
        ((COLLEGE,), ["1"]),
        ((COLLEGE, UNVERIFIED, VERIFIED), ["1", "2", "3"]),
        ((UNVERIFIED, COLLEGE), ["1", "2"]),
    ],
)
def test_a_record_is_referred_to_by_its_number_which_never_changes(
    records: tuple[Answers, ...], numbers: list[str]
) -> None:
    offered = record_options({}, make_context("qinghai", *records))
    assert [one.code for one in offered] == numbers


@pytest.mark.parametrize(
    ("typed", "taken"), [("1", True), ("2", True), ("3", False), ("0", False), ("学历", False)]
)
def test_a_form_refers_to_a_record_that_there_is(typed: str, taken: bool) -> None:
    context = make_context("qinghai", COLLEGE, UNVERIFIED)
    answer = FORM.answer({}, FORM.fields["education"], typed, context)
    assert isinstance(answer, Problem) is not taken


def test_one_record_is_still_a_question_and_none_is_too() -> None:
    field = FORM.fields["education"]
    assert field.only_value({}, make_context("qinghai", COLLEGE)) is None
    assert field.is_asked({}, make_context("qinghai", UNVERIFIED))


def test_an_answer_lasts_while_its_record_can_be_referred_to() -> None:
    referring = {**ANSWERS, "education": "2"}
    assert FORM.normalize(referring, make_context("qinghai", COLLEGE, VERIFIED)) == referring
    normalized = FORM.normalize(referring, make_context("qinghai", COLLEGE))
    assert normalized == {key: value for key, value in referring.items() if key != "education"}


def test_a_record_is_written_question_by_question() -> None:
    written: Answers = {}
    asked = []
    while (field := RECORD.first_unanswered(written, make_context())) is not None:
        asked.append(field.key)
        answered = RECORD.answer(written, field, COLLEGE[field.key] or "2009-09", make_context())
        assert not isinstance(answered, Problem), answered
        written = answered
    assert asked == list(COLLEGE)
    assert written == {**COLLEGE, "enrolled": "2009-09"}
    assert RECORD.normalize(COLLEGE, make_context()) == COLLEGE


def test_only_the_month_of_enrolment_can_be_left_open() -> None:
    optional = [key for key, field in RECORD.fields.items() if not field.required]
    assert optional == ["enrolled"]


def test_a_record_is_said_in_one_line() -> None:
    assert record_line(COLLEGE) == Text(
        "record-line",
        {
            "degree": Text("choice-degree-college"),
            "school": "示例卫生职业学院",
            "major": "护理",
            "graduated": "2012-07",
        },
    )


@pytest.mark.parametrize(
    ("number", "waits"), [("1", None), ("2", "2"), ("3", None), ("4", None), ("", None)]
)
def test_a_form_with_an_unverified_record_cannot_be_submitted_yet(
    number: str, waits: str | None
) -> None:
    context = make_context("qinghai", COLLEGE, UNVERIFIED, VERIFIED)
    assert unchecked_record({"education": number}, context) == waits
