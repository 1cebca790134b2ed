"""A contact that is marked as sample data has its mark in the reader's language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers import place_lines
from handlers.outlook_lines import now_line
from handlers.rendering import View, whom_to_ask
from states.exam import Area, Point, Site
from states.texts import Text
from tests.fakes.router import TRANSLATIONS
from tests.handlers.people import LOCALES, SHIPPED, Standing
from tests.handlers.possible_updates import STANDINGS

pytestmark = pytest.mark.row("B26")
MARKS = ("（示例）", " (sample)")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_mark_of_a_sample_is_in_the_language(locale: str) -> None:
    mark, other = MARKS if locale == "zh-CN" else MARKS[::-1]
    for area in SHIPPED.areas:
        points = [point for site in area.sites for point in site.points]
        places: tuple[Area | Site | Point, ...] = (area, *area.sites, *points)
        for place in places:
            said = place_lines.contact(place, locale)
            assert isinstance(said, str)
            assert said.endswith(mark)
            assert other not in said
            assert said.removesuffix(mark) == place.contact.removesuffix(MARKS[0])


def test_a_real_contact_and_none_at_all_are_shown_as_they_are() -> None:
    real = SHIPPED.areas[0].model_copy(update={"contact": "0971-1234567", "contact_en": ""})
    assert place_lines.contact(real, "en") == "0971-1234567"
    assert place_lines.contact(None, "en") == ""


def test_a_contact_that_is_known_in_chinese_only_is_marked() -> None:
    chinese = SHIPPED.areas[0].model_copy(update={"contact": "考务科", "contact_en": ""})
    assert place_lines.contact(chinese, "zh-CN") == "考务科"
    assert place_lines.contact(chinese, "en") == Text("in-chinese", {"words": "考务科"})


def test_the_source_of_a_fee_is_in_the_language() -> None:
    published = [area.fee for area in SHIPPED.areas if not area.fee.sample]
    assert published
    for fee in published:
        assert place_lines.fee_source(fee, "zh-CN") == fee.source
        assert str(place_lines.fee_source(fee, "en")).isascii()
    chinese = published[0].model_copy(update={"source_en": ""})
    said = place_lines.fee_source(chinese, "en")
    assert said == Text("in-chinese", {"words": chinese.source})


def _view(standing: Standing) -> View:
    return View(standing.records, SHIPPED, standing.now, standing.position.data)


@pytest.mark.parametrize("stage", ["submitted", "approved"])
def test_no_chinese_mark_stands_in_an_english_answer(stage: str) -> None:
    standing = STANDINGS[f"en: menu, at {stage} on site"]
    application = standing.records.application
    assert application is not None
    view = _view(
        replace(
            standing,
            records=replace(
                standing.records,
                application=replace(
                    application,
                    area="qinghai",
                    answers={**application.answers, "site": "xining", "point": ""},
                ),
            ),
        )
    )
    said = [TRANSLATIONS.html(one, "en") for one in (whom_to_ask(view), now_line(view))]
    assert "示例" not in "".join(said)
    assert "(sample)" in said[0]
