"""Whoever asks why a question is asked hears it, and the question stands below."""

from __future__ import annotations

import pytest

from handlers.callback_data import Action
from handlers.candidate.filling.why import REASONS
from states.fsm_states import Account, Choose, Materials, Photo, State
from tests.fakes.router import OfflineRouter
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B25", "S1")]

QUESTIONS: dict[str, State] = {
    "name": Account.name,
    "id type": Account.id_type,
    "number, resident_id": Account.number,
    "number again, resident_id": Account.number_again,
    "sex": Account.sex,
    "born": Account.born,
}
OTHERS: dict[str, State] = {
    "area": Choose.area,
    "notice": Choose.notice,
    "photo": Photo.waiting,
    "materials, nothing": Materials.listing,
    "adding, none": Materials.adding,
}


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, STANDINGS["zh-CN: name"])


@pytest.mark.parametrize("name", QUESTIONS)
async def test_each_question_of_the_account_has_the_button(
    ling: CandidateDriver, name: str
) -> None:
    ling.at = before = STANDINGS[f"zh-CN: {name}"]
    after = await ling.taps(Action.WHY)
    assert after.header_lines == [REASONS[QUESTIONS[name]].key]
    assert ling.at.position == before.position
    assert ling.at.records == before.records


@pytest.mark.parametrize("typed", ["为什么问", "为什么问？"])
async def test_the_words_of_the_button_are_no_name(ling: CandidateDriver, typed: str) -> None:
    after = await ling.says(typed)
    assert after.header_lines == ["why-name"]
    assert ling.state is Account.name


@pytest.mark.parametrize("name", [*OTHERS, "number, resident_id", "number again, resident_id"])
@pytest.mark.parametrize("typed", ["为什么要问这个？", "why do you ask?"])
async def test_in_ones_own_words_at_any_question(
    ling: CandidateDriver, name: str, typed: str
) -> None:
    ling.at = before = STANDINGS[f"zh-CN: {name}"]
    after = await ling.says(typed)
    assert after.header_lines == [REASONS[{**QUESTIONS, **OTHERS}[name]].key]
    assert ling.state is before.position.state
    assert ling.at.records == before.records


@pytest.mark.parametrize("name", ["mobile", "registered", "specialty", "record, graduated"])
async def test_a_question_of_the_form_gives_its_own_reason(
    ling: CandidateDriver, name: str
) -> None:
    ling.at = before = STANDINGS[f"zh-CN: {name}"]
    key = name.removeprefix("record, ")
    assert (await ling.taps(Action.WHY)).header_lines == [f"field-{key}-why"]
    ling.at = before
    assert (await ling.says("为什么要填这个")).header_lines == [f"field-{key}-why"]
    assert ling.at.records == before.records


async def test_where_nothing_is_asked_the_menu_comes(ling: CandidateDriver) -> None:
    ling.at = STANDINGS["zh-CN: menu, case identity"]
    before = ling.at.records
    await ling.says("为什么要问这个？")
    assert ling.at.records == before
