"""Somebody we do not know, or do not know any more: asked for the language, whatever they do."""

from __future__ import annotations

import pytest

from handlers.callback_data import ANYWHERE
from states.fsm_states import Welcome
from tests.fakes.router import OfflineRouter, picture, presses, says
from tests.handlers.people import LOCALES, OPEN
from tests.handlers.possible_updates import SENT, STANDINGS, Sending, check_reaction

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("C1")]

STRANGER = STANDINGS["en: stranger"]
TARGETS = (
    "menu",
    "resume",
    "tell-me",
    "help",
    "help-photo",
    "status",
    "language",
    "profile",
    "education",
    "export",
    "erase-yes",
)


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT.keys())
async def test_a_stranger_is_asked_for_the_language_whatever_they_send(
    router: OfflineRouter, sent: Sending
) -> None:
    after = await router.sends(STRANGER, sent(STRANGER))
    assert after.said[-1].screen in (Welcome.language.state, "help", "clock", "nothing-kept")
    assert after.standing.position.state is Welcome.language


@pytest.mark.parametrize("target", TARGETS)
async def test_a_stranger_with_a_button_of_another_life_is_answered(
    router: OfflineRouter, target: str
) -> None:
    """The sandbox was reset, or the bot moved: the chat still shows the old buttons."""
    check_reaction(STRANGER, await router.sends(STRANGER, presses(OPEN, f"g:{ANYWHERE}:{target}")))


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_stranger_who_names_a_language_has_chosen_it(
    router: OfflineRouter, locale: str
) -> None:
    typed = {"zh-CN": "中文", "en": "english"}[locale]
    for body in (presses(OPEN, f"g:{ANYWHERE}:language-{locale}"), says(OPEN, typed)):
        after = await router.sends(STRANGER, body)
        assert after.standing.position.state is Welcome.consent
        assert after.standing.person.locale == locale


async def test_an_album_of_a_stranger_has_one_answer(router: OfflineRouter) -> None:
    first = await router.sends(STRANGER, picture(OPEN, "9"))
    second = await router.sends(first.standing, picture(OPEN, "9"))
    assert [effect.slot for effect in (*first.said, *second.said)] == ["album", "album"]
    assert second.standing.position.state is Welcome.language
