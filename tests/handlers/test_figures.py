"""Figures of photos and papers: a value that misses its limit never reads like the limit."""

from __future__ import annotations

import pytest

from handlers.paper_lines import doubts
from handlers.photo_lines import apart, figure
from states.papers.checks import PageLook, PaperMeasures, PaperRule
from states.photo.checks import Check, PhotoFinding, PhotoMeasures, PhotoVerdict
from tests.fakes.router import TRANSLATIONS
from tests.handlers.people import LOCALES

pytestmark = pytest.mark.row("B5", "B7")


@pytest.mark.parametrize(
    ("value", "limit", "told", "shown"),
    [
        (21.7, 22, ("22", "22"), ("21.7", "22")),
        (22.46, 22.5, ("22", "22"), ("22.46", "22.5")),
        (40.1, 22, ("40", "22"), ("40", "22")),
        (3.0, 0, ("3", "0"), ("3", "0")),
    ],
)
def test_value_and_limit_have_the_decimals_that_tell_them_apart(
    value: float, limit: float, told: tuple[str, str], shown: tuple[str, str]
) -> None:
    assert apart(value, limit, told) == shown


def test_a_photo_and_a_page_just_beyond_the_limit_read_so() -> None:
    finding = PhotoFinding(Check.ENLARGED, PhotoVerdict.STAFF, 21.7, 22)
    assert figure(finding, PhotoMeasures()).args["value"] == "21.7"
    rule = PaperRule()
    page = PageLook(PaperMeasures(side=900, sharpness=rule.sharpness + 0.02))
    (told,) = doubts((page,), rule)
    assert (told.args["value"], told.args["limit"]) == ("46.02", "46")


def test_of_many_doubtful_pages_the_number_of_the_others_is_told() -> None:
    blurred = PageLook(PaperMeasures(side=900, sharpness=80))
    lines = doubts([blurred] * 5, PaperRule())
    assert [one.key for one in lines] == [*["paper-doubt-sharpness"] * 3, "paper-doubts-more"]
    assert lines[-1].args["count"] == 2


@pytest.mark.parametrize("locale", LOCALES)
def test_only_the_candidate_reads_how_to_take_a_page_anew(locale: str) -> None:
    looks = [
        PaperMeasures(side=900, sharpness=80),
        PaperMeasures(side=900, light=10),
        PaperMeasures(side=100),
    ]
    pages = [PageLook(one) for one in looks]
    to_candidate, to_staff = doubts(pages, PaperRule()), doubts(pages, PaperRule(), for_staff=True)
    for whole, short in zip(to_candidate, to_staff, strict=True):
        told, without = (TRANSLATIONS.label(one, locale) for one in (whole, short))
        assert told.startswith(without)
        assert without.endswith(("。", "."))
        assert told != without
