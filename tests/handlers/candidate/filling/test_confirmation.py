"""When, where, and what to bring: each part of the question has its answer, at every moment."""

from __future__ import annotations

import re

import pytest

from handlers import place_lines
from states.progress.outlook import Matter, outlook
from states.texts import Text
from tests.fakes.router import TRANSLATIONS, OfflineRouter, says
from tests.handlers.people import EXAM, LOCALES
from tests.handlers.possible_updates import STANDINGS
from tests.handlers.status_page import BY_LOCALE, words

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B25")]

PARTS = {
    "zh-CN": ("什么时候：", "在哪里：", "带什么："),
    "en": ("When: ", "Where: ", "What to bring: "),
}
ASKED = (
    *("什么时候在哪里确认，要带什么", "现场确认几号去哪里，带什么材料？", "时间地点还有要带的东西"),
    *("请问哪天去哪儿办，要准备什么证件", "在哪里确认要带些什么东西", "什么时候去，要带哪些材料"),
    *("When, where and what do I bring?", "when do i go, where, and which papers do i bring"),
    *("Where do I go and what should I bring", "what day is it and what do I need to bring"),
)
AHEAD = [
    case
    for case, one in BY_LOCALE["zh-CN"].items()
    if (seen := outlook(one.records, EXAM, one.now)).is_draft
    or seen.matter in (Matter.VISIT, Matter.ONLINE, Matter.AGAIN, Matter.BEGIN)
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("case", AHEAD)
async def test_each_part_is_answered_once(case: str, locale: str) -> None:
    said = words(BY_LOCALE[locale][case], "visit", locale)
    assert [said.count(part) for part in PARTS[locale]] == [1, 1, 1]


@pytest.mark.parametrize(
    ("case", "locale", "said"),
    [
        ("submitted, on site, early", "zh-CN", "报名确认从 2025年12月3日（周三）起"),
        ("submitted, on site, open", "zh-CN", "报名确认正在办理"),
        ("submitted, on site, over", "zh-CN", "报名确认已于 2025年12月16日（周二）截止"),
        ("submitted, on site, open", "zh-CN", "西宁考点"),
        ("submitted, on site, open", "zh-CN", "毕业证书、学位证书"),
        ("submitted, online, early", "zh-CN", "线上确认从"),
        ("submitted, online, open", "zh-CN", "不用去"),
        ("submitted, online, open", "zh-CN", "不用带东西"),
        ("submitted, online, over", "zh-CN", "线上确认已于"),
        ("submitted, on site, open", "en", "confirmation is under way"),
        ("submitted, on site, open", "en", "diploma and degree certificates"),
        ("submitted, online, open", "en", "you need not go anywhere"),
        ("confirmed, open", "zh-CN", "报名确认已经办好了"),
        ("confirmed, open", "en", "Your registration is confirmed"),
        ("refused at submitted, open", "zh-CN", "现在不用去现场"),
    ],
)
async def test_on_site_and_online_before_within_and_after(
    case: str, locale: str, said: str
) -> None:
    assert said in words(BY_LOCALE[locale][case], "visit", locale)


async def test_an_english_reader_sees_where_a_place_is_known_in_chinese_only() -> None:
    """Names have an English form; an address without one is shown once, and marked."""
    said = words(BY_LOCALE["en"]["submitted, on site, open"], "visit", "en")
    line = next(one for one in said.splitlines() if one.startswith("Where"))
    assert line.startswith("Where: Xining, ")
    assert bool(re.search("[\u4e00-\u9fff]", line)) is ("(in Chinese)" in line)


async def test_an_address_without_an_english_form_is_marked_in_english_only() -> None:
    site = EXAM.areas[0].sites[0]
    unknown = site.model_copy(update={"address_en": "", "hours": "工作日 9:00–17:00"})
    assert place_lines.address(site, "en") == site.address_en
    assert place_lines.address(site, "zh-CN") == site.address
    for told, chinese in (
        (place_lines.address(unknown, "en"), site.address),
        (place_lines.hours(unknown, "en"), unknown.hours),
    ):
        assert isinstance(told, Text)
        assert TRANSLATIONS.html(told, "en") == f"{chinese} (in Chinese)"
    assert place_lines.hours(site, "en") == Text("hours-unknown")


@pytest.mark.parametrize("text", ASKED)
@pytest.mark.parametrize("name", ["menu, submitted on site", "mobile"])
async def test_what_is_asked_in_several_parts_leads_there(
    router: OfflineRouter, text: str, name: str
) -> None:
    standing = STANDINGS[f"zh-CN: {name}"]
    after = await router.sends(standing, says(standing.now, text))
    assert [one.screen for one in after.said] == ["visit"]
    assert after.standing.records == standing.records
