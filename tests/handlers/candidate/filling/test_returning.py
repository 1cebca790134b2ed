"""Who registered before: last year's answers, the photo that is theirs, a newer consent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, replace

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert

from handlers.callback_data import Action
from states.form.pages import FORM
from states.fsm_states import Account, Choose, Form, Home, Photo, Welcome
from states.progress.next_step import Position
from states.records import CONSENT_VERSION, Application, Records
from storage.audit.audit_log import AuditAction
from storage.candidates.blobs import StoredFile
from storage.engine import tables
from tests.fakes.router import OfflineRouter
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.fetched_files import photographed
from tests.handlers.people import (
    ANSWERS,
    EXAM,
    OPEN,
    PORTRAIT,
    Standing,
    application,
    person,
)
from tests.handlers.possible_updates import STANDINGS
from tests.handlers.stored_people import last_year

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S2", "S3")]

AT_THE_EXAM = Standing(Position(Choose.exam), Records(person("zh-CN", photo=PORTRAIT)))
LAST_YEAR = application(exam="health-2025")
ASKED_EVERY_YEAR = {key for key, field in FORM.fields.items() if not field.lasting}
FITTING = StoredFile(PORTRAIT, 65, "portrait", 60_000, OPEN, 420, 600)


@pytest_asyncio.fixture(loop_scope="module")
async def ling(router: OfflineRouter) -> AsyncIterator[CandidateDriver]:
    """She is about to choose the exam, and the database knows nothing of her yet."""
    async with router.db.write() as connection:
        for table in (tables.blobs, tables.applications):
            await connection.execute(delete(table))
    yield CandidateDriver(router, AT_THE_EXAM)


async def _registered(
    ling: CandidateDriver, earlier: Application, portrait: StoredFile | None = FITTING
) -> None:
    await last_year(ling.router, earlier)
    if portrait is not None:
        async with ling.router.db.write() as connection:
            await connection.execute(insert(tables.blobs), asdict(portrait))


async def test_who_is_new_is_asked_for_the_area(ling: CandidateDriver) -> None:
    await ling.taps(Action.CHOOSE, EXAM.key, times=2)
    assert ling.state is Choose.area
    assert ling.at.answers == {}


async def test_what_is_still_true_is_confirmed_with_one_tap(ling: CandidateDriver) -> None:
    await _registered(ling, LAST_YEAR)
    await ling.taps(Action.CHOOSE, EXAM.key, times=2)
    assert ling.state is Choose.again
    assert ling.at.application.area == "qinghai"
    assert {"again-ask", "again-area", "summary-line"} <= ling.sees
    lasting = {key: value for key, value in ANSWERS.items() if key not in ASKED_EVERY_YEAR}
    del lasting["practice"], lasting["registered"]  # they follow from the category
    assert {**lasting, **ling.at.answers} == {**ling.at.answers, **lasting}
    assert not ASKED_EVERY_YEAR & ling.at.answers.keys()
    await ling.taps(Action.CONFIRM, times=2)
    assert ling.state is Choose.notice
    await ling.taps(Action.AGREE)
    assert ling.field == "category"


async def test_what_changed_is_filled_in_anew(ling: CandidateDriver) -> None:
    await _registered(ling, LAST_YEAR)
    await ling.taps(Action.CHOOSE, EXAM.key)
    await ling.taps(Action.EDIT, times=2)
    assert ling.state is Choose.area
    assert (ling.at.application.area, ling.at.answers) == ("", {})
    assert ling.at.person == AT_THE_EXAM.person


async def test_an_area_that_is_gone_is_asked_for_and_the_employer_with_it(
    ling: CandidateDriver,
) -> None:
    gone = replace(
        LAST_YEAR, area="atlantis", answers={**ANSWERS, "site": "x", "employer": "at-first"}
    )
    await _registered(ling, gone)
    await ling.taps(Action.CHOOSE, EXAM.key)
    assert "again-area" not in ling.sees
    assert not {"site", "employer"} & ling.at.answers.keys()
    assert ling.at.answers["mobile"] == ANSWERS["mobile"]
    await ling.taps(Action.CONFIRM)
    assert ling.state is Choose.area
    await ling.says("青海考区")
    assert "employer" not in ling.at.answers


async def test_a_photo_that_this_years_rule_refuses_is_let_go_of_with_the_reason(
    ling: CandidateDriver,
) -> None:
    for portrait, kept in (
        (FITTING, PORTRAIT),
        (replace(FITTING, width=295, height=413), None),
        (replace(FITTING, width=None, height=None), None),
    ):
        async with ling.router.db.write() as connection:
            await connection.execute(delete(tables.blobs))
        ling.at = AT_THE_EXAM
        await _registered(ling, LAST_YEAR, portrait)
        after = await ling.taps(Action.CHOOSE, EXAM.key)
        assert after.header_lines == ([] if kept else ["photo-too-old"])
        assert ling.at.person.photo == kept


# --- the photo -----------------------------------------------------------------------------------


@pytest.mark.row("S10")
async def test_the_photo_of_who_comes_back_is_offered_and_confirmed_for_this_exam(
    ling: CandidateDriver,
) -> None:
    ling.at = Standing(
        Position(Form.asking, {"field": "began_work"}), Records(AT_THE_EXAM.person, application())
    )
    await ling.taps(Action.CONFIRM)
    assert ling.at.position == Position(Photo.confirm, {"portrait": PORTRAIT})
    assert "photo-confirm-known" in ling.sees
    assert not ling.at.application.photo
    await ling.taps(Action.CONFIRM, times=2)
    assert ling.at.application.photo == PORTRAIT
    assert ling.state is Form.summary


@pytest.mark.row("S10")
async def test_another_photo_takes_its_place_once_it_is_confirmed(ling: CandidateDriver) -> None:
    ling.at = STANDINGS["zh-CN: photo, known"]
    new = replace(photographed().original, name="9" * 64)
    await ling.taps(Action.EDIT)
    assert ling.state is Photo.waiting
    await ling.sends_photo(replace(photographed(), portrait=new))
    assert "photo-confirm" in ling.sees
    assert ling.at.person.photo == PORTRAIT
    after = await ling.taps(Action.CONFIRM)
    assert (ling.at.person.photo, ling.at.application.photo) == (new.name, new.name)
    assert [action.action for action in after.envelope.unit.audit_entries] == [
        AuditAction.PHOTO_CONFIRMED
    ]


# --- a newer consent -----------------------------------------------------------------------------

OLDER = person("en", consent="of last year")


@pytest.mark.row("B21")
@pytest.mark.parametrize(
    ("standing", "leads_to"),
    [
        (Standing(Position(Home.menu), Records(OLDER)), Choose.exam),
        (
            Standing(Position(Home.menu), Records(replace(OLDER, number_hash=None))),
            Account.confirm,
        ),
        (Standing(Position(Home.menu), Records(OLDER, application())), Photo.waiting),
    ],
    ids=["account", "no account", "form"],
)
async def test_a_newer_text_is_agreed_to_before_anything_else_and_leads_back(
    ling: CandidateDriver, standing: Standing, leads_to: object
) -> None:
    ling.at = standing
    await ling.goes("resume")
    assert ling.state is Welcome.consent
    await ling.says("/cancel")
    assert ling.state is Welcome.consent
    await ling.taps(Action.SKIP)
    assert ling.state is Welcome.consent
    await ling.taps(Action.AGREE, times=2)
    assert ling.at.person.consent == CONSENT_VERSION
    assert ling.at.person.consented_at == OPEN
    assert ling.state is leads_to
    assert ling.at.records.application == standing.records.application


@pytest.mark.row("B21")
async def test_an_answer_that_is_given_meanwhile_is_kept(ling: CandidateDriver) -> None:
    asked = STANDINGS["en: mobile"]
    ling.at = replace(asked, records=replace(asked.records, person=OLDER))
    await ling.says("13800138000")
    assert ling.state is Welcome.consent
    assert ling.at.answers["mobile"] == "+8613800138000"
    await ling.taps(Action.AGREE)
    assert ling.field == "landline"
