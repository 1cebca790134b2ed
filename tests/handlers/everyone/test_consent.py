"""Who does not agree hears in a few lines what that means, and can read the text again."""

from __future__ import annotations

import pytest

from handlers.callback_data import Action
from states.fsm_states import Account, Welcome
from states.texts import Text
from tests.fakes.router import TRANSLATIONS, OfflineRouter
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.possible_updates import STANDINGS

pytestmark = pytest.mark.row("S1")


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    return CandidateDriver(router, STANDINGS["zh-CN: consent"])


@pytest.mark.asyncio(loop_scope="module")
async def test_declining_is_answered_shortly_and_the_way_back_is_open(
    ling: CandidateDriver,
) -> None:
    assert "consent-ask" in ling.sees
    await ling.taps(Action.SKIP)
    assert ling.state is Welcome.consent
    assert "consent-declined" in ling.sees
    assert "consent-ask" not in ling.sees
    await ling.taps(Action.SEE)
    assert "consent-ask" in ling.sees
    await ling.taps(Action.SKIP)
    await ling.taps(Action.AGREE)
    assert ling.state is Account.name


def test_the_short_answer_is_short_in_both_languages() -> None:
    for locale in ("zh-CN", "en"):
        declined, whole = (
            TRANSLATIONS.html(Text(key, {"exam": "考试"}), locale)
            for key in ("consent-declined", "consent-ask")
        )
        assert len(declined) * 2 < len(whole)
