"""One person, two talks: what is meant as one of the staff is never taken for the candidate's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from handlers.callback_data import ANYWHERE, DESK, Action, CallbackData, question_hash_of
from handlers.candidate.case_desk.place_of_case import CLAIM_NEWS
from handlers.registry import STAFF_SCREENS
from handlers.rendering import Overtaken
from handlers.staff.cases.queue import GROUP_NEWS
from states import fsm_states
from states.fsm_states import Account, Home, Staff
from states.records import Identity
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import EditScreen, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction
from storage.candidates import people
from storage.engine import tables
from storage.staff.access import role_assignments
from storage.updates import audit_quota, fsm
from storage.updates.fsm import candidate_key, staff_key
from tests.fakes.committing_router import CommittingRouter, committing_router, screens
from tests.fakes.router import (
    ADMINISTRATOR,
    KEYRING,
    contact,
    document,
    edited,
    picture,
    says,
    sticker,
    voice,
)
from tests.handlers.people import (
    BOT,
    EXAM,
    LING,
    LOCALES,
    OPEN,
    person,
)

AREA = EXAM.areas[0]
SEAT = RoleAssignment(7, BOT, LING, Role.ADMINISTRATOR, Scope(AREA.code), "示例", 0, OPEN)


@pytest_asyncio.fixture
async def router(tmp_path: Path) -> AsyncIterator[CommittingRouter]:
    """Ling is being asked for her name, and administers an area."""
    async with committing_router(tmp_path) as made:
        async with made.db.write() as connection:
            ling = replace(person("zh-CN"), identity=Identity(), number_hash=None)
            row = people.as_row(KEYRING, ling)
            await connection.execute(tables.people.insert(), row)
            await role_assignments.grant(connection, KEYRING, SEAT)
            key = fsm.row_key(candidate_key(BOT, LING))
            record = fsm.FsmRecord(Account.name.state, {}, changed=True)
            await fsm.flush(made.db, connection, {key: record})
        await made.work.refresh_staff()
        yield made


async def standing(router: CommittingRouter) -> tuple[fsm_states.State, fsm_states.State]:
    """Return her position as a candidate, and as one of the staff."""
    keys = [fsm.row_key(key(BOT, LING)) for key in (candidate_key, staff_key)]
    async with router.db.read() as connection:
        records = await fsm.load(connection, keys)
    return fsm_states.state_of(records[keys[0]].state), fsm_states.staff_state_of(
        records[keys[1]].state
    )


async def name_of(router: CommittingRouter) -> str:
    """The name that she has given as a candidate."""
    async with router.db.read() as connection:
        known = await people.load(connection, KEYRING, BOT, [LING])
    return known[LING].identity.name


SENT: Mapping[str, Any] = {
    "words": says(OPEN, "刘玲"),
    "words as on a candidate's button": says(OPEN, "菜单"),
    "a picture": picture(OPEN),
    "a part of an album": picture(OPEN, "9"),
    "a document": document(OPEN),
    "a sticker": sticker(OPEN),
    "a voice message": voice(OPEN),
    "a contact": contact(OPEN),
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
async def test_what_is_sent_belongs_to_the_staffs_question_while_one_is_open(
    router: CommittingRouter, sent: Mapping[str, Any]
) -> None:
    await router.says(LING, "/invite")
    assert await standing(router) == (Account.name, Staff.role)
    assert screens(await router.sends(sent)) == [(LING, "Staff:role")]
    assert await standing(router) == (Account.name, Staff.role)
    assert await name_of(router) == ""


async def test_without_one_it_belongs_to_the_candidates(router: CommittingRouter) -> None:
    await router.says(LING, "/staff")
    assert await standing(router) == (Account.name, Staff.idle)
    await router.says(LING, "刘玲")
    assert await name_of(router) == "刘玲"


@pytest.mark.parametrize("word", ["/cancel", "/back", "上一步", "/staff"])
async def test_out_of_the_staffs_question_and_nothing_else_has_moved(
    router: CommittingRouter, word: str
) -> None:
    await router.says(LING, "/invite")
    await router.says(LING, word)
    assert await standing(router) == (Account.name, Staff.idle)


@pytest.mark.parametrize(
    "callback",
    [CallbackData(Action.GO, "menu", ANYWHERE), CallbackData(Action.GO, "resume", ANYWHERE)],
)
async def test_the_menu_and_the_way_on_end_the_staffs_question(
    router: CommittingRouter, callback: CallbackData
) -> None:
    await router.says(LING, "/invite")
    await router.presses(LING, callback.pack())
    candidate, staff = await standing(router)
    assert candidate in (Home.menu, Account.name)
    assert staff is Staff.idle


async def test_a_question_of_the_candidates_that_is_asked_anew_gets_the_words(
    router: CommittingRouter,
) -> None:
    await router.says(LING, "/invite")
    await router.presses(LING, "c:00000000:old")
    assert await standing(router) == (Account.name, Staff.idle)
    await router.says(LING, "刘玲")
    assert await name_of(router) == "刘玲"


@pytest.mark.parametrize("word", ["/start staff", "/start queue", "/staff@baoming_bot", "/STAFF"])
async def test_a_link_out_of_a_group_leads_to_the_work(router: CommittingRouter, word: str) -> None:
    assert screens(await router.says(LING, word)) == [(LING, "Staff:idle")]
    assert await standing(router) == (Account.name, Staff.idle)
    assert screens(await router.says(2002, word)) == [(2002, "staff-refused")]


async def test_what_the_staff_do_is_not_among_what_was_done_to_their_own_registration(
    router: CommittingRouter,
) -> None:
    await router.says(LING, "/invite")
    chosen = CallbackData(Action.CHOOSE, "area-reviewer", question_hash_of(Staff.role, {}))
    await router.presses(LING, chosen.pack())
    area = CallbackData(Action.CHOOSE, AREA.code, question_hash_of(Staff.area, {}))
    assert screens(await router.presses(LING, area.pack())) == [(LING, "invite-made")]
    async with router.db.read() as connection:
        assert (
            await audit_log.count(connection, LING, AuditAction.INVITED, OPEN.replace(year=2000))
            == 1
        )
        assert await audit_log.of_person(connection, person("zh-CN").id) == []


@pytest.mark.parametrize("word", ["/help", "/status", "/language", "/profile"])
async def test_a_look_at_something_leaves_both_where_they_are(
    router: CommittingRouter, word: str
) -> None:
    await router.says(LING, "/invite")
    await router.says(LING, word)
    assert await standing(router) == (Account.name, Staff.role)


async def test_an_edited_message_is_no_answer_to_the_staffs_question(
    router: CommittingRouter,
) -> None:
    await router.says(LING, "/invite")
    await router.sends(edited(OPEN, "管理员"))
    assert (await standing(router))[1] is Staff.idle


@pytest.mark.parametrize("state", fsm_states.STAFF.values(), ids=fsm_states.STAFF)
async def test_marks_of_the_two_talks_are_never_the_same(state: fsm_states.State) -> None:
    mark = question_hash_of(state, {})
    assert CallbackData(Action.GO, "", mark).is_of_staff
    assert not any(
        CallbackData(Action.GO, "", question_hash_of(s, {})).is_of_staff
        for s in fsm_states.ALL.values()
    )


FORGED = [
    CallbackData(verb, value, mark).pack()
    for verb in Action
    for value in ("", "7", "-7", "yes", "invite", "invites", "seats", "queue", "9" * 40)
    for mark in (
        DESK,
        question_hash_of(Staff.role, {}),
        question_hash_of(Staff.area, {}),
        DESK + "0000",
    )
]


@pytest.mark.parametrize("who", [2002, LING])
async def test_forged_presses_of_whoever_is_nothing_change_nothing_and_are_noted(
    router: CommittingRouter, who: int
) -> None:
    """A stranger, and somebody whose seat was revoked a moment ago, in the middle of a question."""
    await router.says(LING, "/invite")
    async with router.db.write() as connection:
        await role_assignments.revoke(connection, KEYRING, SEAT.id, OPEN)
    for data in FORGED:
        for chat, effect in await router.presses(who, data):
            assert isinstance(effect, ShowScreen | EditScreen)
            assert chat == who
            shown = await router.shows(who, effect)
            assert "示例" not in shown.params["text"]
            assert AREA.name not in shown.params["text"]
    async with router.db.read() as connection:
        assert not (await connection.execute(tables.invites.select())).all()
        noted = await audit_log.count(connection, who, AuditAction.DENIED, OPEN.replace(year=2000))
    assert noted == audit_quota.ROWS_AN_HOUR, "the rest is counted, not written"


async def test_every_screen_of_the_staff_has_words_and_shows_nothing_without_a_seat(
    router: CommittingRouter,
) -> None:
    at = {"role": "area-reviewer", "area": AREA.code, "invite": "1", "seat": "7", "group": "-5"}
    at |= {"application": "65", "why": "returned", "how": "approved", "seconds": "60", "ids": "65"}
    at |= {"record": "1", "item": "area", "broadcast": "1", "changes": "1", "case": "1"}
    for locale in LOCALES:
        for name in set(STAFF_SCREENS) - {GROUP_NEWS}:  # which only bound groups are shown
            for reader in (LING, ADMINISTRATOR, 2002):
                known = {"payload": "inv_" + "x" * 32, **at}
                async with router.staff_views.of(reader, OPEN, locale, known) as look:
                    try:
                        screen = await STAFF_SCREENS[name](look)
                    except Overtaken:  # it is not sent
                        assert name == CLAIM_NEWS
                        continue
                assert screen.text, name
                if reader == 2002:
                    assert not any(
                        b.callback.action is Action.REVOKE for r in screen.buttons for b in r
                    )


async def test_a_seat_of_another_area_is_neither_shown_nor_taken_back(
    router: CommittingRouter,
) -> None:
    foreign = replace(SEAT, id=9, telegram_id=2002, scope=Scope(EXAM.areas[1].code), name="别处")
    async with router.db.write() as connection:
        await role_assignments.grant(connection, KEYRING, foreign)
    for verb, value in (
        (Action.ROLE, "9"),
        (Action.ROLE, "+0"),
        (Action.REVOKE, "9"),
        (Action.GO, "seats"),
    ):
        for _, effect in await router.presses(LING, CallbackData(verb, value, DESK).pack()):
            assert "别处" not in (await router.shows(LING, effect)).params["text"]
    async with router.db.read() as connection:
        assert await role_assignments.of_id(connection, KEYRING, foreign.id) == foreign


async def test_whoever_lost_the_right_to_invite_meanwhile_gives_nothing(
    router: CommittingRouter,
) -> None:
    await router.says(LING, "/invite")
    chosen = CallbackData(Action.CHOOSE, "area-reviewer", question_hash_of(Staff.role, {}))
    await router.presses(LING, chosen.pack())
    area = CallbackData(Action.CHOOSE, AREA.code, question_hash_of(Staff.area, {}))
    ((_, made),) = await router.presses(LING, area.pack())
    assert isinstance(made, ShowScreen)
    opened = await router.says(2002, f"/start {made.data['payload']}")
    assert screens(opened) == [(LING, "invite-opened"), (2002, "invite-waiting")]
    async with router.db.write() as connection:
        await role_assignments.revoke(connection, KEYRING, SEAT.id, OPEN)
    yes = CallbackData(Action.ADMIT, made.data["invite"], DESK)
    await router.presses(LING, yes.pack())
    async with router.db.read() as connection:
        assert await role_assignments.of_account(connection, KEYRING, BOT, 2002) == ()
