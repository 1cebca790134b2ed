"""Notices that say nothing any more when they are sent are not sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.candidate.reminders import REMINDER
from handlers.rendering import Overtaken
from states.reminders.planning import deadline_of
from tests.fakes.router import screen_of
from tests.handlers.all_screens import reminders_of
from tests.handlers.people import EXAM
from tests.handlers.possible_updates import STANDINGS

SUBMITTED = "zh-CN: menu, submitted on site"
REFUSED = "zh-CN: refused, submitted on site"
NEWCOMER = "zh-CN: consent"
UNFINISHED = "zh-CN: ownership, edited"


@pytest.mark.parametrize("who", [NEWCOMER, UNFINISHED], ids=["nothing begun", "a draft"])
def test_the_opening_is_told_only_while_registration_is_open_until_one_submits(who: str) -> None:
    waiting = STANDINGS[who]
    registration = EXAM.windows.registration
    assert screen_of(replace(waiting, now=registration.opens), "opening").text
    for now in (registration.opens.replace(year=2024), registration.closes):
        with pytest.raises(Overtaken):
            screen_of(replace(waiting, now=now), "opening")
    with pytest.raises(Overtaken):
        screen_of(replace(STANDINGS[SUBMITTED], now=registration.opens), "opening")


@pytest.mark.parametrize(
    ("still", "over"),
    [
        (SUBMITTED, "zh-CN: menu, at confirmed on site"),
        (SUBMITTED, REFUSED),
        (REFUSED, SUBMITTED),
    ],
    ids=["confirmed", "refused", "submitted again"],
)
@pytest.mark.row("B2")
def test_a_reminder_is_told_only_while_its_duty_lasts(still: str, over: str) -> None:
    at_risk = STANDINGS[still]
    deadline = deadline_of(at_risk.records, EXAM, at_risk.now)
    assert deadline is not None
    reminded, *_ = reminders_of(replace(at_risk, now=deadline.opens))
    assert screen_of(reminded, REMINDER).text
    with pytest.raises(Overtaken):
        screen_of(replace(STANDINGS[over], position=reminded.position), REMINDER)
    for now in (EXAM.windows.registration.opens.replace(year=2024), EXAM.windows.payment.closes):
        with pytest.raises(Overtaken):
            screen_of(replace(reminded, now=now), REMINDER)


def test_a_reminder_of_an_earlier_version_is_dropped() -> None:
    with pytest.raises(Overtaken):
        screen_of(STANDINGS[SUBMITTED], REMINDER)
