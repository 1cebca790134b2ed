"""Typed months."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.form.numbers import month_text, parse_month, parse_number

TODAY = date(2025, 12, 2)

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
        "2019-02-30", "2019年7月32日", "1.7.19", "07/01/2019", "2019-07-",
        "7/19/2019", "2019:07", "1e3-07",
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


@given(st.dates(date(1900, 1, 1), TODAY))
def test_what_is_shown_can_be_typed_again(day: date) -> None:
    assert parse_month(month_text(day), TODAY) == (day.year, day.month)
    assert month_text(day) == f"{day.year:04}-{day.month:02}"


@pytest.mark.row("B26")
@pytest.mark.parametrize(
    "typed",
    [
        "2019-07-01", "2019年7月1日", "2019/7/31", "20190731", "二〇一九年七月三十一日",
        "二O一九年七月", "2O19-O7", "二零一九年七月", "19年7月1日", "毕业：2019年7月。",
        "1 July 2019", "July 1, 2019", "1st of july 2019", "July 2O19",
    ],
)  # fmt: skip
def test_a_month_is_read_as_it_stands_on_a_certificate(typed: str) -> None:
    assert parse_month(typed, TODAY) == (2019, 7)


@pytest.mark.row("B26")
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("6年", 6), ("6 年", 6), ("六年", 6), ("6 years", 6), ("six", 6), ("Six years", 6),
        ("满六年。", 6), ("6 yrs", 6), ("1O", 10), ("共十二年", 12), ("6个月", None),
        ("六七年", None), ("二三年", None), ("six or seven", None), ("O", None), ("二零", None),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_unit_and_never_guessed(typed: str, number: int | None) -> None:
    assert parse_number(typed) == number
