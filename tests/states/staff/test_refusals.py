"""The draft of a refusal names each item once, and each with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.records import IMAGE, Fault, MaterialFile, Part
from states.staff.refusals import MAX_FAULTS, REASONS, RefusalDraft, reasons_for
from tests.factories import EXAM
from tests.storage.staff_members import waiting

pytestmark = pytest.mark.row("B8")


def test_reason_and_words_of_an_item_stand_together() -> None:
    draft = RefusalDraft().with_fault(Part.MATERIAL, "degree", reason="blurred")
    draft = draft.with_fault(Part.MATERIAL, "degree", words="第二页")
    assert draft.faults == (Fault(Part.MATERIAL, "degree", "blurred", "第二页"),)
    again = draft.with_fault(Part.MATERIAL, "degree", reason="expired")
    assert again.faults == (Fault(Part.MATERIAL, "degree", "expired", "第二页"),)


def test_a_material_that_never_expires_is_not_refused_for_it() -> None:
    area = EXAM.area("tianjin")
    assert area is not None
    lasting = {one.code for one in area.materials if not one.expires}
    assert lasting == {"degree", "qualification"}
    file = MaterialFile("scan", IMAGE, 50_000)
    filed = replace(waiting(1), materials={one.code: (file,) for one in area.materials})
    uploaded = tuple(code for code in REASONS[Part.MATERIAL] if code != "not-uploaded")
    for one in area.materials:
        offered = reasons_for(Part.MATERIAL, one.code, area, filed)
        expected = uploaded
        if one.code in lasting:
            expected = tuple(code for code in expected if code != "expired")
        assert offered == expected
    assert reasons_for(Part.MATERIAL, "degree", None, filed) == uploaded
    assert reasons_for(Part.PHOTO, "", area, filed) == REASONS[Part.PHOTO]


def test_a_paper_was_uploaded_or_was_not() -> None:
    area = EXAM.area("tianjin")
    nothing = replace(waiting(1), materials={})
    assert reasons_for(Part.MATERIAL, "degree", area, nothing) == ("not-uploaded",)


def test_an_item_that_is_let_pass_is_named_no_longer() -> None:
    draft = (
        RefusalDraft()
        .with_fault(Part.PHOTO, "", reason="face")
        .with_fault(Part.FIELD, "mobile", words="错")
    )
    assert [one.part for one in draft.without_fault(Part.PHOTO, "").faults] == [Part.FIELD]
    assert draft.without_fault(Part.FIELD, "employer") == draft


def test_an_item_without_a_why_is_not_taken() -> None:
    with pytest.raises(ValueError, match="reason"):
        RefusalDraft().with_fault(Part.PHOTO, "")


def test_more_items_than_fit_are_not_taken_and_what_is_there_can_still_be_changed() -> None:
    draft = RefusalDraft()
    for number in range(MAX_FAULTS):
        draft = draft.with_fault(Part.FIELD, f"f{number}", reason="wrong")
    assert draft.is_full
    with pytest.raises(ValueError, match="many"):
        draft.with_fault(Part.FIELD, "one-more", reason="wrong")
    assert draft.with_fault(Part.FIELD, "f0", words="看证").faults[0].words == "看证"


def test_words_alone_refuse_and_nothing_does_not() -> None:
    assert RefusalDraft().is_empty
    assert not RefusalDraft(words="请带原件").is_empty
