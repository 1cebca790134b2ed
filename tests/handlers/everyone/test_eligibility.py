"""Eligibility in the chat: one's own assessment, and the conditions by a few taps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.callback_data import ANYWHERE, Action
from handlers.everyone.eligibility import CHOICES
from handlers.everyone.help import ELIGIBILITY
from handlers.registry import SCREENS
from handlers.rendering import Screen, View
from states.records import Records
from states.step_result import EditScreen, ShowScreen
from states.texts import Text
from tests import factories
from tests.fakes.router import TRANSLATIONS, OfflineRouter, presses
from tests.handlers.people import EXAM, LOCALES, OPEN, application, person
from tests.handlers.possible_updates import STANDINGS

pytestmark = pytest.mark.asyncio(loop_scope="module")


def shown(records: Records, choices: str = "") -> Screen:
    """Return the screen of a person after these taps."""
    return SCREENS[ELIGIBILITY](View(records, EXAM, OPEN, {CHOICES: choices} if choices else {}))


def said(screen: Screen, locale: str = "zh-CN") -> str:
    """Return the words of a screen."""
    lines = [one for part in screen.text for one in (part if isinstance(part, tuple) else (part,))]
    return "\n".join(
        TRANSLATIONS.label(one, locale) if isinstance(one, Text) else str(one) for one in lines
    )


def taps(screen: Screen) -> list[str]:
    """Return what the buttons of a screen add to the choices."""
    pressed = [button.callback for row in screen.buttons for button in row]
    return [one.value for one in pressed if one.action is Action.ELIGIBLE]


STRANGER = Records(person("zh-CN"))


def candidate(degree: str, **answers: str) -> Records:
    """Return a candidate whose form has these answers, and an education record of this degree."""
    education = (factories.education(degree=degree),)
    someone = replace(person("zh-CN"), education=education)
    return Records(someone, application(answers={"education": "1", **answers}))


NURSE = {"category": "nursing", "level": "intermediate", "specialty": "368", "practice": "none"}
DOCTOR = {
    **{"category": "medicine", "level": "intermediate", "specialty": "303"},
    **{"practice": "clinical", "residency": "no", "employer_kind": "hospital"},
}


@pytest.mark.row("B1")
async def test_three_taps_lead_to_the_conditions_of_a_nurse_with_a_college_degree() -> None:
    first = shown(STRANGER)
    assert taps(first) == [category.code for category in EXAM.categories]
    second = shown(STRANGER, "nursing")
    assert taps(second) == ["nursing.junior", "nursing.intermediate"]
    third = shown(STRANGER, "nursing.intermediate")
    assert "nursing.intermediate.college" in taps(third)
    last = shown(STRANGER, "nursing.intermediate.college")
    assert not taps(last)
    assert "护 · 中级 · 大专" in said(last).replace("、", " · ")
    assert "取得护师职称后满 6 年" in said(last)
    assert "满 7 年" not in said(last)
    assert "2025" in said(last)


async def test_a_physician_is_asked_for_the_practice_category_first() -> None:
    assert taps(shown(STRANGER, "medicine.intermediate")) == [
        f"medicine.intermediate.{code}" for code in ("clinical", "dental", "public", "chinese")
    ]
    last = said(shown(STRANGER, "medicine.intermediate.public.master"))
    assert "主管医师：硕士学历，执业医师注册后满 2 年" in last
    assert "主治" not in last


@pytest.mark.row("B1")
@pytest.mark.parametrize(
    ("records", "words"),
    [
        pytest.param(candidate("bachelor", **DOCTOR, registered="2021-07"), "看来可以报", id="yes"),
        pytest.param(
            candidate("bachelor", **DOCTOR, registered="2022-07"),
            "首次注册年月：要满 4 年",
            id="no: what is missing",
        ),
        pytest.param(
            candidate("bachelor", **DOCTOR, registered="2022-07"), "最早可报 2027 年", id="no: when"
        ),
        pytest.param(
            candidate("master", **DOCTOR, registered="2022-07"),
            "住培合格证书发证年月：还没有",
            id="no: what has not happened",
        ),
        pytest.param(
            candidate("college", **NURSE, registered="2012-07", title="junior"),
            "因为没有填：现有资格取得年月",
            id="open: what is not answered",
        ),
        pytest.param(
            candidate("college", **NURSE, registered="2012-07", title="junior", years="6"),
            "看来可以报",
            id="yes: the years were counted",
        ),
        pytest.param(
            candidate("college", **NURSE, registered="2012-07", title="junior", years="5"),
            "现有资格年限填的是 5 年，要满 6 年：差不到一年，知道年月才算得准",
            id="open: why the month is needed",
        ),
        pytest.param(
            candidate("college", **NURSE, registered="2012-07", title="junior", years="3"),
            "现有资格年限：至少 6，填的是 3",
            id="no: the years that were counted",
        ),
    ],
)
async def test_a_candidate_reads_the_own_assessment(records: Records, words: str) -> None:
    own = shown(records)
    assert words in said(own).replace("<b>", "").replace("</b>", "")
    assert "由考点、考区审核决定" in said(own)


async def test_nothing_is_said_before_level_and_education_are_known() -> None:
    for answers in ({}, {"category": "nursing"}, {"level": "intermediate"}):
        nobody = Records(person("zh-CN"), application(answers=answers))
        assert "看来" not in said(shown(nobody))


@pytest.mark.parametrize("forged", ["x", "nursing.x", "x.y.z.w", "nursing.intermediate.<b>", "..."])
async def test_a_made_up_choice_is_no_error(forged: str) -> None:
    for locale in LOCALES:
        assert said(shown(Records(person(locale)), forged), locale)


@pytest.mark.parametrize("name", ["en: stranger", "zh-CN: employer"])
async def test_a_tap_changes_the_message_and_no_position(router: OfflineRouter, name: str) -> None:
    standing = STANDINGS[name]
    after = await router.sends(standing, presses(OPEN, f"q:{ANYWHERE}:nursing.intermediate"))
    (edited,) = after.outcome.effects
    assert isinstance(edited, EditScreen)
    assert edited.screen == ELIGIBILITY
    assert after.outcome.position is None
    assert after.standing == standing


async def test_a_tap_under_a_photo_is_answered_by_a_new_message(router: OfflineRouter) -> None:
    """Telegram edits no text into a message that has none, such as the status with its picture."""
    press = presses(OPEN, f"q:{ANYWHERE}:nursing.intermediate")
    press["callback_query"]["message"]["photo"] = press["callback_query"]["message"].pop("text")
    after = await router.sends(STANDINGS["zh-CN: employer"], press)
    (shown_anew,) = after.outcome.effects
    assert isinstance(shown_anew, ShowScreen)
    assert shown_anew.screen == ELIGIBILITY
