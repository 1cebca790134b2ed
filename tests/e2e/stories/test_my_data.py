"""Everybody can see what is kept about them, take it along, and have it removed."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.engine import jobs
from storage.engine.jobs import JobKind
from tests.databases import lying
from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.messages import Message
from tests.e2e.person import Person

pytestmark = pytest.mark.row("B21")

YES = "是，删除我的全部信息"
LING = 1001


def exported(harness: Harness, message: Message) -> dict[str, Any]:
    """The file of a message."""
    content = harness.world.files.content(file_id=message.document)
    assert content is not None, message.shown()
    whole: dict[str, Any] = json.loads(content)
    return whole


def values(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Values by the labels that people read."""
    return {item["label"]: item["value"] for item in items}


def blobs_of(harness: Harness) -> list[Path]:
    """The files that lie in the store."""
    folder = harness.settings.folder / "blobs"
    return [path for path in folder.rglob("*") if path.is_file()]


async def erases(person: Person) -> None:
    """Asks for it, and says yes."""
    await person.says("/erase")
    await person.sees("要删除您的全部信息吗", "不能恢复")
    await person.presses(YES)
    await person.sees("已经删除", "/start")


# --- seeing --------------------------------------------------------------------------------------


@pytest.mark.row("S16")
async def test_the_profile_shows_what_is_locked_with_the_number_masked(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await ling.says("/profile")
    profile = await ling.sees("姓名：刘玲", "身份信息已锁定", "更正姓名或证件号码", "知情同意")
    assert profile.has_picture
    assert "**************104X" in profile.text
    assert scenes.NUMBER not in profile.text
    assert "语言：中文" in profile.text
    await ling.presses("提交报名信息")
    await ling.sees("报名信息已提交")


async def test_before_the_account_is_locked_the_profile_says_so(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.says("我的信息")
    profile = await ling.sees("姓名：刘玲", "还没有锁定")
    assert "号码" not in profile.text.split("还没有锁定")[0]
    await ling.says("居民身份证")
    await ling.sees("证件号码是多少")


async def test_to_a_stranger_it_is_said_that_nothing_is_kept_and_nothing_is(
    ling: Person, harness: Harness
) -> None:
    for command in ("/profile", "/export", "/erase"):
        await ling.says(command)
        await ling.sees("这里没有您的账户")
    await harness.settles()
    assert (await db_asserts.database_summary(harness.settings)).people == 0
    await ling.presses("中文")
    await ling.sees("同意我们这样使用您的信息吗")


# --- taking along --------------------------------------------------------------------------------


async def test_the_export_holds_everything_and_the_portrait_follows(
    ling: Person, harness: Harness
) -> None:
    await scenes.registers(ling)
    await ling.says("/export")
    document = await ling.sees("您的全部信息", "完整的证件号码")
    portrait = await ling.sees("您的报名照片")
    whole = exported(harness, document)
    person = values(whole["person"])
    assert person["姓名"] == scenes.NAME
    assert person["证件号码"] == scenes.NUMBER
    assert portrait.has_picture
    assert person["报名照片"] in portrait.text
    (application,) = whole["applications"]
    items = {item["key"]: item for item in application["items"]}
    assert (items["stage"]["value"], items["stage"]["means"]) == ("submitted", "已提交")
    answers = {item["key"]: item for item in application["answers"]}
    assert (answers["site"]["value"], answers["site"]["means"]) == ("xining", "西宁考点")
    assert answers["mobile"]["value"] == f"+86{scenes.PHONE}"
    assert (answers["employer"]["value"], answers["employer"]["means"]) == (
        "qh-first",
        scenes.EMPLOYER,
    )
    (record,) = whole["education"]
    assert values(record)["学校"] == scenes.SCHOOL
    assert values(record)["证书编号"] == scenes.CERTIFICATE
    assert {file["kind"] for file in whole["files"]} == {"original", "portrait"}
    audit_entries = [action["deed"] for action in whole["deeds"]]
    assert audit_entries[0] == "consented"
    assert audit_entries[-2:] == ["submitted", "exported"]


async def test_the_export_is_labelled_in_the_language_of_its_reader(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.says("English")
    await ling.sees("English from now on")
    await ling.says("/export")
    whole = exported(harness, await ling.sees("everything that we keep"))
    assert values(whole["person"])["Name"] == scenes.NAME
    await ling.says("/start")
    await ling.sees("Welcome back")


async def test_nothing_of_an_export_stays_in_the_database(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.says("/export")
    await ling.sees("您的全部信息")
    await harness.settles()
    found = await lying(harness.settings.database)
    assert scenes.NUMBER.encode() not in found
    assert scenes.NAME.encode() not in found


# --- being forgotten -----------------------------------------------------------------------------


@pytest.mark.both_databases
async def test_after_erasing_a_draft_nothing_is_left_but_the_log(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await erases(ling)
    await harness.settles()
    left = await db_asserts.database_summary(harness.settings)
    assert (left.people, left.applications, left.files, left.states) == (0, 0, 0, 0)
    assert left.audit_entries[LING]["erased"] == 1
    known = await db_asserts.records(harness.settings, EXAM.key, LING)
    assert known.person is None


async def test_the_files_go_with_the_next_sweep_and_not_before_the_rows(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    bot, now = harness.bot, harness.bot.clocks.wall.now() - harness.bot.clocks.wall.offset
    for path in blobs_of(harness):
        os.utime(path, ((now - timedelta(days=1)).timestamp(),) * 2)

    async def an_hour_passes() -> None:
        async with bot.storage.db.write() as connection:
            await jobs.advance(connection, JobKind.BLOB_SWEEP, bot.clocks.wall.now())
        await bot.scheduler.tick()

    await an_hour_passes()
    assert len(blobs_of(harness)) == 2
    await erases(ling)
    await harness.settles()
    assert len(blobs_of(harness)) == 2
    await an_hour_passes()
    assert blobs_of(harness) == []


async def test_what_was_handed_in_is_not_erased_and_the_site_is_named(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await ling.says("/erase")
    asked = await ling.sees("要删除您的全部信息吗")
    await scenes.submits(ling)
    await ling.taps(asked, YES)
    await ling.sees("已经提交", "不能在这里删除", "西宁考点")
    await ling.says("/erase")
    await ling.sees("已经提交", "不能在这里删除", "西宁考点")
    known = await db_asserts.records(harness.settings, EXAM.key, LING)
    assert known.application is not None
    assert known.application.revision == 1
    assert (await db_asserts.database_summary(harness.settings)).audit_entries[LING]["erased"] == 0


async def test_who_was_erased_begins_anew(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await erases(ling)
    await scenes.comes_to_the_form(ling)


async def test_a_second_tap_on_yes_makes_nobody_known_again(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.says("/erase")
    asked = await ling.sees("要删除您的全部信息吗")
    await ling.taps(asked, YES)
    await ling.taps(asked, YES)
    await ling.sees("已经删除")
    await ling.sees("这里没有您的账户")
    await harness.settles()
    assert (await db_asserts.database_summary(harness.settings)).people == 0


@pytest.mark.both_databases
async def test_the_number_of_somebody_erased_can_be_claimed_again(
    ling: Person, chen: Person
) -> None:
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await erases(ling)
    await scenes.meets_the_bot(chen)
    await scenes.gives_the_account(chen, name="陈航")
    await scenes.locks_the_account(chen)


async def test_the_farewell_is_in_the_language_of_who_leaves(
    ling: Person, harness: Harness
) -> None:
    await ling.says("/start")
    await ling.sees("请选择语言")
    await ling.presses("English")
    await ling.sees("Do you agree")
    await ling.says("Erase my data")
    await ling.sees("This cannot be undone")
    await ling.says("Yes, erase all my data")
    await ling.sees("Erased", "/start")
    await harness.settles()
    assert (await db_asserts.database_summary(harness.settings)).people == 0
    await ling.says("/start")
    await ling.sees("请选择语言")


async def test_whoever_thinks_better_of_it_keeps_everything(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.says("/erase")
    await ling.sees("要删除您的全部信息吗")
    await ling.presses("菜单")
    await ling.sees("正在填写报名信息")
    await ling.presses("继续报名")
    await ling.sees("您的民族")
