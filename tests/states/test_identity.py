"""Identity items. Every number here is invented: area 999999 is assigned to nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from states.characters import normalize_text
from states.identity import (
    FORMATS,
    IdNumber,
    IdType,
    Sex,
    check_born,
    check_id_number,
    check_name,
    check_phone,
    mask_id_number,
    mask_name,
    mask_phone,
    normalize_number,
)
from states.texts import Argument, Problem, Text

pytestmark = pytest.mark.row("S1")

TODAY = date(2025, 12, 2)
VALID = "99999919900307104X"


def civil(born: str, order: str = "002", area: str = "999999") -> str:
    """A number by GB 11643 with the right check digit; ``born`` as YYYYMMDD."""
    body = area + born + order
    return body + mod_11_2.calc_check_digit(body)


def key_of(result: object) -> str:
    """The key of a problem; anything else fails the test."""
    assert isinstance(result, Problem), result
    return result.key


# --- writing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  刘玲 \n", "刘玲"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("a \t\r\n  b", "a b"),
        ("\u202e刘\u200b玲\ufeff", "刘玲"),
        ("⼑⽊", "刀木"),
        ("⻘海⻋站⻢", "青海车站马"),
        ("刘\x00玲", "刘玲"),
        ("葛\U000e0100", "葛"),
        ("\u3164\u2066\u2069", ""),
    ],
    ids=[
        "trim",
        "width",
        "blanks",
        "invisible",
        "kangxi",
        "radicals",
        "nul",
        "variation",
        "nothing",
    ],
)
def test_text_is_read_as_one_line_of_visible_signs(typed: str, read: str) -> None:
    assert normalize_text(typed) == read


@given(st.text())
def test_reading_twice_changes_nothing(typed: str) -> None:
    once = normalize_text(typed)
    assert normalize_text(once) == once
    assert not any(unicodedata.category(char) in ("Cc", "Cf") for char in once)


@pytest.mark.parametrize(
    "typed",
    [
        "999999 19900307 104x",
        "999999-19900307-104X",
        "９９９９９９１９９００３０７１０４Ｘ",
        "99999919900307104×",
        "99999919900307104Х",
        " 999999–19900307—104Ⅹ\u200f",
        "身份证号：99999919900307104X。",
        "我的号码是 99999919900307104x",
        "999999199oo3O71O4X",
        "“99999919900307104X”",
    ],
)
def test_a_number_is_read_however_it_is_spaced(typed: str) -> None:
    assert normalize_number(typed) == VALID


# --- name ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("刘玲", "刘玲"),
        ("刘　玲。", "刘玲"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("䶮䶮", "䶮䶮"),
        ("王\U0002a7dd", "王\U0002a7dd"),
        ("李\U00031350\U0003347f", "李\U00031350\U0003347f"),
        ("〇一", "〇一"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 ・ 买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽··买买提", "阿依古丽·买买提"),
        ("阿卜杜热西提·阿卜杜热合曼·阿卜杜克热木", "阿卜杜热西提·阿卜杜热合曼·阿卜杜克热木"),
        ("王（suo）", "王(suo)"),
        ("王 suo", "王suo"),
        ("Mary  O’Neil", "Mary O'Neil"),
        ("José-María Núñez", "José-María Núñez"),
        ("Martin L. King Jr.", "Martin L. King Jr."),
    ],
)
def test_names_are_taken_as_on_the_document(typed: str, name: str) -> None:
    assert check_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "char"),
    [
        ("刘玲2", "2"),
        ("刘玲😀", "😀"),
        ("刘👩\u200d⚕️玲", "👩"),
        ("刘_玲", "_"),
        ("<b>刘玲</b>", "<"),
        ("Иван", "И"),
        ("刘玲\u0301", "U+0301"),
        ("刘\ud83d玲", "U+D83D"),
    ],
)
def test_a_sign_that_cannot_stand_in_a_name_is_named(typed: str, char: str) -> None:
    assert check_name(typed) == Problem("problem-name-character", {"char": char})


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "problem-name-short"),
        ("\u200b", "problem-name-short"),
        ("刘", "problem-name-short"),
        ("刘\ue863", "problem-name-unencoded"),
        ("刘\ufffd", "problem-name-unencoded"),
        ("买" * 31, "problem-name-long"),
        ("a" * 61, "problem-name-long"),
        ("·买买提", "problem-name-dot"),
        ("阿依古丽·", "problem-name-dot"),
        ("王(suo", "problem-name-shape"),
        ("王-玲", "problem-name-shape"),
        ("--", "problem-name-shape"),
        ("Mary  -", "problem-name-shape"),
    ],
)
def test_names_out_of_shape_are_refused(typed: str, key: str) -> None:
    assert key_of(check_name(typed)) == key


def test_the_longest_names_fit() -> None:
    assert check_name("买" * 30) == "买" * 30
    assert check_name("ab" * 30) == "ab" * 30


@given(st.text(max_size=70))
def test_a_name_taken_once_is_taken_again_unchanged(typed: str) -> None:
    name = check_name(typed)
    if isinstance(name, str):
        assert check_name(name) == name
        assert 2 <= len(name) <= 60
        assert not re.search(r"[0-9<>&]", name)
    else:
        assert str(name.args.get("char", "")).encode() or name.key != "problem-name-character"


# --- document number -----------------------------------------------------------------------------


def test_a_resident_number_says_sex_and_birth_date() -> None:
    woman = check_id_number(IdType.RESIDENT_ID, civil("19900307", "002", "110105"), TODAY)
    man = check_id_number(IdType.RESIDENT_ID, civil("19771231", "113", "110105"), TODAY)
    assert isinstance(woman, IdNumber)
    assert isinstance(man, IdNumber)
    assert (woman.sex, woman.born, woman.hint) == (Sex.FEMALE, date(1990, 3, 7), None)
    assert (man.sex, man.born, man.hint) == (Sex.MALE, date(1977, 12, 31), None)


def test_an_unknown_area_is_a_hint_and_never_a_refusal() -> None:
    result = check_id_number(IdType.RESIDENT_ID, VALID, TODAY)
    assert result == IdNumber(VALID, Sex.FEMALE, date(1990, 3, 7), Text("hint-id-area"))


@pytest.mark.row("B26")
def test_the_number_of_a_foreigners_residence_card_names_that_document() -> None:
    result = check_id_number(IdType.RESIDENT_ID, civil("19900307", "002", "911840"), TODAY)
    assert isinstance(result, IdNumber)
    assert result.hint == Text("hint-id-foreigner")


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residence_permits(area: str) -> None:
    number = civil("19900307", "113", area)
    as_permit = check_id_number(IdType.RESIDENCE_PERMIT, number, TODAY)
    as_resident = check_id_number(IdType.RESIDENT_ID, number, TODAY)
    assert as_permit == IdNumber(number, Sex.MALE, date(1990, 3, 7), None)
    assert isinstance(as_resident, IdNumber)
    assert as_resident.hint == Text("hint-id-residence-permit")


@pytest.mark.parametrize(
    ("id_type", "typed", "number"),
    [
        (IdType.HK_MACAO_PERMIT, "h 0000 0000", "H00000000"),
        (IdType.HK_MACAO_PERMIT, "M12345678", "M12345678"),
        (IdType.TAIWAN_PERMIT, "0000-0000", "00000000"),
    ],
)
def test_permits_without_a_birth_date(id_type: IdType, typed: str, number: str) -> None:
    assert check_id_number(id_type, typed, TODAY) == IdNumber(number, None, None, None)


@pytest.mark.parametrize("id_type", IdType)
def test_every_example_fits_its_own_format(id_type: IdType) -> None:
    form = FORMATS[id_type]
    assert isinstance(check_id_number(id_type, form.example, TODAY), IdNumber)
    assert re.fullmatch(form.pattern, form.example)
    assert form.source


@pytest.mark.parametrize("typed", ["", "为什么要问", "身份证号："])
def test_words_without_a_number_are_not_counted_as_one(typed: str) -> None:
    assert check_id_number(IdType.RESIDENT_ID, typed, TODAY) == Problem("problem-id-none")


@pytest.mark.parametrize(
    ("typed", "count"),
    [("9" * 17, 17), ("9" * 19, 19), ("9", 1), (VALID + "X", 19)],
)
def test_a_wrong_length_is_said_with_what_was_counted(typed: str, count: int) -> None:
    result = check_id_number(IdType.RESIDENT_ID, typed, TODAY)
    shape = IdType.RESIDENT_ID.shape
    expected: dict[str, Argument] = {"count": count, "limit": 18, "shape": shape}
    assert result == Problem("problem-id-length", expected)


@pytest.mark.parametrize(
    ("id_type", "typed", "char", "place"),
    [
        (IdType.RESIDENT_ID, "9999991990Q307104X", "Q", 11),
        (IdType.RESIDENT_ID, "99999919900307X04X", "X", 15),
        (IdType.RESIDENT_ID, VALID[:5] + "忘" + VALID[5:], "忘", 6),
        (IdType.RESIDENT_ID, "٣" + VALID[1:], "٣", 1),
        (IdType.HK_MACAO_PERMIT, "A00000000", "A", 1),
        (IdType.HK_MACAO_PERMIT, "000000000", "0", 1),
        (IdType.HK_MACAO_PERMIT, "HH0000000", "H", 2),
        (IdType.RESIDENCE_PERMIT, VALID, "9", 1),
        (IdType.TAIWAN_PERMIT, "T0000000", "T", 1),
    ],
)
def test_a_wrong_sign_is_named_with_its_place(
    id_type: IdType, typed: str, char: str, place: int
) -> None:
    expected: dict[str, Argument] = {"char": char, "place": place, "shape": id_type.shape}
    assert check_id_number(id_type, typed, TODAY) == Problem("problem-id-character", expected)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("999999900307104", "problem-id-old"),
        (civil("19900230"), "problem-id-date"),
        (civil("19901301"), "problem-id-date"),
        (civil("00000307"), "problem-id-date"),
        (civil("20251203"), "problem-id-future"),
        (civil("20091203"), "problem-id-young"),
        (civil("19241202"), "problem-id-aged"),
        ("999999199003071040", "problem-id-check"),
        ("999999199030071041", "problem-id-date"),
    ],
)
def test_numbers_that_cannot_be_are_refused(number: str, key: str) -> None:
    assert key_of(check_id_number(IdType.RESIDENT_ID, number, TODAY)) == key


@pytest.mark.parametrize("born", ["20091202", "19241203", "20080229"])
def test_the_youngest_and_the_oldest_are_taken(born: str) -> None:
    assert isinstance(check_id_number(IdType.RESIDENT_ID, civil(born), TODAY), IdNumber)


births = st.dates(min_value=date(1926, 1, 1), max_value=date(2009, 12, 2))
orders = st.integers(min_value=0, max_value=999).map("{:03}".format)


@given(births, orders)
def test_sex_and_birth_date_come_back_from_any_number(born: date, order: str) -> None:
    result = check_id_number(IdType.RESIDENT_ID, civil(f"{born:%Y%m%d}", order), TODAY)
    assert isinstance(result, IdNumber)
    assert result.born == born
    assert result.sex is (Sex.MALE if int(order) % 2 else Sex.FEMALE)


@given(births, orders, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born: date, order: str, place: int, shift: int) -> None:
    number = civil(f"{born:%Y%m%d}", order)
    wrong = str((int(number[place]) + shift) % 10)
    mistyped = number[:place] + wrong + number[place + 1 :]
    assert isinstance(check_id_number(IdType.RESIDENT_ID, mistyped, TODAY), Problem)


@given(births, orders, st.integers(0, 15))
def test_two_swapped_digits_are_always_found(born: date, order: str, place: int) -> None:
    number = civil(f"{born:%Y%m%d}", order)
    pair = number[place : place + 2]
    mistyped = number[:place] + pair[::-1] + number[place + 2 :]
    result = check_id_number(IdType.RESIDENT_ID, mistyped, TODAY)
    assert isinstance(result, IdNumber) is (pair[0] == pair[1])


@given(st.sampled_from(IdType), st.text(alphabet="0123456789XHM x-OА😀", max_size=20))
def test_a_problem_never_repeats_the_number(id_type: IdType, typed: str) -> None:
    result = check_id_number(id_type, typed, TODAY)
    if isinstance(result, Problem):
        assert set(result.args) <= {"char", "place", "shape", "count", "limit"}
        assert len(str(result.args.get("char", ""))) <= 8
    else:
        assert re.fullmatch(FORMATS[id_type].pattern, result.number)


# --- birth dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "1990-03-07", "1990-3-7", "1990.3.7", "1990/03/07", "1990 3 7", "19900307", "1990、3、7",
        "1990年3月7日", "1990年03月07日", "1990 年 3 月 7 日", "１９９０年３月７日", "1990年3月7",
        "1990—03—07", "1990–3–7", "1990−03−07", "1990。3。7", "1990年3月7号", "1990 - 03 - 07",
        "\u200e1990-03-07", "١٩٩٠-٠٣-٠٧", "一九九〇年三月七日", "一九九O年三月七日",
        "出生日期：1990年3月7日。",
    ],
)  # fmt: skip
def test_a_birth_date_is_read_however_it_is_written(typed: str) -> None:
    assert check_born(typed, TODAY) == date(1990, 3, 7)


NO_DATE = "problem-born-format"


@pytest.mark.parametrize(
    ("typed", "problem", "args"),
    [
        ("", NO_DATE, {}),
        ("1990", NO_DATE, {}),
        ("1990-03", NO_DATE, {}),
        ("90-03-07", NO_DATE, {}),
        ("7.3.1990", NO_DATE, {}),
        ("1990030", NO_DATE, {}),
        ("199003071", NO_DATE, {}),
        ("1990-03-07 12:00", NO_DATE, {}),
        ("march 1990", NO_DATE, {}),
        ("🎂", NO_DATE, {}),
        ("1" * 10_000, NO_DATE, {}),
        ("1990-02-30", "problem-born-date", {}),
        ("1990-13-01", "problem-born-date", {}),
        ("1990-00-10", "problem-born-date", {}),
        ("0000-01-01", "problem-born-date", {}),
        ("19900230", "problem-born-date", {}),
        ("2025-12-03", "problem-born-future", {}),
        ("9999-12-31", "problem-born-future", {}),
        ("2009-12-03", "problem-born-young", {"limit": 16}),
        ("2025-12-02", "problem-born-young", {"limit": 16}),
        ("1924-12-02", "problem-born-aged", {"limit": 100}),
        ("0001-01-01", "problem-born-aged", {"limit": 100}),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(
    typed: str, problem: str, args: Mapping[str, int]
) -> None:
    assert check_born(typed, TODAY) == Problem(problem, args)


@pytest.mark.parametrize("typed", ["2009-12-02", "1924-12-03", "2008-02-29"])
def test_a_birth_date_may_be_that_of_the_youngest_and_of_the_oldest(typed: str) -> None:
    assert check_born(typed, TODAY) == date.fromisoformat(typed)


@pytest.mark.parametrize("id_type", IdType)
def test_what_a_number_does_not_say_has_to_be_asked(id_type: IdType) -> None:
    read = check_id_number(id_type, FORMATS[id_type].example, TODAY)
    assert isinstance(read, IdNumber)
    assert (read.sex is not None) is (read.born is not None) is id_type.has_sex_and_birth


@given(births)
def test_a_birth_date_of_a_number_can_be_typed(born: date) -> None:
    assert check_born(born.isoformat(), TODAY) == born
    assert check_born(f"{born:%Y%m%d}", TODAY) == born
    assert check_born(f"{born.year}年{born.month}月{born.day}日", TODAY) == born


@given(st.text() | st.text(alphabet="0123456789-./年月日 １", max_size=12))
def test_whatever_is_typed_is_a_birth_date_or_a_problem_without_it(typed: str) -> None:
    result = check_born(typed, TODAY)
    if isinstance(result, Problem):
        assert result.args.keys() <= {"limit"}
    else:
        assert date(1924, 12, 3) <= result <= date(2009, 12, 2)


# --- telephone -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("(+86)13800138000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("\u202d13800138000\u202c", "+8613800138000"),
        ("14012345678", "+8614012345678"),
        ("+852 9123 4567", "+85291234567"),
        ("00853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
    ],
)
def test_phones_are_read_however_they_are_written(typed: str, phone: str) -> None:
    assert check_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("138p0138000", Problem("problem-phone-character", {"char": "p"})),
        ("13800138000转1", Problem("problem-phone-character", {"char": "转"})),
        ("1380013800", Problem("problem-phone-length", {"count": 10, "limit": 11})),
        ("138001380000", Problem("problem-phone-length", {"count": 12, "limit": 11})),
        ("12800138000", Problem("problem-phone-wrong")),
        ("", Problem("problem-phone-wrong")),
        ("+", Problem("problem-phone-wrong")),
        ("+852 1", Problem("problem-phone-wrong")),
        ("+1 415 555 2671", Problem("problem-phone-region")),
        ("010-12345678", Problem("problem-phone-landline")),
        ("+852 2123 4567", Problem("problem-phone-landline")),
    ],
)
def test_phones_that_cannot_be_used_are_refused(typed: str, problem: Problem) -> None:
    assert check_phone(typed) == problem


@given(st.text(alphabet="0123456789+-() /.ext转", max_size=25))
def test_a_phone_taken_once_is_taken_again_unchanged(typed: str) -> None:
    phone = check_phone(typed)
    if isinstance(phone, str):
        assert re.fullmatch(r"\+(86|852|853|886)\d{8,11}", phone)
        assert check_phone(phone) == phone


# --- for the eyes of others ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [("刘玲", "刘*"), ("欧阳娜娜", "欧***"), ("阿依古丽·买买提", "阿***"), ("", "")],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_numbers_are_masked() -> None:
    assert mask_id_number(VALID) == "**************104X"
    assert mask_id_number("H12345678") == "*******78"
    assert mask_id_number("") == ""
    assert mask_phone("+8613800138000") == "**********8000"
    assert mask_phone("800") == "800"
