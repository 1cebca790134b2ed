"""A change of area clears the form and nothing else; going back restores it exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.changes import area_change
from states.exam import FileFormat, Material
from states.process.lifecycle import Event, apply_event
from states.records import IMAGE, PDF, Application, ApplicationId, MaterialFile, PersonId
from tests.factories import EXAM

pytestmark = pytest.mark.row("S18", "B19")

AT = datetime(2025, 12, 5, 2, 0, tzinfo=UTC)
FILLED = Application(
    ApplicationId(65),
    PersonId(64),
    EXAM.key,
    area="tianjin",
    agreed="v1",
    agreed_at=AT,
    answers={"site": "heping", "mobile": "13800138000"},
    photo="p" * 64,
    materials={"degree": (MaterialFile("d" * 64, IMAGE, 9),)},
    uploaded_at=AT,
)
AREAS = ("tianjin", "qinghai", "shanxi")


def test_it_clears_the_form_of_this_exam_and_asks_for_the_terms_again() -> None:
    moved = area_change.move(FILLED, "qinghai")
    assert replace(moved, former=None) == Application(
        FILLED.id, FILLED.person_id, FILLED.exam, area="qinghai"
    )
    assert area_change.dropped_files(FILLED, moved) == []
    assert area_change.kept_files(moved) == {"d" * 64, "p" * 64}


def test_going_back_restores_it_exactly_and_forth_again_too() -> None:
    moved = replace(area_change.move(FILLED, "qinghai"), answers={"mobile": "13900139000"})
    back = area_change.go_back(moved)
    assert replace(back, former=None) == FILLED
    assert area_change.go_back(back).answers == moved.answers
    assert area_change.move(moved, "tianjin") == back, "choosing it is going back"


def test_without_a_change_there_is_no_way_back() -> None:
    with pytest.raises(LookupError):
        area_change.go_back(FILLED)


def test_an_area_without_content_is_no_way_back() -> None:
    third = area_change.move(area_change.move(FILLED, "qinghai"), "shanxi")
    assert third.former == area_change.move(FILLED, "qinghai").former
    filled = replace(area_change.move(FILLED, "qinghai"), answers={"mobile": "1"})
    lost = area_change.move(filled, "shanxi")
    assert area_change.dropped_files(filled, lost) == ["d" * 64]


def test_after_the_submission_the_former_area_is_gone_with_its_files() -> None:
    moved = replace(area_change.move(FILLED, "qinghai"), answers={"site": "xining"})
    submitted = apply_event(moved, Event.SUBMIT, EXAM, AT)
    assert submitted.former is None
    assert area_change.dropped_files(moved, submitted) == ["d" * 64]


def material(code: str, formats: tuple[FileFormat, ...] = (FileFormat.JPG,)) -> Material:
    return Material(
        code=code, name=code, required=True, formats=formats, max_kb=1, max_files=2, sample=True
    )


@pytest.mark.parametrize(
    ("files", "formats", "is_taken"),
    [
        ([(IMAGE, 1024)], (FileFormat.JPG,), True),
        ([(IMAGE, 1024)] * 2, (FileFormat.JPG,), True),
        ([(PDF, 9)], (FileFormat.JPG, FileFormat.PDF), True),
        ([(PDF, 9)], (FileFormat.JPG,), False),
        ([(IMAGE, 1025)], (FileFormat.JPG,), False),
        ([(IMAGE, 9), (IMAGE, 1025)], (FileFormat.JPG,), False),
        ([(IMAGE, 9)] * 3, (FileFormat.JPG,), False),
    ],
)
def test_a_material_still_holds_where_the_new_area_takes_all_its_files(
    files: list[tuple[str, int]], formats: tuple[FileFormat, ...], is_taken: bool
) -> None:
    had = {"degree": tuple(MaterialFile("d" * 64, *file) for file in files)}
    asked = (material("identity"), material("degree", formats))
    assert area_change.still_valid(had, asked) == (had if is_taken else {})
    assert area_change.still_valid(had, asked[:1]) == {}, "nobody asks for it"


@given(st.lists(st.sampled_from((*AREAS, "back", "answer", "keep", "remove")), max_size=12))
def test_no_file_is_dropped_that_the_application_still_needs(acts: list[str]) -> None:
    application, dropped = FILLED, set[str]()
    for number, act in enumerate(acts):
        before = application
        if act == "answer":
            application = replace(before, answers={"mobile": str(number)})
        elif act == "back" and before.former is not None:
            application = area_change.go_back(before)
        elif act == "keep" and before.former is not None:
            application = replace(before, materials=before.former.materials)
        elif act == "remove":
            application = replace(before, materials={})
        elif act in AREAS and act != before.area:
            application = area_change.move(before, act)
        dropped |= set(area_change.dropped_files(before, application))
        present = {file.blob for kept in application.materials.values() for file in kept}
        assert not dropped & (present | area_change.kept_files(application))
