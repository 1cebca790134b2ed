"""Broadcasts of several senders: each is recognised, and an interrupted one is gone on with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.callback_data import Action, CallbackData, question_hash_of
from handlers.staff.broadcasts.compose import DRAFT, LOCALE
from states.broadcasts.audience import Audience, Dimension
from states.broadcasts.ledger import BroadcastState
from states.broadcasts.message import BroadcastMessage, Placeholder
from states.fsm_states import Staff, State
from states.staff_roles import Role, Scope
from storage.broadcasts import broadcasts
from storage.broadcasts.broadcasts import LISTED, Broadcast
from tests.factories import BOT, EXAM, staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.storage.process import StorageProcess
from tests.storage.staff_members import (
    AREA,
    CONFIRMING,
    KEYS,
    SITE,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B3", "B4")

FAR = staff_member(21, Role.AREA_REVIEWER, Scope("tianjin"))
WORDS = BroadcastMessage({"zh-CN": (Placeholder.NAME, "您好，请带原件。")})
OWN = Broadcast(
    1,
    BOT,
    EXAM.key,
    AREA.telegram_id,
    CONFIRMING,
    BroadcastState.SCHEDULED,
    Audience({Dimension.SITE: ("qinghai/xining",)}, (AREA.scope,)),
    WORDS,
    starts_at=CONFIRMING + timedelta(days=2),
)


@pytest.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """The staff are at work, and somebody is submitted."""
    async with batch_router(process) as router:
        await grant_all(process.db, AREA, SITE, FAR)
        await process.work.refresh_staff()
        await come(process.db, waiting(1, point=""))
        yield router


async def reads(router: BatchRouter, *updates: dict[str, object]) -> str:
    """Run the updates one after the other; return what the last one shows."""
    shown = ""
    for one in updates:
        shown = await router.drawn(await router.run(one))
    return shown


async def test_broadcasts_of_others_do_not_hide_ones_own(
    router: BatchRouter, process: StorageProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasts, "PART", LISTED - 3)
    async with process.db.write() as tx:
        await broadcasts.add(tx, KEYS, OWN)
        for number in range(2, 2 * LISTED):
            theirs = replace(
                OWN, id=number, made_by=FAR.telegram_id, audience=Audience(scopes=(FAR.scope,))
            )
            await broadcasts.add(tx, KEYS, theirs)
    listed = await reads(router, router.says(AREA.telegram_id, "/broadcast"))
    assert listed.count("等时间到") == 1
    assert AREA.name in listed
    assert "“…您好，请带原件。”" in listed
    theirs_listed = await reads(router, router.says(FAR.telegram_id, "/broadcast"))
    assert theirs_listed.count("等时间到") == LISTED


async def test_the_progress_says_what_is_sent_to_whom_and_by_whom(
    router: BatchRouter, process: StorageProcess
) -> None:
    async with process.db.write() as tx:
        await broadcasts.add(tx, KEYS, OWN)
    shown = await reads(router, router.goes(AREA.telegram_id, Action.BROADCAST, f"show.{OWN.id}"))
    assert "“…您好，请带原件。”" in shown
    assert AREA.name in shown
    assert "考点：<b>西宁考点</b>" in shown


HEAD = staff_member(22, Role.ADMINISTRATOR, AREA.scope)


@pytest.mark.parametrize("state", [BroadcastState.SCHEDULED, BroadcastState.FINISHED])
async def test_who_revokes_a_role_reads_of_its_holders_broadcasts_that_go_on(
    router: BatchRouter, process: StorageProcess, state: BroadcastState
) -> None:
    await grant_all(process.db, HEAD)
    await process.work.refresh_staff()
    async with process.db.write() as tx:
        await broadcasts.add(tx, KEYS, replace(OWN, state=state))
    card = await reads(router, router.goes(HEAD.telegram_id, Action.ROLE, str(AREA.id)))
    assert AREA.name in card
    assert ("有 1 次群发还没有发完" in card) is (state is BroadcastState.SCHEDULED)


async def _draft(process: StorageProcess) -> int:
    """Return the number of the newest draft of the site's reviewer."""
    about = (KEYS, BOT, EXAM.key, SITE.telegram_id)
    async with process.db.read() as connection:
        found = await broadcasts.written_draft(connection, *about)
    assert found is not None
    return found.id


def _press(
    router: BatchRouter, state: State, action: Action, draft: int, **data: str
) -> dict[str, object]:
    mark = question_hash_of(state, {DRAFT: str(draft), **data})
    return router.taps(SITE.telegram_id, CallbackData(action, "", mark).pack())


async def _writes(router: BatchRouter, process: StorageProcess, *texts: str) -> str:
    """The site's reviewer begins a broadcast and writes these texts."""
    site = SITE.telegram_id
    await reads(router, router.goes(site, Action.GO, "broadcast-new"))
    async with process.db.read() as connection:
        drafts = await connection.exec_driver_sql("SELECT max(id) FROM broadcasts")
        number = drafts.scalar_one()
    await reads(router, _press(router, Staff.audience, Action.CONFIRM, number))
    return await reads(router, *(router.says(site, text) for text in texts))


async def test_a_case_in_between_costs_no_text(
    router: BatchRouter, process: StorageProcess
) -> None:
    site = SITE.telegram_id
    await _writes(router, process, "{姓名}您好，请带原件。")
    await reads(router, router.goes(site, Action.GO, "queue-next"))
    home = await reads(router, router.says(site, "/broadcast"))
    assert "接着写没发的那一份" in home
    plan = await reads(router, router.goes(site, Action.GO, "broadcast-draft"))
    assert "请看一遍，再确认发出" in plan
    assert "您好，请带原件。" in plan
    of_others = await reads(router, router.says(AREA.telegram_id, "/broadcast"))
    assert "接着写" not in of_others


async def test_a_text_that_is_written_is_kept_by_one_tap_and_dropped_by_name(
    router: BatchRouter, process: StorageProcess
) -> None:
    plan = await _writes(router, process, "请带原件。", "Please bring originals.")
    assert "请看一遍，再确认发出" in plan
    draft = await _draft(process)
    again = await reads(router, _press(router, Staff.planning, Action.BACK, draft))
    assert "已经写好" in again
    assert "Please bring originals." in again
    assert "跳过" not in again.split("已经写好", 1)[1]
    english = {LOCALE: "en"}
    kept = await reads(router, _press(router, Staff.writing, Action.CONFIRM, draft, **english))
    assert "请看一遍，再确认发出" in kept
    async with process.db.read() as connection:
        found = await broadcasts.of_id(connection, KEYS, BOT, draft)
    assert found is not None
    assert set(found.message.texts) == {"zh-CN", "en"}


async def test_the_plan_says_to_whom_and_how_to_start_later(
    router: BatchRouter, process: StorageProcess
) -> None:
    plan = await _writes(router, process, "请带原件。", "Please bring originals.")
    assert "发给您负责范围内的所有人" in plan
    assert "把时间发给我，例如 2025-12-04 09:00" in plan
    past = await reads(router, router.says(SITE.telegram_id, "2025-12-01 09:00"))
    assert "要在现在以后" in past
