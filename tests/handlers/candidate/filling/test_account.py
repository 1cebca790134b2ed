"""The account: what is typed for a number leaves the chat, what a document says is not asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.fsm_states import Account, Choose
from states.identity import FORMATS, IdType
from states.progress.next_step import Position
from states.records import Identity, Records
from states.step_result import DeleteMessage
from tests.fakes.router import (
    TRANSLATIONS,
    OfflineRouter,
    buttons_of,
    presses,
    says,
)
from tests.handlers.people import (
    IDENTITY,
    LOCALES,
    PERMIT,
    Standing,
    person,
)
from tests.handlers.possible_updates import STANDINGS, check_reaction, mark

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S1")]

CIVIL = (IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT)
PERMITS = (IdType.TAIWAN_PERMIT, IdType.HK_MACAO_PERMIT)
WRONG = {
    "name": ["刘", "刘2", "·刘玲", "长" * 31],
    "number, resident_id": ["1", "999999199003071040", "x" * 18],
    "number, taiwan_permit": ["1", "x" * 8],
    "born": ["soon", "1990-02-30", "2090-01-01", "2020-01-01", "1890-01-01"],
}


async def _typed(router: OfflineRouter, at: Standing, *typed: str) -> Standing:
    for text in typed:
        after = await router.sends(at, says(at.now, text))
        check_reaction(at, after)
        at = after.standing
    return at


@pytest.mark.row("S16")
async def test_confirming_on_a_message_that_is_days_old_locks_the_identity_all_the_same(
    router: OfflineRouter,
) -> None:
    """Telegram gives only the number of a message that is no longer accessible."""
    standing = STANDINGS["zh-CN: confirm"]
    body = presses(standing.now, f"k:{mark(standing)}:")
    shown = body["callback_query"]["message"]
    body["callback_query"]["message"] = {"chat": shown["chat"], "message_id": 7, "date": 0}
    old = await router.sends(standing, body)
    check_reaction(standing, old)
    assert old.standing.person.number_hash
    assert old.standing.position.state is Choose.exam


@pytest.mark.row("B21")
@pytest.mark.parametrize("name", ["number, resident_id", "number again, resident_id"])
@pytest.mark.parametrize("typed", ["99999919900307104X", "99999919900307104", "你好"])
async def test_what_was_typed_for_a_number_leaves_the_chat_right_or_wrong(
    router: OfflineRouter, name: str, typed: str
) -> None:
    standing = STANDINGS[f"zh-CN: {name}"]
    after = await router.sends(standing, says(standing.now, typed))
    assert [effect for effect in after.outcome.effects if isinstance(effect, DeleteMessage)] == [
        DeleteMessage(7)
    ]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("name", "typed"), [(n, t) for n, ts in WRONG.items() for t in ts])
async def test_a_wrong_answer_is_explained_and_asked_again(
    router: OfflineRouter, locale: str, name: str, typed: str
) -> None:
    standing = STANDINGS[f"{locale}: {name}"]
    after = await router.sends(standing, says(standing.now, typed))
    assert after.standing.position == replace(standing.position, data={"wrong": "1"})
    assert after.standing.records == standing.records
    assert after.header_lines[0].startswith("problem-")
    assert TRANSLATIONS.html(after.said[0].header_lines[0], locale)


@pytest.mark.parametrize("kind", CIVIL)
async def test_a_number_that_says_sex_and_birth_date_leads_to_the_look_over(
    router: OfflineRouter, kind: IdType
) -> None:
    number = FORMATS[kind].example
    at = await _typed(router, STANDINGS[f"zh-CN: number, {kind}"], number, number)
    assert at.position.state is Account.confirm
    assert at.person.identity.sex
    assert at.person.identity.born == "1990-03-07"


@pytest.mark.row("S5")
@pytest.mark.parametrize("kind", PERMITS)
async def test_of_a_permit_sex_and_birth_date_are_asked(
    router: OfflineRouter, kind: IdType
) -> None:
    number = FORMATS[kind].example
    at = await _typed(router, STANDINGS[f"zh-CN: number, {kind}"], number, number)
    assert at.position.state is Account.sex
    at = await _typed(router, at, "女")
    assert at.position.state is Account.born
    at = await _typed(router, at, "1990年3月7日")
    assert at.position.state is Account.confirm
    assert (at.person.identity.sex, at.person.identity.born) == ("female", "1990-03-07")


async def test_back_from_the_look_over_of_a_permit_goes_through_birth_date_and_sex(
    router: OfflineRouter,
) -> None:
    at, met = STANDINGS["en: confirm, a permit"], []
    for _ in range(5):
        at = await _typed(router, at, "/back")
        met.append(at.position.state)
    assert met == [Account.born, Account.sex, Account.number, Account.id_type, Account.name]
    assert at.person.identity == PERMIT


async def test_only_a_permit_has_buttons_to_change_sex_and_birth_date(
    router: OfflineRouter,
) -> None:
    civil, permit = (STANDINGS[f"en: {name}"] for name in ("confirm", "confirm, a permit"))
    for key, state in (("sex", Account.sex), ("born", Account.born)):
        assert key not in [button.callback.value for button in buttons_of(civil)]
        forged = await router.sends(civil, presses(civil.now, f"e:{mark(civil)}:{key}"))
        assert forged.standing == civil
        asked = await router.sends(permit, presses(permit.now, f"e:{mark(permit)}:{key}"))
        assert asked.standing.position == Position(state)


async def test_another_document_wants_another_number(router: OfflineRouter) -> None:
    of_permit = Records(person("en", number_hash=None, identity=PERMIT))
    at = Standing(Position(Account.id_type), of_permit)
    same = await router.sends(at, presses(at.now, f"c:{mark(at)}:{PERMIT.id_type}"))
    assert same.standing.position.state is Account.confirm
    other = await router.sends(at, presses(at.now, f"c:{mark(at)}:{IDENTITY.id_type}"))
    assert other.standing.position.state is Account.number
    assert other.standing.person.identity == Identity(
        name=IDENTITY.name, id_type=IdType.RESIDENT_ID
    )


async def test_two_numbers_that_differ_are_both_asked_again(router: OfflineRouter) -> None:
    at = STANDINGS["en: number, resident_id"]
    at = await _typed(router, at, IDENTITY.id_number)
    assert at.position.state is Account.number_again
    after = await router.sends(at, says(at.now, "999999199003071031"))
    assert after.header_lines == ["problem-number-differs"]
    assert after.standing.position == Position(Account.number)
