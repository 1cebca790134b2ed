"""Candidate and site in two tabs: withdrawn, verified at the counter, changed late.

The tests save screenshots in the folder SCREENSHOTS; ``make pictures`` uses them.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.browser.driver import Person, Sandbox, Screen, picture, taps
from tests.browser.test_review import (
    approves,
    becomes,
    clock,
    hands_in_on_site,
    plays,
    takes,
)
from tests.e2e import scenes


@pytest.fixture
def sandbox(swift: Sandbox) -> Sandbox:
    """Return a sandbox and a bot of the test's own, without rate limits."""
    return swift


def code_of(ling: Person) -> str:
    """Return the code of the application, as the to-do shows it."""
    ling.sees("报名编号：")
    found = re.search(r"报名编号：([\w-]+)", ling.messages.inner_text())
    assert found is not None, ling.messages.inner_text()
    return found[1]


def asks_to_change(ling: Person) -> None:
    """Ask for another mobile number, with a paper and a reason."""
    ling.says("/change")
    ling.sees_last("您要改哪几项")
    taps(ling, "○ 手机")
    taps(ling, "下一步：交证明")
    ling.sees_last("请发证明材料")
    ling.attaches("file", [("证明.jpg", "image/jpeg", scenes.PHOTO)])
    ling.sees_last("收到，已保存")
    taps(ling, "下一步：写原因")
    ling.sees_last("为什么要改")
    ling.says("十一月换了号码，原来的已经停机")
    ling.sees_last("把这份申请交给")
    taps(ling, "是，交上去")
    ling.sees_last("申请交上去了")


@pytest.mark.row("S15", "S17", "B12", "B24")
def test_withdrawn_verified_and_changed_late_in_two_tabs(screen: Screen, sandbox: Sandbox) -> None:
    """The site verifies the form before and after the withdrawal, and opens a late change."""
    with ThreadPoolExecutor() as pool:
        handed_in = plays(pool, sandbox.address, "ling", hands_in_on_site)
        admin, site = (screen.is_person(slug) for slug in ("admin", "site"))
        becomes(admin, sandbox, "site", site, "考点审核员", "山西考区", "太原考点")
        handed_in.result()
    ling = screen.is_person("ling")
    code = code_of(ling)
    site.says(f"/verify {code}-01")
    site.sees_last("有效")
    site.sees_last(scenes.NAME)
    picture(site, "verified")
    taps(ling, "撤回修改")
    ling.sees_last("要撤回报名吗")
    picture(ling, "withdraw")
    taps(ling, "是，撤回")
    ling.sees("已撤回，现在没有提交")
    site.says(f"/verify {code}-01")
    site.sees_last("已撤回")
    taps(ling, "✓ 改好了，再次提交")
    ling.sees_last("这是第 2 次提交")
    clock(sandbox, admin, "+2d", "12月4日")
    takes(site, "报名确认")
    approves(sandbox, admin, site, "报名确认", "12月4日")
    clock(sandbox, admin, "+14d", "12月18日")
    asks_to_change(ling)
    site.says("/changes")
    site.sees("1 份在等您决定")  # the news of it may come after the answer
    taps(site, f"看 {code}")
    site.sees("十一月换了号码")
    picture(site, "late-change")
    taps(site, "✅ 同意…")
    site.sees("同意吗？")
    taps(site, "✅ 同意，开放这几项")
    site.sees("已同意，考生可以改到")
    ling.sees("您的更改申请同意了")
    picture(ling, "opened")
