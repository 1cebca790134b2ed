"""A candidate registers through the page of ``make run``; a restart keeps everything.

The tests save screenshots in the folder SCREENSHOTS; ``make pictures`` uses them.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.driver import (
    Person,
    Sandbox,
    Screen,
    picture,
    taps,
)
from tests.browser.started import started
from tests.photos import encoded, face, jpeg

NUMBER = "999999198808123228"  # an invented person: area code 999999 is nobody's
CLINICIAN = "999999198505120150"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder, with a space in its path."""
    return tmp_path_factory.mktemp("报名 data")


@pytest.fixture(scope="module")
def sandbox(place: Path) -> Iterator[Sandbox]:
    """Return the sandbox of ``make run``, although its port is busy."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port, told = taken.getsockname()[1], list[str]()
        with started(place, port, told=told) as address, Sandbox(address) as driven:
            assert not address.endswith(f":{port}")
            assert f"端口 {port} 被别的程序占用" in "".join(told)
            yield driven


def gives_the_account(person: Person, name: str, number: str, again: str) -> None:
    """Fill in the account, from the first button to its summary."""
    person.says("/start")
    taps(person, "中文")
    taps(person, "同意，开始")
    person.sees("您的姓名？")
    person.says(name)
    taps(person, "居民身份证")
    person.sees("证件号码是多少？")
    person.says(number)
    person.sees("再输入一遍")
    person.says(again)
    person.sees("确认后不能更改")
    expect(person.messages).not_to_contain_text(number)


def begins(person: Person, area: str) -> None:
    """Lock the account; choose exam and area, and accept the terms."""
    taps(person, "✓ 全部正确，确认")
    taps(person, "开始填写")
    person.sees("您在哪个考区报考？")
    person.says(area)
    taps(person, "我已阅读并同意")
    person.sees("第 1 页，共 6 页 · 选择考点")


def gives_the_contact(person: Person) -> None:
    """Fill in the required fields of pages 2 and 3."""
    person.sees("您的民族？")
    taps(person, "汉族")
    person.sees("您的手机号码？")
    person.says("138 0013 8000")
    person.sees("固定电话？")
    taps(person, "跳过本页其余选填项")


def keeps_a_record(person: Person, degree: str, certificate: str) -> None:
    """Fill in page 5 with one education record."""
    person.sees("哪一种学历或学位？")
    taps(person, degree)
    person.sees("毕业学校的全称？")
    person.says("示例医科大学")
    person.sees("所学专业？")
    person.says("护理学")
    person.sees("学习形式？")
    taps(person, "普通全日制")
    person.sees("毕业（或取得学位）是哪年哪月？")
    person.says("2010年7月")
    person.sees("证书编号？")
    person.says(certificate)
    person.sees("核验状态？")
    taps(person, "核验通过")
    person.sees("入学是哪年哪月？")
    taps(person, "跳过")
    person.sees("保存后不能修改")
    taps(person, "✓ 没有错，保存")


def names_the_employer(person: Person, name: str) -> None:
    """Fill in page 6 by typing."""
    person.sees("您的工作单位？")
    person.says(name)
    person.sees("您所在的科室？")
    taps(person, "跳过本页其余选填项")


def confirms_the_photo(person: Person) -> None:
    """Send the photo as a file and confirm it."""
    person.sees("请发您的报名照片")
    person.attaches("file", [("照片.jpg", "image/jpeg", jpeg())])
    person.sees("请看清楚")
    picture(person, "photo")
    taps(person, "✓ 就用这张")


@pytest.mark.row("S12")
def test_a_nurse_registers_on_her_phone(screen: Screen) -> None:
    """The nurse clicks, types and uploads one photo until the to-do list; then the status."""
    ling = screen.is_person("ling")
    gives_the_account(ling, "刘玲", NUMBER, "９９９９ 9919 8808 1232 28")
    picture(ling, "account")
    begins(ling, "青海考区")
    taps(ling, "西宁考点")
    gives_the_contact(ling)
    ling.sees("报考哪一类？")
    taps(ling, "护")
    ling.sees("报考哪个级别？")
    taps(ling, "中级")
    ling.sees("报考哪个专业？")
    ling.says("368")
    ling.sees("首次执业注册是哪年哪月？")
    picture(ling, "form")
    ling.says("2012-07")
    ling.sees("报考哪几科？")
    taps(ling, "就报这几科")
    ling.sees("您现在的专业技术资格？")
    taps(ling, "护师")
    ling.sees("满几年了？")
    ling.says("七")
    ling.sees("哪年哪月取得的？")
    taps(ling, "跳过本页其余选填项")
    keeps_a_record(ling, "本科", "100001201005000001")
    names_the_employer(ling, "青海示例第一人民医院")
    confirms_the_photo(ling)
    ling.sees("请核对全部信息")
    picture(ling, "summary")
    taps(ling, "提交报名信息")
    ling.sees("报名信息已提交")
    expect(ling.messages.locator("img").last).to_be_visible()
    picture(ling, "todo")
    ling.says("/status")
    ling.sees("等待报名确认")


@pytest.mark.row("S11")
def test_a_physician_uploads_his_papers_in_an_area_that_confirms_online(
    screen: Screen, swift: Sandbox
) -> None:
    """He uploads every required kind, one as an album; then he awaits online confirmation."""
    chen = screen.is_person("chen", swift.address)
    gives_the_account(chen, "陈航", CLINICIAN, CLINICIAN)
    begins(chen, "天津考区")
    taps(chen, "和平考点")
    chen.sees("哪个报名点？")
    taps(chen, "和平第一报名点")
    gives_the_contact(chen)
    chen.sees("报考哪一类？")
    taps(chen, "医")
    chen.sees("报考哪个专业？")
    taps(chen, "后面的 →")
    chen.sees("下面是第 13–24 个")
    picture(chen, "specialties")
    chen.says("303")
    chen.sees("您的执业类别？")
    taps(chen, "临床")
    chen.sees("首次执业注册")
    taps(chen, "从列表里选年月")
    taps(chen, "2019")
    taps(chen, "2019-07")
    chen.sees("住院医师规范化培训")
    taps(chen, "没有")
    chen.sees("报考哪几科？")
    taps(chen, "就报这几科")
    chen.sees("您现在的专业技术资格？")
    taps(chen, "执业医师")
    chen.sees("满几年了？")
    chen.says("6")
    chen.sees("哪年哪月取得的？")
    taps(chen, "跳过本页其余选填项")
    keeps_a_record(chen, "硕士研究生", "100001201002000009")
    names_the_employer(chen, "天津示例第一人民医院")
    confirms_the_photo(chen)
    chen.sees("请上传证明材料")
    taps(chen, "身份证件")
    sides = [encoded(face(900, height), "JPEG") for height in (1200, 1210)]
    chen.sees("请发：身份证件")
    chen.attaches("photo", [(f"{n}.jpg", "image/jpeg", side) for n, side in enumerate(sides)])
    chen.sees("已有 2 个，最多 2 个")
    taps(chen, "这一种传好了")
    chen.sees("请发：学历学位证书")
    chen.attaches("file", [("学历.png", "image/png", encoded(face(900, 1220), "PNG"))])
    chen.sees("已有 1 个，最多 4 个")
    taps(chen, "← 上一步")
    chen.sees("单位工作年限证明：必交，还没有")
    picture(chen, "materials")
    taps(chen, "✓ 证明材料上传完成")
    chen.sees("还缺“单位工作年限证明”")
    taps(chen, "单位工作年限证明")
    chen.sees("请发：单位工作年限证明")
    chen.attaches("file", [("证明.jpg", "image/jpeg", encoded(face(900, 1230), "JPEG"))])
    chen.sees("已有 1 个，最多 2 个")
    taps(chen, "这一种传好了")
    taps(chen, "✓ 证明材料上传完成")
    chen.sees("证明材料：4 个文件")
    picture(chen, "summary-online")
    taps(chen, "提交报名信息")
    chen.sees("等待线上确认")
    chen.sees("和平第一报名点")
    picture(chen, "todo-online")


def test_two_tabs_are_two_people(screen: Screen) -> None:
    """A second person, in English, sees no data of the first."""
    clerk = screen.is_person("clerk")
    clerk.says("/start")
    taps(clerk, "English")
    clerk.sees("Hello, I am the registration assistant.")
    expect(clerk.messages).not_to_contain_text("刘玲")
    picture(clerk, "english")


def test_the_calendar_moves_from_the_page(screen: Screen) -> None:
    """The page's clock control sends the administrator's command; the bot answers with the time."""
    admin = screen.is_person("admin")
    admin.says("/start")
    taps(admin, "中文")
    admin.sees("同意")
    admin.says("/clock +1d")
    admin.sees("2025年12月3日")
