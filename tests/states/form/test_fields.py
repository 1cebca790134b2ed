"""Typed answers: the stored value of each kind, and the problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.form.education import RECORD
from states.form.fields import SKIPPED, AnswerContext, Field, FieldKind, joined
from states.form.numbers import parse_number
from states.form.pages import FORM
from states.form.questionnaire import Questionnaire
from states.records import Answers
from states.texts import Problem, Text
from tests.case_ids import numbered
from tests.states.people import (
    ANSWERS,
    DOCTORS_ANSWERS,
    EXAM,
    ONLINE_ANSWERS,
    make_context,
)
from tests.states.people import RECORD as KEPT

TODAY = date(2025, 12, 2)
CONTEXT = replace(make_context("qinghai", KEPT), today=TODAY)
FIELDS: Mapping[str, Field] = {**FORM.fields, **RECORD.fields}


def take(key: str, typed: str, context: AnswerContext = CONTEXT) -> str | Problem:
    """Return the stored value of an answer to a question of the doctor's form, or of a record."""
    answers = KEPT if key in RECORD.fields else DOCTORS_ANSWERS
    return FIELDS[key].parse(typed, answers, context)


# --- each kind -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("practice", "dental", "dental"),
        ("site", "xining", "xining"),
        ("specialty", "303", "303"),
        ("ethnicity", "30", "30"),
        ("education", "1", "1"),
        ("registered", "二〇一九年七月", "2019-07"),
        ("residency_month", "19年7月", "2019-07"),
        ("graduated", "2012/7", "2012-07"),
        ("employer_name", "  示例市\n第一人民医院 ", "示例市 第一人民医院"),
        ("employer_name", "示例医院", "示例医院"),
        ("employer_name", "甲" * 60, "甲" * 60),
        ("department", "ＩＣＵ", "ICU"),
        ("years", "１２年", "12"),
        ("field_years", "十五", "15"),
        ("mobile", "138 0013 8000", "+8613800138000"),
        ("subjects", "basic related", "basic related"),
        ("subjects", "skills basic  skills", "basic skills"),
    ],
)
def test_a_good_answer_is_kept_one_way_of_writing(field: str, typed: str, value: str) -> None:
    assert take(field, typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "problem", "args"),
    [
        ("practice", "surgeon", "problem-choice", {}),
        ("practice", "none", "problem-choice", {}),
        ("practice", "", "problem-choice", {}),
        ("level", "junior", "problem-choice", {}),
        ("specialty", "203", "problem-choice", {}),
        ("site", "huangpu", "problem-choice", {}),
        ("education", "2", "problem-choice", {}),
        ("education", "0", "problem-choice", {}),
        ("subjects", "", "problem-several", {}),
        ("subjects", " ", "problem-several", {}),
        ("subjects", "basic painting", "problem-several", {}),
        ("employer_name", "甲乙丙", "problem-text-short", {"limit": 4}),
        ("employer_name", " \u200b ", "problem-text-short", {"limit": 4}),
        ("department", "甲", "problem-text-short", {"limit": 2}),
        ("employer_name", "甲" * 61, "problem-text-long", {"limit": 60, "count": 61}),
        ("department", "甲" * 31, "problem-text-long", {"limit": 30, "count": 31}),
        ("address", "甲" * 10_000, "problem-text-long", {"limit": 100, "count": 10_000}),
        ("registered", "soon", "problem-month-format", {}),
        ("registered", "2026-01", "problem-month-future", {"typed": "2026-01"}),
        ("registered", "1990-03", "problem-month-unborn", {"typed": "1990-03"}),
        ("registered", "0000-07", "problem-month-format", {}),
        ("enrolled", "1980年", "problem-month-format", {}),
        ("years", "51", "problem-number-range", {"least": 0, "most": 50, "typed": 51}),
        ("years", "many", "problem-number-format", {"least": 0, "most": 50}),
    ],
)
def test_a_wrong_answer_is_named_with_its_field_and_limit(
    field: str, typed: str, problem: str, args: Mapping[str, object]
) -> None:
    said = take(field, typed)
    assert isinstance(said, Problem)
    assert said.key == problem
    assert said.args == {"field": Text(f"field-{field.replace('_', '-')}"), **args}


@pytest.mark.parametrize(
    ("typed", "born", "good"),
    [
        ("2025-12", date(1990, 3, 7), True),
        ("1990-04", date(1990, 3, 7), True),
        ("1990-03", date(1990, 3, 1), False),
        ("1990-02", date(1990, 3, 7), False),
        ("1950-01", None, True),
        ("2026-01", None, False),
    ],
)
@pytest.mark.parametrize("key", [key for key, one in FIELDS.items() if one.kind is FieldKind.MONTH])
def test_a_month_lies_after_the_birth_and_not_in_the_future(
    key: str, typed: str, born: date | None, good: bool
) -> None:
    assert isinstance(take(key, typed, replace(CONTEXT, born=born)), Problem) is not good


def test_on_the_first_day_of_a_month_it_has_begun() -> None:
    first = replace(CONTEXT, today=date(2025, 12, 1))
    assert take("registered", "2025-12", first) == "2025-12"
    assert isinstance(take("registered", "2026-01", first), Problem)


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0), ("5", 5), ("05", 5), ("12", 12), ("１２年", 12), ("12 年", 12), ("30岁", 30),
        ("3 years", 3), ("1 Year", 1), ("9999", 9999), ("\u200b7 ", 7), ("٣", 3),
        ("零", 0), ("〇", 0), ("零年", 0), ("一", 1), ("两年", 2), ("二", 2), ("九", 9),
        ("十", 10), ("十年", 10), ("十五", 15), ("二十", 20), ("二十年", 20), ("九十九", 99),
        ("⼗", 10), ("⑫", 12), ("㈤", None), ("５", 5),
        ("", None), ("年", None), ("一百", None), ("一百?", None), ("百", None), ("一二", None),
        ("十十", None), ("五十十", None), ("-1", None), ("−1", None), ("+1", None), ("3.5", None),
        ("1,000", None), ("12345", None), ("1e3", None), ("0x10", None), ("½", None),
        ("12个月", None), ("半年", None), ("三年半", None), ("about 5", None), ("👍", None),
        ("5️⃣", None), ("/start", None), ("1 2", None), ("1" * 10_000, None), ("十" * 10_000, None),
    ],
)  # fmt: skip
def test_numbers_are_read_in_digits_and_in_chinese(typed: str, number: int | None) -> None:
    assert parse_number(typed) == number


NUMERALS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number below a hundred as it is said."""
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, f"{NUMERALS[tens]}十")
    return (ten + (NUMERALS[ones] if ones else "")) or "零"


def test_every_number_below_a_hundred_is_read_in_chinese() -> None:
    assert [parse_number(chinese(number)) for number in range(100)] == list(range(100))
    assert [parse_number(f"{chinese(number)}年") for number in range(100)] == list(range(100))


@pytest.mark.parametrize(("typed", "good"), [("0", True), ("50", True), ("51", False)])
@pytest.mark.parametrize("key", ["years", "field_years"])
def test_a_number_lies_within_its_bounds(key: str, typed: str, good: bool) -> None:
    assert isinstance(take(key, typed), Problem) is not good


# --- how to reach somebody -----------------------------------------------------------------------


@pytest.mark.row("S6")
@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("email", "ling@example.com", "ling@example.com"),
        ("email", "Ling.Liu+exam@Mail.EXAMPLE.com", "Ling.Liu+exam@mail.example.com"),
        ("email", "ｌｉｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ling@example.com"),
        ("email", "ling @ example。com ", "ling@example.com"),
        ("email", "10001@example.com.cn", "10001@example.com.cn"),
        ("email", "a@b-c.example", "a@b-c.example"),
        ("email", "a" * 64 + "@example.com", "a" * 64 + "@example.com"),
        ("postcode", "810000", "810000"),
        ("postcode", "８１００００", "810000"),
        ("postcode", " 810 000\u200b", "810000"),
        ("postcode", "010000", "010000"),
        ("landline", "0971-1234567", "0971-1234567"),
        ("landline", "09711234567", "0971-1234567"),
        ("landline", "（0971）1234567", "0971-1234567"),
        ("landline", "0971 — 1234567", "0971-1234567"),
        ("landline", "０９７１－１２３４５６７", "0971-1234567"),
        ("landline", "010-12345678", "010-12345678"),
        ("landline", "01012345678", "010-12345678"),
        ("landline", "02112345678", "021-12345678"),
        ("landline", "0971-12345678转801", "0971-12345678-801"),
        ("landline", "0971-1234567 转 8", "0971-1234567-8"),
        ("landline", "0971–1234567–123456", "0971-1234567-123456"),
    ],
)
def test_contacts_are_read_however_they_are_written(field: str, typed: str, value: str) -> None:
    assert take(field, typed) == value
    assert take(field, value) == value


NO_EMAIL = [
    "", "ling", "@example.com", "ling@", "ling@example", "ling@example.c1", "a@@b.cn", "ling@.com",
    "ling@-example.com", "ling@example-.com", "ling@example..com", ".ling@example.com",
    "ling.@example.com", "li..ng@example.com", "玲@example.com", "ling@示例.com", "13800138000",
    "ling@example.com, liu@example.com", "<ling@example.com>", "🙂@example.com",
    "a" * 65 + "@example.com", "ling@" + "a." * 60 + "com", "a@" + "a" * 10_000, "a" * 10_000,
    "a@" + "a-" * 5_000, "a." * 5_000 + "@example.com",
]  # fmt: skip
NO_POSTCODE = [
    "", "81000", "8100000", "81000P", "81-000", "８１０", "八一〇〇〇〇", "٨١٠٠٠٠", "-10000",
    "1" * 10_000,
]  # fmt: skip
NO_LANDLINE = [
    "", "1234567", "971-1234567", "0971-123456", "0971-123456789", "0971123456789", "0012345678",
    "0971-1234567-1234567", "0971--1234567", "13800138000", "013800138000", "011-12345678",
    "+86 971 1234567", "0971-12A4567", "٠٩٧١-١٢٣٤٥٦٧", "0971-1234567转", "0" * 10_000,
]  # fmt: skip


@pytest.mark.row("S6")
@numbered(
    ("field", "typed", "problem"),
    [
        *(("email", typed, "problem-email") for typed in NO_EMAIL),
        *(("postcode", typed, "problem-postcode") for typed in NO_POSTCODE),
        *(("landline", typed, "problem-landline") for typed in NO_LANDLINE),
        ("mobile", "0971-1234567", "problem-phone-landline"),
        ("mobile", "1380013800", "problem-phone-length"),
        ("mobile", "138p0138000", "problem-phone-character"),
        ("mobile", "4008001234", "problem-phone-hotline"),
        ("mobile", "1" * 10_000, "problem-phone-wrong"),
    ],
)
def test_contacts_that_reach_nobody_are_refused(field: str, typed: str, problem: str) -> None:
    said = take(field, typed)
    assert isinstance(said, Problem)
    assert said.key == problem


# --- anything at all -----------------------------------------------------------------------------

SIGNS = "0123456789０年月日岁-—.@+()转·/ \n\u200b一二三十两百〇元abcXYjul示例医院🙂"
CODES = sorted(
    {value for form in (ANSWERS, DOCTORS_ANSWERS, ONLINE_ANSWERS, KEPT) for value in form.values()}
    | {one.code for one in EXAM.catalogue}
    | {code for one in EXAM.areas for code in (one.code, one.sites[0].code)}
)
TYPED = st.text() | st.text(alphabet=SIGNS, max_size=16) | st.sampled_from(CODES)
QUESTIONNAIRES = {"form": FORM, "record": RECORD}
ANSWERED: dict[str, Answers] = {
    "nothing": {},
    "nurse": ANSWERS,
    "doctor": DOCTORS_ANSWERS,
    "online": ONLINE_ANSWERS,
}
AREAS = st.sampled_from(["qinghai", "shanghai", "atlantis"])
MONTH = re.compile(r"\d{4}-\d{2}")


def is_safe(name: str, argument: object) -> bool:
    """Whether nothing but our own words, a number, a month or one sign stands in the place."""
    if isinstance(argument, Text):
        return all(is_safe(*inner) for inner in argument.args.items())
    if isinstance(argument, int):
        return argument <= 9999 or name == "count"
    is_sign = name == "char" and re.fullmatch(r"U\+[0-9A-F]{4,6}|.", str(argument), re.DOTALL)
    return bool(is_sign) or (name == "typed" and bool(MONTH.fullmatch(str(argument))))


def each(
    questionnaire: Questionnaire, typed: str, answers: Answers, context: AnswerContext
) -> dict[str, str]:
    """Return the values that each field takes from the text, without problems."""
    kept = {}
    for field in questionnaire.fields.values():
        value = field.parse(typed, answers, context)
        if isinstance(value, Problem):
            assert all(is_safe(*argument) for argument in value.args.items()), value
        else:
            kept[field.key] = value
    return kept


@settings(max_examples=300)
@given(st.sampled_from(list(QUESTIONNAIRES)), TYPED, st.sampled_from(list(ANSWERED)), AREAS)
def test_whatever_is_typed_is_an_answer_that_holds_or_a_problem_without_it(
    asked: str, typed: str, answered: str, area: str
) -> None:
    questionnaire, answers, context = (
        QUESTIONNAIRES[asked],
        ANSWERED[answered],
        make_context(area, KEPT),
    )
    for key, value in each(questionnaire, typed, answers, context).items():
        field = questionnaire.fields[key]
        assert value != SKIPPED
        assert len(value) <= 100
        assert field.is_valid(value, answers, context)
        assert field.parse(value, answers, context) == value
        assert field.display_value(value, answers, context, "en")
        normalized = questionnaire.normalize({**answers, key: value}, context)
        assert questionnaire.normalize(normalized, context) == normalized
        assert normalized.get(key, value) in (value, field.only_value(normalized, context))


@numbered(
    "typed",
    ["", "甲" * 10_000, "1" * 10_000, "十" * 10_000, "19年" * 3_000, "a@" * 5_000, "0971-" * 2_000,
     "\u202e" * 10_000, " " * 10_000, "\u0301" * 10_000, "🙂" * 10_000, "1 " * 5_000],
)  # fmt: skip
def test_a_message_as_long_as_it_may_be_is_answered_at_once(typed: str) -> None:
    for questionnaire, answers in ((FORM, DOCTORS_ANSWERS), (RECORD, KEPT)):
        assert each(questionnaire, typed, answers, CONTEXT) == {}


@given(st.text() | st.text(alphabet="0123456789年月-./ 〇零一二三四五六七八九十元份", max_size=12))
def test_a_month_is_never_before_the_birth_nor_in_the_future(typed: str) -> None:
    value = take("registered", typed)
    assert isinstance(value, Problem) or "1990-04" <= value <= "2025-12"


# --- as people read it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("landline", "", Text("value-skipped")),
        ("mobile", "+8613800138000", "138 0013 8000"),
        ("site", "xining", "Xining"),
        ("specialty", "303", "Internal medicine 303"),
        ("residency", "yes", Text("choice-residency-yes")),
        ("employer", "other", Text("choice-employer-other")),
        ("registered", "2019-07", "2019-07"),
        ("subjects", "basic", "Basic knowledge"),
        (
            "subjects",
            "basic gone",
            Text("list-two", {"first": "Basic knowledge", "second": "gone"}),
        ),
        ("subjects", "gone", "gone"),
        ("site", "gone", "gone"),
        ("education", "9", "9"),
    ],
)
def test_a_value_is_shown_as_people_read_it(field: str, value: str, shown: Text | str) -> None:
    assert FIELDS[field].display_value(value, DOCTORS_ANSWERS, CONTEXT, "en") == shown


def test_several_things_stand_in_a_row() -> None:
    two = Text("list-two", {"first": "a", "second": "b"})
    assert joined(["a"]) == "a"
    assert joined(["a", "b"]) == two
    assert joined(["a", "b", "c"]) == Text("list-two", {"first": two, "second": "c"})


@pytest.mark.row("B26")
@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("certificate", "1000 0120 1205 000001", "100001201205000001"),
        ("certificate", "证书编号：ab－12 34。", "AB-1234"),
        ("mobile", "手机号：138 0013 8OOO。", "+8613800138000"),
        ("mobile", "85291234567", "+85291234567"),
        ("mobile", "00853 6612 3456", "+85366123456"),
        ("postcode", "邮编 81OOOO", "810000"),
        ("school", "⻘海大学", "青海大学"),
        ("employer_name", "護理示例醫院", "護理示例醫院"),
    ],
)
def test_noise_around_an_answer_goes_and_its_own_signs_stay(
    field: str, typed: str, value: str
) -> None:
    assert take(field, typed) == value


@pytest.mark.row("B26")
@pytest.mark.parametrize("key", ["department", "school", "major", "employer_name", "address"])
@pytest.mark.parametrize("symbol", ["🏥", "👍🏽", "\ufffd", "\ue000"])
def test_a_text_with_a_pictograph_or_a_damaged_sign_is_refused(key: str, symbol: str) -> None:
    said = take(key, f"示例示例示例{symbol}")
    assert isinstance(said, Problem)
    assert said.key == "problem-text-character"


@pytest.mark.parametrize(
    ("typed", "count"), [("0138001380", 10), ("1380013800", 10), ("+86 138 0013 800", 10)]
)
def test_the_count_that_is_told_is_of_what_was_typed(typed: str, count: int) -> None:
    assert take("mobile", typed) == Problem("problem-phone-length", {"count": count, "limit": 11})
