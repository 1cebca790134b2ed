"""Details of audit entries in words, in both languages; what nobody knows stays as it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.cli.audit_details import WORDS, words_of
from states.texts import Text
from storage.audit.audit_log import AuditAction, AuditEntry
from tests.bot.people import EXAM, LOCALES, TRANSLATIONS

pytestmark = pytest.mark.row("B13")

ABOUT_DESKS = (
    *(AuditAction.TAKEN_BACK, AuditAction.DECISION_APPLIED, AuditAction.DECISION_VOID),
    *(AuditAction.SECOND_LOOK_ASKED, AuditAction.SECOND_LOOK_DECLINED),
    *(AuditAction.SECOND_LOOK_TAKEN_BACK, AuditAction.SPOT_CHECK_TAKEN),
    *(AuditAction.SPOT_CHECK_ANSWERED, AuditAction.SPOT_CHECK_SETTLED),
    AuditAction.SPOT_CHECK_UNDONE,
)
BETWEEN_STAGES = (
    *(AuditAction.MARKED_PAID, AuditAction.UNMARKED_PAID, AuditAction.REOPENED),
    *(AuditAction.APPROVAL_UNDONE, AuditAction.LATE_CHANGE_OPENED),
    AuditAction.LATE_CHANGE_CLOSED,
)
MONEY = (AuditAction.PAID, AuditAction.MONEY_OWED, AuditAction.MONEY_ACCEPTED)
REFUNDS = (AuditAction.REFUND_ASKED, AuditAction.REFUND_AGREED, AuditAction.REFUNDED)
DETAILS = {
    AuditAction.SUBMITTED: "2",
    AuditAction.WITHDRAWN: "1",
    AuditAction.RECORD_KEPT: "1",
    AuditAction.RECORD_VERIFIED: "1",
    AuditAction.AREA_CHANGED: "qinghai tianjin",
    AuditAction.AREA_RESTORED: "tianjin qinghai",
    AuditAction.PAPER_SAID: "school paper",
    AuditAction.CASE_OPENED: "identity qinghai/xining",
    AuditAction.CASE_SEEN: "duplicate 7",
    AuditAction.CASE_DECIDED: "identity 7 agreed",
    AuditAction.CASE_UNDONE: "identity 7",
    AuditAction.CASE_APPLIED: "identity declined",
    AuditAction.CASE_VOID: "identity 7",
    AuditAction.CASE_CLOSED: "payment",
    AuditAction.CASE_TAKEN: "submitted",
    AuditAction.PHOTO_OPINION: "photo-fine",
    AuditAction.DECIDED: "confirm 2",
    **dict.fromkeys(ABOUT_DESKS, "site-review 2"),
    **dict.fromkeys(BETWEEN_STAGES, "approved registered"),
    **dict.fromkeys(MONEY, "wechat 26000 fee registered"),
    **dict.fromkeys(REFUNDS, "alipay 26000 doubled"),
    AuditAction.ACCOUNT_CLOSED: "draft",
    AuditAction.IDENTITY_CORRECTED: "2",
    AuditAction.NUMBER_RELEASED: "draft",
    AuditAction.LATE_CHANGE_ASKED: "mobile employer specialty",
    AuditAction.LATE_CHANGE_SEEN: "3",
    AuditAction.LATE_CHANGE_DECLINED: "3",
    AuditAction.LATE_CHANGE_ENDED: "dropped",
    AuditAction.EXPIRED: "submitted",
    AuditAction.REINSTATED: "submitted",
    AuditAction.CALLED: "yes",
}


def said(action: AuditAction | str, detail: str, locale: str) -> str:
    """The detail as the terminal shows it."""
    words = words_of(_entry(action, detail), EXAM, locale)
    return words if isinstance(words, str) else TRANSLATIONS.plain(words, locale)


def _entry(action: AuditAction | str, detail: str) -> AuditEntry:
    return AuditEntry(1, datetime(2025, 12, 2, tzinfo=UTC), 2001, action, detail=detail)


@pytest.mark.parametrize("action", WORDS)
def test_no_code_is_left(action: AuditAction) -> None:
    chinese = said(action, DETAILS[action], "zh-CN")
    assert not re.search("[a-z]{3}", chinese.replace("Telegram", "")), chinese
    english = said(action, DETAILS[action], "en")
    assert not re.search("[\u4e00-\u9fff]", english), english
    assert isinstance(words_of(_entry(action, DETAILS[action]), EXAM, "en"), Text)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("action", "detail"),
    [
        (AuditAction.CONSENTED, "2026-11-24"),
        (AuditAction.DECIDED, "crowned x"),
        (AuditAction.PAID, "gold much"),
        (AuditAction.AREA_CHANGED, "atlantis"),
        ("crowned", "confirm"),
    ],
)
def test_what_nobody_knows_stays(action: AuditAction | str, detail: str, locale: str) -> None:
    assert all(code in said(action, detail, locale) for code in detail.split())


def test_nothing_stays_nothing() -> None:
    assert said(AuditAction.SUBMITTED, "", "zh-CN") == ""


def test_a_desk_decision_reads_as_one_says_it() -> None:
    assert said(AuditAction.DECIDED, "confirm 2", "zh-CN") == "确认通过、第 2 次提交"
    assert said(AuditAction.DECIDED, "confirm 2", "en") == "confirmed, submission 2"
