"""Candidate, site and area in three tabs: a submitted application is reviewed and decided.

The tests save screenshots in the folder SCREENSHOTS; ``make pictures`` uses them.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor

import aiohttp
import pytest
from playwright.sync_api import expect

from tests.browser.driver import (
    Person,
    Sandbox,
    Screen,
    picture,
    taps,
)
from tests.e2e import scenes
from tests.e2e.person import Person as Resident
from tests.photos import encoded, face

SETTLED = 60_000
"""Milliseconds for what the scheduler does twice a second, on a busy machine too."""
PAPERS = ("身份证件", "学历学位证书", "单位工作年限证明")


@pytest.fixture
def sandbox(swift: Sandbox) -> Sandbox:
    """Return a sandbox and a bot of the test's own, without rate limits."""
    return swift


def plays(
    pool: ThreadPoolExecutor, address: str, slug: str, scene: Callable[[Resident], Awaitable[None]]
) -> Future[None]:
    """Run a scene without the browser in a thread of the pool."""

    async def play() -> None:
        async with aiohttp.ClientSession() as http:
            await scene(Resident(http, address, slug))

    return pool.submit(lambda: asyncio.run(play()))


async def hands_in_on_site(ling: Resident) -> None:
    """Submit to an area that confirms on site and takes no fee online."""
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await scenes.chooses(ling, "山西考区", "太原考点")
    await scenes.fills_the_form(ling, employer="山西示例第一人民医院")
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)


async def hands_in_online(chen: Resident) -> None:
    """Submit to an area that confirms online, with all required papers."""
    await scenes.comes_to_the_papers(chen)
    for kind in PAPERS:
        await scenes.uploads(chen, kind)
    await chen.presses("证明材料上传完成")
    await chen.sees("请核对全部信息")
    await chen.presses("提交报名信息")
    await chen.sees("等待线上确认")


def becomes(
    admin: Person, sandbox: Sandbox, slug: str, who: Person, role: str, *places: str
) -> None:
    """Invite a person as the administrator, open the link as them, and approve."""
    admin.says("/invite")
    admin.sees_last("对方担任什么角色")
    taps(admin, role)
    for level, place in zip(("考区", "考点", "报名点"), places, strict=False):
        admin.sees_last(f"请选{level}")
        admin.says(place)
    admin.sees_last("邀请链接做好了")
    link = re.search(r"start=([\w-]+)", admin.last.inner_text())
    assert link is not None, admin.last.inner_text()
    sandbox.acts(slug, "opens", payload=link[1])
    who.sees_last("收到，请稍等")
    admin.sees_last("有人打开了您的邀请链接")
    if slug == "site":
        picture(admin, "invite")
    taps(admin, "是本人")
    who.sees_last("您的角色生效了")


def takes(who: Person, desk: str) -> None:
    """Open the queue and claim the next case."""
    who.says("/queue")
    who.sees_last("待办队列")
    who.sees_last("1 份待办")
    who.sees_last(desk)
    expect(who.last).not_to_contain_text(scenes.NAME)
    if desk == "报名确认":
        picture(who, "queue")
    taps(who, "领取下一份")
    who.sees_last(scenes.NUMBER)
    who.sees_last(scenes.NAME)


def clock(sandbox: Sandbox, admin: Person, by: str, day: str) -> None:
    """Move the bot's clock as the administrator; news of the new day may follow the answer."""
    admin.says(f"/clock {by}")
    admin.sees(day)


def approves(sandbox: Sandbox, admin: Person, who: Person, desk: str, day: str) -> None:
    """Approve, and move the clock past the undo window."""
    taps(who, "✅ 通过")
    who.sees_last("您决定通过")
    clock(sandbox, admin, "+2m", day)
    expect(who.last).to_contain_text(f"{desk}通过", timeout=SETTLED)


@pytest.mark.row("S19", "S21", "S22", "C6", "C8", "B9", "B10")
def test_from_the_counter_to_registered_in_three_tabs(screen: Screen, sandbox: Sandbox) -> None:
    """The site confirms and reviews, the area reviews; the candidate sees each step."""
    with ThreadPoolExecutor() as pool:
        handed_in = plays(pool, sandbox.address, "ling", hands_in_on_site)
        admin, site, area = (screen.is_person(slug) for slug in ("admin", "site", "area"))
        becomes(admin, sandbox, "site", site, "考点审核员", "山西考区", "太原考点")
        becomes(admin, sandbox, "area", area, "考区审核员", "山西考区")
        handed_in.result()
    ling = screen.is_person("ling")
    clock(sandbox, admin, "+2d", "12月4日")
    takes(site, "报名确认")
    picture(site, "card")
    site.sees_last("138 0013 8000")
    expect(site.messages.locator("img").last).to_be_visible()
    taps(site, "✅ 通过")
    site.sees_last("您决定通过")
    ling.says("/status")
    ling.sees_last("等待报名确认")
    picture(ling, "status-submitted")
    clock(sandbox, admin, "+2m", "12月4日")
    expect(site.last).to_contain_text("报名确认通过", timeout=SETTLED)
    picture(site, "closed")
    ling.sees("报名确认通过了")
    clock(sandbox, admin, "+15d", "12月19日")
    takes(site, "考点审核")
    approves(sandbox, admin, site, "考点审核", "12月19日")
    ling.sees("这还不是最后结果")
    picture(ling, "site-approved")
    takes(area, "考区审核")
    picture(area, "card-area")
    approves(sandbox, admin, area, "考区审核", "12月19日")
    ling.sees("您已报名成功")
    picture(ling, "registered")
    site.says("/find")
    site.sees_last("要找哪一份报名")
    picture(site, "find")
    site.says(scenes.NAME)
    site.sees_last("找到的报名")
    picture(site, "found")
    site.last.get_by_role("button", name=re.compile("的办理记录")).click()
    site.sees_last("考区审核通过")
    picture(site, "history")


@pytest.mark.row("S19", "B8", "B10")
def test_a_paper_is_refused_and_sent_anew(screen: Screen, sandbox: Sandbox) -> None:
    """The clerk refuses two items, undoes it once; the candidate corrects only these items."""
    with ThreadPoolExecutor() as pool:
        plays(pool, sandbox.address, "ling", hands_in_online).result()
    admin, clerk = (screen.is_person(slug) for slug in ("admin", "clerk"))
    point = ("天津考区", "和平考点", "和平第一报名点")
    becomes(admin, sandbox, "clerk", clerk, "报名点工作人员", *point)
    clerk.says("/staff")
    clerk.sees_last("您的工作角色")
    picture(clerk, "staff")
    clock(sandbox, admin, "+2d", "12月4日")
    takes(clerk, "报名确认")
    picture(clerk, "card-online")
    clerk.sees("学历学位证书（1/1）")
    taps(clerk, "❌ 不通过…")
    clerk.sees_last("哪里不通过")
    taps(clerk, "学历学位证书")
    clerk.sees_last("为什么不通过")
    picture(clerk, "reasons")
    taps(clerk, "缺页，或没有拍全")
    clerk.sees_last("学历学位证书：缺页")
    taps(clerk, "联系方式")
    clerk.sees_last("哪一项不通过")
    picture(clerk, "picking")
    taps(clerk, "手机：138 0013 8000")
    clerk.sees_last("手机：138 0013 8000")
    clerk.sees_last("为什么不通过")
    clerk.says("打不通，请写现在用的号码")
    clerk.sees_last("手机：打不通")
    picture(clerk, "refusing")
    taps(clerk, "看一遍再发出")
    clerk.sees_last("考生会看到这些")
    picture(clerk, "look-over")
    taps(clerk, "❌ 确定不通过")
    clerk.sees_last("您决定不通过")
    picture(clerk, "decided")
    taps(clerk, "撤销这个决定")
    clerk.sees_last("已撤销")
    picture(clerk, "undone")
    taps(clerk, "❌ 不通过…")
    taps(clerk, "看一遍再发出")
    taps(clerk, "❌ 确定不通过")
    clerk.sees_last("您决定不通过")
    ling = screen.is_person("ling")
    expect(ling.messages).not_to_contain_text("没有通过")
    clock(sandbox, admin, "+2m", "12月4日")
    expect(clerk.last).to_contain_text("报名确认不通过", timeout=SETTLED)
    expect(ling.messages).to_contain_text("报名确认没有通过", timeout=SETTLED)
    picture(ling, "refused")
    taps(ling, "修改手机")
    ling.sees_last("您的手机号码")
    ling.says("13900139000")
    ling.sees_last("✓ 手机")
    picture(ling, "mending")
    taps(ling, "修改学历学位证书")
    ling.sees_last("请发：学历学位证书")
    page = encoded(face(900, 1230), "PNG")
    ling.attaches("file", [("第二页.png", "image/png", page)])
    ling.sees_last("收到，已保存")
    taps(ling, "这一种传好了")
    ling.sees_last("都看过了")
    picture(ling, "mended")
    taps(ling, "✓ 改好了，再次提交")
    ling.sees_last("报名信息已提交")
    takes(clerk, "报名确认")
    clerk.sees_last("上次决定以后改动的")
    clerk.sees_last("第 2 次提交")
    picture(clerk, "card-again")
