"""Updates that need a transaction of their own are known before anything of theirs is loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from bot.updates.exclusivity import is_exclusive
from handlers.callback_data import ANYWHERE, DESK, Action, CallbackData, question_hash_of
from states.fsm_states import Account, Form
from states.process.lifecycle import CORRECTED_STAGES
from storage.updates.inbox import ReceivedUpdate
from tests.fakes.router import (
    OfflineRouter,
    buttons_of,
    offline_router,
    picture,
    presses,
    says,
    taps,
)
from tests.handlers.people import BOT, LING, OPEN, Standing
from tests.handlers.standings import standings

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def router(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OfflineRouter]:
    async with offline_router(tmp_path_factory.mktemp("router")) as made:
        yield made


def known(raw: Mapping[str, Any], *, is_staff: bool = False) -> bool:
    return is_exclusive(raw, is_staff=is_staff)


def _is_shared(standing: Standing) -> bool:
    """Whether the scheduler may change the person's rows: a correction or a case is open."""
    person, application = standing.records.person, standing.records.application
    has_case = person is not None and person.open_case is not None
    return has_case or (application is not None and application.stage in CORRECTED_STAGES)


def tapped(action: Action, question_hash: str, value: str = "") -> Mapping[str, Any]:
    return presses(OPEN, CallbackData(action, value, question_hash).pack())


STANDINGS = {
    (standing.position.state, _is_shared(standing)): standing
    for standing in standings("zh-CN").values()
}
"""One candidate in each state, and one whose application was refused."""


async def test_every_exclusive_button_of_a_candidate_is_known_before_it_is_loaded(
    router: OfflineRouter,
) -> None:
    exclusive = 0
    for standing in STANDINGS.values():
        for button in buttons_of(standing):
            update = taps(standing, button)
            envelope = (await router.sends(standing, update)).envelope
            runs_alone = envelope.unit.exclusive
            assert known(update) == runs_alone or _is_shared(standing), (standing, button)
            exclusive += runs_alone
    assert exclusive


async def test_after_one_update_a_candidate_is_known_whose_rows_the_scheduler_changes(
    router: OfflineRouter,
) -> None:
    shared = next(one for one in STANDINGS.values() if _is_shared(one))
    other = next(one for one in STANDINGS.values() if not _is_shared(one))
    row = ReceivedUpdate(1, BOT, 1, LING, OPEN, dict(says(OPEN, "你好")))
    for standing in (shared, other):
        await router.sends(standing, says(standing.now, "你好"))
        assert router.dispatcher.is_exclusive(row, is_staff=False) == _is_shared(standing)


OF_GROUP = {"chat": {"id": -7, "type": "supergroup"}, "from": {"id": LING}}
EXCLUSIVE: Mapping[str, Mapping[str, Any]] = {
    "a card's button": tapped(Action.CONFIRM, f"{DESK}1f2e3d4c"),
    "the staff's menu": tapped(Action.GO, DESK, "staff"),
    "erasing": tapped(Action.GO, ANYWHERE, "erase-yes"),
    "submitting": tapped(Action.SUBMIT, question_hash_of(Form.summary, {})),
    "the staff's command": says(OPEN, "/queue"),
    "a command to this bot": says(OPEN, "/Staff@baoming_bot"),
    "a link for the staff": says(OPEN, "/start queue"),
    "an invitation": says(OPEN, "/start inv_0123"),
    "an administrator's command": says(OPEN, "/clock +1d"),
    "a word in a group": {"message": {**OF_GROUP, "text": "hi"}},
    "an edited word in a group": {"edited_message": {**OF_GROUP, "text": "hi"}},
    "a group": {"my_chat_member": OF_GROUP},
}
TOGETHER: Mapping[str, Mapping[str, Any]] = {
    "a choice": tapped(Action.CHOOSE, question_hash_of(Form.asking, {"field": "degree"}), "1"),
    "confirming elsewhere": tapped(Action.CONFIRM, question_hash_of(Account.name, {})),
    "a forged button": presses(OPEN, "x:y"),
    "a word": says(OPEN, "刘玲"),
    "the start": says(OPEN, "/start"),
    "a picture": picture(OPEN),
    "the private chat": {"my_chat_member": {"chat": {"id": LING, "type": "private"}}},
    "nothing": {},
    "a malformed button": {"callback_query": {"data": ["x"]}},
    "a malformed message": {"message": {"chat": 7, "text": 8}},
}


@pytest.mark.parametrize("name", EXCLUSIVE)
async def test_it_is_known_by_button_command_or_chat(name: str) -> None:
    assert known(EXCLUSIVE[name])


@pytest.mark.parametrize("name", TOGETHER)
async def test_everything_else_of_a_candidate_is_batched(name: str) -> None:
    assert not known(TOGETHER[name])


async def test_any_message_of_the_staff_may_answer_their_question() -> None:
    assert known(says(OPEN, "请带原件"), is_staff=True)
    assert known(picture(OPEN), is_staff=True)
    assert not known(tapped(Action.CHOOSE, "1f2e3d4c", "1"), is_staff=True)
