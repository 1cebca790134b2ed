"""The menu says whether registration is open, until when, and what there is to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.texts import Text
from tests.fakes.router import TRANSLATIONS, screen_of
from tests.handlers.people import EXAM, LOCALES
from tests.handlers.possible_updates import STANDINGS
from tests.handlers.status_page import BY_LOCALE

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


AFTER = [
    case
    for case in BY_LOCALE["zh-CN"]
    if case.endswith((", over", ", for good")) or case.startswith(("submitted", "confirmed"))
]


@pytest.mark.parametrize("case", AFTER)
def test_nothing_offers_to_go_on_after_the_end_or_after_submitting(case: str) -> None:
    """ "Go on" would lead back to the menu: help, its topics and the menu leave it out."""
    standing = BY_LOCALE["zh-CN"][case]
    for screen in ("help", "help-photo", "help-eligibility", "visit", None):
        offered = [one.callback.value for row in screen_of(standing, screen).buttons for one in row]
        assert "resume" not in offered, screen


def test_without_an_account_nothing_offers_to_go_on_once_registration_is_over() -> None:
    open_now = STANDINGS["zh-CN: name"]
    over = replace(open_now, now=EXAM.windows.registration.closes)
    for standing, wanted in ((open_now, True), (over, False)):
        offered = [one.callback.value for row in screen_of(standing, "help").buttons for one in row]
        assert ("resume" in offered) is wanted


@pytest.mark.parametrize("locale", LOCALES)
def test_the_only_exam_is_begun_by_one_button_that_says_so(locale: str) -> None:
    screen = screen_of(STANDINGS[f"{locale}: exam"])
    ((begin,),) = screen.buttons
    assert begin.label == Text("button-begin")
    assert begin.is_main
    assert begin.callback.value == EXAM.key
    (asked,) = screen.text
    assert isinstance(asked, Text)
    said = TRANSLATIONS.html(asked, locale)
    assert EXAM.display_name(locale) in said
    assert TRANSLATIONS.label(begin.label, locale) in said
