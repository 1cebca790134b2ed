"""A number that is taken: five numbers a day, one case, and not a word about who holds it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert

from handlers.callback_data import Action
from handlers.candidate.case_desk.duplicate_id_number import NUMBER_CHECKED, TRIES
from handlers.candidate.case_desk.place_of_case import KIND
from states.fsm_states import Account, Home, IdConflict
from states.progress.next_step import Position
from states.records import Records
from states.staff.cases import CaseKind
from storage.audit.audit_log import as_row
from storage.candidates import cases
from storage.engine import act_counts, tables
from storage.engine.act_counts import CountedAct
from tests.fakes.router import KEYRING, TRANSLATIONS, After, OfflineRouter
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import LING, OPEN, Standing, person
from tests.handlers.stored_people import OF_SOMEBODY_ELSE, somebody_else_has

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S1")]

UNCLAIMED = Standing(
    Position(Account.confirm), Records(person("zh-CN", number_hash=None, identity=OF_SOMEBODY_ELSE))
)


@pytest_asyncio.fixture(loop_scope="module")
async def ling(router: OfflineRouter) -> CandidateDriver:
    """She looks over an identity whose number is somebody else's, and has tried nothing yet."""
    await somebody_else_has(router)
    async with router.db.write() as connection:
        for table in (tables.audit, tables.cases, tables.act_counts):
            await connection.execute(delete(table))
    return CandidateDriver(router, UNCLAIMED)


async def _flushed(ling: CandidateDriver, after: After) -> None:
    """The audit holds her actions, as it does after the commit."""
    unit = after.envelope.unit
    async with ling.router.db.write() as connection:
        for action in unit.audit_entries:
            await connection.execute(insert(tables.audit), as_row(KEYRING, action))
        await act_counts.add(connection, Counter(unit.counted))


async def _tries(ling: CandidateDriver, times: int) -> list[str]:
    header_lines = []
    for _ in range(times):
        after = await ling.taps(Action.CONFIRM)
        await _flushed(ling, after)
        header_lines += after.header_lines
        if ling.state is IdConflict.taken:
            await ling.taps(Action.BACK)
    return header_lines


async def test_a_taken_number_is_not_locked_and_nobody_learns_whose_it_is(
    ling: CandidateDriver,
) -> None:
    await ling.taps(Action.CONFIRM)
    assert ling.state is IdConflict.taken
    assert ling.at.person.number_hash is None
    assert ling.sees == {
        *("claim-taken", "button-mine", "button-edit-number", "button-edit-id-type"),
        *("button-account-moved", "button-back"),
    }


async def test_five_tries_a_day_and_then_not_even_that_is_said(ling: CandidateDriver) -> None:
    assert await _tries(ling, TRIES) == []
    assert await _tries(ling, 2) == ["problem-number-tries"] * 2
    assert ling.state is Account.confirm
    ling.at = replace(ling.at, now=OPEN + timedelta(days=1, seconds=1))
    assert await _tries(ling, 1) == []


async def test_tries_count_for_the_messenger_account_whoever_it_was_then(
    ling: CandidateDriver,
) -> None:
    """Erasing oneself and beginning anew gives no further tries."""
    async with ling.router.db.write() as connection:
        counts = {CountedAct(LING, NUMBER_CHECKED, OPEN - timedelta(hours=n)): 1 for n in range(5)}
        await act_counts.add(connection, counts)
    assert await _tries(ling, 1) == ["problem-number-tries"]


FREE = Records(person("zh-CN", number_hash=None))


async def test_after_the_tries_a_free_number_reads_like_a_taken_one(ling: CandidateDriver) -> None:
    """Else one could go on asking: refused is taken, locked is free."""
    await _tries(ling, TRIES)
    answers = set()
    for records in (UNCLAIMED.records, FREE):
        ling.at = replace(UNCLAIMED, records=records)
        after = await ling.taps(Action.CONFIRM)
        answers.add((*after.header_lines, str(ling.state), ling.at.person.number_hash))
    assert len(answers) == 1


async def test_free_numbers_count_as_well(ling: CandidateDriver) -> None:
    """Who confirms a free number, erases and confirms the next one asks just the same."""
    for _ in range(TRIES):
        ling.at = replace(UNCLAIMED, records=FREE)
        after = await ling.taps(Action.CONFIRM)
        assert after.header_lines == ["account-locked"]
        await _flushed(ling, after)
    ling.at = replace(UNCLAIMED, records=FREE)
    assert (await ling.taps(Action.CONFIRM)).header_lines == ["problem-number-tries"]


async def test_mine_opens_one_case_and_twice_is_one(ling: CandidateDriver) -> None:
    for lead in ("case-opened-number-taken", "claim-known"):
        ling.at = UNCLAIMED
        await ling.taps(Action.CONFIRM)
        await ling.taps(Action.CONFIRM, CaseKind.NUMBER_TAKEN, times=2)
        assert ling.state is IdConflict.area
        await ling.says("青海")
        await ling.says("青海考区")
        after = await ling.taps(Action.CHOOSE, "xining", times=1)
        assert after.header_lines == [lead]
        assert ling.state is Home.menu
        (told,) = after.said[0].header_lines
        assert "西宁" in TRANSLATIONS.html(told, "zh-CN")
    async with ling.router.db.read() as connection:
        (case,) = await cases.of_person(connection, KEYRING, ling.at.person.id)
    assert (case.kind, case.area, case.site) == (CaseKind.NUMBER_TAKEN, "qinghai", "xining")
    assert case.closed_at is None


async def test_another_number_or_document_is_tried_and_back_leads_back(
    ling: CandidateDriver,
) -> None:
    for value, state in (("number", Account.number), ("id_type", Account.id_type)):
        ling.at = UNCLAIMED
        await ling.taps(Action.CONFIRM)
        await ling.taps(Action.EDIT, value)
        assert ling.state is state
    ling.at = UNCLAIMED
    await ling.taps(Action.CONFIRM)
    await ling.taps(Action.CONFIRM, CaseKind.ACCOUNT_MOVED)
    await ling.says("xi")
    assert "found" in ling.at.position.data
    await ling.taps(Action.BACK, "whole", times=2)
    assert ling.at.position == Position(IdConflict.area, {KIND: CaseKind.ACCOUNT_MOVED})
    await ling.says("青海考区")
    for state in (IdConflict.area, IdConflict.taken, Account.confirm):
        await ling.taps(Action.BACK)
        assert ling.state is state
    assert ling.at.records == UNCLAIMED.records
