"""What a changed definition does, by key path, and whom it touches."""

from __future__ import annotations

from datetime import timedelta

import pytest

from states.exam import CodesInUse
from states.exam_changes import Difference, differences
from tests.factories import EXAM


def test_the_same_definition_differs_in_nothing() -> None:
    assert list(differences(EXAM, EXAM)) == []


def test_a_moved_deadline_is_one_difference_with_both_values() -> None:
    review = EXAM.windows.review
    later = review.model_copy(update={"closes": review.closes + timedelta(days=2)})
    moved = EXAM.windows.model_copy(update={"review": later})
    (only,) = differences(EXAM, EXAM.model_copy(update={"windows": moved}))
    assert only.path == "windows.review.closes"
    assert (only.before or "").startswith("2026-01-24")
    assert (only.after or "").startswith("2026-01-26")


def test_another_order_of_areas_is_no_difference_and_a_lost_one_is_named_by_its_code() -> None:
    assert not list(differences(EXAM, EXAM.model_copy(update={"areas": EXAM.areas[::-1]})))
    lost = EXAM.areas[3]
    paths = {
        one.path: one
        for one in differences(EXAM, EXAM.model_copy(update={"areas": EXAM.areas[:3]}))
    }
    assert paths[f"areas[{lost.code}].name"] == Difference(
        f"areas[{lost.code}].name", lost.name, None
    )


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        pytest.param("windows.review.closes", True, id="everybody"),
        pytest.param("areas[qinghai].contact", True, id="the area"),
        pytest.param("areas[beijing].contact", False, id="another area"),
        pytest.param("areas[qinghai].sites[xining].contact", True, id="the site"),
        pytest.param("areas[qinghai].sites[haidong].contact", False, id="another site"),
        pytest.param("areas[qinghai].materials[photo].max_kb", True, id="a list below the area"),
        pytest.param("catalogue[368].name", True, id="the specialty"),
        pytest.param("catalogue[303].name", False, id="another specialty"),
    ],
)
def test_a_difference_touches_who_chose_it(path: str, touched: bool) -> None:
    chosen = CodesInUse("qinghai", "xining", "", "368")
    assert Difference(path, "a", "b").touches(chosen) is touched
