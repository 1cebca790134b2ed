"""The counter under pressure: at once, too late, without the right, from somebody else."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from handlers.callback_data import DESK, Action, CallbackData, question_hash_of
from handlers.staff.cases.card import NEXT
from states.fsm_states import STAFF, Staff, State
from states.records import Refusal, Stage
from states.submissions.application_codes import code_of
from storage.engine import tables
from storage.staff.access import invites
from storage.staff.cases.cards import APPLICATION
from tests import factories
from tests.factories import EXAM
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.storage.people import file_in, keep
from tests.storage.process import StorageProcess, kept
from tests.storage.staff_members import (
    ALL,
    CLERK,
    CONFIRMING,
    FAR_CLERK,
    OTHER_CLERK,
    PACE,
    SITE,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B9", "B10")

ROUNDS = int(os.environ.get("ROUNDS", "30"))
"""Runs of each race on each database; a thousand take minutes."""
ATTACKS = int(os.environ.get("ATTACKS", "400"))

A, B = CLERK.telegram_id, OTHER_CLERK.telegram_id


@pytest_asyncio.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """A hall with everybody at their desks."""
    async with batch_router(process) as open_hall:
        await grant_all(process.db, *ALL)
        await process.work.refresh_staff()
        yield open_hall


async def decisions(database: str) -> Counter[int]:
    """How often each application was decided."""
    return Counter(
        one for (one,) in await kept(database, select(tables.decisions.c.application_id))
    )


async def audit_entries(database: str) -> Counter[str]:
    """Count the audit entries by action."""
    return Counter(one for (one,) in await kept(database, select(tables.audit.c.action)))


@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "two batches"])
async def test_two_clerks_who_tap_in_the_same_second_decide_once(
    router: BatchRouter, database: str, at_once: bool
) -> None:
    """One holds it; the other held it until a moment ago and still has the card before them."""
    await come(router.process.db, *(waiting(n) for n in range(1, ROUNDS + 1)))
    for _ in range(ROUNDS):
        first = await router.run(router.goes(A, Action.GO, "queue-next"))
        (taken,) = {one.effect.data["application"] for u in first for one in u.outgoing}  # type: ignore[union-attr]
        router.now += PACE.idle
        await router.run(router.goes(B, Action.GO, "queue-next"))
        both = [
            router.presses(who, Staff.card, Action.CONFIRM, about=int(taken))
            for who in (A, B, A, B)
        ]
        if at_once:
            await router.run(*both)
        else:
            for one in both:
                await router.run(one)
    decided = await decisions(database)
    assert len(decided) == ROUNDS
    assert set(decided.values()) == {1}
    assignments = await kept(database, select(tables.decisions.c.assignment_id).distinct())
    assert assignments == [(OTHER_CLERK.id,)], "whoever held it then"
    assert (await audit_entries(database))["decided"] == ROUNDS


async def test_two_who_want_the_next_one_get_two(router: BatchRouter, database: str) -> None:
    await come(router.process.db, *(waiting(n) for n in range(1, ROUNDS + 1)))
    for number in range(ROUNDS // 2):
        await router.run(*(router.goes(who, Action.GO, "queue-next") for who in (A, B)))
        held = await kept(
            database, select(tables.claims.c.application_id, tables.claims.c.assignment_id)
        )
        assert len(dict(held)) == 2
        assert len({assignment for _, assignment in held}) == 2
        for application_id, assignment in held:
            who = A if assignment == CLERK.id else B
            await router.run(router.presses(who, Staff.card, Action.CONFIRM, about=application_id))
        assert len(await decisions(database)) == 2 * (number + 1)


async def test_the_card_shows_all_to_who_holds_it_and_nothing_to_others(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, waiting(1))
    name, number = candidate(1).identity.name, candidate(1).identity.id_number
    counts = await router.drawn(await router.run(router.says(A, "/queue")))
    assert name not in counts
    opened = await router.run(router.goes(A, Action.GO, "queue-next"))
    card = await router.drawn(opened)
    assert name in card
    assert number in card
    router.now += PACE.idle
    assert name not in await router.drawn(opened), "a card that was drawn too late"


async def test_the_queue_says_when_its_time_is_over_and_estimates_nothing_more(
    router: BatchRouter,
) -> None:
    await come(router.process.db, waiting(1))
    for left in (timedelta(minutes=1), timedelta(seconds=1)):
        router.now = EXAM.windows.confirmation.closes - left
        said = await router.drawn(await router.run(router.says(A, "/queue")))
        assert "23:59 截止" in said
        assert "23:59 截止；" not in said, "the last minute is still theirs"
    router.now = EXAM.windows.confirmation.closes
    said = await router.drawn(await router.run(router.says(A, "/queue")))
    assert "1 份到 2025年12月16日（周二）23:59 截止没有办完，现在不能办" in said
    assert "领取下一份" not in said
    await come(router.process.db, replace(waiting(2), refusal=Refusal(CONFIRMING)))
    said = await router.drawn(await router.run(router.says(A, "/queue")))
    assert "23:59 截止；这些还可以办" in said
    assert "1 份待办" in said
    assert "1 份到 2025年12月16日" in said
    assert "最近" not in said


async def test_the_card_of_what_was_left_over_says_first_that_its_time_is_over(
    router: BatchRouter,
) -> None:
    await come(router.process.db, waiting(1))
    router.now = EXAM.windows.confirmation.closes
    await router.run(router.says(A, "/find"))
    said = await router.drawn(await router.run(router.says(A, code_of(waiting(1).id))))
    assert "现在不能决定" in said
    assert "前可以办理" not in said


@pytest.mark.parametrize("drafted", [False, True])
async def test_after_the_close_no_draft_promises_a_correction(
    router: BatchRouter, drafted: bool
) -> None:
    await come(router.process.db, waiting(1))
    about = waiting(1).id
    closes = EXAM.windows.confirmation.closes
    router.now = closes - timedelta(minutes=1) if drafted else closes
    await router.run(router.goes(A, Action.TAKE, str(about)))
    if drafted:
        draft = (Action.EDIT, Action.PICK, Action.CHOOSE)
        await router.run(router.presses(A, Staff.card, draft[0], about=about))
        await router.run(router.presses(A, Staff.refusing, draft[1], "photo:", about=about))
        await router.run(router.says(A, "看不清"))
    router.now = closes
    state, action = (Staff.refusing, Action.SEE) if drafted else (Staff.card, Action.EDIT)
    said = await router.drawn(await router.run(router.presses(A, state, action, about=about)))
    assert "改好" not in said
    assert "看一遍再发出" not in said
    assert "现在不能决定" in said, "the card says so"


async def test_a_seat_that_is_revoked_with_a_claim_in_hand_decides_nothing(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, waiting(1))
    await router.run(router.goes(A, Action.GO, "queue-next"))
    await grant_all(router.process.db, replace(CLERK, revoked_at=CONFIRMING))
    tap = router.presses(A, Staff.card, Action.CONFIRM, about=waiting(1).id)
    said = await router.drawn(await router.run(tap))
    assert candidate(1).identity.name not in said
    assert not await decisions(database)
    assert (await audit_entries(database))["denied"] == 1


async def test_what_is_withdrawn_while_its_card_is_open_is_not_decided(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, waiting(1))
    await router.run(router.goes(A, Action.GO, "queue-next"))
    await file_in(router.process.db, waiting(1, Stage.DRAFT))
    tap = router.presses(A, Staff.card, Action.CONFIRM, about=waiting(1).id)
    said = await router.drawn(await router.run(tap))
    assert "考生撤回" in said
    assert not await decisions(database)


@pytest.mark.row("B8")
async def test_a_refusal_that_can_be_mended_names_an_item_and_words_alone_are_not_sent(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, waiting(1))
    about = waiting(1).id
    await router.run(router.goes(A, Action.GO, "queue-next"))
    await router.run(router.presses(A, Staff.card, Action.EDIT, about=about))
    await router.run(router.presses(A, Staff.refusing, Action.ADD, about=about))
    noted = await router.run(router.says(A, "整页都请重填"))
    assert "看一遍再发出" not in await router.drawn(noted), "it could not be sent"
    said = await router.drawn(
        await router.run(router.presses(A, Staff.refusing, Action.SEE, about=about))
    )
    assert "至少一项" in said
    assert "整页都请重填" in said
    assert not await decisions(database)


@pytest.mark.row("B1", "B8")
async def test_a_refusal_that_is_sent_can_lead_to_the_next_case(
    router: BatchRouter, database: str
) -> None:
    later = CONFIRMING + timedelta(minutes=1)
    await come(router.process.db, waiting(1), waiting(2, since=later))
    router.now, item = later, "field:specialty"
    await router.run(router.goes(A, Action.GO, "queue-next"))
    steps: tuple[tuple[State, Action, str, dict[str, str]], ...] = (
        (Staff.card, Action.EDIT, "", {}),
        (Staff.refusing, Action.PICK, item, {}),
        (Staff.reasoning, Action.CHOOSE, "wrong", {"item": item}),
        (Staff.refusing, Action.SEE, "", {}),
    )
    shown = ""
    for state, action, value, about in steps:
        mark = question_hash_of(state, {APPLICATION: str(waiting(1).id), **about})
        tapped = router.taps(A, CallbackData(action, value, mark).pack())
        shown = await router.drawn(await router.run(tapped))
    assert "不通过并领取下一份" in shown
    sends = router.presses(A, Staff.sending, Action.SUBMIT, NEXT, about=waiting(1).id)
    said = await router.drawn(await router.run(sends))
    assert "您决定<b>不通过</b>" in said
    assert code_of(waiting(2).id) in said
    held = await kept(database, select(tables.claims.c.application_id))
    assert held == [(waiting(2).id,)]


async def test_who_puts_a_case_back_gets_another_one_next(
    router: BatchRouter, database: str
) -> None:
    later = CONFIRMING + timedelta(minutes=1)
    await come(router.process.db, waiting(1), waiting(2, since=later))
    router.now = later
    await router.run(router.goes(A, Action.GO, "queue-next"))
    returned = await router.run(router.presses(A, Staff.card, Action.REMOVE, about=waiting(1).id))
    assert f"编号 {code_of(waiting(1).id)} 退回队列了" in await router.drawn(returned)
    await router.run(router.goes(A, Action.GO, "queue-next"))
    held = await kept(database, select(tables.claims.c.application_id))
    assert held == [(waiting(2).id,)]


async def test_each_case_in_hand_has_a_button_of_its_own(router: BatchRouter) -> None:
    await come(router.process.db, waiting(1), waiting(2))
    await router.run(router.goes(A, Action.TAKE, str(waiting(1).id)))
    one = await router.drawn(await router.run(router.says(A, "/queue")))
    assert f"您手上有一份：{code_of(waiting(1).id)}" in one
    assert "继续办手上这一份" in one
    await router.run(router.goes(A, Action.TAKE, str(waiting(2).id)))
    codes = [code_of(waiting(number).id) for number in (1, 2)]
    both = await router.drawn(await router.run(router.says(A, "/queue")))
    assert f"您手上有 2 份：{'、'.join(codes)}" in both
    assert all(f"继续办 {code}" in both for code in codes)


async def test_the_statistics_offer_lists_to_those_who_may_have_them(router: BatchRouter) -> None:
    for who, may in ((A, False), (SITE.telegram_id, True)):
        shown = await router.drawn(await router.run(router.says(who, "/stats")))
        assert ("名单" in shown) is may


async def test_a_refusal_cites_the_clause_that_the_form_does_not_meet_by_one_tap(
    router: BatchRouter, database: str
) -> None:
    form = factories.answers("qinghai", category="pharmacy", level="assistant")
    await come(router.process.db, replace(waiting(1), answers={**waiting(1).answers, **form}))
    about = waiting(1).id
    await router.run(router.goes(A, Action.GO, "queue-next"))
    opened = await router.run(router.presses(A, Staff.card, Action.EDIT, about=about))
    clause = "药、技士：中专或大专学历"
    assert clause in await router.drawn(opened)
    cited = await router.drawn(
        await router.run(router.presses(A, Staff.refusing, Action.PICK, "clause", about=about))
    )
    assert "不符合报考条件" in cited
    assert f"{clause}" in cited.split("还达不到")[0], "in the draft, too"
    looked_over = await router.run(router.presses(A, Staff.refusing, Action.SEE, about=about))
    assert clause in await router.drawn(looked_over)


async def test_who_meets_the_conditions_is_not_refused_by_a_clause(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, waiting(1))
    about = waiting(1).id
    await router.run(router.goes(A, Action.GO, "queue-next"))
    opened = await router.run(router.presses(A, Staff.card, Action.EDIT, about=about))
    assert "还达不到" not in await router.drawn(opened)
    said = await router.drawn(
        await router.run(router.presses(A, Staff.refusing, Action.PICK, "clause", about=about))
    )
    assert "还没有点任何一项" in said


async def test_the_window_that_closes_between_card_and_tap_is_said_and_nothing_is_decided(
    router: BatchRouter, database: str
) -> None:
    router.now = EXAM.windows.confirmation.closes - timedelta(minutes=1)
    await come(router.process.db, waiting(1))
    await router.run(router.goes(A, Action.GO, "queue-next"))
    router.now += timedelta(minutes=1)
    tap = router.presses(A, Staff.card, Action.CONFIRM, about=waiting(1).id)
    (unit,) = await router.run(tap)
    (effect,) = [row.effect for row in unit.outgoing]
    assert [lead.key for lead in effect.header_lines] == ["illegal-too-late"]  # type: ignore[union-attr]
    assert not await decisions(database)


async def test_a_clerk_who_is_a_candidate_too_never_meets_their_own(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, waiting(1))
    await keep(router.process.db, candidate(1, account=A))
    own = waiting(1).id
    effects = [
        router.goes(A, Action.GO, "queue-next"),
        router.goes(A, Action.TAKE, str(own)),
        router.presses(A, Staff.card, Action.CONFIRM, about=own),
        router.goes(A, Action.HISTORY, str(own)),
        router.goes(A, Action.UNDO, str(own)),
    ]
    for effect in effects:
        await router.run(effect)
    await router.run(router.says(A, "/find"))
    found = await router.drawn(await router.run(router.says(A, code_of(own))))
    assert "没有找到" in found
    assert await kept(database, select(tables.claims)) == []
    assert not await decisions(database)


async def test_the_history_offers_to_take_only_what_the_reader_can_take(
    router: BatchRouter,
) -> None:
    await come(router.process.db, waiting(1))
    look = router.goes(B, Action.HISTORY, str(waiting(1).id))
    assert "领取这一份" in await router.drawn(await router.run(look))
    await router.run(router.goes(A, Action.GO, "queue-next"))
    look = router.goes(B, Action.HISTORY, str(waiting(1).id))
    assert "领取这一份" not in await router.drawn(await router.run(look))


async def test_a_search_finds_within_the_scope_by_code_number_and_name(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, waiting(1))
    person = candidate(1)
    for who, is_found in ((A, True), (FAR_CLERK.telegram_id, False)):
        for typed in (code_of(waiting(1).id), code_of(waiting(1).id).lower(), person.identity.name):
            await router.run(router.says(who, "/find"))
            said = await router.drawn(await router.run(router.says(who, typed)))
            assert ("报名确认" in said and person.identity.name in said) is is_found
            assert is_found or person.identity.id_number not in said
    assert (await audit_entries(database))["searched"] == 6


@pytest.mark.row("B13")
async def test_whatever_is_made_up_changes_and_shows_nothing_and_is_noted(
    router: BatchRouter, database: str
) -> None:
    await come(router.process.db, *(waiting(n) for n in range(1, 6)))
    await router.run(router.goes(A, Action.GO, "queue-next"))
    watched = (tables.claims, tables.decisions, tables.notes, tables.applications)
    before = [await kept(database, select(table)) for table in watched]
    chance, units = random.Random(7), []
    names = {candidate(n).identity.name for n in range(1, 6)}
    strangers = (FAR_CLERK.telegram_id, 9999, candidate(2).telegram_id)
    states = [state for name, state in STAFF.items() if name != "Staff:idle"]
    for _ in range(ATTACKS // 20):
        batch = []
        for who in [chance.choice(strangers) for _ in range(20)]:
            about = chance.choice([waiting(n).id for n in range(1, 6)] + [0, 2**70, -1])
            verb, state = chance.choice(list(Action)), chance.choice(states)
            batch.append(
                chance.choice(
                    [
                        router.presses(who, state, verb, str(about), about=about),
                        router.goes(who, verb, str(about)),
                        router.taps(who, f"{verb}:{DESK}{chance.getrandbits(32):08x}:{about}"),
                        router.says(who, f"/find {code_of(waiting(1).id)}"),
                    ]
                )
            )
        units += await router.run(*batch)
    said = await router.drawn(units)
    assert not any(name in said for name in names)
    assert [await kept(database, select(table)) for table in watched] == before
    noted = await audit_entries(database)
    held = await kept(database, select(tables.act_counts.c.count))
    assert noted["denied"] + sum(count for (count,) in held) > ATTACKS // 2
    assert noted["decided"] == 0


@pytest.mark.parametrize("words", ["/staff", f"/start {invites.PREFIX}nobody"])
async def test_who_has_no_role_continues_only_a_registration_that_was_begun(
    router: BatchRouter, words: str
) -> None:
    stranger = await router.drawn(await router.run(router.says(7999, words)))
    assert "开始填写" in stranger
    assert "继续报名" not in stranger
    await keep(router.process.db, candidate(1))
    known = await router.drawn(await router.run(router.says(candidate(1).telegram_id, words)))
    assert "继续报名" in known
