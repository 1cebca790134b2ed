"""Before the deadlines everybody at risk is reminded of their own gap, and told in a broadcast."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox.world.chats import ChatState
from states.broadcasts.ledger import Outcome
from states.records import ApplicationId, OpenCase, PersonId, Stage
from states.staff.cases import CaseKind
from storage.engine import tables
from tests import factories
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person
from tests.e2e.staff import handed_in
from tests.e2e.stories.test_broadcast import writes_to_all_drafts
from tests.e2e.stories.test_reminders import REMINDED, becomes, times

OPENS = EXAM.windows.registration.opens
XINING = {"site": "xining"}
LAST_WORDS = "{姓名}您好：{截止时间}截止，请今天就提交。"


async def is_known(harness: Harness, account: int, stage: Stage, **more: Any) -> None:
    """Somebody has an application at a stage in Xining; ``more`` is about the person."""
    harness.world.chats.keep_state(account, ChatState(started=True))
    person = factories.person(
        id=PersonId(account),
        telegram_id=account,
        number_hash=f"{account:064}",
        consented_at=OPENS,
        **more,
    )
    application = factories.application(
        "qinghai",
        id=ApplicationId(account),
        person_id=person.id,
        answers=factories.answers("qinghai", XINING),
        stage=stage,
        revision=0 if stage is Stage.DRAFT else 1,
        submitted_at=None if stage is Stage.DRAFT else OPENS,
        since=OPENS,
        agreed_at=OPENS,
    )
    await handed_in(harness, person, application)


@pytest.mark.both_databases
@pytest.mark.row("C7", "B2", "B3", "B4", "S13")
async def test_everybody_at_risk_is_reminded_and_told_and_nobody_else_is(
    harness: Harness, ling: Person, chen: Person, admin: Person
) -> None:
    """Ling has a draft, Chen has to come in person, and the clerk's own form waits for review."""
    done, abroad = harness.person("clerk"), harness.person("area")
    await scenes.comes_to_the_photo(ling)
    await harness.settles()
    await harness.stops()
    await is_known(harness, 1002, Stage.SUBMITTED)
    await is_known(harness, 1003, Stage.CONFIRMED)
    await is_known(harness, 1005, Stage.DRAFT, locale="en")
    await harness.starts()

    await becomes(admin, harness, "+12d", "12月14日（周日）")
    await becomes(admin, harness, "+2h", "12月14日（周日）11:")
    mine = await ling.sees(REMINDED, "照片没有确认", "2025年12月15日（周一）23:59 前提交")
    assert "逾期不能报名" in mine.text
    theirs = await chen.sees(REMINDED, "请您本人到西宁考点", "带上：报名表", "12月16日（周二）")
    assert "逾期没有确认，视为自动放弃考试" in theirs.text
    assert "照片没有确认" not in theirs.text
    await abroad.sees(
        "A reminder", "Still missing", "tap “Go on”", "then “Submit”", "15 December 2025"
    )
    assert await times(done, REMINDED) == 0

    await writes_to_all_drafts(admin, LAST_WORDS)
    plan = await admin.sees("再确认发出", "现在符合的有 2 人", "中文：1 人", "English：1 人")
    assert plan.says(("要赶在 2025年12月15日（周一）23:59 以前", "最后一条大约"))
    await admin.presses("✅ 确认，发给他们")
    await ling.sees("刘玲您好：2025年12月15日（周一）23:59截止，请今天就提交。")
    await abroad.sees("请今天就提交")
    await admin.sees("发完了", "共 2 人，已有结果 2 人", "已送达：2 人")
    for one in (chen, done):
        assert await times(one, "请今天就提交") == 0

    await ling.presses("继续报名")
    await ling.sees("请发您的报名照片")
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)
    await becomes(admin, harness, "+1d", "12月15日（周一）11:")
    await ling.sees(REMINDED, "请您本人到西宁考点", "12月16日（周二）")
    assert await times(ling, REMINDED, "照片没有确认") == 1, "what is done is named no more"
    assert await times(done, REMINDED) == 0
    await writes_to_all_drafts(admin, "最后一天了。")
    await admin.sees("再确认发出", "现在符合的有 1 人")
    async with opened(harness.settings.database) as db, db.read() as connection:
        ledger = tables.broadcast_recipients.c
        rows = (await connection.execute(select(ledger.person_id, ledger.outcome))).all()
    assert [row.outcome for row in rows] == [Outcome.SENT] * 2, "one row and one outcome each"


@pytest.mark.row("B2", "B27")
async def test_whose_number_is_being_verified_is_reminded_to_bring_the_document(
    harness: Harness, ling: Person, chen: Person, admin: Person
) -> None:
    """Chen cannot register before the site has seen the document; in Chinese, then in English."""
    await harness.stops()
    mark = OpenCase(CaseKind.NUMBER_TAKEN, "qinghai", "xining", OPENS)
    for account, locale in ((1001, "zh-CN"), (1002, "en")):
        known = factories.person(
            locale, id=PersonId(account), telegram_id=account, number_hash=None, open_case=mark
        )
        harness.world.chats.keep_state(account, ChatState(started=True))
        await handed_in(harness, replace(known, consented_at=OPENS))
    await harness.starts()
    await becomes(admin, harness, "+12d", "12月14日（周日）")
    await becomes(admin, harness, "+2h", "12月14日（周日）11:")
    told = await ling.sees(REMINDED, "证件号码还没有核实", "12月15日（周一）23:59 前办好")
    assert "请带上身份证件去" in told.text
    assert "您打算什么时候办" in told.text
    await ling.taps(told, "还要办什么")
    await ling.sees("正在核实您的证件号码", "您打算什么时候办")
    await chen.sees("A reminder", "Your ID number is not verified yet", "15 December 2025")


@pytest.mark.row("B2")
async def test_three_deadlines_that_pass_at_once_bring_no_salvo(
    harness: Harness, ling: Person, chen: Person, admin: Person
) -> None:
    """The clock jumps over registration, confirmation and payment, to three in the morning."""
    site = harness.person("site")
    await scenes.comes_to_the_photo(ling)
    await harness.settles()
    await harness.stops()
    await is_known(harness, 1002, Stage.SUBMITTED)
    await is_known(harness, 1004, Stage.APPROVED)
    await harness.starts()
    before = {one.slug: len(await one.from_bot()) for one in (ling, chen, site)}
    at_three = EXAM.windows.payment.closes + timedelta(hours=3)
    hours = -(-(at_three - harness.bot.clocks.wall.now()) // timedelta(hours=1))
    await becomes(admin, harness, f"+{hours}h", "2026年2月14日（周六）03:")
    for _ in range(3):
        await harness.bot.scheduler.tick()
    await harness.settles()
    for one in (ling, chen, site):
        new = (await one.from_bot())[before[one.slug] :]
        assert not [message for message in new if message.says((REMINDED,))]
        assert len(new) <= 1, "at most the news that it is over"


@pytest.mark.row("B2")
async def test_on_the_eve_of_the_exam_the_ticket_is_looked_at_once_more(
    harness: Harness, chen: Person, admin: Person
) -> None:
    await harness.stops()
    await is_known(harness, 1002, Stage.REGISTERED)
    await harness.starts()
    await becomes(admin, harness, "+129d", "2026年4月10日")
    await becomes(admin, harness, "+2h", "2026年4月10日（周五）11:")
    await chen.sees(REMINDED, "明天开始考试", "没有准考证，不能进考场")
    await becomes(admin, harness, "+1d", "2026年4月11日")
    assert await times(chen, REMINDED) == 1
