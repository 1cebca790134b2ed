"""Words that people use name options of their list; the linter finds those that do not."""

from __future__ import annotations

import pytest

from bot.core import exam_files
from states.exam import Exam
from states.form.synonyms import find_synonym_mistakes
from states.list_search import normalize_name

pytestmark = pytest.mark.row("B26")
EXAM = exam_files.load("health-2026")


def mistakes(**synonyms: dict[str, str | tuple[str, ...]]) -> list[str]:
    return list(find_synonym_mistakes(EXAM.model_copy(update={"synonyms": synonyms})))


def test_the_shipped_exam_has_none() -> None:
    assert mistakes(**EXAM.synonyms) == []  # type: ignore[arg-type]
    assert len(EXAM.synonyms["specialty"]) > 50


@pytest.mark.parametrize(
    ("synonyms", "mistake"),
    [
        ({"specialty": {"心内科": "999"}}, "synonyms.specialty.心内科: not in the list: 999"),
        ({"specialty": {"职业病": "314"}}, "synonyms.specialty.职业病: not in the list: 314"),
        ({"specialty": {"心内科": ()}}, "synonyms.specialty.心内科: a synonym of nothing"),
        ({"specialty": {"…": "304"}}, "synonyms.specialty.…: a synonym of nothing"),
        (
            {"specialty": {"內科學": "304"}},
            "synonyms.specialty.內科學: a name of the list already",
        ),
        ({"ethnicity": {"han": "03"}}, "synonyms.ethnicity.han: a name of the list already"),
        (
            {"specialty": {"ICU": "359", "icu。": "304"}},
            "synonyms.specialty.icu。: the same as ICU; list all codes there",
        ),
        ({"professions": {"护士": "1"}}, "synonyms.professions: no such list"),
        ({"title": {"护长": "nurse"}}, "synonyms.title.护长: not in the list: nurse"),
        ({"employer": {"总院": "nowhere"}}, "synonyms.employer.总院: not in the list: nowhere"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    synonyms: dict[str, dict[str, str | tuple[str, ...]]], mistake: str
) -> None:
    assert mistakes(**synonyms) == [mistake]


def test_a_word_with_several_meanings_is_declared_by_their_list() -> None:
    assert mistakes(specialty={"骨科": ("318", "328")}) == []
    assert EXAM.synonyms_of("specialty")["骨科"] == ("318", "328", "329")


def test_a_word_is_known_however_it_is_spelled() -> None:
    exam: Exam = EXAM
    for typed in ("ＩＣＵ", "i.c.u.", " Icu "):
        assert exam.synonyms_of("specialty")[normalize_name(typed)] == ("359",)
    assert exam.is_skip("沒有。")
    assert not exam.is_skip("没有电话的单位")
