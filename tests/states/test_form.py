"""The form: what is asked, what an answer changes, and months as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.form import engine
from states.form.fields import Around, Field, Kind, parse_month
from states.form.pages import FIELDS, PAGES, Page
from states.records import Answers
from states.texts import Problem, Text

TODAY = date(2025, 12, 2)
BORN = date(1990, 3, 7)
AROUND = Around(TODAY, BORN)
NONE: Answers = {"practice": "none"}
DENTAL: Answers = {"practice": "dental"}
WHOLE: Answers = {
    "practice": "dental",
    "registered": "2019-07",
    "residency": "",
    "employer": "示例市第一人民医院",
    "department": "内科",
}


def keys(fields: list[Field]) -> list[str]:
    return [field.key for field in fields]


def key(field: Field | None) -> str | None:
    return field.key if field else None


def taken(answers: Answers | Problem) -> Answers:
    assert not isinstance(answers, Problem), answers
    return answers


def refused(answers: object) -> Problem:
    assert isinstance(answers, Problem), answers
    return answers


# --- the pages as the guide has them -------------------------------------------------------------


def test_every_field_has_a_key_of_its_own() -> None:
    fields = [field for page in PAGES for field in page.fields]
    assert len({field.key for field in fields}) == len(fields)
    assert list(FIELDS.values()) == fields


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["practice", "residency", "employer", "department"]),
        (NONE, ["practice", "residency", "employer", "department"]),
        (DENTAL, ["practice", "registered", "residency", "employer", "department"]),
    ],
)
def test_the_month_of_registration_is_asked_of_those_who_practise(
    answers: Answers, asked: list[str]
) -> None:
    assert keys(engine.asked(answers)) == asked


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "practice"),
        (NONE, "residency"),
        (DENTAL, "registered"),
        ({**DENTAL, "registered": "2019-07"}, "residency"),
        ({**NONE, "residency": ""}, "employer"),
        ({**WHOLE, "department": ""}, None),
        (WHOLE, None),
    ],
)
def test_the_first_question_without_an_answer_is_open(answers: Answers, field: str | None) -> None:
    assert key(engine.open_field(answers)) == field


@pytest.mark.parametrize(
    ("answers", "at", "field"),
    [
        (NONE, "practice", None),
        (NONE, "residency", "practice"),
        (DENTAL, "residency", "registered"),
        (NONE, "employer", "residency"),
        (NONE, "registered", None),
        (NONE, "no such field", None),
    ],
)
def test_back_leads_to_the_question_that_was_asked_before(
    answers: Answers, at: str, field: str | None
) -> None:
    assert key(engine.before(answers, at)) == field


@pytest.mark.parametrize(
    ("answers", "at", "place"),
    [
        (NONE, "practice", ("applying", 1, 2, 1, 2)),
        (NONE, "residency", ("applying", 1, 2, 2, 2)),
        (DENTAL, "registered", ("applying", 1, 2, 2, 3)),
        (DENTAL, "residency", ("applying", 1, 2, 3, 3)),
        (WHOLE, "employer", ("work", 2, 2, 1, 2)),
        (WHOLE, "department", ("work", 2, 2, 2, 2)),
        (NONE, "registered", ("applying", 1, 2, 2, 3)),
    ],
)
def test_every_prompt_says_where_it_stands(
    answers: Answers, at: str, place: tuple[str, int, int, int, int]
) -> None:
    position = engine.position(answers, FIELDS[at])
    assert place == (
        position.page.key,
        position.page_number,
        position.pages,
        position.number,
        position.count,
    )


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("practice", "dental", "dental"),
        ("registered", "二〇一九年七月", "2019-07"),
        ("employer", "  示例市\n第一人民医院 ", "示例市 第一人民医院"),
        ("employer", "甲乙", "甲乙"),
        ("employer", "甲" * 60, "甲" * 60),
        ("department", "ＩＣＵ", "ICU"),
    ],
)
def test_a_good_answer_is_kept_one_way_of_writing(field: str, typed: str, value: str) -> None:
    answers = taken(engine.answer(DENTAL, FIELDS[field], typed, AROUND))
    assert answers[field] == value


@pytest.mark.parametrize(
    ("field", "typed", "problem", "args"),
    [
        ("practice", "surgeon", "problem-choice", {}),
        ("practice", "", "problem-choice", {}),
        ("employer", "甲", "problem-text-short", {"limit": 2}),
        ("employer", " \u200b ", "problem-text-short", {"limit": 2}),
        ("employer", "甲" * 61, "problem-text-long", {"limit": 60, "count": 61}),
        ("department", "甲" * 31, "problem-text-long", {"limit": 30, "count": 31}),
        ("registered", "soon", "problem-month-format", {}),
        ("registered", "2026-01", "problem-month-future", {"typed": "2026-01"}),
        ("registered", "1990-03", "problem-month-unborn", {"typed": "1990-03"}),
        ("registered", "0000-07", "problem-month-format", {}),
    ],
)
def test_a_wrong_answer_is_named_with_its_field_and_limit(
    field: str, typed: str, problem: str, args: Mapping[str, object]
) -> None:
    said = refused(engine.answer(DENTAL, FIELDS[field], typed, AROUND))
    assert said.key == problem
    assert said.args == {"field": Text(f"field-{field}"), **args}


@pytest.mark.parametrize(
    ("typed", "born", "good"),
    [
        ("2025-12", BORN, True),
        ("1990-04", BORN, True),
        ("1990-03", date(1990, 3, 1), False),
        ("1950-01", None, True),
    ],
)
def test_a_month_lies_after_the_birth_and_not_in_the_future(
    typed: str, born: date | None, good: bool
) -> None:
    result = engine.answer(DENTAL, FIELDS["registered"], typed, Around(TODAY, born))
    assert isinstance(result, Problem) is not good


def test_only_what_may_be_left_open_can_be_skipped() -> None:
    assert engine.skip(NONE, FIELDS["residency"]) == {**NONE, "residency": ""}
    said = refused(engine.skip(DENTAL, FIELDS["registered"]))
    assert (said.key, said.args) == ("problem-required", {"field": Text("field-registered")})


def test_a_changed_answer_takes_along_what_depended_on_it() -> None:
    without = taken(engine.answer(WHOLE, FIELDS["practice"], "none", AROUND))
    assert without == {**NONE, **{k: WHOLE[k] for k in ("residency", "employer", "department")}}
    again = taken(engine.answer(without, FIELDS["practice"], "clinical", AROUND))
    assert key(engine.open_field(again)) == "registered"


def test_an_answer_changes_nothing_of_what_was_given() -> None:
    before = dict(WHOLE)
    engine.answer(before, FIELDS["practice"], "none", AROUND)
    engine.skip(before, FIELDS["residency"])
    assert before == WHOLE


# --- any form ------------------------------------------------------------------------------------


def chained(*links: tuple[int, str]) -> tuple[Page, ...]:
    """Pages of yes-or-no questions, two a page; each asked if an earlier one has this answer."""

    def after(place: int, value: str) -> Field:
        condition = links[place - 1] if place else None

        def when(answers: Answers) -> bool:
            if condition is None or condition[0] >= place:
                return True
            return answers.get(f"q{condition[0]}") == condition[1]

        return Field(f"q{place}", Kind.CHOICE, required=False, when=when, choices=("yes", "no"))

    fields = [after(place, "") for place in range(len(links) + 1)]
    return tuple(Page(f"p{at}", tuple(fields[at : at + 2])) for at in range(0, len(fields), 2))


FORMS = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["yes", "no"])), max_size=7).map(
    lambda links: chained(*links)
)
WILD: st.SearchStrategy[dict[str, str]] = st.dictionaries(
    st.sampled_from([f"q{n}" for n in range(9)]), st.sampled_from(["yes", "no", ""])
)


@pytest.mark.row("B17")
@given(FORMS, WILD)
def test_settling_leaves_answers_to_what_is_asked_and_is_settled_once(
    pages: tuple[Page, ...], answers: dict[str, str]
) -> None:
    settled = engine.settle(answers, pages)
    assert engine.settle(settled, pages) == settled
    assert settled.keys() <= {field.key for field in engine.asked(settled, pages)}
    assert settled.items() <= answers.items()


@pytest.mark.row("B17")
@given(FORMS, WILD, st.data())
def test_no_answer_ever_leaves_one_to_a_hidden_question(
    pages: tuple[Page, ...], answers: dict[str, str], data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from([field for page in pages for field in page.fields]))
    for after in (
        taken(
            engine.answer(answers, field, data.draw(st.sampled_from(["yes", "no"])), AROUND, pages)
        ),
        taken(engine.skip(answers, field, pages)),
    ):
        assert after.keys() <= {field.key for field in engine.asked(after, pages)}


@pytest.mark.row("B17")
@given(FORMS, WILD, st.data())
def test_the_form_can_be_completed_from_anywhere(
    pages: tuple[Page, ...], wild: dict[str, str], data: st.DataObject
) -> None:
    answers = engine.settle(wild, pages)
    steps = 0
    while (field := engine.open_field(answers, pages)) is not None:
        typed = data.draw(st.sampled_from(["yes", "no", None]))
        answers = taken(
            engine.skip(answers, field, pages)
            if typed is None
            else engine.answer(answers, field, typed, AROUND, pages)
        )
        steps += 1
        assert steps <= 9, "a question comes back"
    assert answers.keys() == {field.key for field in engine.asked(answers, pages)}


@given(FORMS, WILD)
def test_back_walks_over_every_question_to_the_first(
    pages: tuple[Page, ...], wild: dict[str, str]
) -> None:
    answers = engine.settle(wild, pages)
    asked = engine.asked(answers, pages)
    way: list[Field | None] = [asked[-1]]
    while (here := way[-1]) is not None:
        way.append(engine.before(answers, here.key, pages))
    assert way[-2::-1] == asked


@given(FORMS, WILD)
def test_the_positions_count_through_each_page(
    pages: tuple[Page, ...], wild: dict[str, str]
) -> None:
    answers = engine.settle(wild, pages)
    for number, page in enumerate(pages, start=1):
        shown = [field for field in engine.asked(answers, pages) if field in page.fields]
        for place, field in enumerate(shown, start=1):
            at = engine.position(answers, field, pages)
            assert at == engine.Position(page, number, len(pages), place, len(shown))


PRACTICES = st.sampled_from(FIELDS["practice"].choices)
MONTHS = st.dates(date(1990, 4, 1), TODAY).map(lambda day: f"{day:%Y-%m}")


@given(st.lists(PRACTICES, min_size=1), MONTHS)
def test_the_guides_form_is_whole_when_every_question_was_answered(
    changes: list[str], month: str
) -> None:
    answers: Answers = {}
    for practice in changes:
        answers = taken(engine.answer(answers, FIELDS["practice"], practice, AROUND))
        while (field := engine.open_field(answers)) is not None:
            typed = month if field.kind is Kind.MONTH else "示例医院"
            answers = taken(engine.answer(answers, field, typed, AROUND))
    assert ("registered" in answers) == (changes[-1] != "none")
    assert set(answers) == set(keys(engine.asked(answers)))


# --- months --------------------------------------------------------------------------------------

JULY = [
    "2019-07", "2019-7", "2019/07", "2019/7", "2019.07", "2019.7", "2019 7", "2019 07", "201907",
    "2019年7月", "2019年07月", "2019年7", "2019年7月份", "2019 年 7 月", " 2019年 7月 ",
    "２０１９－０７", "２０１９年７月", "２０１９．７", "２０１９０７",
    "2019–7", "2019—07", "2019−07", "2019。7", "2019、7", "2019，7", "2019～7",
    "二〇一九年七月", "二零一九年七月", "二○一九年七月", "二〇一九年07月", "2019年七月",
    "19年7月", "19.7", "19-07", "19/7", "一九年七月", "二〇一九 七",
    "07/2019", "7/2019", "7.2019", "07 2019",
    "July 2019", "july 2019", "JUL 2019", "Jul. 2019", "2019 Jul", "2019 July", "July, 2019",
    "2019\u200b-07", "\u202e2019-07\u202c", "２０１９\u3000７",
]  # fmt: skip


@pytest.mark.parametrize("typed", JULY)
def test_july_is_read_however_it_is_written(typed: str) -> None:
    assert parse_month(typed, TODAY) == (2019, 7)


CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("suffix", ["月", "", "月份"])
def test_every_month_is_read_in_chinese(month: int, suffix: str) -> None:
    assert parse_month(f"二〇一九年{CHINESE[month - 1]}{suffix}", TODAY) == (2019, month)


@pytest.mark.parametrize("typed", ["2019年元月", "二〇一九年元月", "2019年元月份"])
def test_the_first_month_has_a_name_of_its_own(typed: str) -> None:
    assert parse_month(typed, TODAY) == (2019, 1)


ENGLISH = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_read_in_english(month: int) -> None:
    name = ENGLISH[month - 1]
    for written in (name, name[:3], name.upper(), f"{name[:3]}."):
        assert parse_month(f"{written} 2019", TODAY) == (2019, month)
        assert parse_month(f"2019 {written[:3]}", TODAY) == (2019, month)


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("25.1", 2025),
        ("25.12", 2025),
        ("26.1", 1926),
        ("99.7", 1999),
        ("00.7", 2000),
        ("九九年7月", 1999),
    ],
)
def test_a_year_of_two_digits_is_the_latest_that_has_begun(typed: str, year: int) -> None:
    found = parse_month(typed, TODAY)
    assert found is not None
    assert found[0] == year


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "-", "年月", "2019", "7", "七月", "2019-", "-07", "2019-00", "2019-13",
        "2019年十三月", "2019年二十月", "二〇一九年十十月", "2019年一十月", "去年七月", "2019年春",
        "2019-007", "20190", "20197", "2019070", "201900", "201913", "12019-07", "2019--07",
        "2019-07-01", "2019年7月1日", "2019-07-", "7/19/2019", "2019:07", "1e3-07",
        "0000-07", "0019-07", "1899-12", "7月2019",
        "Juli 2019", "Ju 2019", "month 2019", "2019-07 x", "x2019-07", "/start",
    ],
)  # fmt: skip
def test_what_names_no_month_is_refused(typed: str) -> None:
    assert parse_month(typed, TODAY) is None


@given(st.text() | st.text(alphabet="0123456789年月-./ 〇零一二三四五六七八九十元份", max_size=12))
def test_whatever_is_typed_is_a_month_or_nothing(typed: str) -> None:
    found = parse_month(typed, TODAY)
    if found is not None:
        assert 1900 <= found[0] <= 9999
        assert 1 <= found[1] <= 12
    value = FIELDS["registered"].take(typed, AROUND)
    assert isinstance(value, Problem) or "1990-04" <= value <= "2025-12"


@given(st.dates(date(1900, 1, 1), TODAY))
def test_what_is_shown_can_be_typed_again(day: date) -> None:
    assert parse_month(f"{day.year:04}-{day.month:02}", TODAY) == (day.year, day.month)
