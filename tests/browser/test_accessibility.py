"""The page for who uses a keyboard, a screen reader or large letters."""

from __future__ import annotations

from importlib import resources

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import Sandbox, Screen, keyboard

pytestmark = pytest.mark.row("B20", "B22")

MOST_STOPS = 12
"""The most presses of the Tab key from the top of a page to the composer."""
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Return the rules of axe that the page breaks."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations.map((one) => one.id)")
    return [str(one) for one in found]


def stops_to_composer(page: Page) -> int:
    """Return how often Tab is pressed until the composer has the focus."""
    page.evaluate("() => { document.activeElement?.blur(); document.body.focus(); }")
    for pressed in range(1, 100):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.dataset.testid") == "composer":
            return pressed
    return 100


@pytest.fixture(scope="module", autouse=True)
def filled(sandbox: Sandbox) -> None:
    """A message with 60 buttons, more than a chat of the staff shows at a time."""
    sandbox.acts("ling", "says", text="/start")
    rows: list[list[dict[str, object]]] = [
        [{"text": f"{row}.{one}", "callback_data": f"{row}.{one}"} for one in "abc"]
        for row in range(20)
    ]
    sandbox.writes("ling", "请选一项", reply_markup=keyboard(*rows))


def test_landing_and_chat_are_clean_and_the_composer_is_near(screen: Screen) -> None:
    landing = screen.opens("/")
    expect(landing.get_by_role("link").first).to_be_visible()
    assert violations(landing) == []
    ling = screen.is_person("ling")
    ling.sees("请选一项")
    assert violations(ling.page) == []
    assert ling.page.locator("main").count() == 1
    assert stops_to_composer(ling.page) <= MOST_STOPS


def test_arrows_lead_from_button_to_button(screen: Screen) -> None:
    ling = screen.is_person("ling")
    ling.sees("请选一项")
    ling.page.get_by_role("button", name="19.a").last.focus()
    for key, name in (("ArrowDown", "19.b"), ("ArrowDown", "19.c"), ("ArrowUp", "19.b")):
        ling.page.keyboard.press(key)
        assert ling.page.evaluate("() => document.activeElement.textContent.trim()") == name


LEAST_ROOM = 0.6
"""The conversation's part of the height."""


def test_at_200_percent_nothing_leaves_the_page_sideways(
    chromium: Browser, sandbox: Sandbox
) -> None:
    """1280 px at 200 % have 640 CSS px, and a phone of 390 px has 195."""
    for width in (640, 320, 195):
        context = chromium.new_context(
            viewport={"width": width, "height": 420}, base_url=sandbox.address
        )
        page = context.new_page()
        for path in ("/", "/chat/ling"):
            page.goto(path)
            page.wait_for_selector(".sandbox")
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= width, (path, width)
        room = page.get_by_test_id("messages").bounding_box()
        assert room is not None
        assert room["height"] >= 420 * LEAST_ROOM, width
        context.close()
