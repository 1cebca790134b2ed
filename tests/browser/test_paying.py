"""The fee in the page: an invoice, the sandbox's cashier, the receipt."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Person, Sandbox, Screen, picture, taps

LATER = "+65d"
OUTCOMES = [
    *("正常付款", "银行拒绝", "同一个通知发三次", "通知先扣着", "先付的后通知", "扣两次款"),
    *("通知里的金额少 1 元", "付了，但从不通知"),
]
SETTLED = 30_000
"""Milliseconds for what the scheduler does twice a second, on a busy machine too."""


@pytest.fixture
def sandbox(approved: Sandbox) -> Sandbox:
    """Return a sandbox in which Ling may pay."""
    return approved


def pays(ling: Person) -> None:
    """Press the newest invoice's button, and confirm in the payment sheet until it is gone.

    A sheet that closes takes the focus, and with it what is typed meanwhile.
    """
    ling.messages.get_by_role("button", name="支付").last.click()
    sheet = ling.page.get_by_test_id("payment")
    expect(sheet).to_contain_text("考试费")
    picture(ling, "payment-sheet")
    sheet.get_by_role("button", name="支付").click()
    expect(sheet).to_be_hidden()


def opens_the_cashier(admin: Person, outcome: str) -> None:
    """Choose in the tool panel what becomes of the next payment."""
    panel = admin.page.get_by_test_id("cashier")
    if not panel.is_visible():
        admin.page.get_by_test_id("open-tools").click()
    switch = panel.get_by_role("switch", name=outcome)
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")


@pytest.mark.row("S23", "C8")
def test_the_bank_declines_then_the_fee_is_paid_and_the_receipt_comes(
    screen: Screen, sandbox: Sandbox
) -> None:
    """The candidate reads what is due, pays, and is registered."""
    admin, ling = screen.is_person("admin"), screen.is_person("ling")
    admin.says(f"/clock {LATER}")
    admin.sees("2月5日")
    ling.says("/status")
    taps(ling, "去缴费")
    ling.sees_last("260")
    picture(ling, "fee-due")
    taps(ling, "在 Telegram 里付")
    ling.sees_last("考试费")
    opens_the_cashier(admin, "银行拒绝")
    pays(ling)
    expect(ling.page.get_by_role("dialog").last).to_contain_text("银行没有同意这次付款")
    ling.presses("好")
    expect(ling.page.get_by_role("dialog")).to_have_count(0)  # it takes the focus until it is gone
    ling.says("/status")
    ling.sees_last("请缴费")
    expect(ling.messages).not_to_contain_text("缴费成功")
    opens_the_cashier(admin, "正常付款")
    pays(ling)
    expect(ling.messages).to_contain_text("缴费成功", timeout=SETTLED)
    picture(ling, "receipt")
    ling.says("/status")
    ling.sees_last("报名成功")
    picture(ling, "registered-paid")


@pytest.mark.row("S23", "C8")
def test_a_notice_is_held_back_and_sent_by_the_buttons_of_the_cashier(
    screen: Screen, sandbox: Sandbox
) -> None:
    """Meanwhile the candidate reads that the payment is not confirmed, and not to pay again."""
    admin, ling = screen.is_person("admin"), screen.is_person("ling")
    admin.says(f"/clock {LATER}")
    admin.sees("2月5日")
    opens_the_cashier(admin, "通知先扣着")
    panel = admin.page.get_by_test_id("cashier")
    expect(panel.get_by_role("switch")).to_have_text(OUTCOMES)
    ling.says("/status")
    taps(ling, "去缴费")
    ling.sees_last("260")
    taps(ling, "在 Telegram 里付")
    ling.sees_last("考试费")
    pays(ling)
    ling.says("/status")
    ling.sees_last("已支付，等待确认")
    picture(ling, "payment-unconfirmed")
    panel.get_by_role("button", name="发出扣着的通知").click()
    expect(ling.messages).to_contain_text("缴费成功", timeout=SETTLED)
