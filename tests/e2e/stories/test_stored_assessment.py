"""The rules change after a submission: the card has what they said then, and what they say now."""

from __future__ import annotations

import pytest

from states.exam import Exam
from states.staff_roles import Role, Scope
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person
from tests.e2e.staff import SITE, grant_role

pytestmark = pytest.mark.row("B1")


def stricter() -> Exam:
    """The exam with conditions of a later version, which ask for another degree everywhere."""
    assert EXAM.eligibility is not None
    clauses = [one.model_dump(by_alias=True) for one in EXAM.eligibility.clauses]
    for one in clauses:
        one["rule"] = {"all": [one["rule"], {"fact": "degree", "among": ["doctor"]}]}
    rules = EXAM.eligibility.model_validate(
        {**EXAM.eligibility.model_dump(by_alias=True), "version": "2026-2", "clauses": clauses}
    )
    return EXAM.model_copy(update={"eligibility": rules})


async def submits(ling: Person) -> None:
    """Ling hands in for Xining."""
    await scenes.registers(ling)


async def the_rules_change(harness: Harness) -> None:
    """The operator puts other conditions into the exam's folder, and starts the bot again."""
    await harness.settles()
    await harness.stops()
    await harness.starts(stricter())


async def site_meets_the_bot(harness: Harness) -> Person:
    """Who confirms in Xining."""
    site = harness.person("site")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"), "赵磊")
    await site.says("/staff")
    await site.sees("您的工作角色")
    return site


async def test_the_card_has_the_verdict_of_that_day_and_says_that_today_differs(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await submits(ling)
    site = await site_meets_the_bot(harness)
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await the_rules_change(harness)
    await site.says("/queue")
    await site.sees_now("1 份待办")
    await site.presses("领取下一份")
    await site.sees_now(
        "提交时的判断（按 2026-1 版条件）",
        "看来可以报",
        "依据的填写内容：",
        "条件后来改过，按现在的 2026-2 版",
        "看来还不能报",
        "只按填写的内容推算",
    )
    await site.presses("✅ 通过")
    await site.sees_now("60 秒内可以撤销")
    await site.says(scenes.NAME)
    found = await site.sees("找到的报名")
    (history,) = [one for one in found.labels if "办理记录" in one]
    await site.presses(history)
    await site.sees("提交时的判断（按 2026-1 版条件）", "按现在的 2026-2 版")


async def test_in_english_without_a_change_nothing_of_today_is_said(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await submits(ling)
    site = await site_meets_the_bot(harness)
    await scenes.speaks_english(site)
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await site.says("/queue")
    await site.sees_now("1 waiting")
    await site.presses("Take the next one")
    card = await site.sees_now("Assessment at the submission (conditions of version 2026-1)")
    assert "From the answers: " in card.text
    assert "have changed since" not in card.text
