"""A candidate says that they have paid: until the area has checked it, nothing asks them to pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.candidate.reminders import REMINDER
from handlers.rendering import Overtaken
from states.fsm_states import Home
from states.progress.next_step import Position
from states.reminders.planning import ReminderHistory, ReminderKind, deadline_of, plan
from tests.fakes.router import OfflineRouter, screen_of
from tests.handlers.all_screens import texts_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import EXAM, Standing
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("C7")]

WINDOW = EXAM.windows.payment
ASKING = {
    *("now-payment-open", "now-payment-over", "pay-bill-until", "pay-bill", "pay-how"),
    *("pay-otherwise", "pay-over-here", "pay-over", "help-payment-here-open", "button-pay"),
    *("button-paid", "remind-question", "told-reminder", "remind-scheduled"),
}
"""Texts and buttons that ask a candidate to pay, or to say once more that they have."""
PLACES = ("menu", "status", "open-items", "help-payment")


def keys(standing: Standing, screen: str | None) -> set[str]:
    """The keys of all texts and buttons of a screen."""
    return {text.key for text in texts_of(screen_of(standing, screen))}


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, STANDINGS["zh-CN: a proof"])


async def claims(ling: CandidateDriver) -> None:
    """She sends a proof."""
    await ling.says("2月5日 14:20，260 元，单号 4200001234")
    sent = await ling.says("是的")
    assert [effect.screen for effect in sent.said] == [Home.menu.state]


async def test_whoever_said_so_is_asked_nowhere_to_pay(ling: CandidateDriver) -> None:
    await claims(ling)
    for screen in PLACES:
        shown = keys(ling.at, None if screen == "menu" else screen)
        assert "now-payment-claimed" in shown, screen
        assert not shown & ASKING, screen
    for how in ("pay", "paid", "paid-proof", "pay-wechat"):
        after = await ling.goes(how)
        assert [effect.screen for effect in after.said] == ["status"], how
    for command in ("/pay", "我已经付了"):
        after = await ling.says(command)
        assert [effect.screen for effect in after.said] == ["status"], command
        assert ling.state is Home.menu


async def test_a_claim_is_taken_back_while_there_is_time_to_pay(ling: CandidateDriver) -> None:
    before = ling.at
    await claims(ling)
    assert "button-not-paid" in keys(ling.at, "status")
    claimed = ling.at
    ling.at = replace(claimed, now=WINDOW.closes + timedelta(hours=1))
    assert "button-not-paid" not in keys(ling.at, "status")
    await ling.goes("not-paid")
    assert ling.at.records.application == claimed.records.application, "too late to pay"
    ling.at = claimed
    after = await ling.goes("not-paid")
    assert after.header_lines == ["claim-taken-back"]
    assert ling.at.records.application == before.records.application
    assert keys(ling.at, "status") & {"button-pay", "button-paid"}
    again = await ling.goes("not-paid")
    assert again.header_lines == [], "there is nothing left to take back"


async def test_after_the_window_it_still_is_being_checked(ling: CandidateDriver) -> None:
    await claims(ling)
    late = replace(ling.at, now=WINDOW.closes + timedelta(hours=1))
    for screen in PLACES:
        shown = keys(late, None if screen == "menu" else screen)
        assert "now-payment-claimed" in shown, screen
        assert not shown & ASKING, screen


async def test_a_reminder_says_once_that_it_is_being_checked(ling: CandidateDriver) -> None:
    before = deadline_of(ling.at.records, EXAM, ling.at.now)
    assert before is not None
    await claims(ling)
    records, now, history, sent = ling.at.records, ling.at.now, ReminderHistory(), []
    while now < WINDOW.closes:
        planned = plan(records, EXAM, now, history)
        history = planned.history
        if planned.reminder is not None:
            sent.append(f"{now.astimezone(EXAM.tz):%m-%d %H:%M}")
        if planned.next_at is None:
            break
        now = planned.next_at
    assert sent == ["02-12 10:00"], "the last of the three moments"
    deadline = deadline_of(records, EXAM, now)
    assert deadline is not None
    data = {"kind": ReminderKind.SCHEDULED, "name": deadline.name}
    at = replace(ling.at, position=Position(Home.menu, data), now=WINDOW.closes - timedelta(days=1))
    shown = keys(at, REMINDER)
    assert {"remind-payment-claimed", "now-payment-claimed"} <= shown
    assert not shown & ASKING
    asking = replace(at, position=Position(Home.menu, {**data, "name": before.name}))
    with pytest.raises(Overtaken):
        screen_of(asking, REMINDER)


async def test_before_the_window_there_is_one_answer(ling: CandidateDriver) -> None:
    ling.at = replace(ling.at, position=Position(Home.menu), now=WINDOW.opens - timedelta(days=1))
    assert "button-paid" not in keys(ling.at, "status")
    after = await ling.says("我已经付了")
    assert [effect.screen for effect in after.said] == ["status"]
    assert after.header_lines == ["paid-early"]
    shown = keys(ling.at, "status")
    assert "now-payment-early" in shown
    assert "now-payment-claimed" not in shown
    assert ling.at.records.application == STANDINGS["zh-CN: a proof"].records.application
