"""The shipped exam has the known data of 2026; contradictions in others are named."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.core import exam_files
from states.exam import (
    Area,
    BadExam,
    CodesInUse,
    Confirmation,
    Mode,
    Payment,
    Site,
    Specialty,
    missing_codes,
    read_exam,
)
from states.form.pages import FORM
from states.list_search import find
from states.progress.process_steps import ProcessStep, step_statuses, steps_of_area
from states.records import Records
from states.texts import Argument, Mistake
from tests.case_ids import numbered
from tests.states.people import (
    ANSWERS,
    EXAM,
    OPEN,
    PICTURED,
    WHOLE,
    make_context,
)

SOURCE = exam_files.source("health-2026")
Slip = Callable[[dict[str, Any]], object]


def area(code: str) -> Area:
    found = EXAM.area(code)
    assert found is not None
    return found


# --- what is known of 2026 (domain §4, §7) -------------------------------------------------------


def test_the_32_areas_are_there_under_their_names() -> None:
    names = [area.name for area in EXAM.areas]
    assert len(set(names)) == 32
    assert {"北京考区", "青海考区", "山西考区", "陕西考区", "新疆生产建设兵团考区"} < set(names)
    assert all(name.endswith("考区") for name in names)


def test_no_two_buttons_of_a_list_say_the_same() -> None:
    for locale in ("zh-CN", "en"):
        for places in (EXAM.areas, *(area.sites for area in EXAM.areas)):
            labels = [place.display_name(locale) for place in places]
            assert len(set(labels)) == len(labels)


def test_three_areas_confirm_online_and_have_points_and_materials() -> None:
    online = {a.code for a in EXAM.areas if a.confirmation is Confirmation.ONLINE}
    assert online == {"tianjin", "shanghai", "bingtuan"}
    for code in online:
        assert all(site.points for site in area(code).sites)
        assert {"identity", "degree"} <= {material.code for material in area(code).materials}
        assert all(material.sample for material in area(code).materials)


def test_nobody_pays_online_in_shanxi_and_at_guizhous_provincial_site() -> None:
    unpaid = {
        (area.code, site.code)
        for area in EXAM.areas
        for site in area.sites
        if area.payment_at(site.code) is Payment.NONE
    }
    assert unpaid == {("guizhou", "shengzhi"), *(("shanxi", s.code) for s in area("shanxi").sites)}


def test_a_published_fee_says_where_and_when_and_any_other_is_a_sample() -> None:
    published = {a.code: a.fee for a in EXAM.areas if not a.fee.sample}
    assert published["gansu"].per_subject == 7000
    assert "2023" in published["gansu"].source
    assert all(fee.source for fee in published.values())
    assert all(a.fee.per_subject == 6500 for a in EXAM.areas if a.fee.sample)


def test_the_published_windows_are_told_from_the_samples() -> None:
    windows = EXAM.windows
    assert windows.review.sample
    assert windows.reupload.sample
    published = (windows.registration, windows.confirmation, windows.payment, windows.tickets)
    assert not any(window.sample for window in published)
    assert (windows.exam_days.dates[0], windows.exam_days.dates[-1]) == (
        date(2026, 4, 11),
        date(2026, 4, 26),
    )


def test_the_catalogue_has_119_rows_of_which_115_can_be_chosen() -> None:
    levels = Counter(one.level for one in EXAM.catalogue)
    assert levels == {"assistant": 10, "junior": 16, "intermediate": 93}
    assert sum(one.confirmed for one in EXAM.catalogue) == 41
    gone = {one.name for one in EXAM.catalogue if one.discontinued}
    assert gone == {"结核病学", "职业病学", "计划生育", "职业卫生"}
    offered = [
        one
        for category in EXAM.categories
        for level in EXAM.levels
        for one in EXAM.specialties(category.code, level.code)
    ]
    assert len(offered) == 115
    assert not gone & {one.name for one in offered}


def test_a_specialty_is_found_by_its_code_unless_it_is_discontinued() -> None:
    nursing = EXAM.specialty("203")
    assert nursing is not None
    assert (nursing.name, nursing.mode) == ("护理学", Mode.PAPER)
    assert EXAM.specialty("311") is None
    assert EXAM.specialty("999") is None


def test_a_specialty_is_called_by_its_name_and_code() -> None:
    nursing = EXAM.specialty("203")
    assert nursing is not None
    untranslated = nursing.model_copy(update={"name_en": ""})
    assert nursing.display_name("zh-CN") == untranslated.display_name("en") == "护理学 203"
    assert nursing.display_name("en") == "Nursing 203"
    assert all(one.name_en for one in EXAM.catalogue)


def test_what_is_not_confirmed_says_so() -> None:
    for one in EXAM.catalogue:
        assert one.confirmed is one.source.startswith("confirmed")


def test_the_forms_practice_categories_are_the_exams() -> None:
    practices = [practice.code for practice in EXAM.practices]
    assert practices == ["none", "clinical", "dental", "public", "chinese", "nursing"]
    assert list(FORM.fields["practice"].options({}, make_context())) == list(EXAM.practices)


def test_the_ethnic_groups_are_those_of_the_standard_in_its_order_and_two_more() -> None:
    standard = [one for one in EXAM.ethnicities if not one.sample]
    assert [one.code for one in standard] == [f"{number:02}" for number in range(1, 57)]
    assert (standard[0].name, standard[0].name_en) == ("汉族", "Han")
    assert {one.code: one.name for one in EXAM.ethnicities if one.sample} == {
        "97": "其他",
        "98": "外国血统中国籍人士",
    }
    for locale in ("zh-CN", "en"):
        assert len({one.display_name(locale) for one in EXAM.ethnicities}) == 58


def test_every_area_has_employers_and_all_of_them_are_samples() -> None:
    listed = [employer for area in EXAM.areas for employer in EXAM.employers_in(area.code)]
    assert sorted(listed, key=lambda e: e.code) == sorted(EXAM.employers, key=lambda e: e.code)
    for one in EXAM.areas:
        assert 3 <= len(EXAM.employers_in(one.code)) <= 4
    assert all(employer.sample and "示例" in employer.name for employer in EXAM.employers)
    assert len({employer.name for employer in EXAM.employers}) == len(EXAM.employers)
    assert EXAM.employers_in("atlantis") == ()


def test_an_employer_is_found_as_people_search_for_it() -> None:
    for typed in ("青海示例第一", "qinghai", "qhsl", "Qinghai Sample First"):
        found = find(typed, EXAM.employers_in("qinghai"))
        assert found[0].code == "qh-first"


def test_every_reader_gets_notice_declaration_and_pledge() -> None:
    terms = EXAM.terms
    assert terms.in_language("en") == (terms.notice_en, terms.declaration_en, terms.pledge_en)
    assert terms.in_language("zh-CN") == (terms.notice, terms.declaration, terms.pledge)
    assert all(words.strip() for words in (*terms.in_language("en"), *terms.in_language("zh-CN")))


# --- a site may differ from its area -------------------------------------------------------------


def test_the_way_of_an_application_follows_the_sites_own_payment() -> None:
    guizhou = area("guizhou")
    assert ProcessStep.PAYMENT in steps_of_area(guizhou)
    assert ProcessStep.PAYMENT in steps_of_area(guizhou, "guiyang")
    assert ProcessStep.PAYMENT not in steps_of_area(guizhou, "shengzhi")
    for site, paid in (("guiyang", True), ("shengzhi", False)):
        application = replace(WHOLE, area="guizhou", answers={**ANSWERS, "site": site})
        shown = step_statuses(Records(PICTURED, application), EXAM, OPEN)
        assert (ProcessStep.PAYMENT in dict(shown)) is paid


def test_points_are_found_by_their_codes() -> None:
    site = area("shanghai").sites[0]
    for point in site.points:
        assert site.point(point.code) is point
    assert site.point("nowhere") is None


# --- mistakes ------------------------------------------------------------------------------------


def online(data: dict[str, Any]) -> dict[str, Any]:
    """Tianjin, the second area."""
    found: dict[str, Any] = data["areas"][1]
    return found


@numbered(
    ("slip", "path", "rule", "args"),
    [
        (lambda d: d.update(year=2027), "key", "key-without-year", {"year": "2027"}),
        (
            lambda d: d["catalogue"][17].update(code="101"),
            "catalogue[17].code",
            "duplicate",
            {"other": "catalogue[0].code", "code": "101"},
        ),
        (
            lambda d: d["catalogue"][2].update(level="expert"),
            "catalogue[2].level",
            "unknown-code",
            {"list": "levels", "code": "expert"},
        ),
        (
            lambda d: d["catalogue"][2].update(category="magic"),
            "catalogue[2].category",
            "unknown-code",
            {"list": "categories", "code": "magic"},
        ),
        (lambda d: d["catalogue"][2].pop("mode"), "catalogue[2].mode", "mode-missing", {}),
        (
            lambda d: d["categories"][1].update(practices=["none", "legal"]),
            "categories[1].practices[1]",
            "unknown-code",
            {"list": "practices", "code": "legal"},
        ),
        (
            lambda d: d["categories"][1].update(practices=["none", "none"]),
            "categories[1].practices[1]",
            "duplicate",
            {"other": "categories[1].practices[0]", "code": "none"},
        ),
        (
            lambda d: d["subjects"][3].update(code="basic"),
            "subjects[3].code",
            "duplicate",
            {"other": "subjects[0].code", "code": "basic"},
        ),
        (
            lambda d: d["levels"].append(d["levels"][0]),
            "levels[3].code",
            "duplicate",
            {"other": "levels[0].code", "code": "assistant"},
        ),
        (
            lambda d: d["practices"].append(d["practices"][2]),
            "practices[6].code",
            "duplicate",
            {"other": "practices[2].code", "code": "dental"},
        ),
        (
            lambda d: d["categories"].append(d["categories"][0]),
            "categories[4].code",
            "duplicate",
            {"other": "categories[0].code", "code": "medicine"},
        ),
        (
            lambda d: d["ethnicities"][57].update(code="01"),
            "ethnicities[57].code",
            "duplicate",
            {"other": "ethnicities[0].code", "code": "01"},
        ),
        (
            lambda d: d["employers"][1].update(code="bj-first"),
            "employers[1].code",
            "duplicate",
            {"other": "employers[0].code", "code": "bj-first"},
        ),
        (
            lambda d: d["employers"][1].update(area="atlantis"),
            "employers[1].area",
            "unknown-code",
            {"list": "areas", "code": "atlantis"},
        ),
        (
            lambda d: d["employers"][1].update(code="other"),
            "employers[1].code",
            "reserved-code",
            {"code": "other"},
        ),
        (
            lambda d: d["areas"][3].update(code="beijing") or d.update(employers=[]),
            "areas[3].code",
            "duplicate",
            {"other": "areas[0].code", "code": "beijing"},
        ),
        (
            lambda d: d["areas"][3]["sites"][2].update(code="taiyuan"),
            "areas[3].sites[2].code",
            "duplicate",
            {"other": "areas[3].sites[0].code", "code": "taiyuan"},
        ),
        (
            lambda d: online(d)["sites"][2]["points"][1].update(code="binhai-1"),
            "areas[1].sites[2].points[1].code",
            "duplicate",
            {"other": "areas[1].sites[2].points[0].code", "code": "binhai-1"},
        ),
        (
            lambda d: online(d)["materials"][1].update(code="identity"),
            "areas[1].materials[1].code",
            "duplicate",
            {"other": "areas[1].materials[0].code", "code": "identity"},
        ),
        (
            lambda d: online(d)["sites"][2].pop("points"),
            "areas[1].sites[2].points",
            "needed-online",
            {},
        ),
        (
            lambda d: online(d).pop("materials"),
            "areas[1].materials",
            "needed-online",
            {},
        ),
        (
            lambda d: d["windows"]["review"].update(opens=datetime(2024, 12, 17, tzinfo=UTC)),
            "windows.review.opens",
            "earlier-than",
            {"other": "windows.confirmation.opens"},
        ),
        (
            lambda d: d["windows"]["reupload"].update(opens=datetime(2024, 12, 3, tzinfo=UTC)),
            "windows.reupload.opens",
            "earlier-than",
            {"other": "windows.confirmation.opens"},
        ),
        (
            lambda d: d["windows"]["exam_days"].update(dates=[date(2025, 4, 11)]),
            "windows.exam_days.dates[0]",
            "earlier-than",
            {"other": "windows.tickets.opens"},
        ),
    ],
)
def test_parts_that_do_not_fit_are_named_by_their_place(
    slip: Slip, path: str, rule: str, args: dict[str, Argument]
) -> None:
    data = copy.deepcopy(SOURCE)
    slip(data)
    with pytest.raises(BadExam) as refused:
        read_exam(data)
    assert refused.value.mistakes == [Mistake(path, rule, args)]


@numbered(
    ("slip", "path"),
    [
        (lambda d: d["catalogue"][17].update(code="99"), "catalogue[17].code"),
        (lambda d: d["catalogue"][17].update(mode="oral"), "catalogue[17].mode"),
        (lambda d: d["catalogue"][17].update(colour="red"), "catalogue[17].colour"),
        (lambda d: d["catalogue"][17].update(confirmed="perhaps"), "catalogue[17].confirmed"),
        (lambda d: d.pop("catalogue"), "catalogue"),
        (lambda d: d.pop("ethnicities"), "ethnicities"),
        (lambda d: d.update(ethnicities=[]), "ethnicities"),
        (lambda d: d["employers"][1].pop("area"), "employers[1].area"),
        (lambda d: d.update(form_version=0), "form_version"),
        (lambda d: d["terms"].pop("declaration"), "terms.declaration"),
        (lambda d: d["windows"].pop("tickets"), "windows.tickets"),
        (
            lambda d: d["windows"]["exam_days"].update(
                dates=[date(2026, 4, 12), date(2026, 4, 11)]
            ),
            "windows.exam_days.dates",
        ),
        (lambda d: online(d)["fee"].update(per_subject=-1), "areas[1].fee.per_subject"),
        (lambda d: online(d)["fee"].update(per_subject=65.5), "areas[1].fee.per_subject"),
        (lambda d: online(d).pop("fee"), "areas[1].fee"),
        (
            lambda d: online(d)["materials"][0].update(formats=["JPG", "DOC"]),
            "areas[1].materials[0].formats[1]",
        ),
        # A bot cannot fetch more than 20 MB: https://core.telegram.org/bots/api#getfile
        (
            lambda d: online(d)["materials"][0].update(max_kb=20 * 1024 + 1),
            "areas[1].materials[0].max_kb",
        ),
        (
            lambda d: online(d)["sites"][0]["points"][1].pop("contact"),
            "areas[1].sites[0].points[1].contact",
        ),
        (lambda d: d["areas"][0]["sites"][0].update(payment="cash"), "areas[0].sites[0].payment"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(slip: Slip, path: str) -> None:
    data = copy.deepcopy(SOURCE)
    slip(data)
    with pytest.raises(BadExam) as refused:
        read_exam(data)
    assert [one.path for one in refused.value.mistakes] == [path]


def test_one_list_never_outgrows_the_buttons_of_a_message() -> None:
    data = copy.deepcopy(SOURCE)
    first = data["areas"][0]  # type: ignore[index]
    first["sites"] = [{**first["sites"][0], "code": f"s{n}"} for n in range(97)]
    with pytest.raises(BadExam) as refused:
        read_exam(data)
    (found,) = refused.value.mistakes
    assert (found.path, found.rule, found.args["limit"]) == ("areas[0].sites", "too-many", "96")


# --- codes in use --------------------------------------------------------------------------------


def without(area_code: str, site_code: str = "") -> list[Area]:
    """The areas with this one, or only this site of it, dropped."""

    def kept(sites: tuple[Site, ...]) -> tuple[Site, ...]:
        return tuple(site for site in sites if site.code != site_code)

    if not site_code:
        return [area for area in EXAM.areas if area.code != area_code]
    return [
        area.model_copy(update={"sites": kept(area.sites)}) if area.code == area_code else area
        for area in EXAM.areas
    ]


USED = [
    CodesInUse("qinghai", "xining", specialty="203"),
    CodesInUse("qinghai"),
    CodesInUse("shanxi", "taiyuan"),
    CodesInUse("qinghai", "haidong"),
]


@pytest.mark.parametrize(
    ("areas", "missing"),
    [
        (EXAM.areas, ()),
        (without("qinghai"), ("qinghai",)),
        (without("qinghai", "xining"), ("qinghai/xining",)),
        (without("shanxi", "datong"), ()),
        ([], ("qinghai", "shanxi")),
    ],
    ids=["whole", "area", "site", "unused", "nothing"],
)
def test_codes_that_applications_use_are_missed(areas: list[Area], missing: tuple[str]) -> None:
    smaller = EXAM.model_copy(update={"areas": tuple(areas)})
    assert missing_codes(smaller, USED) == missing


def test_the_same_site_code_in_another_area_is_no_replacement() -> None:
    assert missing_codes(EXAM, [CodesInUse("shanxi", "xining")]) == ("shanxi/xining",)


@numbered(
    ("used", "missing"),
    [
        (CodesInUse(""), ()),
        (CodesInUse("tianjin", "heping", "heping-1"), ()),
        (CodesInUse("tianjin", "heping", "heping-9"), ("tianjin/heping/heping-9",)),
        (CodesInUse("tianjin", "heping", "nankai-1"), ("tianjin/heping/nankai-1",)),
        (CodesInUse("tianjin", "nowhere", "heping-1"), ("tianjin/nowhere",)),
        (CodesInUse("atlantis", "heping", "heping-1"), ("atlantis",)),
        (CodesInUse("qinghai", "xining", specialty="323"), ()),
        (CodesInUse("qinghai", "xining", specialty="999"), ("catalogue/999",)),
        (CodesInUse("qinghai", specialty="999"), ("catalogue/999",)),
        (CodesInUse("", specialty="999"), ("catalogue/999",)),
        (CodesInUse("atlantis", specialty="999"), ("atlantis", "catalogue/999")),
    ],
)
def test_of_a_place_the_first_missing_part_is_named(
    used: CodesInUse, missing: tuple[str, ...]
) -> None:
    assert missing_codes(EXAM, [used]) == missing


def test_a_discontinued_specialty_is_still_there() -> None:
    assert EXAM.specialty("311") is None
    assert missing_codes(EXAM, [CodesInUse("qinghai", specialty="311")]) == ()


def test_each_missing_code_is_named_once_in_order() -> None:
    used = [
        CodesInUse("shanxi", "xining", specialty="999"),
        CodesInUse("shanxi", "xining", specialty="998"),
        CodesInUse("atlantis", specialty="999"),
    ]
    said = ("atlantis", "catalogue/998", "catalogue/999", "shanxi/xining")
    assert missing_codes(EXAM, iter(used)) == said


def test_a_row_of_the_catalogue_is_frozen() -> None:
    first: Specialty = EXAM.catalogue[0]
    with pytest.raises(ValueError, match="frozen"):
        first.name = "别的"
