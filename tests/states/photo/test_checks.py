"""The verdicts on measured values: limits, remedies, and what is not judged."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.exam_files import load
from states.photo import KB, print_px
from states.photo.checks import (
    LIMITS,
    NOT_MEASURED,
    Check,
    Limit,
    PhotoMeasures,
    PhotoVerdict,
    Remedy,
    faults,
    judge,
    measures_as_text,
    measures_of_text,
)

pytestmark = pytest.mark.row("B5")

EXAM = load("health-2026")
RULE = EXAM.photo
FINE = PhotoMeasures(
    *(5.0, 1.0, 0.0, 0.0, 30.0, 70.0, 0.0, 20.0, 9.0, 30.0, 1, 66.0, 1.0, 1.0, 1.0, 0.0, 50.0)
)


def verdict(**values: float) -> tuple[PhotoVerdict, Remedy]:
    """The only fault of a photo that is fine but for these values."""
    (fault,) = faults(judge(replace(FINE, **values), RULE))  # type: ignore[arg-type]
    return fault.verdict, fault.remedy


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"faces": 0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
        ({"faces": 2}, (PhotoVerdict.MEND, Remedy.ANEW)),
        ({"background": 15.0}, (PhotoVerdict.MEND, Remedy.BOT)),
        ({"background": 60.0}, (PhotoVerdict.MEND, Remedy.ANEW)),
        ({"head": 40.0}, (PhotoVerdict.MEND, Remedy.BOT)),
        ({"head": 80.0}, (PhotoVerdict.MEND, Remedy.BOT)),
        ({"tilt": 10.0}, (PhotoVerdict.MEND, Remedy.BOT)),
        ({"tilt": 40.0}, (PhotoVerdict.MEND, Remedy.ANEW)),
        ({"turn": 30.0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
        ({"sharpness": 50.0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
        ({"sharpness": 70.0}, (PhotoVerdict.MEND, Remedy.ANEW)),
        ({"exposure": 10.0}, (PhotoVerdict.MEND, Remedy.ANEW)),
        ({"screen": 90.0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
        ({"enlarged": 5.0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
        ({"screenshot": 12.0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
        ({"screenshot": 84.0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
        ({"print": 100.0}, (PhotoVerdict.STAFF, Remedy.ANEW)),
    ],
)
def test_a_value_has_its_verdict(
    values: dict[str, float], expected: tuple[PhotoVerdict, Remedy]
) -> None:
    assert verdict(**values) == expected


def test_each_check_has_a_value_and_all_but_two_a_limit_of_the_project() -> None:
    assert {one.value for one in Check} <= {one.name for one in fields(PhotoMeasures)}
    assert set(Check) - LIMITS.keys() == {Check.FACES, Check.HEAD}


def test_nothing_is_judged_that_was_not_measured() -> None:
    assert {one.verdict for one in judge(NOT_MEASURED, RULE)} == {PhotoVerdict.NOT_JUDGED}


def test_a_rule_that_does_not_ask_for_it_is_not_held_against_a_photo() -> None:
    """Nothing is rejected that the notice does not forbid."""
    free = replace(RULE, head="", background="any")
    bad = replace(FINE, head=20.0, background=80.0)
    assert faults(judge(bad, free)) == ()


def test_each_check_is_judged_by_itself() -> None:
    found = [
        {one.check: one.verdict for one in judge(measures, RULE)}
        for measures in (FINE, replace(FINE, turn=30.0), replace(FINE, turn=30.0, tilt=9.0))
    ]
    assert set(found[0].values()) == {PhotoVerdict.PASSES}
    assert found[1] == found[0] | {Check.TURN: PhotoVerdict.STAFF}
    assert found[2] == found[1] | {Check.TILT: PhotoVerdict.MEND}


@given(st.floats(0, 200), st.sampled_from(sorted(LIMITS)))
def test_a_verdict_gets_no_better_as_a_value_gets_worse(value: float, check: Check) -> None:
    limit = LIMITS[check]
    order = [PhotoVerdict.PASSES, PhotoVerdict.STAFF, PhotoVerdict.MEND]
    worse = value - 1 if limit.least else value + 1
    assert order.index(limit.verdict(worse)) >= order.index(limit.verdict(value))


def test_a_limit_of_at_least() -> None:
    limit = Limit(35, 27, least=True)
    assert [limit.verdict(one) for one in (35, 34.9, 27, 26.9)] == [
        PhotoVerdict.PASSES,
        PhotoVerdict.STAFF,
        PhotoVerdict.STAFF,
        PhotoVerdict.MEND,
    ]


def test_measures_survive_position_data_and_unknown_ones_are_none() -> None:
    assert measures_of_text(measures_as_text(FINE)) == FINE
    assert measures_of_text("") == NOT_MEASURED
    assert measures_of_text('{"ground": "plaid"}') == NOT_MEASURED


# --- the published rules --------------------------------------------------------------------------


def test_the_rule_of_2026_rests_on_one_source() -> None:
    assert (RULE.least_width, RULE.least_height, RULE.least_size) == (420, 600, 50 * KB)
    assert (RULE.recommended_width, RULE.recommended_height) == (1500, 2000)
    assert RULE.most_size is None
    assert (RULE.certainty, RULE.background) == ("B", "white")
    assert RULE.carried_over == ("head",)
    assert set(RULE.forbids) == {"cropping", "enlarging"}


def test_the_rule_of_2020_asks_for_more_than_its_numbers() -> None:
    rule = next(one.rule for one in EXAM.earlier_photos if one.first <= 2022 <= one.last)
    assert (rule.least_width, rule.least_height) == (296, 414)
    assert rule.least_size == 45 * KB + 1
    assert rule.certainty == "A"
    assert "enlarging" in rule.forbids


def test_the_rule_of_2014_derives_px_from_the_print() -> None:
    rule = next(one.rule for one in EXAM.earlier_photos if one.first <= 2014 <= one.last)
    assert (rule.min_width, rule.min_height) == print_px("one-inch") == (295, 413)
    assert print_px("small-two-inch") == (413, 531)
    assert (rule.least_size, rule.most_size) == (20 * KB, 45 * KB)
    assert rule.head_share == pytest.approx(2 / 3)


def test_no_year_has_two_rules() -> None:
    years = [set(range(one.first, one.last + 1)) for one in EXAM.earlier_photos]
    assert len(set().union(*years)) == sum(map(len, years))
    assert all(EXAM.year not in one for one in years)
