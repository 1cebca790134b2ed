"""The cases desk: a moved account, a number that is somebody else's, a slip in what is locked."""

from __future__ import annotations

import pytest

from states.records import Identity, Stage
from states.staff_roles import Role, Scope
from storage.candidates import people
from storage.engine.encryption import Keyring
from tests.databases import opened
from tests.e2e import db_asserts, scenes
from tests.e2e.bot import Harness
from tests.e2e.person import BOT, Person
from tests.e2e.staff import SITE, grant_role, stage_of, undo_window_ends
from tests.e2e.stories.test_papers import judgements

pytestmark = pytest.mark.row("B27", "S1")

XINING = Scope("qinghai", "xining")


async def submits(ling: Person) -> None:
    """Ling hands in for Xining."""
    await scenes.registers(ling)


@pytest.fixture
async def site(harness: Harness) -> Person:
    """Who looks at documents in Xining."""
    who = harness.person("site")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING, "赵磊")
    await who.says("/staff")
    await who.sees("您的工作角色")
    return who


async def finds_the_number_taken(chen: Person, name: str = scenes.NAME) -> None:
    """From another Telegram account, with the same number."""
    await scenes.meets_the_bot(chen)
    await scenes.gives_the_account(chen, name=name)
    await chen.presses("全部正确，确认")
    await chen.sees("这个证件号码已经有账户了")


async def chooses_xining(chen: Person) -> None:
    """The site that examines it."""
    await chen.sees("您的单位在哪个考区")
    await chen.says("青海考区")
    await chen.sees("由哪个考点核实")
    await chen.presses("西宁考点")


async def identity_of(harness: Harness, account: int) -> Identity | None:
    """The identity of an account; None for a stranger."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db, db.read() as connection:
        found = await people.load(connection, keyring, BOT, [account])
    return found[account].identity if account in found else None


async def agrees(site: Person, button: str, *card: str) -> None:
    """Opens the case from its message, takes a decision back once, and agrees."""
    await site.sees("有一件身份核实")
    await site.presses("打开这一件")
    await site.sees_now(*card)
    await site.presses(button)
    await site.sees_now("您同意了", "60 秒内可以撤销")
    await site.presses("撤销这个决定")
    await site.sees_now("已撤销，什么都没有发出", *card)
    await site.presses(button)
    await site.sees_now("您同意了")


@pytest.mark.both_databases
async def test_an_account_moves_after_the_site_has_seen_the_document(
    harness: Harness, ling: Person, chen: Person, admin: Person, site: Person
) -> None:
    await submits(ling)
    await finds_the_number_taken(chen)
    await chen.presses("是我以前的账户，换了 Telegram 账号")
    await chooses_xining(chen)
    await chen.sees("已登记", "西宁考点看过您的证件", "0971")
    await ling.sees("有人要把您的账户转到另一个 Telegram 账号", "不是您本人：请马上致电", "0971")
    await chen.says("/todo")
    await chen.sees("正在核实，要把您以前的账户转到这里")
    await ling.says("/status")
    await ling.sees("有人说您的证件号码是他的")
    card = ("换 Telegram 账号", scenes.NAME, scenes.NUMBER, "一致", "已提交")
    await agrees(site, "✅ 看过证件原件：转到新账号", *card)
    assert await identity_of(harness, 1001) is not None
    await undo_window_ends(harness, admin)
    await chen.sees("您以前的账户已经转到这里")
    await ling.sees("已经转到另一个 Telegram 账号", "不是您本人办的，请马上致电")
    assert await identity_of(harness, 1001) is None
    moved = await identity_of(harness, 1002)
    assert moved is not None
    assert moved.name == scenes.NAME
    await chen.says("/status")
    await chen.sees("已提交", "现场确认")
    await ling.says("/start")
    await ling.sees("请选择语言")
    entries = (await db_asserts.database_summary(harness.settings)).audit_entries[SITE]
    assert (entries["case-decided"], entries["case-undone"], entries["account-moved"]) == (2, 1, 1)


async def test_a_number_is_released_and_its_owner_confirms_it(
    harness: Harness, ling: Person, chen: Person, admin: Person, site: Person
) -> None:
    await submits(ling)
    await finds_the_number_taken(chen, "陈航")
    await chen.presses("这是我的号码")
    await chooses_xining(chen)
    await chen.sees("西宁考点会核实这个号码是谁的")
    await ling.sees("有人说您的证件号码是他的")
    card = ("号码被别人注册", "陈航", "不一致", "已提交")
    await agrees(site, "✅ 看过证件原件：号码是申请人的", *card)
    await undo_window_ends(harness, admin)
    await ling.sees("已经解除锁定", "请发送 /start")
    assert await stage_of(harness) is Stage.DRAFT
    await chen.sees("这个证件号码是您的，现在可以确认了")
    await chen.presses("继续报名")
    await chen.sees("请仔细核对", "陈航")
    await chen.presses("全部正确，确认")
    await chen.sees("您的身份信息已锁定")
    await ling.says("/start")
    await ling.sees("您的证件号码还没有确认")
    await ling.presses("继续报名")
    await ling.sees("用哪种证件报名")


async def applies_for_another_name(ling: Person) -> None:
    """With a scan of the document, from the profile."""
    await ling.says("名字填错了怎么改")
    await ling.sees("姓名或证件号码填错了")
    await ling.presses("更正姓名或证件号码")
    await ling.sees("哪一项填错了", scenes.NAME)
    await ling.presses("姓名")
    await ling.sees("正确的姓名是什么")
    await ling.says("刘灵")
    await ling.sees("请发一张证件照片")
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("请核对您的申请", "刘玲 → 刘灵", "附有证件照片")
    await ling.presses("提交申请")
    told = await ling.sees("申请已交给西宁考点", "证件照片已附上")
    assert "请带上身份证件去" not in told.text


async def test_a_slip_in_the_name_is_corrected_and_the_form_becomes_a_new_one(
    harness: Harness, ling: Person, admin: Person, site: Person
) -> None:
    await submits(ling)
    await applies_for_another_name(ling)
    await ling.says("/todo")
    await ling.sees("西宁考点正在核实您的更正申请")
    card = ("更正姓名或号码", "刘玲 → 刘灵", "请和申请逐字核对", "已提交")
    await agrees(site, "✅ 和证件一致：同意更正", *card)
    await undo_window_ends(harness, admin)
    ended = await site.sees("已办完", "更正姓名或号码", "✅ 同意")
    assert not ended.buttons, "nothing can be undone any more"
    await ling.sees("更正好了", "以前打印的作废，请重新打印")
    corrected = await identity_of(harness, 1001)
    assert corrected is not None
    assert (corrected.name, corrected.id_number) == ("刘灵", scenes.NUMBER)
    assert await judgements(harness) == [], "the judgement of the proof goes with it"
    assert await stage_of(harness) is Stage.SUBMITTED
    await ling.says("/print")
    await ling.sees("第 2 次提交")
    await site.says("/cases")
    await site.sees("现在没有等您办的")


async def test_in_english_a_correction_is_declined_with_a_reason(
    harness: Harness, ling: Person, admin: Person, site: Person
) -> None:
    await submits(ling)
    for who in (ling, site):
        await scenes.speaks_english(who)
    await ling.says("My name is misspelled")
    await ling.sees("Name or ID number is wrong")
    await ling.presses("Correct name or ID number")
    await ling.sees("Which item is wrong?")
    await ling.presses("ID number")
    await ling.sees("What is the right ID number?")
    right = scenes.id_number(24)
    await ling.says(right)
    await ling.sees("once more")
    await ling.says(right)
    await ling.sees("Please send a picture of the document")
    await ling.presses("No picture, I take the original there")
    await ling.sees("Please check your application", f"{scenes.NUMBER} → {right}")
    await ling.presses("Send the application")
    await ling.sees("has your application", "Please take the document to")
    await site.says("/cases")
    await site.sees("Identity cases: 1 waits for you", "correction of name or number")
    await site.presses("Open no. 1")
    await site.sees("correction of name or number", right, "brings the original")
    await site.presses("❌ Decline…")
    await site.sees("Why not?")
    await site.says("……")
    await site.sees("the applicant reads it. For example")
    await site.says("The document \u202eshows the number that is registered.")
    await site.sees("You declined")
    await undo_window_ends(harness, admin)
    ended = await site.sees("Settled", "correction of name or number", "❌ declined")
    asked = [one for one in await site.from_bot() if "Why not?" in one.text]
    assert not any(one.buttons for one in (ended, *asked))
    await ling.sees("did not agree to your correction", "The document shows the number")
    unchanged = await identity_of(harness, 1001)
    assert unchanged is not None
    assert unchanged.id_number == scenes.NUMBER


async def test_in_english_both_sides_of_a_move_are_told(
    harness: Harness, ling: Person, chen: Person, admin: Person, site: Person
) -> None:
    await submits(ling)
    await finds_the_number_taken(chen)
    for who in (ling, chen):
        await scenes.speaks_english(who)
    await chen.presses("It is my earlier account; I changed Telegram")
    await chen.sees("In which area is your employer?")
    await chen.says("Qinghai")
    await chen.sees("Which site should look into it?")
    await chen.presses("Xining")
    await chen.sees("moves your earlier account here once it has seen your ID document")
    await ling.sees("Somebody wants to move your account", "If it is not you, please call at once")
    await site.sees("有一件身份核实")
    await site.presses("打开这一件")
    await site.sees_now("一致")
    await site.presses("✅ 看过证件原件：转到新账号")
    await site.sees_now("您同意了")
    await undo_window_ends(harness, admin)
    await chen.sees("Your earlier account is here now")
    await ling.sees("has been moved to another Telegram account", "please call at once")
