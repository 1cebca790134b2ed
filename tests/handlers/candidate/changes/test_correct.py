"""A candidate corrects each refused item and nothing else, and submits the application again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.callback_data import ANYWHERE, Action
from handlers.candidate.files.uploads import KEY
from states.changes.corrections import FOLLOWS
from states.changes.late_changes import NAMED
from states.fsm_states import Corrections, Form, Home, Materials, Photo
from states.papers.checks import PageLook, PaperMeasures
from states.process.lifecycle import Event, apply_event
from states.progress.next_step import MENU, Position
from states.records import (
    Application,
    Fault,
    LateChange,
    LateChangeState,
    Part,
    Records,
    Stage,
)
from states.staff.refusals import build_refusal
from states.staff_roles import Desk
from states.texts import Text
from storage.engine.jobs import JobKind
from tests.fakes.router import OfflineRouter, presses, screen_of
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.fetched_files import scanned
from tests.handlers.people import (
    ANSWERS,
    COMPLETE,
    EXAM,
    PORTRAIT,
    Standing,
    application,
    online,
    person,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S19", "B8")]

LING = person("zh-CN", photo=PORTRAIT)
OPEN = EXAM.windows.confirmation.opens + timedelta(hours=9)
LATE = EXAM.windows.reupload.closes


def refused_for(*faults: Fault, of: Application | None = None) -> Standing:
    """Ling, at the menu, after the confirmation was refused for these."""
    whole = of or application(photo=PORTRAIT)
    waiting = replace(whole, stage=Stage.SUBMITTED, revision=1, submitted_at=OPEN, since=OPEN)
    refusal = build_refusal(waiting, Desk.CONFIRMATION, faults, "", EXAM, OPEN)
    known = apply_event(waiting, Event.REFUSE_CONFIRMATION, EXAM, OPEN, refusal=refusal)
    return Standing(MENU, Records(LING, known), OPEN)


DEPARTMENT = Fault(Part.FIELD, "department", "wrong", "请写全称")
DEGREE = Fault(Part.MATERIAL, "degree", "blurred")
FACE = Fault(Part.PHOTO, "", "face")
UPLOADED = online(photo=PORTRAIT, materials=COMPLETE, uploaded_at=OPEN)


async def test_the_notice_opens_the_very_question_and_its_answer_leads_back(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, refused_for(DEPARTMENT))
    told = screen_of(ling.at, "told-confirm-refused")
    (button,) = [b for row in told.buttons for b in row if b.callback.action is Action.CORRECT]
    assert button.callback.question_hash == ANYWHERE
    opened = await ling.sends(presses(OPEN, button.callback.pack()))
    assert opened.header_lines == ["fault-open", "fault-words"], "why stands above the question"
    assert (ling.state, ling.field) == (Form.asking, "department")
    await ling.says("心血管内科")
    assert ling.state is Corrections.listing
    assert {"fault-seen-now", "button-resubmit"} <= ling.sees
    await ling.taps(Action.SUBMIT)
    done = ling.at.application
    assert (done.stage, done.revision, done.submitted_at) == (Stage.SUBMITTED, 2, OPEN)
    assert done.answers["department"] == "心血管内科"
    assert ling.state is Home.menu


async def test_what_the_candidate_asked_to_change_is_not_called_refused(
    router: OfflineRouter,
) -> None:
    submitted = application(photo=PORTRAIT, revision=1, submitted_at=OPEN, since=OPEN)
    faults = (Fault(Part.FIELD, "department", NAMED, looked_at=True),)
    change = LateChange(
        9, 1, LateChangeState.OPEN, OPEN, faults, until=LATE, opened_at=Stage.CONFIRMED
    )
    changing = replace(submitted, stage=Stage.CHANGING, change=change)
    ling = CandidateDriver(router, Standing(MENU, Records(LING, changing), OPEN))
    await ling.goes("resume")
    assert "fault-changed-now" in ling.sees
    assert "fault-seen-now" not in ling.sees


async def test_a_mended_paper_says_how_many_files_there_are_now(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, refused_for(DEGREE, of=UPLOADED))
    await ling.goes("resume")
    opened = await ling.taps(Action.CORRECT, "material:degree")
    assert opened.header_lines == ["fault-open"]
    await ling.taps(Action.CONFIRM)
    assert {"fault-seen-now", "fault-files"} <= ling.sees


async def test_going_on_leads_to_what_was_refused_and_typed_labels_work(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, refused_for(DEPARTMENT, FACE))
    await ling.goes("resume")
    assert ling.state is Corrections.listing
    assert ling.offered(Action.CORRECT) == ["field:department", "photo:"]
    await ling.says("修改报名照片")
    assert ling.state is Photo.waiting
    await ling.taps(Action.BACK)
    assert ling.state is Corrections.listing
    assert ling.offered(Action.SUBMIT) == []


async def test_it_goes_back_only_when_each_thing_was_looked_at(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, refused_for(DEPARTMENT, FACE))
    await ling.goes("resume")
    after = await ling.forges(Action.SUBMIT, "")
    assert after.header_lines == ["mend-not-yet"]
    assert ling.at.application.stage is Stage.CONFIRM_REFUSED
    for thing in ling.offered(Action.CORRECT):
        await ling.taps(Action.CORRECT, thing)
        await ling.goes("resume")
    await ling.taps(Action.SUBMIT, times=2)
    assert (ling.at.application.stage, ling.at.application.revision) == (Stage.SUBMITTED, 2)


@pytest.mark.parametrize(
    "thing", ["field:mobile", "material:identity", "photo:", "field:nothing", "x:y", ""]
)
async def test_nothing_else_can_be_opened(router: OfflineRouter, thing: str) -> None:
    ling = CandidateDriver(router, refused_for(DEPARTMENT))
    before = ling.at.records
    after = await ling.sends(presses(OPEN, f"m:{ANYWHERE}:{thing}"))
    assert after.header_lines == ["mend-only-these"]
    assert ling.at.records == before


@pytest.mark.parametrize(
    "position",
    [
        Position(Form.asking, {"field": "mobile"}),
        Position(Form.summary),
        Position(Form.page, {"page": "contact"}),
        Position(Materials.listing),
        Position(Materials.adding, {"material": "identity"}),
    ],
)
async def test_a_place_of_the_draft_is_closed_whatever_is_sent_there(
    router: OfflineRouter, position: Position
) -> None:
    standing = refused_for(DEPARTMENT, of=UPLOADED)
    ling = CandidateDriver(router, replace(standing, position=position))
    await ling.says("13900139000")
    assert ling.at.records == standing.records


async def test_a_changed_answer_takes_along_what_depends_on_it_and_that_is_mended_too(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, refused_for(Fault(Part.FIELD, "category", "not-eligible")))
    await ling.goes("resume")
    await ling.taps(Action.CORRECT, "field:category")
    await ling.says("护")
    assert (ling.state, ling.field) == (Form.asking, "specialty")
    await ling.taps(Action.BACK)
    assert ling.state is Corrections.listing
    assert "button-resubmit" not in ling.sees
    await ling.taps(Action.CORRECT, "field:specialty")
    await ling.says("368")
    assert ling.field == "title", "a physician's title is no nurse's"
    await ling.says("无")
    assert ling.state is Corrections.listing
    refusal = ling.at.application.refusal
    assert refusal is not None
    follows = {one.code for one in refusal.faults if one.reason == FOLLOWS}
    assert {"specialty", "practice"} <= follows
    for thing in ling.offered(Action.CORRECT):
        await ling.taps(Action.CORRECT, thing)
        await ling.goes("resume")
    await ling.taps(Action.SUBMIT)
    assert ling.at.application.stage is Stage.SUBMITTED
    assert ling.at.answers["mobile"] == application().answers["mobile"]


async def test_a_question_that_only_a_change_brings_up_is_answered_before_it_goes_back(
    router: OfflineRouter,
) -> None:
    known = {key: value for key, value in ANSWERS.items() if key != "residency_month"}
    whole = application(photo=PORTRAIT, answers={**known, "residency": "no"})
    ling = CandidateDriver(router, refused_for(Fault(Part.FIELD, "residency", "wrong"), of=whole))
    await ling.goes("resume")
    await ling.taps(Action.CORRECT, "field:residency")
    await ling.taps(Action.CHOOSE, "yes")
    assert (ling.state, ling.field) == (Form.asking, "residency_month")
    await ling.taps(Action.BACK)
    assert ling.state is Corrections.listing
    assert "button-resubmit" not in ling.sees
    assert (await ling.forges(Action.SUBMIT, "")).header_lines == ["mend-not-yet"]
    await ling.taps(Action.CORRECT, "field:residency_month")
    await ling.says("2022-08")
    assert ling.state is Corrections.listing
    await ling.taps(Action.SUBMIT)
    assert str(ling.at.application.stage) == Stage.SUBMITTED.value


async def test_a_paper_is_replaced_and_the_others_stay(router: OfflineRouter) -> None:
    ling = CandidateDriver(router, refused_for(DEGREE, of=UPLOADED))
    await ling.goes("resume")
    await ling.taps(Action.CORRECT, "material:degree")
    assert ling.state is Materials.adding
    first, second = ling.offered(Action.REMOVE)
    await ling.taps(Action.REMOVE, first)
    await ling.taps(Action.REMOVE, second)
    await ling.taps(Action.BACK)
    assert ling.state is Corrections.listing
    assert "button-resubmit" not in ling.sees
    await ling.taps(Action.CORRECT, "material:degree")
    await ling.sends_file(scanned(77))
    await ling.taps(Action.CONFIRM)
    await ling.taps(Action.SUBMIT)
    done = ling.at.application
    assert (done.stage, done.materials["identity"]) == (Stage.SUBMITTED, COMPLETE["identity"])
    assert len(done.materials["degree"]) == 1


@pytest.mark.row("B7")
async def test_a_file_in_the_place_of_a_refused_one_is_judged_and_read(
    router: OfflineRouter,
) -> None:
    ling = CandidateDriver(router, refused_for(DEGREE, of=UPLOADED))
    await ling.goes("resume")
    await ling.taps(Action.CORRECT, "material:degree")
    await ling.taps(Action.REPLACE, ling.offered(Action.REPLACE)[0])
    scan = replace(scanned(78), pages=(PageLook(PaperMeasures(sharpness=90)),))
    after = await ling.sends_file(scan)
    said = {line.key for one in after.said for line in one.header_lines}
    assert {"material-replaced", "paper-doubt-sharpness"} <= said
    unit = after.envelope.unit
    assert [one.blob for one in unit.papers] == [scan.kept.name]
    assert [(one.kind, one.key) for one in unit.jobs] == [(JobKind.PAPER, scan.kept.name[:KEY])]


async def test_another_photo_is_used_only_where_the_photo_was_refused(
    router: OfflineRouter,
) -> None:
    for faults, used in (((FACE,), "9" * 64), ((DEPARTMENT,), PORTRAIT)):
        ling = CandidateDriver(router, refused_for(*faults))
        shown = {"portrait": "9" * 64}
        ling.at = replace(ling.at, position=Position(Photo.confirm, shown))
        await ling.taps(Action.CONFIRM)
        assert ling.at.person.photo == "9" * 64
        assert ling.at.application.photo == used
        assert ling.state is Corrections.listing


async def test_after_the_deadline_nothing_is_mended_and_it_is_said_why(
    router: OfflineRouter,
) -> None:
    standing = replace(refused_for(DEPARTMENT), now=LATE)
    ling = CandidateDriver(router, standing)
    after = await ling.sends(presses(LATE, f"m:{ANYWHERE}:field:department"))
    assert (after.header_lines, ling.at.records) == (["illegal-too-late"], standing.records)
    asked = Position(Form.asking, {"field": "department", "edited": "yes"})
    for now, answer in ((LATE - timedelta(seconds=1), "心内科"), (LATE, "内科")):
        at = CandidateDriver(router, replace(standing, position=asked, now=now))
        await at.says("心内科")
        assert at.at.answers["department"] == answer


@pytest.mark.row("S21")
async def test_a_final_refusal_says_so_and_whom_to_ask(router: OfflineRouter) -> None:
    standing = refused_for(DEPARTMENT)
    refusal = standing.application.refusal
    assert refusal is not None
    final = replace(standing.application, refusal=replace(refusal, until=None))
    ling = CandidateDriver(router, replace(standing, records=Records(LING, final)))
    after = await ling.goes("refusal")
    assert [effect.screen for effect in after.said] == ["refusal"]
    await ling.goes("resume")
    assert ling.state is Home.menu
    told = screen_of(ling.at, "told-confirm-refused")
    keys = {text.key for text in told.text if isinstance(text, Text)}
    assert {"refused-final", "help-contact"} <= keys
    assert not [b for row in told.buttons for b in row if b.callback.action is Action.CORRECT]
