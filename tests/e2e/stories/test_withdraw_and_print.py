"""What was submitted is printed, withdrawn, changed, submitted and printed again; or forgotten."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select, update

from bot.cli.verify import verdict_on as verdict_on_given
from bot.core.database import OpenDatabase
from bot.core.settings import Refused
from states.records import ApplicationId, Stage
from states.staff_roles import Role, Scope
from states.submissions import print_verification
from states.submissions.application_codes import code_of
from states.submissions.content import MAX_CHANGES
from states.submissions.print_verification import (
    PrintReference,
    Verdict,
    VerdictKind,
    judge_print,
    read_parameter,
)
from storage.candidates import applications, people, submissions
from storage.engine import jobs, row_macs, tables
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind, StoredJob
from tests.bot.documents import paper
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.messages import Message
from tests.e2e.person import BOT, Person
from tests.e2e.staff import AREA, SITE, grant_role, stage_of, undo_window_ends
from tests.e2e.wait import until
from tests.photos import with_qr_code
from tests.storage.process import keyring
from tests.storage.staff_members import candidate, waiting

OTHER_KEYS = keyring("k9")
OTHER_PHONE = "13900139000"


def pdf_of(harness: Harness, message: Message) -> bytes:
    """The document of a message."""
    content = harness.world.files.content(file_id=message.document)
    assert content is not None
    assert content.startswith(b"%PDF-"), message.shown()
    return content


async def verdict_on(harness: Harness, pdf: bytes) -> Verdict:
    """What a phone that scans the printed form learns."""
    (address,) = paper.qr_codes(paper.scan(paper.page_of(pdf), random.Random(1)))
    keys = Keyring.of_file(harness.settings.keys_file, create=False)
    parameter = address.rpartition("?start=")[2]
    reference = read_parameter(parameter, keys.signing_keys(print_verification.PURPOSE))
    assert isinstance(reference, PrintReference)
    async with opened(harness.settings.database) as db, db.read() as connection:
        history = await submissions.history(connection, keys, reference.application_id)
    return judge_print(reference.number, history)


async def prints(harness: Harness, person: Person, *texts: str) -> bytes:
    """Asks for the form, and gets it with these words."""
    await person.says("/print")
    await person.sees("正在生成报名表")
    return pdf_of(harness, await person.sees(*texts))


async def withdraws(person: Person) -> None:
    """Withdraws, up to the look over everything."""
    await person.presses("撤回修改")
    await person.sees("要撤回报名吗", "一定要再次提交", "12月16日", "原来打印的就作废")
    await person.presses("是，撤回")
    await person.sees("已撤回，现在没有提交", "12月16日", "请核对全部信息")


async def changes_the_phone(person: Person, phone: str = OTHER_PHONE) -> None:
    """Another mobile number, from the look over everything and back to it."""
    await person.presses("修改联系方式")
    await person.sees_buttons("改手机")
    await person.presses("改手机")
    await person.sees("您的手机号码")
    await person.says(phone)
    await person.sees("请核对全部信息", f"{phone[:3]} {phone[3:7]} {phone[7:]}")


async def hands_in(ling: Person) -> None:
    """An area that confirms on site."""
    await scenes.registers(ling)


@pytest.mark.row("S14")
@pytest.mark.both_databases
async def test_on_site_to_printed_and_confirmed_at_the_counter(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.comes_to_the_photo(ling)
    draft = await prints(harness, ling, "这是草稿，不能用于报名确认")
    assert paper.qr_codes(paper.page_of(draft)) == []
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)
    await ling.presses("打印报名表")
    await ling.sees_toast("正在生成")
    printed = pdf_of(
        harness, await ling.sees("第 1 次提交", "本人签名，单位盖章", "西宁考点", "12月3日", "带上")
    )
    assert (await verdict_on(harness, printed)).kind is VerdictKind.CURRENT
    await ling.says("打印报名表怎么还没收到，再打印一份报名表")
    again = pdf_of(harness, await ling.sees("第 1 次提交"))
    assert again == printed, "the same submission, the same bytes"
    site = harness.person("site")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    code = code_of(await only_application(harness))
    await site.says(f"/start {qr_code(printed)}")
    await site.sees_now("有效", "现在的进度：已提交", scenes.NAME, "西宁考点")
    await site.presses(f"领取 {code}")
    await site.sees_now("报名确认", scenes.NAME)
    await site.sends_picture(encoded(paper.photo(paper.page_of(printed), random.Random(2))))
    await site.sees("有效", "现在的进度：已提交")
    await site.presses("✅ 通过")
    await site.sees_now("您决定通过")
    await undo_window_ends(harness, admin)
    await ling.sees("报名确认通过了")
    await site.says(f"/start {qr_code(printed)}")
    await site.sees_now("有效", "现在的进度：已确认")
    await ling.says("/withdraw")
    await ling.sees("这份报名已经不能撤回", "报名已确认")


@pytest.mark.row("S14")
async def test_a_character_that_no_font_has_is_named_and_printed_as_its_code_point(
    harness: Harness, ling: Person
) -> None:
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling, name="刘䶮𪛖")
    await scenes.locks_the_account(ling)
    await scenes.chooses(ling)
    await scenes.fills_the_form(ling)
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)
    printed = await prints(
        harness, ling, "第 1 次提交", "这些字打不出来", "：𪛖。请打印后在旁边手写"
    )
    assert "刘䶮U+2A6D6" in paper.copied_text(printed)


@pytest.mark.row("B12")
@pytest.mark.both_databases
async def test_a_scanned_form_tells_its_site_whose_it_is_and_others_only_that_it_is_genuine(
    harness: Harness, ling: Person
) -> None:
    site, elsewhere, stranger = (harness.person(one) for one in ("site", "area", "chen"))
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
    await grant_role(harness, AREA, Role.AREA_REVIEWER, Scope("beijing"))
    await hands_in(ling)
    link = qr_code(await prints(harness, ling, "第 1 次提交"))
    opens = f"/start {link}"
    await site.says(opens)
    await site.sees_now("有效", scenes.NAME, "证件号码：", "内科学 303", "西宁考点", "第 1 次提交")
    await elsewhere.says(opens)
    told = await elsewhere.sees_now("是这里生成的")
    assert scenes.NAME not in told.text
    await stranger.says(opens)
    await stranger.sees_now("是这里生成的")
    code = await code_on(harness)
    await site.says(f"/verify {code.lower().replace('-', ' ')}")
    await site.sees_now("有效", scenes.NAME)
    await stranger.says(f"/verify {code}")
    await stranger.sees_now("请扫报名表上的二维码")
    await site.says(code)
    await site.sees("有效", scenes.NAME, "证件号码：")
    await site.says(f"/verify {code[:-1]}9")
    await site.sees_now("不是这里的报名表", "也可能输错了")
    forged = "A" if opens[-9] != "A" else "Q"
    await stranger.says(f"{opens[:-9]}{forged}{opens[-8:]}")
    await stranger.sees_now("这张表不是这里生成的")
    await withdraws(ling)
    await site.says(opens)
    withdrawn = await site.sees_now("已撤回", "没有再次提交", scenes.NAME)
    assert "逐项核对" not in withdrawn.text, "nobody compares what does not count"
    await changes_the_phone(ling)
    await scenes.submits_again(ling)
    await site.says(opens)
    await site.sees_now("已作废", "第 2 次提交代替了它", "这张是第 1 次提交的")
    own = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db:
        judged = [await verdict_on_given(OpenDatabase(db, own), one) for one in (link, code)]
        with pytest.raises(Refused, match="cli-verify-no-key"):
            await verdict_on_given(OpenDatabase(db, OTHER_KEYS), link)
    assert [one.kind for one in judged] == [VerdictKind.REPLACED] * 2


@pytest.mark.row("B12")
@pytest.mark.both_databases
async def test_a_photo_of_the_form_tells_the_same_as_a_scan(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site, elsewhere, stranger = (harness.person(one) for one in ("site", "area", "chen"))
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
    await grant_role(harness, AREA, Role.AREA_REVIEWER, Scope("beijing"))
    await hands_in(ling)
    pdf = await prints(harness, ling, "第 1 次提交")
    taken = encoded(paper.photo(paper.page_of(pdf), random.Random(2)))
    await site.says("/verify")
    await site.sees_now("核对报名表", "拍一张发到这里")
    await site.sends_picture(taken)
    await site.sees("有效", scenes.NAME, "证件号码：", "内科学 303", "西宁考点", "第 1 次提交")
    await site.says(await code_on(harness))
    await site.sees("有效", scenes.NAME)
    await site.sends_file(pdf, "form.pdf")
    await site.sees("有效", scenes.NAME)
    await site.sends_file(scenes.PHOTO)
    await site.sees("这张图里没有找到二维码")
    await site.sends_picture(with_qr_code("https://example.com/pay"))
    await site.sees("不是这里的报名表", "请不要受理")
    await elsewhere.sends_picture(taken)
    told = await elsewhere.sees_now("是这里生成的")
    assert scenes.NAME not in told.text
    await ling.sends_picture(taken)
    await ling.sees("是这里生成的")
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("这一步用不上这个内容")
    await stranger.sends_picture(taken)
    await stranger.sees_now("请选择语言")
    await withdraws(ling)
    await site.sends_picture(taken)
    await site.sees("已撤回", scenes.NAME)
    assert "print-verified" in {*(await database_summary(harness.settings)).audit_entries[SITE]}


def encoded(picture: Image.Image) -> bytes:
    """The picture as a telephone sends it."""
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def qr_code(pdf: bytes) -> str:
    """The start parameter in the QR code of a printed form."""
    (address,) = paper.qr_codes(paper.scan(paper.page_of(pdf), random.Random(1)))
    return address.rpartition("?start=")[2]


async def only_application(harness: Harness) -> ApplicationId:
    """The id of the only application."""
    async with opened(harness.settings.database) as db, db.read() as connection:
        return ApplicationId(await connection.scalar(select(tables.applications.c.id)) or 0)


async def code_on(harness: Harness) -> str:
    """The verification code that the only application's form has."""
    keys = Keyring.of_file(harness.settings.keys_file, create=False)
    number = await only_application(harness)
    async with opened(harness.settings.database) as db, db.read() as connection:
        current = (await submissions.history(connection, keys, number)).current
    assert current is not None
    return current.code(number)


async def ask_all(harness: Harness, people_count: int) -> None:
    """So many people ask for the form at once, and every tenth of them ten times."""
    own = Keyring.of_file(harness.settings.keys_file, create=False)
    everybody = [candidate(number) for number in range(1, people_count + 1)]
    filed = [
        replace(waiting(number), stage=Stage.DRAFT, photo=None, revision=0)
        for number in range(1, people_count + 1)
    ]
    now = harness.bot.clocks.wall.now()
    orders = [StoredJob(JobKind.PRINT, str(one.id), now, person_id=one.id) for one in everybody]
    async with harness.bot.storage.db.write() as tx:
        rows = [people.as_row(own, replace(one, bot_id=BOT)) for one in everybody]
        await tx.execute(tables.people.insert(), rows)
        rows = [applications.as_row(own, one) for one in filed]
        await tx.execute(tables.applications.insert(), rows)
        await harness.bot.storage.jobs.enqueue(tx, orders)
        for _ in range(9):
            await harness.bot.storage.jobs.enqueue(tx, orders[::10])


async def waiting_prints(harness: Harness) -> int:
    """How many forms are still to be made."""
    async with harness.bot.storage.db.read() as connection:
        return len(await jobs.keys(connection, JobKind.PRINT))


@pytest.mark.row("S14")
async def test_a_thousand_requests_for_the_form_delay_nobodys_answer(
    harness: Harness, ling: Person
) -> None:
    await scenes.comes_to_the_practice(ling)
    await ask_all(harness, 1_000)
    asked = await waiting_prints(harness)
    assert 900 < asked <= 1_000, "one a person, however often they ask"
    began = time.monotonic()
    await ling.presses("临床")
    await ling.sees("首次执业注册")
    await ling.says("2019年7月")
    await ling.sees("住院医师规范化培训")
    assert time.monotonic() - began < 3
    assert await waiting_prints(harness) > 500, "most of them still wait"

    async def some_are_made() -> bool:
        return await waiting_prints(harness) < asked

    await until(some_are_made)


@pytest.mark.row("S15", "S17")
@pytest.mark.both_databases
async def test_withdrawn_changed_and_submitted_again_the_old_print_is_replaced(
    harness: Harness, ling: Person
) -> None:
    await hands_in(ling)
    first = await prints(harness, ling, "第 1 次提交")
    await withdraws(ling)
    assert (await verdict_on(harness, first)).kind is VerdictKind.WITHDRAWN
    for asked in ("/status", "/todo"):
        await ling.says(asked)
        shown = await ling.sees(
            "没有提交：您", "撤回了报名", "请在 2025年12月16日（周二）23:59 前再次提交"
        )
        assert shown.text.startswith("没有提交")
    draft = await prints(harness, ling, "这是草稿")
    assert paper.qr_codes(paper.page_of(draft)) == []
    await ling.presses("继续报名")
    await ling.sees("请核对全部信息", "现在没有提交")
    await changes_the_phone(ling)
    todo = await scenes.submits_again(ling)
    assert todo.says(("这是第 2 次提交", "内容改过：以前打印的报名表作废")), todo.shown()
    await ling.says("/status")
    await ling.sees("已提交", "这是第 2 次提交", "以前打印的报名表就作废")
    second = await prints(harness, ling, "第 2 次提交", "第 1 次提交的打印件作废")
    verdict = await verdict_on(harness, first)
    assert (verdict.kind, verdict.number) == (VerdictKind.REPLACED, 2)
    assert (await verdict_on(harness, second)).kind is VerdictKind.CURRENT
    await withdraws(ling)
    await scenes.submits_again(ling)
    await prints(harness, ling, "第 3 次提交", "第 1 次提交的打印件作废")
    assert (await verdict_on(harness, second)).kind is VerdictKind.CURRENT, "nothing was changed"


@pytest.mark.row("S17")
async def test_the_hundredth_changed_content_is_refused_with_whom_to_ask(
    harness: Harness, ling: Person
) -> None:
    await hands_in(ling)
    await withdraws(ling)
    await has_changed(harness, MAX_CHANGES)
    await changes_the_phone(ling)
    await ling.presses("✓ 改好了，再次提交")
    await ling.sees("改过内容再提交最多 99 次", "这次不能提交", "西宁考点", "0971-0000001")
    assert await stage_of(harness) is Stage.DRAFT
    await changes_the_phone(ling, scenes.PHONE)
    await scenes.submits_again(ling)
    assert (await code_on(harness)).endswith("-99"), "the content of the last print is still fine"


async def has_changed(harness: Harness, times: int) -> None:
    """The only submission is the last of so many with changed contents."""
    keys, table = Keyring.of_file(harness.settings.keys_file, create=False), tables.submissions
    async with opened(harness.settings.database) as db, db.write() as tx:
        row = (await tx.execute(select(table))).one()
        bound = row_macs.rebound(keys, table, row, {"changes": times})
        await tx.execute(update(table).values(changes=times, mac=bound["mac"]))


@pytest.mark.row("S15")
@pytest.mark.both_databases
async def test_who_withdraws_and_forgets_is_reminded_and_gives_up(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.meets_the_bot(admin)
    await hands_in(ling)
    await ling.says("我要撤回")
    await ling.sees("要撤回报名吗")
    await ling.presses("不撤回")
    await ling.sees("等待报名确认")
    assert await stage_of(harness) is Stage.SUBMITTED
    await withdraws(ling)
    await admin.says("/clock +13d")
    await admin.sees("2025年12月15日")
    await harness.bot.scheduler.tick()
    await harness.bot.scheduler.tick()
    await ling.sees("提醒：您撤回了报名，还没有再次提交", "2025年12月16日（周二）23:59")
    await admin.says("/clock +2d")
    await admin.sees("2025年12月17日")
    await harness.bot.scheduler.tick()
    await harness.bot.scheduler.tick()
    await ling.sees("没有再次提交，按自动放弃考试处理")
    await ling.says("/erase")
    await ling.sees("现在不能在这里删除")


@pytest.mark.row("S15", "S17")
async def test_in_english_a_clerk_finds_the_withdrawn_application(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await hands_in(ling)
    await scenes.speaks_english(ling)
    await ling.says("/print")
    await ling.sees("Your form is being made")
    await ling.sees("submission no. 1", "have your employer seal it", "Xining")
    await ling.says("Please withdraw my application")
    await ling.sees("Withdraw your application?", "you give up the exam", "Tue 16 December 2025")
    await ling.presses("Yes, withdraw")
    await ling.sees("Withdrawn. Your application is not submitted now.")
    site = harness.person("site")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
    async with opened(harness.settings.database) as db, db.read() as connection:
        found = await connection.scalar(select(tables.applications.c.id))
    assert found is not None
    await site.says("/find")
    await site.sees_now("要找哪一份报名")
    await site.says(code_of(ApplicationId(found)))
    await site.sees_now("已撤回，没有再次提交")
    await ling.presses("✓ Done, submit again")
    await ling.sees("submitted")
    assert await stage_of(harness) is Stage.SUBMITTED


@pytest.mark.row("S17", "B12")
async def test_in_english_the_counter_verifies_a_form_and_its_successor(
    harness: Harness, ling: Person
) -> None:
    site, stranger = harness.person("site"), harness.person("chen")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
    await hands_in(ling)
    for reader in (ling, site):
        await scenes.speaks_english(reader)
    await scenes.speaks_english(stranger, "Hello")
    await ling.says("/print")
    await ling.sees("Your form is being made")
    link = qr_code(pdf_of(harness, await ling.sees("submission no. 1")))
    code = await code_on(harness)
    for asked in (f"/start {link}", f"/verify {code}"):
        await site.says(asked)
        await site.sees_now("Valid", "Submission 1", scenes.NAME, "compare it with the lines")
    await stranger.says(f"/start {link}")
    told = await stranger.sees_now("This form was made here", "only its site and area can see")
    assert scenes.NAME not in told.text
    await site.says("/verify")
    await site.sees_now("Verify a printed form", "Take a photo of the QR code")
    await ling.says("Please withdraw my application")
    await ling.sees("Withdraw your application?")
    await ling.presses("Yes, withdraw")
    await ling.sees("Your application is not submitted now")
    await site.says(f"/start {link}")
    await site.sees_now("Withdrawn", "withdrew submission 1")
    await ling.presses("Change contact")
    await ling.presses_when("Change: Mobile")
    await ling.sees("mobile")
    await ling.says(OTHER_PHONE)
    await ling.sees("139 0013 9000")
    await ling.presses("✓ Done, submit again")
    await ling.sees("has been submitted", "submission no. 2", "earlier prints of the form are void")
    await ling.says("/status")
    await ling.sees("submission no. 2", "earlier prints of the form are void")
    await site.says(f"/start {link}")
    await site.sees_now("Void", "submission 2 of", "replaced it")


async def phone_of(harness: Harness) -> dict[str, str]:
    """Ling's answers, as a second connection reads them."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db, db.read() as connection:
        (owner,) = await connection.scalars(select(tables.applications.c.person_id))
        (found,) = await applications.of_person(connection, keyring, owner)
    return dict(found.answers)


@pytest.mark.row("S18", "B19")
@pytest.mark.both_databases
async def test_the_area_is_changed_and_the_change_undone(harness: Harness, ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    before = await phone_of(harness)
    await ling.presses("修改考区")
    await ling.sees("您在哪个考区报考")
    await ling.presses("山西考区")
    asked = await ling.sees("把考区从青海考区换到山西考区", "这些要清空", "可以撤销")
    for cleared in ("考点：西宁考点", "手机：138 0013 8000", "报考专业：内科学 303", "报名照片"):
        assert cleared in asked.text
    await ling.presses("换到山西考区")
    offered = await ling.sees("已换到山西考区", "还能用", "138 0013 8000")
    assert "西宁考点" not in offered.text
    assert await phone_of(harness) == {}, "nothing is silently kept"
    await ling.presses("这些照用")
    await ling.sees("请阅读报考须知")
    await ling.presses("我已阅读并同意")
    await ling.sees("哪个考点")
    await ling.sees_buttons("换考区", "撤销换考区")
    await ling.presses("撤销换考区")
    await ling.sees("已撤销换考区", "请核对全部信息", "西宁考点")
    assert await phone_of(harness) == before
    await scenes.submits(ling)
    await ling.says("撤销换考区")
    await ling.sees("没有可以撤销的换考区")


@pytest.mark.row("S18")
async def test_the_wrong_area_is_found_after_submitting(harness: Harness, ling: Person) -> None:
    await hands_in(ling)
    first = await prints(harness, ling, "第 1 次提交")
    await ling.says("我考区选错了")
    await ling.sees("报名已经提交，要换考区，先撤回", "要撤回报名吗")
    await ling.presses("是，撤回")
    await ling.sees("已撤回，现在没有提交")
    await ling.presses("修改考区")
    await ling.sees("您在哪个考区报考")
    await ling.presses("山西考区")
    await ling.sees("把考区从青海考区换到山西考区")
    await ling.presses("换到山西考区")
    await ling.sees("已换到山西考区")
    await ling.presses("这些照用")
    await ling.sees("请阅读报考须知")
    await ling.presses("我已阅读并同意")
    await ling.sees("哪个考点")
    await ling.presses("太原考点")
    await ling.sees("您的工作单位")
    await ling.says("山西示例第一人民医院")
    await ling.sees("这是您保存在这里的报名照片")
    await ling.presses("就用这张")
    await ling.sees("请核对全部信息", "山西考区")
    await scenes.submits_again(ling)
    assert (await verdict_on(harness, first)).kind is VerdictKind.REPLACED
    await prints(harness, ling, "第 2 次提交", "太原考点")


@pytest.mark.row("S18", "B19")
async def test_in_english_the_area_is_changed_and_the_change_undone(
    harness: Harness, ling: Person
) -> None:
    await hands_in(ling)
    before = await phone_of(harness)
    await scenes.speaks_english(ling)
    await ling.says("I chose the wrong area")
    await ling.sees("Withdraw first, then change the area", "Withdraw your application?")
    await ling.presses("Yes, withdraw")
    await ling.sees("Your application is not submitted now")
    await ling.presses("Change area")
    await ling.sees("area")
    await ling.presses("Shanxi")
    asked = await ling.sees("Change the area from Qinghai to Shanxi?", "The change clears these")
    for cleared in ("Xining", "138 0013 8000", "Photo", "until you submit"):
        assert cleared in asked.text
    await ling.presses("Change to Shanxi")
    await ling.sees("You are in Shanxi now", "138 0013 8000", "Undo the change of area")
    assert await phone_of(harness) == {}, "nothing is silently kept"
    await ling.presses("Undo the change of area")
    await ling.sees("The change of area is undone", "Xining")
    assert await phone_of(harness) == before
    await ling.presses("✓ Done, submit again")
    await ling.sees("has been submitted")
    assert await stage_of(harness) is Stage.SUBMITTED
    await ling.says("Undo the change of area")
    await ling.sees("There is no change of area to undo")
