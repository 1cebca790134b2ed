"""Words that people use name options of their list; the linter finds those that do not."""

from __future__ import annotations

import pytest

from bot.core import exam_files
from states.exam import Exam
from states.form.synonyms import find_synonym_mistakes
from states.list_search import normalize_name
from states.texts import Mistake

pytestmark = pytest.mark.row("B26")
EXAM = exam_files.load("health-2026")


def mistakes(**synonyms: dict[str, str | tuple[str, ...]]) -> list[Mistake]:
    return list(find_synonym_mistakes(EXAM.model_copy(update={"synonyms": synonyms})))


def test_the_shipped_exam_has_none() -> None:
    assert mistakes(**EXAM.synonyms) == []  # type: ignore[arg-type]
    assert len(EXAM.synonyms["specialty"]) > 50


@pytest.mark.parametrize(
    ("synonyms", "mistake"),
    [
        (
            {"specialty": {"心内科": "999"}},
            Mistake.of("synonyms.specialty.心内科", "unknown-code", code="999", list="specialty"),
        ),
        (
            {"specialty": {"职业病": "314"}},
            Mistake.of("synonyms.specialty.职业病", "unknown-code", code="314", list="specialty"),
        ),
        ({"specialty": {"心内科": ()}}, Mistake.of("synonyms.specialty.心内科", "means-nothing")),
        ({"specialty": {"…": "304"}}, Mistake.of("synonyms.specialty.…", "means-nothing")),
        (
            {"specialty": {"內科學": "304"}},
            Mistake.of("synonyms.specialty.內科學", "name-already"),
        ),
        ({"ethnicity": {"han": "03"}}, Mistake.of("synonyms.ethnicity.han", "name-already")),
        (
            {"specialty": {"ICU": "359", "icu。": "304"}},
            Mistake.of("synonyms.specialty.icu。", "word-twice", other="ICU"),
        ),
        (
            {"title": {"护长": "nurse"}},
            Mistake.of("synonyms.title.护长", "unknown-code", code="nurse", list="title"),
        ),
        (
            {"employer": {"总院": "nowhere"}},
            Mistake.of("synonyms.employer.总院", "unknown-code", code="nowhere", list="employer"),
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    synonyms: dict[str, dict[str, str | tuple[str, ...]]], mistake: Mistake
) -> None:
    assert mistakes(**synonyms) == [mistake]


def test_a_list_that_no_question_has_is_named_with_those_that_have_one() -> None:
    (found,) = mistakes(professions={"护士": "1"})
    assert (found.path, found.rule) == ("synonyms.professions", "none-of")
    assert {"specialty", "area", "employer"} <= set(str(found.args["choices"]).split(", "))


def test_a_word_with_several_meanings_is_declared_by_their_list() -> None:
    assert mistakes(specialty={"骨科": ("318", "328")}) == []
    assert EXAM.synonyms_of("specialty")["骨科"] == ("318", "328", "329")


def test_a_word_is_known_however_it_is_spelled() -> None:
    exam: Exam = EXAM
    for typed in ("ＩＣＵ", "i.c.u.", " Icu "):
        assert exam.synonyms_of("specialty")[normalize_name(typed)] == ("359",)
    assert exam.is_skip("沒有。")
    assert not exam.is_skip("没有电话的单位")
