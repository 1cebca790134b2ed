"""The menu says whether registration is open, until when, and what there is to do."""

from __future__ import annotations

import pytest

from states.texts import Text
from tests.fakes.router import TRANSLATIONS, screen_of
from tests.handlers.possible_updates import STANDINGS

MENUS = {
    "menu, halfway": (["status-photo", "now-draft-open"], ["resume"]),
    "menu, account open": (["status-begin", "now-begin-open"], ["resume"]),
    "menu, submitted on site": (["status-submitted", "now-visit-early"], ["print", "withdraw"]),
    "menu, submitted online": (["status-submitted", "now-online-early"], ["withdraw"]),
    "menu, submitted online, later": (["status-submitted", "now-online-early"], []),
    "menu, closed": (["status-waiting", "now-draft-early"], ["tell-me"]),
    "menu, closed, will be told": (["status-begin", "now-begin-early", "menu-will-tell"], []),
    "menu, closed, account open": (["status-begin", "now-begin-early"], ["resume", "tell-me"]),
}


@pytest.mark.parametrize(("name", "said", "ways"), [(n, *row) for n, row in MENUS.items()])
def test_the_menu_says_whether_registration_is_open_and_what_there_is_to_do(
    name: str, said: list[str], ways: list[str]
) -> None:
    screen = screen_of(STANDINGS[f"zh-CN: {name}"])
    assert [text.key for text in screen.text[1:] if isinstance(text, Text)] == said
    assert [b.callback.value for row in screen.buttons[:-1] for b in row] == ways


def test_the_menu_names_the_last_minute_of_the_window() -> None:
    (_title, _stage, until) = screen_of(STANDINGS["zh-CN: menu, halfway"]).text
    assert isinstance(until, Text)
    assert (
        TRANSLATIONS.html(until, "zh-CN")
        == "请在 2025年12月15日（周一）23:59 前提交，逾期不能报名。"
    )
