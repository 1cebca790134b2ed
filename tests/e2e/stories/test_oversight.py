"""Before somebody gives up by silence: who has not seen it, a sheet to call them, the numbers."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from states.staff_roles import Role, Scope
from storage.audit.audit_log import AuditAction
from storage.engine import tables
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.messages import Message
from tests.e2e.person import Person
from tests.e2e.staff import AREA, SITE, grant_role

pytestmark = pytest.mark.row("B11")

XINING = Scope("qinghai", "xining")


async def content_of(harness: Harness, message: Message) -> bytes:
    """The bytes of the file that a message carries."""
    content = harness.world.files.content(file_id=message.document)
    assert content is not None
    return content


async def audited(harness: Harness) -> list[str]:
    """The audited actions, oldest first."""
    async with opened(harness.settings.database) as db, db.read() as connection:
        query = select(tables.audit.c.action).order_by(tables.audit.c.id)
        return list(await connection.scalars(query))


async def submits_and_waits(harness: Harness, ling: Person, admin: Person) -> None:
    """Ling has submitted on site, and three days are left to confirm."""
    await scenes.registers(ling)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING)
    await admin.says("/clock +13d")
    await admin.sees("12月15日")
    await harness.bot.scheduler.tick()


@pytest.mark.both_databases
async def test_who_has_not_seen_the_last_notice_is_called(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = harness.person("site")
    await submits_and_waits(harness, ling, admin)
    await ling.sees("这件事还等着您办", "报名确认")
    await site.says("/reach")
    listed = await site.sees("还没有看过通知", scenes.NAME, "138", "到期")
    assert "还要联系：1 人" in listed.text
    await site.presses(next(label for label in listed.labels if "没打通" in label))
    await site.sees_now("没打通，还在名单里", "打过，没打通")
    await site.presses("电话名单（表格）")
    sheet = await site.sees("电话名单（")
    with ZipFile(BytesIO(await content_of(harness, sheet))) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert scenes.NAME in text
    assert "138 0013 8000" in text
    await site.presses("电话名单（PDF）")
    printed = await site.sees("电话名单（")
    assert (await content_of(harness, printed)).startswith(b"%PDF")
    await admin.says("/reach")
    masked = await admin.sees("还没有看过通知", "刘*")
    assert "138" not in masked.text
    shown = await site.reads("还没有看过通知")
    await site.taps(shown, next(one for one in shown.labels if one.endswith(" 打通了")))
    await site.sees_now("电话已打通：1 人", "还要联系：0 人")
    actions = await audited(harness)
    assert actions.count(AuditAction.CALLED) == 2
    assert actions.count(AuditAction.LIST_TAKEN) == 2


async def test_one_tap_says_i_have_seen_it_and_who_returns_can_be_reached(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = harness.person("site")
    await submits_and_waits(harness, ling, admin)
    await ling.sees("这件事还等着您办", "报名确认")
    await ling.blocks_the_bot()
    await harness.settles()
    await site.says("/reach")
    await site.sees("还没有看过通知", "其中停用了机器人：1 人")
    await ling.blocks_the_bot(blocked=False)
    await ling.presses("我看到了")
    await ling.sees_toast("知道您看到了")
    await site.says("/reach")
    await site.sees("点过“👀 我看到了”：1 人", "还要联系：0 人")


async def test_the_numbers_and_the_list_of_a_scope(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = harness.person("site")
    await scenes.registers(ling)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING)
    await site.says("/stats")
    assert (await site.sees("报名统计")).has_picture
    await site.sees("您负责的范围内共 1 份", "已提交：1", "最近 7 天提交")
    await site.presses("名单")
    await site.sees("名单：要哪些人", "现在符合的有 1 人")
    await site.presses("下载名单（CSV）")
    sheet = await site.sees("考生名单")
    table = (await content_of(harness, sheet)).decode("utf-8-sig")
    (head, row) = csv.reader(StringIO(table))
    assert dict(zip(head, row, strict=True)) | {"编号": "", "提交时间": ""} == {
        "编号": "",
        "姓名": scenes.NAME,
        "手机": "138 0013 8000",
        "进度": "已提交",
        "考区": "青海考区",
        "考点": "西宁考点",
        "报名点": "",
        "专业": row[7],
        "提交时间": "",
        "提交次数": "1",
        "联系不上的原因": "",
    }
    await admin.says("/list")
    await admin.sees("名单：要哪些人")
    await admin.presses("下载名单（XLSX）")
    sheet = await admin.sees("考生名单")
    with ZipFile(BytesIO(await content_of(harness, sheet))) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert "刘*" in text
    assert "138 0013" not in text
    assert (await audited(harness)).count(AuditAction.LIST_TAKEN) == 2


@pytest.mark.both_databases
async def test_export_is_the_filtered_list_of_the_scope_as_a_file(
    harness: Harness, ling: Person, admin: Person
) -> None:
    """By itself it asks for conditions; with a format it sends the whole scope; each is audited."""
    site, far = harness.person("site"), harness.person("area")
    await scenes.registers(ling)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING)
    await site.says("/export")
    await site.sees("名单：要哪些人", "现在符合的有 1 人")
    await site.presses("进度…")
    await site.sees_now("哪种进度的人")
    await site.presses("未提交")
    await site.sees_now("现在没有人符合")
    await site.says("/export csv")
    empty = await site.sees("考生名单")
    (head,) = csv.reader(StringIO((await content_of(harness, empty)).decode("utf-8-sig")))
    assert head[:3] == ["编号", "姓名", "手机"], "nobody meets the conditions that are open"
    await site.says("/cancel")
    await site.says("/export xlsx")
    sheet = await site.sees("考生名单")
    with ZipFile(BytesIO(await content_of(harness, sheet))) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert scenes.NAME in text
    assert "138 0013 8000" in text
    assert (await audited(harness)).count(AuditAction.LIST_TAKEN) == 2
    await grant_role(harness, AREA, Role.AREA_REVIEWER, Scope("shanxi"))
    await far.says("/export csv")
    other = await far.sees("考生名单")
    assert scenes.NAME not in (await content_of(harness, other)).decode("utf-8-sig")
    await ling.says("/export")
    await ling.sees("这是我们保存的您的全部信息")


async def test_in_english(harness: Harness, ling: Person, admin: Person) -> None:
    await submits_and_waits(harness, ling, admin)
    await admin.says("/language")
    await admin.presses_when("English")
    await admin.says("/stats")
    await admin.sees("Registrations")
    await admin.sees("in your scope", "Nobody has submitted in the last 7 days")
    await admin.says("/reach")
    await admin.sees("A deadline is near", "still to be reached: 1")
