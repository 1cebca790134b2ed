"""Exam files: the shipped one is valid; mistakes in others are named by key path."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core import exam_files
from states.exam import BadExam, Confirmation, Exam, Payment, Window, read_exam
from states.identity import IdType
from states.texts import Mistake
from tests.bot.people import TRANSLATIONS
from tests.case_ids import numbered

SHIPPED = Path(exam_files.__file__).parents[1] / "exams" / "health-2026" / "exam.toml"
WHOLE: dict[str, Any] = exam_files.source("health-2026")
NAMES = ("qinghai", "shanxi")
SOURCE = WHOLE | {
    "areas": [area for area in WHOLE["areas"] if area["code"] in NAMES][::-1],
    "employers": [employer for employer in WHOLE["employers"] if employer["area"] == "qinghai"],
}
"""The shipped exam with two of its areas: Qinghai, then Shanxi; only Qinghai lists employers."""
Slip = Callable[[dict[str, Any]], object]


def mistakes(slip: Slip) -> list[Mistake]:
    """Return the complaint about the shipped exam with a slip in it."""
    data = copy.deepcopy(SOURCE)
    slip(data)
    with pytest.raises(BadExam) as refused:
        read_exam(data)
    found = refused.value.mistakes
    assert str(refused.value) == "\n".join(f"{one.path}: {one.rule}" for one in found)
    return found


# --- the shipped exam ----------------------------------------------------------------------------


def test_the_shipped_exam_is_read_by_name_by_folder_and_by_file() -> None:
    exam = exam_files.load("health-2026")
    assert exam == exam_files.load(str(SHIPPED.parent)) == exam_files.load(str(SHIPPED))
    assert (exam.key, exam.year, exam.zone) == ("health-2026", 2026, "Asia/Shanghai")
    assert set(exam.id_types) == set(IdType)
    assert exam.photo.formats == ("JPEG",)


def test_what_is_invented_in_it_says_so() -> None:
    exam = exam_files.load("health-2026")
    assert exam.sample
    assert exam.terms.sample
    for area in exam.areas:
        assert "示例" in area.contact
        assert all("示例" in site.address and "示例" in site.contact for site in area.sites)


def test_its_areas_differ_in_how_they_work() -> None:
    exam = exam_files.load("health-2026")
    assert {area.payment for area in exam.areas} >= {Payment.MOBILE, Payment.NONE}
    assert {area.confirmation for area in exam.areas} >= {Confirmation.ON_SITE}


def test_areas_and_sites_are_found_by_their_codes() -> None:
    exam = exam_files.load("health-2026")
    for area in exam.areas:
        assert exam.area(area.code) is area
        for site in area.sites:
            assert area.site(site.code) is site
    assert exam.area("atlantis") is None
    assert exam.areas[0].site(exam.areas[1].sites[0].code) is None


def test_its_windows_are_the_announced_ones_in_the_exams_zone() -> None:
    windows = exam_files.load("health-2026").windows
    told = [
        (f"{w.opens:%Y-%m-%d %H:%M}", f"{w.last_minute:%Y-%m-%d %H:%M}")
        for w in (windows.registration, windows.confirmation, windows.payment)
    ]
    assert told == [
        ("2025-12-02 00:00", "2025-12-15 23:59"),
        ("2025-12-03 00:00", "2025-12-16 23:59"),
        ("2026-02-04 00:00", "2026-02-13 23:59"),
    ]


def test_the_day_is_that_of_the_exams_zone() -> None:
    exam = exam_files.load("health-2026")
    assert exam.today(datetime(2025, 12, 1, 15, 59, tzinfo=UTC)).isoformat() == "2025-12-01"
    assert exam.today(datetime(2025, 12, 1, 16, 0, tzinfo=UTC)).isoformat() == "2025-12-02"


@pytest.mark.parametrize(
    ("name", "locale", "called"),
    [("Qinghai", "en", "Qinghai"), ("Qinghai", "zh-CN", "青海考区"), ("", "en", "青海考区")],
)
def test_a_place_is_called_by_its_chinese_name_where_it_has_no_other(
    name: str, locale: str, called: str
) -> None:
    shipped = exam_files.load("health-2026").area("qinghai")
    assert shipped is not None
    assert shipped.model_copy(update={"name_en": name}).display_name(locale) == called


# --- windows -------------------------------------------------------------------------------------

OPENS = datetime(2025, 12, 2, tzinfo=UTC)
CLOSES = datetime(2025, 12, 16, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "held"),
    [(OPENS - INSTANT, False), (OPENS, True), (CLOSES - INSTANT, True), (CLOSES, False)],
)
def test_a_window_holds_its_opening_and_not_its_closing(now: datetime, held: bool) -> None:
    assert Window(opens=OPENS, closes=CLOSES).holds(now) is held


def test_its_last_minute_lies_in_it() -> None:
    window = Window(opens=OPENS, closes=CLOSES)
    assert window.holds(window.last_minute)
    assert not window.holds(window.last_minute + timedelta(minutes=1))


@pytest.mark.parametrize("closes", [OPENS, OPENS - INSTANT])
def test_a_window_that_closes_before_it_opens_is_none(closes: datetime) -> None:
    with pytest.raises(ValidationError, match="closes-before-opens"):
        Window(opens=OPENS, closes=closes)


def test_an_exam_changes_no_more_once_it_is_read() -> None:
    exam = exam_files.load("health-2026")
    with pytest.raises(ValidationError, match="frozen"):
        exam.year = 2027


def test_a_copy_with_other_parts_looks_things_up_among_them() -> None:
    def seen(exam: Exam) -> tuple[object, ...]:
        """Return the result of each look-up of an exam, which also fills its caches."""
        of_area = exam.area("qinghai")
        of_site = of_area.site("xining") if of_area else None
        nurses = exam.specialties("nursing", "junior")
        employers = exam.employers_in("qinghai")
        return of_area, of_site, exam.specialty("203"), nurses, employers

    exam = read_exam(SOURCE)
    assert all(seen(exam))
    emptied = {"areas": (), "catalogue": (), "employers": ()}
    for deep in (False, True):
        assert not any(seen(exam.model_copy(update=emptied, deep=deep)))
        same = exam.model_copy(deep=deep)
        assert seen(same) == seen(exam)
        assert same == exam


def test_so_does_a_copy_of_an_area_or_a_site() -> None:
    area = exam_files.load("health-2026").area("shanghai")
    assert area is not None
    site = area.sites[0]
    point = site.points[0]
    assert area.site(site.code) is site
    assert site.point(point.code) is point
    other = site.model_copy(update={"code": "other", "points": ()})
    assert other.point(point.code) is None
    moved = area.model_copy(update={"sites": (other,)})
    assert (moved.site(site.code), moved.site("other")) == (None, other)


def test_what_was_looked_up_in_an_exam_does_not_make_it_another() -> None:
    asked, fresh = read_exam(SOURCE), read_exam(SOURCE)
    assert asked.area("qinghai") == fresh.areas[0]
    assert asked.specialties("nursing", "junior")
    assert asked == fresh
    assert asked.model_dump() == fresh.model_dump()


# --- mistakes ------------------------------------------------------------------------------------


def site(data: dict[str, Any], area: int, number: int) -> dict[str, Any]:
    found: dict[str, Any] = data["areas"][area]["sites"][number]
    return found


@numbered(
    ("slip", "path", "rule", "why"),
    [
        (lambda d: d.pop("year"), "year", "missing", "缺少"),
        (lambda d: d.update(year=1999), "year", "not-at-least", "2020"),
        (lambda d: d.update(colour="red"), "colour", "unknown-key", "没有叫这个名字的项"),
        (lambda d: d.update(zone="Asia/Atlantis"), "zone", "unknown-zone", "Asia/Shanghai"),
        (lambda d: d.update(zone="../../etc/passwd"), "zone", "unknown-zone", "Asia/Shanghai"),
        (lambda d: d.update(zone=""), "zone", "unknown-zone", "Asia/Shanghai"),
        (lambda d: d.update(areas=[]), "areas", "too-few", "至少要有 1"),
        (lambda d: d.update(id_types=["passport"]), "id_types[0]", "none-of", "resident_id"),
        (lambda d: d.update(id_types=[]), "id_types", "too-few", "至少要有 1"),
        (lambda d: d["terms"].pop("pledge_en"), "terms.pledge_en", "missing", "缺少"),
        (lambda d: d["terms"].update(version="Ver 1"), "terms.version", "no-version", "最多 50 个"),
        (lambda d: d["photo"].pop("min_kb"), "photo.min_kb", "missing", "缺少"),
        (lambda d: d["photo"].update(formats=["JPG"]), "photo.formats", "none-of", "JPEG"),
        (lambda d: d["windows"].pop("review"), "windows.review", "missing", "缺少"),
        (
            lambda d: d["windows"]["payment"].update(opens=datetime(2026, 2, 4)),  # noqa: DTZ001
            "windows.payment.opens",
            "no-offset",
            "+08:00",
        ),
        (
            lambda d: d["windows"]["review"].update(closes=d["windows"]["review"]["opens"]),
            "windows.review.closes",
            "closes-before-opens",
            "要晚于开始",
        ),
        (lambda d: d["areas"][1].update(payment="cash"), "areas[1].payment", "none-of", "mobile"),
        (lambda d: site(d, 0, 1).update(code="X Y"), "areas[0].sites[1].code", "no-code", "X Y"),
        (
            lambda d: site(d, 0, 1).update(code="a" * 21),
            "areas[0].sites[1].code",
            "no-code",
            "最多 20 个",
        ),
        (
            lambda d: site(d, 0, 1).update(name=""),
            "areas[0].sites[1].name",
            "empty-text",
            "不能空着",
        ),
        (lambda d: site(d, 0, 1).pop("address"), "areas[0].sites[1].address", "missing", "缺少"),
    ],
)
def test_a_mistake_is_named_by_its_place(slip: Slip, path: str, rule: str, why: str) -> None:
    (found,) = mistakes(slip)
    assert (found.path, found.rule) == (path, rule)
    said = TRANSLATIONS.plain(found.line, "zh-CN")
    assert said.startswith(f"{path}：")
    assert why in said.removeprefix(path)


@pytest.mark.parametrize(
    ("slip", "path", "other", "code"),
    [
        (
            lambda d: d["areas"][1].update(code="qinghai"),
            "areas[1].code",
            "areas[0].code",
            "qinghai",
        ),
        (
            lambda d: site(d, 0, 1).update(code="xining"),
            "areas[0].sites[1].code",
            "areas[0].sites[0].code",
            "xining",
        ),
        (
            lambda d: d.update(id_types=["resident_id", "resident_id"]),
            "id_types[1]",
            "id_types[0]",
            "resident_id",
        ),
    ],
    ids=["areas", "sites", "id types"],
)
def test_twins_are_named(slip: Slip, path: str, other: str, code: str) -> None:
    assert mistakes(slip) == [Mistake.of(path, "duplicate", other=other, code=code)]


def test_two_areas_may_each_have_a_site_of_the_same_code() -> None:
    data = copy.deepcopy(SOURCE)
    site(data, 1, 0)["code"] = site(data, 0, 0)["code"]
    assert read_exam(data).areas[1].sites[0].code == "xining"


def test_all_mistakes_are_named_at_once() -> None:
    def slip(data: dict[str, Any]) -> None:
        data.pop("year")
        site(data, 0, 0).pop("contact")
        data["areas"][1]["sites"] = []

    assert [one.path for one in mistakes(slip)] == [
        "year",
        "areas[0].sites[0].contact",
        "areas[1].sites",
    ]


@pytest.mark.parametrize(
    "data", [None, [], "exam", {}], ids=["none", "a list", "a word", "an empty table"]
)
def test_what_is_no_exam_at_all_is_refused(data: object) -> None:
    with pytest.raises(BadExam):
        read_exam(data)


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"key = ", b"\xff\xfe", b""])
def test_a_file_that_is_no_exam_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "exam.toml").write_bytes(content)
    with pytest.raises(BadExam):
        exam_files.load(str(tmp_path))


@pytest.mark.parametrize("name", ["health-1999", "", "."])
def test_an_exam_that_is_not_there_is_refused_by_name(name: str) -> None:
    with pytest.raises(BadExam) as refused:
        exam_files.load(name)
    assert refused.value.mistakes == [Mistake.of(name or '""', "not-found")]
