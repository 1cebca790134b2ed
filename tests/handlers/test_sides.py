"""One person, two talks: what is meant as one of the staff is never taken for the candidate's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from handlers.buttons import ANYWHERE, DESK, Press, Verb, mark_of
from handlers.registry import STAFF_SCREENS
from handlers.staff.queue import GROUP_NEWS
from states import groups
from states.groups import Account, Home, Staff
from states.outcome import Edit, Say
from states.records import Identity
from states.staff import Role, Scope, Seat
from storage import audit, fsm, people, seats, tables
from storage.audit import Deed
from storage.unit import candidate_key, staff_key
from tests.handlers.candidates import BOT, EXAM, LING, LOCALES, OPEN, person
from tests.handlers.counter import Counter, counter, screens
from tests.handlers.offline import (
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

AREA = EXAM.areas[0]
SEAT = Seat(7, BOT, LING, Role.ADMINISTRATOR, Scope(AREA.code), "示例", 0, OPEN)


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Counter]:
    """Ling is being asked for her name, and administers an area."""
    async with counter(tmp_path) as made:
        async with made.offline.db.write() as connection:
            ling = replace(person("zh-CN"), identity=Identity(), number_hash=None)
            row = people.as_row(KEYRING, ling)
            await connection.execute(tables.people.insert(), row)
            await seats.grant(connection, KEYRING, SEAT)
            key = fsm.row_key(candidate_key(BOT, LING))
            record = fsm.Record(Account.name.state, {}, changed=True)
            await fsm.flush(made.offline.db, connection, {key: record})
        await made.work.learn_roster()
        yield made


async def standing(desk: Counter) -> tuple[groups.State, groups.State]:
    """Where she is as a candidate, and as one of the staff."""
    keys = [fsm.row_key(key(BOT, LING)) for key in (candidate_key, staff_key)]
    async with desk.offline.db.read() as connection:
        records = await fsm.load(connection, keys)
    return groups.of(records[keys[0]].state), groups.staff_of(records[keys[1]].state)


async def name_of(desk: Counter) -> str:
    """The name that she has given as a candidate."""
    async with desk.offline.db.read() as connection:
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
    desk: Counter, sent: Mapping[str, Any]
) -> None:
    await desk.says(LING, "/invite")
    assert await standing(desk) == (Account.name, Staff.role)
    assert screens(await desk.sends(sent)) == [(LING, "Staff:role")]
    assert await standing(desk) == (Account.name, Staff.role)
    assert await name_of(desk) == ""


async def test_without_one_it_belongs_to_the_candidates(desk: Counter) -> None:
    await desk.says(LING, "/staff")
    assert await standing(desk) == (Account.name, Staff.idle)
    await desk.says(LING, "刘玲")
    assert await name_of(desk) == "刘玲"


@pytest.mark.parametrize("word", ["/cancel", "/back", "上一步", "/staff"])
async def test_out_of_the_staffs_question_and_nothing_else_has_moved(
    desk: Counter, word: str
) -> None:
    await desk.says(LING, "/invite")
    await desk.says(LING, word)
    assert await standing(desk) == (Account.name, Staff.idle)


@pytest.mark.parametrize(
    "press", [Press(Verb.GO, "menu", ANYWHERE), Press(Verb.GO, "resume", ANYWHERE)]
)
async def test_the_menu_and_the_way_on_end_the_staffs_question(desk: Counter, press: Press) -> None:
    await desk.says(LING, "/invite")
    await desk.presses(LING, press.pack())
    candidate, staff = await standing(desk)
    assert candidate in (Home.menu, Account.name)
    assert staff is Staff.idle


async def test_a_question_of_the_candidates_that_is_asked_anew_gets_the_words(
    desk: Counter,
) -> None:
    await desk.says(LING, "/invite")
    await desk.presses(LING, "c:00000000:old")
    assert await standing(desk) == (Account.name, Staff.idle)
    await desk.says(LING, "刘玲")
    assert await name_of(desk) == "刘玲"


@pytest.mark.parametrize("word", ["/start staff", "/start queue", "/staff@baoming_bot", "/STAFF"])
async def test_a_link_out_of_a_group_leads_to_the_work(desk: Counter, word: str) -> None:
    assert screens(await desk.says(LING, word)) == [(LING, "Staff:idle")]
    assert await standing(desk) == (Account.name, Staff.idle)
    assert screens(await desk.says(2002, word)) == [(2002, "staff-refused")]


async def test_what_the_staff_do_is_not_among_what_was_done_to_their_own_registration(
    desk: Counter,
) -> None:
    await desk.says(LING, "/invite")
    chosen = Press(Verb.CHOOSE, "area-reviewer", mark_of(Staff.role, {}))
    await desk.presses(LING, chosen.pack())
    area = Press(Verb.CHOOSE, AREA.code, mark_of(Staff.area, {}))
    assert screens(await desk.presses(LING, area.pack())) == [(LING, "invite-made")]
    async with desk.offline.db.read() as connection:
        assert await audit.count(connection, LING, Deed.INVITED, OPEN.replace(year=2000)) == 1
        assert await audit.of_person(connection, person("zh-CN").id) == []


@pytest.mark.parametrize("word", ["/help", "/status", "/language", "/profile"])
async def test_a_look_at_something_leaves_both_where_they_are(desk: Counter, word: str) -> None:
    await desk.says(LING, "/invite")
    await desk.says(LING, word)
    assert await standing(desk) == (Account.name, Staff.role)


async def test_an_edited_message_is_no_answer_to_the_staffs_question(desk: Counter) -> None:
    await desk.says(LING, "/invite")
    await desk.sends(edited(OPEN, "管理员"))
    assert (await standing(desk))[1] is Staff.idle


@pytest.mark.parametrize("state", groups.STAFF.values(), ids=groups.STAFF)
async def test_marks_of_the_two_talks_are_never_the_same(state: groups.State) -> None:
    mark = mark_of(state, {})
    assert Press(Verb.GO, "", mark).is_of_staff
    assert not any(Press(Verb.GO, "", mark_of(s, {})).is_of_staff for s in groups.ALL.values())


FORGED = [
    Press(verb, value, mark).pack()
    for verb in Verb
    for value in ("", "7", "-7", "yes", "invite", "invites", "seats", "queue", "9" * 40)
    for mark in (DESK, mark_of(Staff.role, {}), mark_of(Staff.area, {}), DESK + "0000")
]


@pytest.mark.parametrize("who", [2002, LING])
async def test_forged_presses_of_whoever_is_nothing_change_nothing_and_are_noted(
    desk: Counter, who: int
) -> None:
    """A stranger, and somebody whose seat was revoked a moment ago, in the middle of a question."""
    await desk.says(LING, "/invite")
    async with desk.offline.db.write() as connection:
        await seats.revoke(connection, SEAT.id, OPEN)
    for data in FORGED:
        for chat, act in await desk.presses(who, data):
            assert isinstance(act, Say | Edit)
            assert chat == who
            shown = await desk.shows(who, act)
            assert "示例" not in shown.params["text"]
            assert AREA.name not in shown.params["text"]
    async with desk.offline.db.read() as connection:
        assert not (await connection.execute(tables.invites.select())).all()
        noted = await audit.count(connection, who, Deed.DENIED, OPEN.replace(year=2000))
    assert noted > len(FORGED) // 2


async def test_every_screen_of_the_staff_has_words_and_shows_nothing_without_a_seat(
    desk: Counter,
) -> None:
    at = {"role": "area-reviewer", "area": AREA.code, "invite": "1", "seat": "7", "group": "-5"}
    at |= {"application": "65", "why": "returned", "how": "approved", "seconds": "60", "ids": "65"}
    for locale in LOCALES:
        for name in set(STAFF_SCREENS) - {GROUP_NEWS}:  # which only bound groups are shown
            for reader in (LING, ADMINISTRATOR, 2002):
                known = {"payload": "inv_" + "x" * 32, **at}
                async with desk.looks.of(reader, OPEN, locale, known) as look:
                    screen = await STAFF_SCREENS[name](look)
                assert screen.text, name
                if reader == 2002:
                    assert not any(b.press.verb is Verb.REVOKE for r in screen.buttons for b in r)


async def test_a_seat_of_another_area_is_neither_shown_nor_taken_back(desk: Counter) -> None:
    foreign = replace(SEAT, id=9, telegram_id=2002, scope=Scope(EXAM.areas[1].code), name="别处")
    async with desk.offline.db.write() as connection:
        await seats.grant(connection, KEYRING, foreign)
    for verb, value in (
        (Verb.SEAT, "9"),
        (Verb.SEAT, "+0"),
        (Verb.REVOKE, "9"),
        (Verb.GO, "seats"),
    ):
        for _, act in await desk.presses(LING, Press(verb, value, DESK).pack()):
            assert "别处" not in (await desk.shows(LING, act)).params["text"]
    async with desk.offline.db.read() as connection:
        assert await seats.of_id(connection, KEYRING, foreign.id) == foreign


async def test_whoever_lost_the_right_to_invite_meanwhile_gives_nothing(desk: Counter) -> None:
    await desk.says(LING, "/invite")
    chosen = Press(Verb.CHOOSE, "area-reviewer", mark_of(Staff.role, {}))
    await desk.presses(LING, chosen.pack())
    area = Press(Verb.CHOOSE, AREA.code, mark_of(Staff.area, {}))
    ((_, made),) = await desk.presses(LING, area.pack())
    assert isinstance(made, Say)
    opened = await desk.says(2002, f"/start {made.at['payload']}")
    assert screens(opened) == [(LING, "invite-opened"), (2002, "invite-waiting")]
    async with desk.offline.db.write() as connection:
        await seats.revoke(connection, SEAT.id, OPEN)
    yes = Press(Verb.ADMIT, made.at["invite"], DESK)
    await desk.presses(LING, yes.pack())
    async with desk.offline.db.read() as connection:
        assert await seats.of_account(connection, KEYRING, BOT, 2002) == ()
