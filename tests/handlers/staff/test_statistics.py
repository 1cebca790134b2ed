"""The names of what is refused most often."""

from __future__ import annotations

import pytest

from handlers.staff.oversight.statistics import item_name
from states.records import Part
from states.texts import Text
from storage.staff.statistics import RefusedItem
from tests.bot.people import EXAM, TRANSLATIONS

PAPERS = {one.code for area in EXAM.areas for one in area.materials}


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_no_code_of_a_paper_is_shown(locale: str) -> None:
    assert PAPERS
    for code in PAPERS:
        shown = item_name(EXAM, RefusedItem(Part.MATERIAL, code, ""), locale)
        assert TRANSLATIONS.label(shown, locale) not in PAPERS


def test_a_reason_stands_behind_the_name_and_an_unknown_code_stays() -> None:
    unknown = RefusedItem(Part.MATERIAL, "of-last-year", "unreadable")
    shown = item_name(EXAM, unknown, "zh-CN")
    assert isinstance(shown, Text)
    assert shown.args == {"item": "of-last-year", "reason": Text("reason-unreadable")}
    phone = item_name(EXAM, RefusedItem(Part.FIELD, "mobile", ""), "zh-CN")
    assert isinstance(phone, Text)
