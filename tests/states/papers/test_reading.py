"""Values of papers: found beside their words, compared with the form, and not read if unsure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.papers.checks import (
    PageLook,
    PaperCheck,
    PaperMeasures,
    PaperRule,
    findings,
    is_same_page,
    page_twice,
)
from states.papers.comparing import Outcome, compare, differences
from states.papers.text import Glyph, PageText
from states.papers.values import PaperField, PaperKind, reading_of
from states.records import Application, ApplicationId, Identity, Person, PersonId

pytestmark = pytest.mark.row("B7")

DIPLOMA = (
    "毕业证书\n学生刘玲性别女，一九九〇年三月七日生，于二〇〇七年九月至二\n〇一二年七月在本校临床医学专业"
    "四年制本科学习，成绩合格，准予毕业。\n校名：示例医科大学校（院）长：样本\n证书编号：100001201205000001\n"
)
TRAINING = (
    "住院医师规范化培训\n合格证书\n姓　名：刘玲\n身份证号：99999919900307104X\n"
    "培训基地：示例中心医院\n发证机关：样本省卫生健康委员会\n2015年7月2日\n"
)
RECORD = {
    "degree": "bachelor",
    "school": "示例医科大学",
    "major": "临床医学",
    "graduated": "2012-07",
    "certificate": "100001201205000001",
    "verification": "passed",
}
PERSON = Person(
    PersonId(1),
    1,
    1,
    identity=Identity("刘玲", "resident_id", "99999919900307104X", "female", "1990-03-07"),
    education=(RECORD,),
)
APPLICATION = Application(
    ApplicationId(1),
    PersonId(1),
    "health-2026",
    answers={"education": "1", "residency_month": "2015-07"},
)
LEAST = PaperRule().certainty


def page(text: str, unsure: str = "") -> PageText:
    """A page in which the characters of a text are read badly."""
    at = text.find(unsure) if unsure else -1
    bad = range(at, at + len(unsure)) if unsure else range(0)
    return PageText(
        tuple(
            Glyph(char, 0.4 if place in bad else 0.99, (0.1, 0.1, 0.2, 0.2))
            for place, char in enumerate(text)
        )
    )


def outcomes(text: str, unsure: str = "", person: Person = PERSON) -> dict[PaperField, Outcome]:
    found = compare(reading_of([page(text, unsure)]), person, APPLICATION, LEAST)
    return {one.field: one.outcome for one in found}


def test_a_diploma_agrees_with_the_form_in_everything() -> None:
    reading = reading_of([page(DIPLOMA)])
    assert reading.kind is PaperKind.GRADUATION
    graduated = reading.value(PaperField.GRADUATED)
    assert graduated is not None
    assert graduated.value == "2012-07"
    found = outcomes(DIPLOMA)
    assert len(found) == 7
    assert set(found.values()) == {Outcome.SAME}


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        (PaperField.NAME, "刘玲", "刘岭"),
        (PaperField.GRADUATED, "〇一二年七月", "〇一二年六月"),
        (PaperField.MAJOR, "临床医学", "口腔医学"),
        (PaperField.SCHOOL, "示例医科大学", "样板医科大学"),
        (PaperField.CERTIFICATE, "000001\n", "000007\n"),
        (PaperField.BORN, "三月七日", "三月八日"),
    ],
)
def test_one_other_value_is_the_one_difference(field: PaperField, old: str, new: str) -> None:
    found = outcomes(DIPLOMA.replace(old, new))
    assert [one for one, how in found.items() if how is Outcome.DIFFERENT] == [field]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (PaperField.NAME, "刘玲"),
        (PaperField.GRADUATED, "年七月"),
        (PaperField.CERTIFICATE, "100001"),
    ],
)
def test_what_is_read_badly_is_not_read_whatever_it_looks_like(
    field: PaperField, words: str
) -> None:
    other = words.replace("玲", "岭").replace("七", "六").replace("1000", "1009")
    for said in (words, other):
        assert outcomes(DIPLOMA.replace(words, said), said)[field] is Outcome.NOT_READ


def test_a_page_without_known_words_says_nothing_about_anybody() -> None:
    assert outcomes("刘玲同志工作年限证明\n单位\n") == {}
    assert outcomes("") == {}


def test_a_paper_of_another_degree_is_one_question() -> None:
    college = DIPLOMA.replace("本科", "专科").replace("000001\n", "000777\n")
    found = outcomes(college.replace("一二年七月", "〇九年七月"))
    assert [one for one, how in found.items() if how is Outcome.DIFFERENT] == [PaperField.DEGREE]


def test_the_record_with_the_papers_number_is_compared() -> None:
    other = {**RECORD, "degree": "college", "certificate": "55", "graduated": "2009-07"}
    person = replace(PERSON, education=(other, RECORD))
    assert set(outcomes(DIPLOMA, person=person).values()) == {Outcome.SAME}


def test_the_date_at_the_signature_is_that_of_the_training() -> None:
    reading = reading_of([page(TRAINING)])
    assert reading.kind is PaperKind.RESIDENCY
    assert {one.field for one in reading.values} >= {PaperField.ISSUER, PaperField.RESIDENT}
    assert set(outcomes(TRAINING).values()) == {Outcome.SAME}
    later = compare(
        reading_of([page(TRAINING.replace("7月2日", "8月2日"))]), PERSON, APPLICATION, LEAST
    )
    assert [one.field for one in differences(later)] == [PaperField.RESIDENT]


def test_each_check_has_its_limit_and_a_blurred_page_says_nothing_of_its_slant() -> None:
    rule = PaperRule()
    fine = PaperMeasures(1400, 20, 90, 0, 0.5, 0.3, 6)
    bad = PaperMeasures(500, 20, 30, 9, 8, 0.3, 6)
    assert findings((PageLook(fine),), rule) == ()
    found = findings((PageLook(fine), PageLook(bad)), rule)
    checks = [PaperCheck.SIDE, PaperCheck.LIGHT, PaperCheck.CUT, PaperCheck.SLANT]
    assert [(one.check, one.page) for one in found] == [(check, 2) for check in checks]
    blurred = replace(bad, sharpness=70.0)
    assert PaperCheck.SLANT not in {one.check for one in findings((PageLook(blurred),), rule)}


def test_a_page_that_is_twice_in_one_file_is_named_and_empty_ones_are_not() -> None:
    one, other, empty = "f" * 200, "0f" * 100, "0" * 200
    looks = [PageLook(fingerprint=marks) for marks in (empty, other, empty, one, one)]
    assert page_twice(looks, PaperRule()) == (4, 5)
    assert page_twice(looks[:4], PaperRule()) is None
    assert page_twice((), PaperRule()) is None


def test_pages_with_the_same_marks_are_one_page_and_empty_ones_are_none() -> None:
    rule = PaperRule()
    one = "f0" * 128
    assert is_same_page(one, "f1" + one[2:], rule)
    assert not is_same_page(one, "0f" * 128, rule)
    assert not is_same_page("00" * 128, "00" * 128, rule)
    assert not is_same_page("", one, rule)
