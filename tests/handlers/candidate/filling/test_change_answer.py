"""A change in own words opens the very question before submitting, and tells how afterwards."""

from __future__ import annotations

import pytest

from handlers.callback_data import Action
from handlers.everyone.help import PAYMENT
from states.fsm_states import Corrections, Form
from states.records import Stage
from tests.fakes.router import OfflineRouter, screen_of
from tests.handlers.all_screens import texts_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B25")]


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, STANDINGS["zh-CN: summary, on site"])


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("我的手机号要改成139 0013 9000", "mobile"),
        ("改手机", "mobile"),
        ("我想改一下电话", "mobile"),
        ("电话换成13900139000", "mobile"),
        ("改联系方式", "mobile"),
        ("科室写错了，应该是ICU", "department"),
        ("专业选错了", "specialty"),
        ("I typed the wrong email", "email"),
        ("学校填错了", "education"),
    ],
)
async def test_before_submitting_the_words_lead_to_the_question(
    ling: CandidateDriver, typed: str, key: str
) -> None:
    ling.at = before = STANDINGS["zh-CN: summary, on site, longest"]
    await ling.says(typed)
    assert (ling.state, ling.field) == (Form.asking, key)
    assert ling.at.records == before.records


@pytest.mark.parametrize("typed", ["", "/back", "上一步"])
async def test_back_from_a_changed_answer_leads_to_where_the_words_were_said(
    router: OfflineRouter, typed: str
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: years"])
    await ling.says("改手机")
    assert ling.field == "mobile"
    await (ling.says(typed) if typed else ling.taps(Action.BACK))
    assert (ling.state, ling.field) == (Form.asking, "years")


async def test_words_without_a_question_say_how_to_change(ling: CandidateDriver) -> None:
    assert (await ling.says("怎么改")).header_lines == ["change-which"]
    ling.at = STANDINGS["zh-CN: mobile"]
    assert (await ling.says("怎么修改")).header_lines == ["change-later"]


async def test_after_a_refusal_the_words_open_what_was_refused(ling: CandidateDriver) -> None:
    for typed in ("怎么改", "那我重新交", "改手机"):
        ling.at = STANDINGS["zh-CN: refused at submitted, open"]
        await ling.says(typed)
        assert ling.state is Corrections.listing, typed


async def test_nobody_is_offered_a_withdrawal_that_is_not_possible() -> None:
    for name, standing in STANDINGS.items():
        application = standing.records.application
        if application is None or application.stage is Stage.DRAFT:
            shown = screen_of(standing, "help-changed")
            values = [one.callback.value for row in shown.buttons for one in row]
            assert "withdraw" not in values, name


def _said(name: str) -> set[str]:
    return {one.key for one in texts_of(screen_of(STANDINGS[name], PAYMENT))}


async def test_whoever_asks_for_the_fee_reads_a_figure() -> None:
    for place in ("on site", "online"):
        assert {"pay-fee", "pay-fee-here"} & _said(f"zh-CN: menu, submitted {place}"), place


async def test_whoever_can_pay_now_gets_the_button_and_no_later() -> None:
    said = _said("zh-CN: approved, paid here, open")
    assert {"help-payment-here-open", "button-pay"} <= said
    assert "help-payment-here" not in said


async def test_whoever_did_not_submit_in_time_reads_no_fee() -> None:
    said = _said("zh-CN: draft, over")
    assert "help-payment-missed" in said
    assert not {"pay-fee", "pay-fee-here"} & said
