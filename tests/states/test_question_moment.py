"""Words written before their question was shown are told from answers, whatever the clocks say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.question_moment import Asked

SHOWN = datetime(2025, 12, 2, 9, 0, tzinfo=UTC)
NOBODY = timedelta(seconds=0.3)


def message(written: datetime, message_id: int = 100) -> dict[str, object]:
    """A message with Telegram's date."""
    return {"message_id": message_id, "date": int(written.timestamp())}


@given(
    ahead=st.floats(-7200, 7200),
    answers_after=st.floats(0.5, 600),
    measured_off=st.floats(-2, 2),
)
def test_an_answer_counts_however_far_the_bots_clock_is_off(
    ahead: float, answers_after: float, measured_off: float
) -> None:
    lead = timedelta(seconds=ahead)
    written = SHOWN + timedelta(seconds=answers_after)
    measured = lead + timedelta(seconds=measured_off)
    received_at = written + lead + timedelta(seconds=0.1)
    assert not Asked(SHOWN + lead, 7).is_after(message(written), received_at, NOBODY, measured)


@given(ahead=st.floats(-7200, 7200), before=st.floats(40, 86_400))
def test_words_of_a_downtime_do_not_count_however_far_the_bots_clock_is_off(
    ahead: float, before: float
) -> None:
    lead = timedelta(seconds=ahead)
    written = SHOWN - timedelta(seconds=before)
    received_at = SHOWN + lead + timedelta(seconds=5)
    assert Asked(SHOWN + lead, 7).is_after(message(written), received_at, NOBODY, lead)


@pytest.mark.parametrize(
    ("message_id", "received_after", "is_early"),
    [(8, 60.0, True), (9, 60.0, False), (9, 0.2, True), (9, 0.4, False)],
    ids=["next to the message that led here", "one between", "at once", "after a moment"],
)
def test_the_number_of_the_message_and_its_arrival_tell(
    message_id: int, received_after: float, is_early: bool
) -> None:
    received_at = SHOWN + timedelta(seconds=received_after)
    written = message(received_at, message_id)
    assert Asked(SHOWN, 7).is_after(written, received_at, NOBODY) is is_early
