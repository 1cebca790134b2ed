"""Education records: written once, kept for every year, never more than five, checked later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.callback_data import Action
from states.form.education import MAX_RECORDS
from states.fsm_states import Education, Form, Home
from states.records import Stage
from storage.audit.audit_log import AuditAction
from tests.fakes.router import After, OfflineRouter
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import BACHELOR, WAITING, Standing
from tests.handlers.possible_updates import STANDINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S2", "S8")]

TYPED = {
    "degree": "本科",
    "school": BACHELOR["school"],
    "major": BACHELOR["major"],
    "study": "普通全日制",
    "graduated": "2012年7月",
    "certificate": BACHELOR["certificate"],
    "verification": "核验通过",
    "enrolled": "2007.9",
}


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    """About to be asked for a record by the form, without any."""
    return CandidateDriver(router, STANDINGS["zh-CN: record, degree"])


def at(name: str) -> Standing:
    return STANDINGS[f"zh-CN: {name}"]


async def _writes(ling: CandidateDriver, **otherwise: str) -> None:
    """All lines of a record, up to the look over it."""
    answers = {**TYPED, **otherwise}
    while ling.state is Education.asking:
        await ling.says(answers[ling.field])


async def test_a_record_that_is_kept_answers_the_form(ling: CandidateDriver) -> None:
    await _writes(ling)
    assert ling.state is Education.confirm
    after = await ling.taps(Action.CONFIRM)
    assert after.header_lines == ["record-kept"]
    assert ling.at.person.education == (BACHELOR,)
    assert ling.at.person.record is None
    assert ling.at.answers["education"] == "1"
    assert ling.field == "employer"
    assert [action.action for action in after.envelope.unit.audit_entries] == [
        AuditAction.RECORD_KEPT
    ]


async def test_where_the_form_has_one_already_it_is_asked_which_it_is_to_be(
    ling: CandidateDriver,
) -> None:
    ling.at = at("education, again")
    known = ling.at.person.education
    await ling.taps(Action.ADD)
    await _writes(ling, certificate="100001201205009999")
    after = await ling.taps(Action.CONFIRM)
    assert after.header_lines == ["record-kept"]
    assert (ling.state, ling.field) == (Form.asking, "education")
    assert ling.at.answers["education"] == "1"
    await ling.taps(Action.CHOOSE, str(len(known) + 1))
    assert ling.at.answers["education"] == str(len(known) + 1)


async def test_a_check_that_has_no_result_yet_changes_nothing(ling: CandidateDriver) -> None:
    ling.at = at("verifying")
    before = ling.at.records
    after = await ling.says("未核验")
    assert after.header_lines == ["answer-taken", "record-waits-still"]
    assert ling.at.records == before
    assert after.envelope.unit.audit_entries == []


async def test_a_double_tap_keeps_one_record(ling: CandidateDriver) -> None:
    ling.at = at("record kept?")
    await ling.taps(Action.CONFIRM, times=2)
    assert ling.at.person.education == (BACHELOR,)


async def test_back_from_its_first_question_leads_to_the_form_and_what_was_written_stays(
    ling: CandidateDriver,
) -> None:
    await ling.says(TYPED["degree"])
    await ling.says(TYPED["school"])
    for _ in range(3):
        await ling.says("/back")
    assert ling.field == "file_number"
    assert ling.state is Form.asking
    assert ling.at.person.record == {"degree": "bachelor", "school": BACHELOR["school"]}
    await ling.says("跳过")
    assert (ling.state, ling.field) == (Education.asking, "major")


async def test_back_from_the_look_over_is_the_last_question_and_a_line_can_be_changed(
    ling: CandidateDriver,
) -> None:
    ling.at = at("record kept?")
    await ling.taps(Action.BACK)
    assert ling.field == "enrolled"
    ling.at = at("record kept?")
    await ling.taps(Action.EDIT, "school")
    assert ling.field == "school"
    await ling.says("示例卫生学校")
    assert ling.state is Education.confirm
    assert ling.at.person.record == {**BACHELOR, "school": "示例卫生学校"}


async def test_who_added_one_by_mistake_goes_back_to_those_that_are_kept(
    ling: CandidateDriver,
) -> None:
    """Nobody has to keep a record to get on, since a kept record cannot be removed."""
    ling.at = at("education, one of each")
    await ling.taps(Action.ADD)
    assert (ling.state, ling.field) == (Education.asking, "degree")
    await ling.taps(Action.BACK)
    assert (ling.state, ling.field) == (Form.asking, "education")
    await ling.taps(Action.CHOOSE, "1")
    assert ling.at.answers["education"] == "1"
    assert ling.field == "employer"


@pytest.mark.row("B20")
@pytest.mark.parametrize("typed", ["2", "用第 2 条报考", "apply with no. 2"])
async def test_a_record_is_chosen_by_its_number_even_if_two_look_alike(
    ling: CandidateDriver, typed: str
) -> None:
    """Whoever mistyped a certificate has two that differ in nothing else."""
    mended = {**BACHELOR, "certificate": "100001201205000009"}
    before = at("education, one of each")
    person = replace(before.person, education=(BACHELOR, mended))
    ling.at = replace(before, records=replace(before.records, person=person))
    assert ling.offered(Action.CHOOSE) == ["1", "2"]
    await ling.says(typed)
    assert ling.at.answers["education"] == "2"


async def test_a_record_that_is_known_is_refused_and_the_known_one_offered(
    ling: CandidateDriver,
) -> None:
    ling.at = at("record kept?, known")
    after = await ling.taps(Action.CONFIRM)
    assert after.header_lines == ["problem-record-known"]
    assert ling.at.person.education == (BACHELOR,)
    assert ling.offered(Action.CHOOSE) == ["1"]
    assert ling.at.person.record == BACHELOR
    await ling.taps(Action.ADD)
    assert ling.state is Education.confirm
    await ling.taps(Action.EDIT, "certificate")
    await ling.says("100001201205000002")
    await ling.taps(Action.CONFIRM)
    assert len(ling.at.person.education) == 2


async def test_a_sixth_record_is_refused(ling: CandidateDriver) -> None:
    ling.at = at("records, five")
    assert ling.offered(Action.ADD) == []
    after = await ling.forges(Action.ADD, "")
    assert after.header_lines == ["problem-records-full"]
    assert len(ling.at.person.education) == MAX_RECORDS
    assert ling.at.person.record is None


# --- the check -----------------------------------------------------------------------------------


async def _waits(ling: CandidateDriver) -> After:
    await _writes(ling, verification="未核验")
    return await ling.taps(Action.CONFIRM)


async def test_a_record_that_cannot_be_used_yet_is_explained(ling: CandidateDriver) -> None:
    after = await _waits(ling)
    assert after.header_lines == ["record-waits"]
    assert ling.at.answers["education"] == "1"
    assert (ling.state, ling.field) == (Form.asking, "employer")
    await ling.says("/back")
    assert (ling.state, ling.field) == (Form.asking, "education")
    assert ling.offered(Action.EDIT) == ["1"]
    assert "record-numbered-waits" in ling.sees


async def test_with_an_unchecked_record_one_goes_on_and_stops_at_submitting_only(
    ling: CandidateDriver,
) -> None:
    ready = at("summary, on site")
    unchecked = replace(ready.records, person=replace(ready.person, education=(WAITING,)))
    ling.at = summary = replace(ready, records=unchecked)
    assert "button-verify" in ling.sees
    after = await ling.taps(Action.SUBMIT)
    assert after.header_lines == ["submit-unchecked"]
    assert ling.at.application == summary.application
    await ling.taps(Action.SEE, "1")
    await ling.taps(Action.CHOOSE, "passed")
    assert ling.state is Form.summary
    assert "button-verify" not in ling.sees
    await ling.taps(Action.SUBMIT)
    assert ling.at.application.stage is Stage.SUBMITTED


async def test_its_result_makes_it_one_that_can_be_used(ling: CandidateDriver) -> None:
    await _waits(ling)
    await ling.says("/back")
    await ling.taps(Action.EDIT, "1")
    assert ling.state is Education.verifying
    after = await ling.taps(Action.CHOOSE, "passed")
    assert after.header_lines == ["answer-taken", "record-verified"]
    assert ling.at.person.education == (BACHELOR,)
    assert ling.at.answers["education"] == "1"
    assert ling.field == "employer"


async def test_a_result_is_told_once_and_only_of_what_waits(ling: CandidateDriver) -> None:
    ling.at = at("verifying")
    await ling.taps(Action.CHOOSE, "passed", times=2)
    ling.at = before = at("education, one of each")
    await ling.forges(Action.EDIT, "1")
    assert ling.at == before


@pytest.mark.parametrize(
    ("degree", "graduated"), [("大专", "2012-07"), ("本科", "2001-12"), ("中专", "1999-07")]
)
async def test_what_is_not_checked_can_be_used_at_once(
    ling: CandidateDriver, degree: str, graduated: str
) -> None:
    """Domain §1.3: college and below, and what is from before 2002."""
    person = replace(ling.at.person, identity=replace(ling.at.person.identity, born="1975-01-01"))
    ling.at = replace(ling.at, records=replace(ling.at.records, person=person))
    await _writes(
        ling, degree=degree, graduated=graduated, enrolled="1997-09", verification="未核验"
    )
    after = await ling.taps(Action.CONFIRM)
    assert after.header_lines == ["record-kept"]
    assert ling.at.answers["education"] == "1"


# --- from what is kept of the person -------------------------------------------------------------


async def test_records_are_reached_from_anywhere_and_left_to_the_menu(
    ling: CandidateDriver,
) -> None:
    ling.at = at("menu, submitted on site")
    await ling.goes("education")
    assert ling.state is Education.records
    assert "record-numbered" in ling.sees
    await ling.taps(Action.BACK)
    assert ling.state is Home.menu


async def test_after_handing_in_a_record_is_added_without_touching_the_application(
    ling: CandidateDriver,
) -> None:
    ling.at = done = at("menu, submitted on site")
    await ling.goes("education")
    await ling.taps(Action.ADD)
    await _writes(ling, certificate="100001201205000009")
    await ling.taps(Action.CONFIRM)
    assert ling.state is Education.records
    assert len(ling.at.person.education) == 2
    assert ling.at.application == done.application


async def test_who_has_no_account_yet_is_led_to_what_is_due(ling: CandidateDriver) -> None:
    ling.at = at("confirm")
    await ling.goes("education")
    assert ling.state is at("confirm").position.state


async def test_a_record_that_waits_says_so_in_its_list(ling: CandidateDriver) -> None:
    ling.at = at("records, one waits")
    assert ling.at.person.education == (WAITING,)
    assert "record-numbered-waits" in ling.sees
    assert ling.offered(Action.EDIT) == ["1"]
