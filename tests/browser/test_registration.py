"""A candidate registers through the page, on what ``make run`` starts, and is there again later.

With SCREENSHOTS=docs/images the pictures of the README are made anew.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Person, Sandbox, Screen
from tests.photos import jpeg

_ROOT = Path(__file__).parents[2]
NUMBER = "999999198808123228"  # an invented person: area code 999999 is nobody's


@contextmanager
def _run(place: Path, port: int) -> Iterator[str]:
    """What ``make run`` runs; yields the address that it says. Ended as by Ctrl-C."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "BOT_TOKEN"},
        "DATA_DIR": str(place),
        "SANDBOX_PORT": str(port),
        "LANG": "zh_CN.UTF-8",
        "PYTHONUTF8": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if said := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield said[0]
                break
        process.send_signal(signal.SIGINT)
        assert "什么都没有丢" in process.stdout.read()
    assert process.returncode == 0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sandbox and the bot keep what they know, with a space in its path."""
    return tmp_path_factory.mktemp("报名 data")


@pytest.fixture(scope="module")
def sandbox(place: Path) -> Iterator[Sandbox]:
    """Sandbox and bot, although somebody else sits on the port they would have liked."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with _run(place, taken.getsockname()[1]) as address, Sandbox(address) as driven:
            assert not address.endswith(f":{taken.getsockname()[1]}")
            yield driven


def taps(person: Person, label: str) -> None:
    """Press the newest of the bot's buttons with this label."""
    person.messages.get_by_role("button", name=label, exact=True).last.click()


def picture(person: Person, name: str) -> None:
    """Keep what the person sees, if somebody wants the pictures."""
    if folder := os.environ.get("SCREENSHOTS"):
        expect(person.page.get_by_test_id("toast")).to_be_hidden()
        person.page.wait_for_timeout(400)  # the page scrolls smoothly to the newest message
        person.page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_nurse_registers_on_her_phone(screen: Screen) -> None:
    """From the first tap to the to-do, by clicks, typing and one upload; then the status."""
    ling = screen.is_person("ling")
    ling.says("/start")
    taps(ling, "中文")
    taps(ling, "同意，开始")
    ling.sees("您的姓名？")
    ling.says("刘玲")
    taps(ling, "居民身份证")
    ling.sees("证件号码是多少？")
    ling.says(NUMBER)
    ling.sees("再输入一遍")
    ling.says("９９９９ 9919 8808 1232 28")
    ling.sees("您的手机号码？")
    expect(ling.messages).not_to_contain_text(NUMBER)
    ling.says("138 0013 8000")
    ling.sees("确认后不能更改")
    picture(ling, "account")
    taps(ling, "✓ 全部正确，确认")
    taps(ling, "2026 年度卫生专业技术资格考试")
    taps(ling, "青海考区")
    taps(ling, "我已阅读并同意")
    taps(ling, "西宁考点")
    taps(ling, "临床")
    ling.sees("首次执业注册")
    ling.says("二〇一九年七月")
    ling.sees("住院医师规范化培训")
    picture(ling, "form")
    taps(ling, "跳过")
    ling.sees("您的工作单位全称？")
    ling.says("示例市第一人民医院")
    ling.sees("您所在的科室？")
    ling.says("跳过")
    ling.sees("请发您的报名照片")
    ling.attaches("file", [("照片.jpg", "image/jpeg", jpeg())])
    ling.sees("请看清楚")
    picture(ling, "photo")
    taps(ling, "✓ 就用这张")
    ling.sees("请核对全部信息")
    picture(ling, "summary")
    taps(ling, "提交报名信息")
    ling.sees("现场确认")
    expect(ling.messages.locator("img").last).to_be_visible()
    picture(ling, "todo")
    ling.says("/status")
    ling.sees("等待报名确认")


def test_two_tabs_are_two_people(screen: Screen) -> None:
    """Another candidate, in English, sees nothing of the first one."""
    chen = screen.is_person("chen")
    chen.says("/start")
    taps(chen, "English")
    chen.sees("Hello, I am the registration assistant.")
    expect(chen.messages).not_to_contain_text("刘玲")
    picture(chen, "english")


def test_the_calendar_moves_from_the_page(screen: Screen) -> None:
    """The page's clock control is the administrator's command; the bot says what time it is now."""
    admin = screen.is_person("admin")
    admin.says("/start")
    taps(admin, "中文")
    admin.sees("同意")
    admin.says("/clock +1d")
    admin.sees("2025年12月3日")
