"""Certificates: doubtful ones are told, one that differs from the form is asked about."""

from __future__ import annotations

import pytest

from bot.media.media_worker import MediaWorker
from states.records import MaterialFile
from states.staff_roles import Role, Scope
from storage.candidates import papers as stored_papers
from storage.candidates.papers import PaperJudgement
from tests import papers
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.db_asserts import records
from tests.e2e.person import Person
from tests.e2e.staff import CLERK, grant_role

pytestmark = pytest.mark.row("B7")

HEPING = Scope("tianjin", "heping")
JUNE = {"graduated": "2012-06-20"}


async def comes_to_the_degree(ling: Person) -> None:
    await scenes.comes_to_the_papers(ling)
    await ling.presses("学历学位证书")
    await ling.sees("请发：学历学位证书")


async def sends(ling: Person, content: bytes) -> str:
    await ling.sends_file(content, "degree.jpg")
    return (await ling.sees("收到，已保存", "请发：学历学位证书")).text


async def is_read(harness: Harness) -> None:
    """What was uploaded has been read."""
    await harness.settles()
    await harness.bot.scheduler.tick()
    await harness.settles()


async def stored(harness: Harness) -> tuple[MaterialFile, ...]:
    """Her files of the degree."""
    known = await records(harness.settings, EXAM.key, 1001)
    assert known.application is not None
    return known.application.materials["degree"]


async def hands_in(ling: Person) -> None:
    """She uploads the rest, and hands in."""
    await ling.says("/start")
    await ling.sees("请发：学历学位证书")
    await ling.presses("上一步")
    await ling.sees("请上传证明材料")
    await scenes.uploads(ling, "身份证件")
    await scenes.uploads(ling, "单位工作年限证明")
    await ling.presses("证明材料上传完成")
    await ling.sees("请核对全部信息")
    await ling.presses("提交报名信息")
    await ling.sees("等待线上确认")


async def takes(harness: Harness, admin: Person) -> Person:
    """The clerk of the point takes her case."""
    clerk = harness.person("clerk")
    await grant_role(harness, CLERK, Role.POINT_CLERK, HEPING)
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await clerk.says("/queue")
    await clerk.sees_now("1 份待办")
    await clerk.presses("领取下一份")
    return clerk


async def judgements(harness: Harness) -> list[PaperJudgement]:
    """All judgements of her papers."""
    known = await records(harness.settings, EXAM.key, 1001)
    assert known.person is not None
    storage = harness.bot.storage
    async with storage.db.read() as connection:
        found = await stored_papers.of_person(connection, storage.keyring, known.person.id)
    return list(found.values())


async def test_a_certificate_that_agrees_is_read_and_says_nothing(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    assert "⚠" not in await sends(ling, papers.paper())
    await is_read(harness)
    (judged,) = await judgements(harness)
    assert judged.is_read
    assert len(judged.reading.values) >= 8
    assert not [one for one in await ling.from_bot() if "哪个对" in one.text]


async def test_the_certificate_is_right_and_a_new_record_corrects_the_form(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    await sends(ling, papers.paper(**JUNE))
    asked = await ling.sees("毕业年月", "证书上是 2012-06", "报名表上是 2012-07", "哪个对")
    assert asked.has_picture
    await ling.presses("证书上的对")
    await ling.sees("按证书新建一条", "核验状态")
    await ling.presses("核验通过")
    await ling.sees("保存后不能修改", "2012-06")
    await ling.presses("没有错，保存")
    await ling.sees("学历学位已保存")
    known = await records(harness.settings, EXAM.key, 1001)
    assert known.person is not None
    assert [one["graduated"] for one in known.person.education] == ["2012-07", "2012-06"]


async def test_the_form_is_right_and_the_staff_see_both_beside_each_other(
    ling: Person, harness: Harness, admin: Person
) -> None:
    await comes_to_the_degree(ling)
    await sends(ling, papers.paper(**JUNE))
    await ling.sees("哪个对")
    await ling.presses("报名表上的对")
    await ling.sees("报名表不变", "工作人员会同时看到")
    await hands_in(ling)
    clerk = await takes(harness, admin)
    await clerk.sees_now("不同 1 项", "证书 2012-06 ≠ 报名表 2012-07", "考生说报名表上的对")
    await clerk.presses("材料和报名表对照")
    shown = await clerk.sees_now("学历学位证书，第 1 个文件", "请以原件为准")
    assert shown.has_picture


async def test_a_blurred_paper_is_told_and_taken_and_never_called_different(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    told = await sends(ling, papers.blurred())
    assert "看起来模糊" in told
    await is_read(harness)
    assert not [one for one in await ling.from_bot() if "哪个对" in one.text]


async def test_a_page_that_lies_is_offered_both_ways_round(ling: Person, harness: Harness) -> None:
    await comes_to_the_degree(ling)
    await ling.sends_file(papers.lying(), "degree.jpg")
    shown = await ling.sees("这一页像是横着的")
    assert shown.has_picture
    await ling.sees("收到，已保存", "像是横着的")
    before = await records(harness.settings, EXAM.key, 1001)
    await ling.taps(shown, "用右边的")
    await ling.sees("已换成转正的")
    after = await records(harness.settings, EXAM.key, 1001)
    assert before.application is not None
    assert after.application is not None
    (old,), (new,) = before.application.materials["degree"], after.application.materials["degree"]
    assert old.blob != new.blob
    await is_read(harness)
    judged = {one.blob: one for one in await judgements(harness)}
    assert old.blob not in judged
    assert judged[new.blob].is_read


async def test_a_record_is_filled_in_from_a_certificate_value_by_value(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_degree(ling)
    await sends(ling, papers.paper("degree", certificate="100001201205000099"))
    await is_read(harness)
    await ling.says("/profile")
    await ling.sees("这里保存着您的这些信息")
    await ling.presses("我的学历学位")
    await ling.sees(scenes.SCHOOL)
    await ling.presses("用证书填一条学历")
    await ling.sees("第 1 项，共 5 项", "毕业学校：示例医科大学", "读得对吗")
    await ling.presses("对，填进去")
    await ling.sees("第 2 项", "专业：临床医学")
    await ling.presses("对，填进去")
    await ling.sees("第 3 项", "学历学位：学士学位")
    await ling.presses("对，填进去")
    await ling.sees("第 4 项", "毕业年月：2012-07")
    await ling.presses("不对，这一项我自己填")
    await ling.sees("第 5 项", "100001201205000099")
    await ling.presses("对，填进去")
    await ling.sees("下面是还缺的", "学习形式")
    known = await records(harness.settings, EXAM.key, 1001)
    assert known.person is not None
    assert known.person.record == {
        "school": scenes.SCHOOL,
        "major": "临床医学",
        "degree": "bachelor-degree",
        "certificate": "100001201205000099",
    }


async def test_without_the_reader_papers_are_judged_and_nothing_is_read(
    ling: Person, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.stops()
    monkeypatch.setattr(MediaWorker, "reads", False)
    await harness.starts()
    await comes_to_the_degree(ling)
    assert "看起来模糊" in await sends(ling, papers.blurred())
    await sends(ling, papers.paper(**JUNE))
    await is_read(harness)
    assert not any(one.is_read for one in await judgements(harness))
