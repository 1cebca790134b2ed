"""Help that grows: explained, spelled out, whom to ask; and gone with the right answer."""

from __future__ import annotations

import pytest

from handlers.rendering import WRONG, Screen
from states.form.education import RECORD
from states.form.pages import FORM
from states.fsm_states import Account, Choose, IdConflict, Photo
from states.texts import Argument, Text
from tests.fakes.router import TRANSLATIONS, OfflineRouter, screen_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import LOCALES
from tests.handlers.possible_updates import STANDINGS, noted
from tests.handlers.standings import standings

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIELDS = (*FORM.fields.values(), *RECORD.fields.values())
WORDS_OF = ("", "-ask", "-why")
SPELLED_OUT_TOO = {
    *(Account.name, Account.number, Account.number_again, Account.born),
    *(Choose.area, IdConflict.area, Photo.waiting),
}
"""States with a question of their own that can be answered wrongly."""


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, STANDINGS["zh-CN: mobile"])


async def test_the_first_time_it_is_explained_the_second_spelled_out_the_third_whom_to_ask(
    ling: CandidateDriver,
) -> None:
    more = []
    for _ in range(4):
        after = await ling.says("138")
        assert after.header_lines[0].startswith("problem-phone")
        more.append({"format-mobile", "help-contact", "button-help"} & ling.sees)
    everything = {"format-mobile", "help-contact", "button-help"}
    assert more == [set(), {"format-mobile"}, everything, everything]


async def test_a_right_answer_ends_it(ling: CandidateDriver) -> None:
    await ling.says("1")
    await ling.says("13800138000")
    assert WRONG not in ling.at.position.data
    await ling.says("/back")
    assert WRONG not in ling.at.position.data


async def test_what_is_no_answer_does_not_count(ling: CandidateDriver) -> None:
    await ling.says("1")
    for text in ("为什么问", "/help", "/start", "/language"):
        await ling.says(text)
    assert ling.at.position.data[WRONG] == "1"


async def test_before_a_site_is_chosen_it_is_said_when_there_will_be_somebody_to_ask(
    ling: CandidateDriver,
) -> None:
    ling.at = STANDINGS["zh-CN: name, wrong 3"]
    assert {"format-name", "help-contact-none", "button-help"} <= ling.sees


async def test_every_question_has_its_words_and_its_format() -> None:
    assert len({field.key for field in FIELDS}) == len(FIELDS)
    for field in FIELDS:
        for locale in LOCALES:
            args: dict[str, Argument] = {"example": "护理学 368", "has-none": "yes", "none": "无"}
            words = (Text(f"field-{field.slug}{of}", args) for of in WORDS_OF)
            for text in (field.format, *words):
                assert TRANSLATIONS.html(text, locale)


async def test_every_question_that_can_be_wrong_spells_its_format_out() -> None:
    found = set()
    for name, standing in standings("en").items():
        with noted(name):
            if name.endswith("wrong 2"):
                screen = screen_of(standing)
                found.add(standing.position.state)
                if screen.format is not None:
                    assert screen.text[-1] == screen.format
            if name.endswith("wrong 3"):
                assert _leads_to_help(screen_of(standing))
    assert found >= SPELLED_OUT_TOO


def _leads_to_help(screen: Screen) -> bool:
    return [button.callback.value for button in screen.buttons[-1]] == ["help"]
