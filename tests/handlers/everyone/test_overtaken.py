"""Notices that say nothing any more when they are sent are not sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.rendering import Overtaken
from tests.fakes.router import screen_of
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
    ("notice", "still", "over"),
    [
        ("told-reminder", SUBMITTED, "zh-CN: menu, at confirmed on site"),
        ("told-reminder", SUBMITTED, REFUSED),
        ("told-reminder-mend", REFUSED, SUBMITTED),
    ],
    ids=["confirmed", "refused", "submitted again"],
)
def test_a_reminder_is_told_only_while_its_stage_lasts(notice: str, still: str, over: str) -> None:
    assert screen_of(STANDINGS[still], notice).text
    with pytest.raises(Overtaken):
        screen_of(STANDINGS[over], notice)
