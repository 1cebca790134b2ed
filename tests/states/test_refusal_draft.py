"""A refusal that is put together: each item once, never without a why."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from states.records import Fault, Part
from states.refusal_draft import MOST_FAULTS, RefusalDraft
from states.staff_timings import FEWEST, ends_on
from tests.factories import EXAM
from tests.storage.staff_members import CONFIRMING

pytestmark = pytest.mark.row("B8")


def test_reason_and_words_of_an_item_stand_together() -> None:
    draft = RefusalDraft().naming(Part.MATERIAL, "degree", reason="blurred")
    draft = draft.naming(Part.MATERIAL, "degree", words="第二页")
    assert draft.faults == (Fault(Part.MATERIAL, "degree", "blurred", "第二页"),)
    again = draft.naming(Part.MATERIAL, "degree", reason="expired")
    assert again.faults == (Fault(Part.MATERIAL, "degree", "expired", "第二页"),)


def test_an_item_that_is_let_pass_is_named_no_longer() -> None:
    draft = (
        RefusalDraft()
        .naming(Part.PHOTO, "", reason="face")
        .naming(Part.FIELD, "mobile", words="错")
    )
    assert [one.part for one in draft.without(Part.PHOTO, "").faults] == [Part.FIELD]
    assert draft.without(Part.FIELD, "employer") == draft


def test_an_item_without_a_why_is_not_taken() -> None:
    with pytest.raises(ValueError, match="reason"):
        RefusalDraft().naming(Part.PHOTO, "")


def test_more_items_than_fit_are_not_taken_and_what_is_there_can_still_be_changed() -> None:
    draft = RefusalDraft()
    for number in range(MOST_FAULTS):
        draft = draft.naming(Part.FIELD, f"f{number}", reason="wrong")
    assert draft.is_full
    with pytest.raises(ValueError, match="many"):
        draft.naming(Part.FIELD, "one-more", reason="wrong")
    assert draft.naming(Part.FIELD, "f0", words="看证").faults[0].words == "看证"


def test_words_alone_refuse_and_nothing_does_not() -> None:
    assert RefusalDraft().is_empty
    assert not RefusalDraft(words="请带原件").is_empty


def test_a_queue_ends_at_its_pace_and_nobody_guesses_without_one() -> None:
    now: datetime = CONFIRMING
    assert ends_on(10, 0, 7, now) is None
    assert ends_on(1, FEWEST - 1, 7, now) is None
    assert ends_on(20, 10, 7, now) == now + timedelta(days=14)
    assert EXAM.windows.confirmation.holds(now)
