"""The cases desk: the card of a case stands in a chat once, and in none after its decision."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from handlers.callback_data import DESK, Action
from states.records import OpenCase
from states.staff.cases import CONTESTED, CaseKind, IdentityChange
from states.submissions.content import MAX_CHANGES
from storage.candidates import cases, people
from storage.candidates.blobs import Blobs
from storage.candidates.cases import Case
from tests.factories import IDENTITY
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.storage.people import keep
from tests.storage.process import started_process
from tests.storage.staff_members import (
    CONFIRMING,
    KEYS,
    SITE,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B27", "C6")

HASH = people.hash_number(KEYS, IDENTITY.id_type, IDENTITY.id_number)
"""The number that both of them say is theirs."""
OTHER = replace(SITE, id=22, telegram_id=5022)
A, B = SITE.telegram_id, OTHER.telegram_id
CASE = Case(31, CaseKind.NUMBER_TAKEN, candidate(1).id, HASH, "qinghai", "xining", CONFIRMING)


@pytest_asyncio.fixture
async def chats(database: str) -> AsyncIterator[StaffChats]:
    """Two of one site; a case of a number waits."""
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(database) as process, staff_chats(process, blobs) as made:
        await grant_all(process.db, SITE, OTHER)
        await come(process.db, waiting(2))
        claims, holds = candidate(1), candidate(2)
        await keep(process.db, replace(claims, number_hash=None), replace(holds, number_hash=HASH))
        async with process.db.write() as tx:
            await cases.open_case(tx, KEYS, CASE)
        await process.work.refresh_staff()
        yield made


async def taps(chats: StaffChats, who: int, verb: str) -> None:
    """Somebody taps a button about the case."""
    await chats.run(chats.router.taps(who, f"{Action.CASE}:{DESK}:{verb}{CASE.id}"))
    await chats.deliver()


def numbers(chats: StaffChats, who: int) -> int:
    """The messages of a chat that show the whole number."""
    return sum(IDENTITY.id_number in one.text for one in chats.messages(who))


async def test_a_case_that_is_opened_again_has_one_card(chats: StaffChats) -> None:
    for _ in range(3):
        await taps(chats, A, "o")
    assert numbers(chats, A) == 1


@pytest.mark.parametrize("way", ["tapped", "typed"])
async def test_after_a_decision_no_chat_shows_the_number(chats: StaffChats, way: str) -> None:
    for who in (A, B):
        await taps(chats, who, "o")
    assert (numbers(chats, A), numbers(chats, B)) == (1, 1)
    if way == "tapped":
        await taps(chats, A, "a")
    else:
        await taps(chats, A, "d")
        await chats.run(chats.router.says(A, "证件和本人对不上"))
        await chats.deliver()
    async with chats.process.db.read() as connection:
        found = await cases.of_id(connection, KEYS, CASE.id)
    assert found is not None
    assert found.outcome is not None
    assert (numbers(chats, A), numbers(chats, B)) == (0, 0)
    await taps(chats, B, "o")
    assert numbers(chats, B) == 0, "whoever opens a decided case"


async def test_who_takes_the_decision_back_has_the_card_again(chats: StaffChats) -> None:
    for verb in ("o", "a", "u"):
        await taps(chats, A, verb)
    assert numbers(chats, A) == 1


async def test_who_takes_it_back_too_late_has_no_second_card(chats: StaffChats) -> None:
    for verb in ("o", "u", "u"):
        await taps(chats, A, verb)
    assert numbers(chats, A) == 1


async def test_one_tap_leads_from_a_decision_to_the_next_case(chats: StaffChats) -> None:
    other = replace(CASE, id=32, person_id=candidate(3).id, number_hash="e" * 64)
    await keep(chats.process.db, replace(candidate(3), number_hash=None))
    async with chats.process.db.write() as tx:
        await cases.open_case(tx, KEYS, other)
    following = f"{Action.CASE}:{DESK}:o{other.id}"
    await taps(chats, A, "o")
    await taps(chats, A, "a")
    assert following in chats.messages(A)[-1].buttons
    await chats.run(chats.router.taps(A, following))
    await chats.deliver()
    await chats.run(chats.router.taps(A, f"{Action.CASE}:{DESK}:d{other.id}"))
    await chats.run(chats.router.says(A, "证件不对"))
    await chats.deliver()
    assert not any(one.startswith("C:@:o") for one in chats.messages(A)[-1].buttons), "the last"


async def test_back_from_the_reason_leads_to_the_card(chats: StaffChats) -> None:
    await taps(chats, A, "o")
    await taps(chats, A, "d")
    await chats.run(chats.router.says(A, "上一步"))
    await chats.deliver()
    assert IDENTITY.id_number in chats.messages(A)[-1].text
    assert numbers(chats, A) == 1


@pytest.mark.parametrize("is_decided", [False, True], ids=["waiting", "decided"])
async def test_of_an_erased_account_nothing_stays_at_the_desk(
    chats: StaffChats, *, is_decided: bool
) -> None:
    """The cards say so, nobody has names and numbers still, and the other account is free."""
    db, gone = chats.process.db, candidate(1)
    mark = OpenCase(CONTESTED, CASE.area, CASE.site, CONFIRMING)
    await keep(db, replace(candidate(2), number_hash=HASH, open_case=mark))
    await taps(chats, A, "o")
    if is_decided:
        await taps(chats, A, "a")
    else:
        await taps(chats, B, "o")
    await chats.run(chats.router.says(gone.telegram_id, "是，删除我的全部信息"))
    await chats.deliver()
    for who in (A,) if is_decided else (A, B):
        assert numbers(chats, who) == 0
        assert "考生删除了自己的全部信息" in chats.messages(who)[-1].text
    async with db.read() as connection:
        assert await cases.of_id(connection, KEYS, CASE.id) is None
        known = await people.by_ids(connection, KEYS, [gone.id, candidate(2).id])
    assert gone.id not in known
    assert known[candidate(2).id].open_case is None


async def test_an_identity_whose_codes_are_used_up_is_not_agreed_to(chats: StaffChats) -> None:
    """The scheduler would have to submit it for the 100th time with another content."""
    right = IdentityChange(replace(IDENTITY, name="示例二"))
    slip = replace(CASE, id=41, kind=CaseKind.IDENTITY, person_id=candidate(3).id)
    used = replace(waiting(3), revision=MAX_CHANGES)
    await come(chats.process.db, used)
    await keep(chats.process.db, replace(candidate(3), number_hash="f" * 64))
    async with chats.process.db.write() as tx:
        await cases.open_case(tx, KEYS, replace(slip, words=right.pack()))
    for verb in ("o", "a"):
        await chats.run(chats.router.taps(A, f"{Action.CASE}:{DESK}:{verb}{slip.id}"))
        await chats.deliver()
    assert "99 次" in chats.messages(A)[-1].text
    assert f"{Action.CASE}:{DESK}:a{slip.id}" not in chats.messages(A)[-1].buttons
    async with chats.process.db.read() as connection:
        found = await cases.of_id(connection, KEYS, slip.id)
    assert found is not None
    assert found.outcome is None
