"""The photo on the card: its figures, the staff's word on them, and one photo on two people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
import pytest_asyncio

from handlers.callback_data import Action
from states.photo.checks import Check, Ground, PhotoMeasures, PhotoVerdict
from states.records import Application, PersonId
from states.staff.cases import CaseKind, CaseOutcome
from states.staff_roles import RoleAssignment, Scope
from states.submissions.application_codes import code_of
from storage.candidates import cases, photo_judgements
from storage.candidates.blobs import Blobs, StoredFile
from storage.candidates.cases import Case
from storage.candidates.photo_judgements import PhotoJudgement
from storage.engine import tables
from tests import photos
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.handlers.staff.test_card import CASE, POINT, A, card, takes, taps
from tests.storage.process import NOW, StorageProcess, started_process
from tests.storage.staff_members import CLERK, KEYS, SITE, come, grant_all, waiting

pytestmark = pytest.mark.row("B5", "C6")

MEASURES = PhotoMeasures(
    *(64.0, 2.0, 0.0, 0.0, 30.0, 70.0, 0.0, 20.0, 9.0, 30.0, 1, 66.0, 1.0, 1.0, 1.0),
    ground=Ground.BLUE,
)
VERDICTS = {Check.BACKGROUND: PhotoVerdict.MEND, Check.FACES: PhotoVerdict.PASSES}


async def keeps_photo(
    process: StorageProcess, blobs: Blobs, application: Application, fingerprint: int
) -> Application:
    """The application's candidate has confirmed a judged photo."""
    name = await blobs.put(application.person_id, photos.jpeg(420, 600))
    owner = PersonId(application.person_id)
    file = StoredFile(name, owner, "portrait", 50_000, NOW, 420, 600)
    judged = PhotoJudgement(name, owner, NOW, MEASURES, VERDICTS, fingerprint)
    async with process.db.write() as connection:
        await connection.execute(tables.blobs.insert(), asdict(file))
        row = photo_judgements.as_row(KEYS, judged)
        await connection.execute(tables.photo_judgements.insert(), [row])
        await photo_judgements.confirm(connection, KEYS, name)
    return replace(application, photo=name)


@pytest_asyncio.fixture
async def chats(database: str) -> AsyncIterator[StaffChats]:
    """The chat of a clerk for whom a case with a blue background waits; another one has it, too."""
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(database) as process, staff_chats(process, blobs) as made:
        later = CASE.since + timedelta(hours=1) if CASE.since else None
        other = replace(CASE, id=waiting(2).id, person_id=waiting(2).person_id, since=later)
        await come(process.db, CASE)
        await come(process.db, other)
        first = await keeps_photo(process, blobs, CASE, 12345)
        second = await keeps_photo(process, blobs, other, 12345 ^ 0b11)
        await come(process.db, first)
        await come(process.db, second)
        await grant_all(process.db, replace(CLERK, scope=POINT))
        await process.work.refresh_staff()
        yield made


async def test_the_card_has_the_figures_and_an_opinion_changes_nothing_else(
    chats: StaffChats,
) -> None:
    text = (await takes(chats)).text
    assert "照片自动检查" in text
    assert "背景差 64（≤11）" in text
    assert "14 项合格" in text
    again = await taps(chats, "c:photo-fine")
    assert "只用来统计" in again.text
    assert "同事说过：照片没问题" in again.text
    assert any(data.startswith("k:") for data in again.buttons), "the case can still be decided"
    await taps(chats, "c:photo-bad")
    assert "同事说过：照片有问题" in (await card(chats)).text


async def test_opinions_are_counted_for_each_check(chats: StaffChats) -> None:
    await takes(chats)
    await taps(chats, "c:photo-fine")
    await chats.run(chats.router.goes(A, Action.GO, "stats"))
    await chats.deliver()
    text = chats.messages(A)[-1].text
    assert "工作人员看过 1 张" in text
    assert "背景颜色：提醒对了 0 次，其实没问题 1 次" in text


async def test_one_photo_on_two_people_is_shown_with_both_and_without_names(
    chats: StaffChats,
) -> None:
    text = (await takes(chats)).text
    assert "和另一份报名的照片一样" in text
    assert code_of(waiting(2).id) in text
    shown = await taps(chats, "c:photo-same")
    assert "两份报名的照片" in shown.text


async def hinted(chats: StaffChats) -> Case:
    """A case of the same two people says that they have one photo."""
    first, second = (PersonId(one.person_id) for one in (CASE, waiting(2)))
    pair = Case(
        71,
        CaseKind.DUPLICATE,
        first,
        "",
        POINT.area,
        POINT.site,
        NOW,
        words="photo",
        other_id=second,
    )
    async with chats.process.db.write() as tx:
        await cases.add(tx, KEYS, pair)
    return pair


@pytest.mark.parametrize("role", [CLERK, SITE])
async def test_a_pair_with_one_photo_is_named_once_and_its_photos_have_one_button(
    chats: StaffChats, role: RoleAssignment
) -> None:
    await hinted(chats)
    if role is SITE:
        await grant_all(
            chats.process.db, replace(SITE, telegram_id=A, scope=Scope(POINT.area, POINT.site))
        )
        await chats.process.work.refresh_staff()
    shown = await takes(chats)
    assert shown.text.count(code_of(waiting(2).id)) == 1
    assert "同一张照片" in shown.text
    to_pair = [one for one in shown.buttons if one.endswith("o71")]
    to_photos = [one for one in shown.buttons if one.endswith("photo-same")]
    assert len(to_pair + to_photos) == 1, "a clerk sees the photos, a reviewer opens the pair"
    assert bool(to_pair) is (role is SITE)


async def test_the_compared_photos_name_the_other_case(chats: StaffChats) -> None:
    await takes(chats)
    shown = await taps(chats, "c:photo-same")
    assert code_of(waiting(2).id) in shown.text


async def test_photos_of_two_who_were_told_apart_are_not_compared_again(chats: StaffChats) -> None:
    pair = await hinted(chats)
    await takes(chats)
    apart = replace(pair, outcome=CaseOutcome.DECLINED, closed_at=NOW)
    async with chats.process.db.write() as tx:
        await cases.save(tx, KEYS, apart)
    await taps(chats, "c:photo-same")
    assert not [one for one in chats.messages(A) if "两份报名的照片" in one.text]


async def test_both_photos_leave_the_chat_with_the_claim_however_often_they_were_shown(
    chats: StaffChats,
) -> None:
    await takes(chats)
    for _ in range(3):
        await taps(chats, "c:photo-same")
    pictures = [one for one in chats.messages(A) if "两份报名的照片" in one.text]
    assert len(pictures) == 1, "a further look replaces the last one"
    await taps(chats, "r:")
    await chats.deliver()
    assert not [one for one in chats.messages(A) if "两份报名的照片" in one.text]
