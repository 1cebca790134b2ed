"""Words that belong to an exam: its name, its examples, its notes, and what names no employer."""

from __future__ import annotations

import pytest

from handlers.registry import SCREENS
from handlers.rendering import View
from states.exam import Exam, read_exam
from states.form.wording import find_wording_mistakes
from states.texts import Mistake, Text
from tests.fakes.router import TRANSLATIONS, OfflineRouter, buttons_of
from tests.handlers.all_screens import texts_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import EXAM, LOCALES, Standing
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B26")]

NURSES: Exam = EXAM.model_copy(
    update={
        "name": "2027 年护士执业资格考试",
        "name_en": "Nurses' licence exam 2027",
        "wording": {},
    }
)
ABOUT_HEALTH = (
    "卫生专业",
    "医科大学",
    "临床医学",
    "人民医院",
    "内科",
    "选“医”",
    "health prof",
    "Medicine;",
)
ASKING = ("consent", "record, school", "record, major", "employer_name", "department", "category")


def said(standing: Standing, exam: Exam, locale: str) -> str:
    view = View(standing.records, exam, standing.now, standing.position.data)
    screen = SCREENS[standing.position.state.state or ""](view)
    return "\n".join(TRANSLATIONS.html(one, locale) for one in texts_of(screen))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ASKING)
async def test_greeting_and_examples_are_those_of_the_exam_that_runs(
    name: str, locale: str
) -> None:
    standing = STANDINGS[f"{locale}: {name}"]
    other = said(standing, NURSES, locale)
    assert not [word for word in ABOUT_HEALTH if word in other]
    if name == "consent":
        assert NURSES.display_name(locale) in other
        assert EXAM.display_name(locale) in said(standing, EXAM, locale)
    else:
        assert other != said(standing, EXAM, locale)


async def test_a_word_about_no_question_is_a_mistake() -> None:
    data = EXAM.model_dump(mode="json")
    data["wording"] = {"scool": {"example": "x"}, "major": {"note": "只有中文"}}
    found = [*find_wording_mistakes(read_exam(data))]
    assert Mistake.of("wording.scool", "no-such-question", given="scool") in found
    assert Mistake.of("wording.major.note_en", "missing") in found
    assert [*find_wording_mistakes(EXAM)] == []


KINDS = (
    "三甲",
    "三级甲等",
    "三甲医院",
    "我们是三级甲等医院",
    "公立医院",
    "a public hospital",
    "卫生院",
)


@pytest.mark.parametrize("typed", KINDS)
async def test_what_only_describes_an_employer_is_never_offered_as_its_name(
    router: OfflineRouter, typed: str
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: employer"])
    before = ling.at.answers
    after = await ling.says(typed)
    labels = [one.label for one in buttons_of(ling.at)]
    assert not [one for one in labels if isinstance(one, Text) and one.key == "button-as-typed"]
    assert {**ling.at.answers} == {**before}
    if "found" not in ling.at.position.data:
        assert after.header_lines == ["problem-description"]


async def test_a_described_place_is_no_full_name(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: employer_name"])
    after = await ling.says("三级甲等综合医院")
    assert after.header_lines == ["problem-description"]
    await ling.says("示例市第九人民医院")
    assert ling.at.answers["employer_name"] == "示例市第九人民医院"


@pytest.mark.parametrize("typed", ["三级甲等", "三甲"])
async def test_the_grade_is_offered_where_it_is_asked_for(
    router: OfflineRouter, typed: str
) -> None:
    ling = CandidateDriver(router, STANDINGS["zh-CN: grade"])
    await ling.says(typed)
    assert ling.at.position.data.get("found") == "third" or ling.at.answers["grade"] == "third"
