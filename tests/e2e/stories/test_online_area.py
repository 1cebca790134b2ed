"""An area that confirms online: a point, papers with all that can go wrong, and the to-do."""

from __future__ import annotations

import pytest
from PIL import Image

from states.form.fields import AnswerContext
from states.submissions.content import SubmittedContent
from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person
from tests.photos import jpeg
from tests.scans import heic, locked_pdf, pdf

PAGE = jpeg(1200, 1600)
OTHER_PAGE = jpeg(1210, 1600)


async def comes_to_the_materials(person: Person) -> None:
    """From a stranger to the list of papers."""
    await scenes.meets_the_bot(person)
    await scenes.gives_the_account(person)
    await scenes.locks_the_account(person)
    await scenes.chooses(person, "天津考区", "和平考点")
    await person.sees("第 1 页，共 6 页 · 选择考点", "哪个报名点")
    await person.presses("和平第一报名点")
    await scenes.fills_the_form(person, employer="天津示例第一人民医院")
    await person.sends_file(scenes.PHOTO)
    await person.sees("报名表上将使用这张照片")
    await person.presses("就用这张")


async def sends_one(person: Person, kind: str, content: bytes, name: str = "page.jpg") -> None:
    """One file of a kind that is tapped in the list."""
    await person.presses(kind)
    await person.sees(f"请发：{kind}")
    await person.sends_file(content, name)
    await person.sees("收到，已保存")
    await person.presses("这一种传好了")


@pytest.mark.row("S4", "S11")
async def test_ling_uploads_her_papers_and_hands_in(ling: Person, harness: Harness) -> None:
    await comes_to_the_materials(ling)
    listing = await ling.sees(
        "请上传证明材料", "身份证件", "必交，还没有", "JPG/PNG/PDF/HEIC", "5 MB"
    )
    assert "不用上传" not in listing.text
    await ling.presses("证明材料上传完成")
    await ling.sees("还缺“身份证件”")
    await sends_one(ling, "身份证件", PAGE)
    await ling.sees("请发：学历学位证书")  # the next that is required and missing
    await ling.sends_file(heic(Image.new("RGB", (1200, 1600), "white")), "IMG_0001.HEIC")
    await ling.sees("收到，已保存", "已有 1 个")
    await ling.sends_file(pdf(2), "证书.pdf")
    await ling.sees("收到，已保存", "已有 2 个")
    await ling.presses("这一种传好了")
    await ling.sees("请发：单位工作年限证明")
    await ling.sends_picture(PAGE)
    await ling.sees("收到，已保存")
    await ling.presses("这一种传好了")
    complete = await ling.sees("请上传证明材料", "必交的都有了")
    assert "证明材料上传完成" in complete.labels[0], "what comes next stands first"
    await ling.presses("证明材料上传完成")
    summary = await ling.sees("请核对全部信息", "证明材料：4 个文件")
    assert "和平第一报名点" in summary.text
    await ling.presses("提交报名信息")
    todo = await ling.sees("等待线上确认", "和平第一报名点", "视为自动放弃考试")
    assert todo.has_picture
    known = await db_asserts.records(harness.settings, EXAM.key, 1001)
    assert known.application is not None
    assert {code: len(files) for code, files in known.application.materials.items()} == {
        "identity": 1,
        "degree": 2,
        "employer-letter": 1,
    }


@pytest.mark.row("S11")
async def test_papers_are_looked_at_replaced_and_removed(ling: Person, harness: Harness) -> None:
    await comes_to_the_materials(ling)
    await ling.sees("请上传证明材料")
    await ling.presses("学历学位证书")
    await ling.sees("请发：学历学位证书", "已有 0 个")
    await ling.sends_file(PAGE)
    await ling.sees("已有 1 个")
    await ling.sends_file(PAGE)
    await ling.sees("这个文件已经传过了", "已有 1 个")
    await ling.sends_file(pdf(1), "b.pdf")
    await ling.sees("已有 2 个")
    await ling.presses("看第 1 个")
    assert (await ling.sees("第 1 个文件")).has_picture
    await ling.presses("看第 2 个")
    assert (await ling.sees("第 2 个文件")).document
    await ling.presses("换第 1 个")
    await ling.sees("请发新的文件，它会换掉第 1 个")
    await ling.sends_file(OTHER_PAGE)
    await ling.sees("已换成新的", "已有 2 个")
    await ling.presses("删第 2 个")
    await ling.sees("已删除", "已有 1 个")
    await harness.settles()
    known = await db_asserts.records(harness.settings, EXAM.key, 1001)
    assert known.application is not None
    (left,) = known.application.materials["degree"]
    assert left.kind == "scan-image"


@pytest.mark.row("S11")
async def test_a_bad_file_says_why_and_loses_nothing(ling: Person) -> None:
    await comes_to_the_materials(ling)
    await ling.sees("请上传证明材料")
    await ling.sends_file(PAGE)
    await ling.sees("收到 1 个文件。是哪一种材料")
    await ling.presses("身份证件")
    await ling.sees("收到，已保存", "请发：身份证件", "已有 1 个")
    await ling.presses("这一种传好了")
    await ling.sees("请发：学历学位证书")
    answers = []
    for content, why in (
        (b"", "这个文件是空的"),
        (b"just words", "打不开"),
        (PAGE[: len(PAGE) // 2], "不完整"),
        (locked_pdf(), "有密码"),
        (jpeg(200, 300), "至少要 400"),
        (jpeg(1200, 1600) + b"\0" * (5 * 1024 * 1024), "最大不能超过"),
    ):
        await ling.sends_file(content, "x.pdf")
        answers.append(await ling.sees(why, "请发：学历学位证书"))
    assert "帮助" in answers[-1].labels
    assert "022-0000011" in answers[-1].text
    await ling.presses("上一步")
    await ling.sees("✓ 身份证件：1 个文件", "学历学位证书：必交，还没有")


@pytest.mark.row("S11")
async def test_an_album_has_one_answer_that_counts_up(ling: Person) -> None:
    await comes_to_the_materials(ling)
    await ling.sees("请上传证明材料")
    await ling.presses("学历学位证书")
    await ling.sees("请发：学历学位证书")
    before = len(await ling.from_bot())
    await ling.sends_album([jpeg(1200 + n, 1600) for n in range(3)])
    await ling.sees("已有 3 个")
    assert len(await ling.from_bot()) == before + 1


async def test_an_album_in_a_step_that_wants_none_is_answered_once(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    before = len(await ling.from_bot())
    await ling.sends_album([jpeg(600 + n, 800) for n in range(3)])
    await ling.sees("这一步用不上这个内容", "您的民族")
    await ling.presses("汉族")
    await ling.sees("您的手机号码")
    assert len(await ling.from_bot()) == before + 1  # the answer, which became the next question


@pytest.mark.row("S11")
async def test_what_is_changed_after_done_has_to_be_ended_again(ling: Person) -> None:
    await comes_to_the_materials(ling)
    await ling.sees("请上传证明材料")
    await sends_one(ling, "身份证件", PAGE)
    await ling.sees("请发：学历学位证书")
    await ling.sends_file(PAGE)
    await ling.sees("收到")
    await ling.presses("这一种传好了")
    await ling.sees("请发：单位工作年限证明")
    await ling.sends_file(OTHER_PAGE)
    await ling.sees("收到")
    await ling.presses("这一种传好了")
    await ling.sees("请上传证明材料")
    await ling.presses("证明材料上传完成")
    await ling.sees("请核对全部信息")
    await ling.presses("改证明材料")
    await ling.sees("请上传证明材料")
    await ling.presses("身份证件")
    await ling.sees("请发：身份证件")
    await ling.presses("删第 1 个")
    await ling.sees("已删除")
    await ling.says("/start")
    await ling.sees("请发：身份证件")
    await ling.presses("上一步")
    await ling.sees("请上传证明材料", "身份证件：必交，还没有")
    await ling.says("/cancel")
    await ling.sees("先停在这里")
    await ling.presses("继续报名")
    await ling.sees("请上传证明材料")


async def everything(harness: Harness) -> tuple[bytes, dict[str, bytes | None]]:
    """What would be submitted now, in its canonical bytes, and the content of each of its files."""
    known = await db_asserts.records(harness.settings, EXAM.key, 1001)
    assert known.person is not None
    assert known.application is not None
    context = AnswerContext.of(known, EXAM, harness.bot.clocks.wall.now())
    content = SubmittedContent.of(known.person, known.application, context)
    names = [file.blob for files in content.materials.values() for file in files]
    files = [*names, *((content.photo,) if content.photo else ())]
    return content.canonical(), {one: await harness.bot.storage.blobs.get(one) for one in files}


@pytest.mark.row("S18", "B19")
@pytest.mark.both_databases
async def test_papers_that_another_area_takes_are_offered_and_all_comes_back(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_materials(ling)
    await ling.sees("请上传证明材料")
    await sends_one(ling, "身份证件", PAGE)
    await ling.sees("请发：学历学位证书")
    await ling.sends_file(pdf(2), "证书.pdf")
    await ling.sees("收到，已保存")
    await ling.presses("这一种传好了")
    await ling.sees("请发：单位工作年限证明")
    await ling.sends_file(OTHER_PAGE)
    await ling.sees("收到，已保存")
    await ling.presses("这一种传好了")
    await ling.sees("请上传证明材料")
    await ling.presses("证明材料上传完成")
    await ling.sees("请核对全部信息", "证明材料：3 个文件")
    before = await everything(harness)
    await ling.presses("修改考区")
    await ling.sees("您在哪个考区报考")
    await ling.presses("上海考区")
    await ling.sees("从天津考区换到上海考区", "身份证件：1 个文件", "还能用的回答和材料")
    await ling.presses("换到上海考区")
    await ling.sees(
        *("已换到上海考区", "138 0013 8000"),
        *("身份证件：1 个文件", "学历学位证书：1 个文件", "单位工作年限证明：1 个文件"),
    )
    assert (await everything(harness))[1] == {}, "nothing is silently kept"
    await ling.presses("这些照用")
    await ling.sees("请阅读报考须知")
    assert set((await everything(harness))[1]) < set(before[1]), "the files, and not the photo"
    await ling.presses("我已阅读并同意")
    await ling.sees("哪个考点")
    await ling.presses("黄浦考点")
    await ling.sees("哪个报名点")
    await ling.presses("黄浦第一报名点")
    await ling.sees("您的工作单位")
    await ling.says("上海示例第一人民医院")
    await ling.sees("报名照片")
    await ling.presses("就用这张")
    await ling.sees("请上传证明材料", "✓ 身份证件", "✓ 单位工作年限证明")
    await ling.presses("身份证件")
    await ling.sees("已有 1 个")
    await ling.presses("删第 1 个")
    await ling.sees("已删除", "已有 0 个")
    await ling.says("撤销换考区")
    await ling.sees("已撤销换考区", "请核对全部信息", "证明材料：3 个文件")
    assert await everything(harness) == before, "what was removed there is still here"
