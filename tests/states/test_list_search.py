"""People find their area, site or specialty however they type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import exam_files
from states.list_search import MAX_RESULTS, find, find_whole, find_within

EXAM = exam_files.load("health-2026")
OFFERED = [one for one in EXAM.catalogue if not one.discontinued]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("青海", ["青海考区"]),
        ("青海考区", ["青海考区"]),
        ("qinghai", ["青海考区"]),
        ("Qing Hai", ["青海考区"]),
        ("qh", ["青海考区"]),
        ("xizang", ["西藏考区"]),
        ("xz", ["西藏考区"]),
        ("chongqing", ["重庆考区"]),
        ("chongq", ["重庆考区"]),
        ("cq", ["重庆考区"]),
        ("chongqin", ["重庆考区"]),
        ("Tibet", ["西藏考区"]),
        ("shanxi", ["山西考区", "陕西考区"]),
        ("陕西", ["陕西考区"]),
        ("sx", ["山西考区", "陕西考区"]),
        ("兵团", ["新疆生产建设兵团考区"]),
        ("bt", ["新疆生产建设兵团考区"]),
        ("guizou", ["贵州考区"]),
        ("heilongjian", ["黑龙江考区"]),
        ("q", ["青海考区", "重庆考区"]),
        ("新", ["新疆考区", "新疆生产建设兵团考区"]),
    ],
)
def test_areas(typed: str, meant: list[str]) -> None:
    assert [area.name for area in find(typed, EXAM.areas)] == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("我在西宁市上班", ["qinghai"]),
        ("医院在青海省西宁市那边", ["qinghai"]),
        ("我们这里是新疆生产建设兵团的团场医院", ["bingtuan"]),
        ("my hospital is near Qinghai lake", ["qinghai"]),
        ("在西寧工作", ["qinghai"]),
        ("从甘肃调到青海", []),
        ("我在县医院上班", []),
        ("新的一年", []),
        ("my hospitalqinghai", []),
        ("", []),
    ],
)
def test_a_sentence_names_one_area_or_none(typed: str, meant: list[str]) -> None:
    synonyms, endings = EXAM.synonyms_of("area"), EXAM.endings_of("area")
    found = find_within(typed, EXAM.areas, synonyms, endings)
    assert [area.code for area in found] == meant


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("368", ["368"]),
        ("３６８", ["368"]),
        ("内科学", ["303"]),
        ("内科护理", ["369"]),
        ("fangshe", ["104", "206", "344", "376", "343", "388"]),
        ("jizhen", ["392"]),
        ("心里治疗", ["212", "386"]),
        ("病案", ["110", "213", "389"]),
    ],
)
def test_specialties(typed: str, codes: list[str]) -> None:
    assert [one.code for one in find(typed, OFFERED)] == codes


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_name_that_specialties_share_is_an_answer_only_with_its_code(locale: str) -> None:
    sharing = [one for one in OFFERED if one.name == "护理学"]
    shared = sharing[0].name_en if locale == "en" else sharing[0].name
    assert [one.code for one in sharing] == ["203", "368"]
    assert find_whole(shared, OFFERED) is None
    assert set(find(shared, OFFERED)) >= set(sharing)
    for one in sharing:
        assert find_whole(one.display_name(locale), OFFERED) == one


@pytest.mark.parametrize("typed", ["", " ", "…", "zzzzzz", "火星", "🙂"])
def test_what_means_nothing_finds_nothing(typed: str) -> None:
    assert find(typed, EXAM.areas) == ()


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered_by_few(typed: str) -> None:
    found = find(typed, OFFERED)
    assert len(found) <= MAX_RESULTS
    assert len({one.code for one in found}) == len(found)


@pytest.mark.parametrize("area", EXAM.areas, ids=lambda area: area.code)
def test_everybody_finds_their_area_by_its_own_name_first(area: object) -> None:
    assert find(area.name, EXAM.areas)[0] is area  # type: ignore[attr-defined]
