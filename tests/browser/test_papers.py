"""Certificates on the candidate's page and on the clerk's: judged, turned, read and compared.

The tests save screenshots in the folder SCREENSHOTS; ``make pictures`` uses them.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests import papers
from tests.browser.driver import Person, Sandbox, Screen, picture, taps
from tests.browser.test_review import SETTLED, becomes, clock, plays, takes
from tests.e2e import scenes
from tests.e2e.person import Person as Resident


@pytest.fixture
def sandbox(swift: Sandbox) -> Sandbox:
    """Return a sandbox and a bot of the test's own, without rate limits."""
    return swift


async def comes_to_the_degree(ling: Resident) -> None:
    """Register up to the question for the certificates, in an area that confirms online."""
    await scenes.comes_to_the_papers(ling)
    await ling.presses("学历学位证书")
    await ling.sees("请发：学历学位证书")


def sends(ling: Person, name: str, content: bytes, *texts: str) -> None:
    """Send a file, and wait for these texts."""
    ling.attaches("file", [(name, "image/jpeg", content)])
    for text in texts:
        expect(ling.messages).to_contain_text(text, timeout=SETTLED)


def beholds(person: Person, text: str) -> None:
    """Scroll to the message with this text and its picture."""
    bubbles = person.page.locator("[data-testid^='message-']")
    bubble = bubbles.filter(has_text=text).last
    expect(bubble.locator("img")).to_be_visible()
    bubble.evaluate("one => one.scrollIntoView({block: 'center'})")


def hands_in(ling: Person) -> None:
    """Upload the other papers, and submit."""
    ling.says("/start")
    ling.sees_last("欢迎回来")  # the message before has the same button
    taps(ling, "这一种传好了")
    for kind in ("身份证件", "单位工作年限证明"):
        ling.sees_last(f"请发：{kind}")
        ling.attaches("file", [("page.jpg", "image/jpeg", scenes.PHOTO)])
        ling.sees_last("已有 1 个")
        taps(ling, "这一种传好了")
    ling.sees_last("请上传证明材料")
    taps(ling, "✓ 证明材料上传完成")
    ling.sees_last("请核对全部信息")
    taps(ling, "提交报名信息")
    ling.sees("等待线上确认")


@pytest.mark.row("B7")
def test_papers_are_judged_turned_read_and_compared_on_the_page(
    screen: Screen, sandbox: Sandbox
) -> None:
    """The candidate sends doubtful and differing papers; the clerk sees paper beside form."""
    with ThreadPoolExecutor() as pool:
        plays(pool, sandbox.address, "ling", comes_to_the_degree).result()
    ling = screen.is_person("ling")
    sends(ling, "blurred.jpg", papers.blurred("degree"), "看起来模糊", "已有 1 个")
    picture(ling, "paper-blurred")
    sends(ling, "lying.jpg", papers.lying("residency"), "这一页像是横着的", "已有 2 个")
    beholds(ling, "这一页像是横着的。")
    picture(ling, "paper-lying")
    taps(ling, "用右边的")
    ling.sees("已换成转正的")
    sends(ling, "degree.jpg", papers.paper(graduated="2012-06-20"), "已有 3 个", "哪个对")
    beholds(ling, "哪个对")
    picture(ling, "paper-which")
    taps(ling, "报名表上的对")
    ling.sees("报名表不变")
    hands_in(ling)
    admin, clerk = (screen.is_person(slug) for slug in ("admin", "clerk"))
    point = ("天津考区", "和平考点", "和平第一报名点")
    becomes(admin, sandbox, "clerk", clerk, "报名点工作人员", *point)
    clock(sandbox, admin, "+2d", "12月4日")
    takes(clerk, "报名确认")
    picture(clerk, "paper-card")
    taps(clerk, "👀 材料和报名表对照")
    expect(clerk.messages).to_contain_text("第 3 个文件：上面是材料上的", timeout=SETTLED)
    beholds(clerk, "第 3 个文件：上面是材料上的")
    picture(clerk, "paper-beside")
