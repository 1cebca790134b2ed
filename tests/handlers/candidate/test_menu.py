"""The menu says whether registration is open, until when, and what there is to do."""

from __future__ import annotations

import pytest

from states.texts import Text
from tests.fakes.router import TRANSLATIONS, screen_of
from tests.handlers.possible_updates import STANDINGS

MENUS = {
    "menu, halfway": (["menu-open"], ["resume"]),
    "menu, account open": (["menu-open"], ["resume"]),
    "menu, submitted on site": (["menu-submitted"], []),
    "menu, submitted online": (["menu-submitted"], []),
    "menu, submitted online, later": (["menu-submitted"], []),
    "menu, closed": (["menu-closed"], ["tell-me"]),
    "menu, closed, will be told": (["menu-closed", "menu-will-tell"], []),
    "menu, closed, account open": (["menu-closed"], ["resume", "tell-me"]),
}


@pytest.mark.parametrize(("name", "said", "ways"), [(n, *row) for n, row in MENUS.items()])
def test_the_menu_says_whether_registration_is_open_and_what_there_is_to_do(
    name: str, said: list[str], ways: list[str]
) -> None:
    screen = screen_of(STANDINGS[f"zh-CN: {name}"])
    assert [text.key for text in screen.text[1:] if isinstance(text, Text)] == said
    assert [b.callback.value for row in screen.buttons[:-1] for b in row] == ways


def test_the_menu_names_the_last_minute_of_the_window() -> None:
    (_title, until) = screen_of(STANDINGS["zh-CN: menu, halfway"]).text
    assert isinstance(until, Text)
    assert TRANSLATIONS.html(until, "zh-CN") == "报名正在进行，2025年12月15日 23:59 截止。"
