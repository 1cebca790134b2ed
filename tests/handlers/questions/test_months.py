"""Years that the certificate tells: its month is asked once, and the years are counted from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.callback_data import Action
from states.exam.rules import years_between
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.fsm_states import Corrections
from states.records import Fault, Part
from states.texts import Text
from tests.fakes.router import TRANSLATIONS, OfflineRouter, buttons_of, screen_of
from tests.handlers.all_screens import texts_of
from tests.handlers.candidate.changes.test_correct import refused_for
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import EXAM, LOCALES, OPEN
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B26")]
COUNTED = "button-years-counted"


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, STANDINGS["zh-CN: years"])


def counted(ling: CandidateDriver) -> list[Text]:
    """The labels that offer counted years."""
    labels = [one.label for one in buttons_of(ling.at)]
    return [one for one in labels if isinstance(one, Text) and one.key == COUNTED]


@pytest.mark.parametrize(
    "typed", ["2018-06", "2018年6月", "二〇一八年六月", "June 2018", "2018.6.30"]
)
async def test_the_month_may_be_given_instead_and_one_tap_agrees(
    ling: CandidateDriver, typed: str
) -> None:
    after = await ling.says(typed)
    assert ling.at.answers["titled"] == "2018-06"
    assert ling.at.position.data["field"] == "years"
    assert after.said[0].data["taken"] == "titled"
    (label,) = counted(ling)
    years = years_between("2018-06", _context(ling).counts_to)
    assert label.args == {"years": years, "since": "2018-06"}
    await ling.taps(Action.CHOOSE, str(years))
    assert ling.at.answers["years"] == str(years)
    assert ling.at.position.data.get("field") != "titled"


@pytest.mark.parametrize("reply", ["对", "yes"])
async def test_a_yes_agrees_too(ling: CandidateDriver, reply: str) -> None:
    await ling.says("2018-06")
    await ling.says(reply)
    assert ling.at.answers["years"] == "7"


@pytest.mark.parametrize("typed", ["七年了", "我改成7年", "大概 7 年", "about 7 years"])
async def test_years_inside_of_a_sentence_are_offered(ling: CandidateDriver, typed: str) -> None:
    before = ling.at.answers.get("years")
    await ling.says(typed)
    assert ling.at.answers.get("years") == before
    assert "typed-asked" in ling.sees
    await ling.says("对")
    assert ling.at.answers["years"] == "7"


@pytest.mark.parametrize("typed", ["7年3个月了", "七年还是八年", "2018年左右", "还差3天"])
async def test_other_numbers_of_a_sentence_are_not(ling: CandidateDriver, typed: str) -> None:
    await ling.says(typed)
    assert "typed-asked" not in ling.sees


@pytest.mark.parametrize("typed", ["跳过", "不记得了", "skip"])
@pytest.mark.parametrize("at", ["years", "title", "mobile", "subjects"])
async def test_a_required_question_says_that_it_cannot_be_skipped(
    router: OfflineRouter, at: str, typed: str
) -> None:
    ling = CandidateDriver(router, STANDINGS[f"zh-CN: {at}"])
    after = await ling.says(typed)
    assert after.header_lines == ["problem-required"]
    assert ling.field == at


async def test_a_correction_counts_from_a_month_and_keeps_none(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, refused_for(Fault(Part.FIELD, "years", "wrong")))
    await ling.goes("resume")
    await ling.taps(Action.CORRECT, "field:years")
    titled = ling.at.answers.get("titled")
    await ling.says("2018-06")
    assert "typed-asked" in ling.sees
    await ling.says("对")
    assert ling.state is Corrections.listing
    assert (ling.at.answers["years"], ling.at.answers.get("titled")) == ("7", titled)


@pytest.mark.parametrize("typed", ["5", "5年", "满七年", "10年6月", "18年6月"])
async def test_a_number_of_years_is_no_month(ling: CandidateDriver, typed: str) -> None:
    before = ling.at.answers.get("titled")
    await ling.says(typed)
    assert ling.at.answers.get("titled") == before


async def test_a_month_that_has_not_come_is_a_problem(ling: CandidateDriver) -> None:
    after = await ling.says("2090-01")
    assert after.header_lines == ["problem-month-future"]


async def test_other_years_can_still_be_typed_and_the_contradiction_is_a_hint(
    ling: CandidateDriver,
) -> None:
    await ling.says("2018-06")
    await ling.says("12")
    assert ling.at.answers["years"] == "12"
    application = ling.at.records.application
    assert application is not None
    standing = next(one for name, one in STANDINGS.items() if name.startswith("zh-CN: summary, "))
    known = standing.records.application
    assert known is not None
    doubtful = {**known.answers, "title": "physician", "titled": "2018-06", "years": "12"}
    records = replace(standing.records, application=replace(known, answers=doubtful))
    keys = {one.key for one in texts_of(screen_of(replace(standing, records=records)))}
    assert "doubt-years" in keys


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_label_says_from_when(locale: str) -> None:
    label = TRANSLATIONS.label(Text(COUNTED, {"years": 7, "since": "2018-06"}), locale)
    assert "7" in label
    assert "2018-06" in label


def _context(ling: CandidateDriver) -> AnswerContext:
    return AnswerContext.of(ling.at.records, EXAM, OPEN)


async def test_years_count_to_the_day_of_the_conditions() -> None:
    field, context = FORM.fields["years"], AnswerContext(EXAM, EXAM.today(OPEN))
    assert EXAM.eligibility is not None
    assert context.counts_to == EXAM.eligibility.reference
    assert field.counted_years({"titled": "2020-12"}, context) == 5
    assert field.counted_years({"titled": ""}, context) is None
    assert field.counted_years({}, context) is None
