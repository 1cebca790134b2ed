"""Being forgotten: who may be, by which button, and what is left of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.callback_data import ANYWHERE
from handlers.candidate.filling.profile import HOLDS_FOR
from states.progress.next_step import MENU
from states.records import Records, Stage
from states.step_result import ShowScreen
from storage.audit.audit_log import AuditAction
from tests.fakes.router import OfflineRouter, presses, says
from tests.handlers.people import (
    LOCALES,
    OPEN,
    Standing,
    application,
    person,
)
from tests.handlers.standings import standings

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B21")]

DRAFT = Standing(MENU, Records(person("en"), application()))


def says_yes(age: timedelta = timedelta(0)) -> dict[str, Any]:
    """A tap on yes, under a question that is so old."""
    body = presses(OPEN, f"g:{ANYWHERE}:erase-yes")
    body["callback_query"]["message"]["date"] -= int(age.total_seconds())
    return body


@pytest.mark.parametrize("locale", LOCALES)
async def test_yes_tapped_or_typed_forgets_the_person_and_where_they_were(
    router: OfflineRouter, locale: str
) -> None:
    for standing in standings(locale).values():
        handed_in = standing.records.application
        was_submitted = handed_in and (handed_in.stage is not Stage.DRAFT or handed_in.revision)
        if standing.records.person is None or was_submitted:
            continue
        spoken = standing.records.person.locale
        for label in ("Yes, erase all my data", "是，删除我的全部信息"):
            after = await router.sends(standing, says(standing.now, label))
            assert after.outcome.effects == (ShowScreen("erased", {"locale": spoken}),)
            assert after.standing.records == Records()
            assert after.envelope.unit.deleted_person == standing.records.person.id
            (record,) = after.envelope.unit.fsm.records.values()
            assert record.changed
            assert record.empty


async def test_the_log_says_who_was_erased_by_id_only(router: OfflineRouter) -> None:
    after = await router.sends(DRAFT, says_yes())
    (action,) = after.envelope.unit.audit_entries
    assert DRAFT.records.person is not None
    assert DRAFT.records.application is not None
    assert (action.action, action.person_id) == (AuditAction.ERASED, DRAFT.records.person.id)
    assert (action.application_id, action.detail) == (DRAFT.records.application.id, "")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.DRAFT])
async def test_nobody_is_erased_after_handing_in(router: OfflineRouter, stage: Stage) -> None:
    done = replace(application(), stage=stage, submitted_at=OPEN)
    standing = replace(DRAFT, records=Records(person("en"), done))
    for body in (says_yes(), says(OPEN, "/erase"), says(OPEN, "Erase my data")):
        after = await router.sends(standing, body)
        assert [effect.screen for effect in after.said] == ["erase-refused"]
        assert after.standing == standing


async def test_nobody_is_erased_after_a_withdrawal(router: OfflineRouter) -> None:
    withdrawn = replace(application(), revision=1, submitted_at=OPEN, since=OPEN)
    standing = replace(DRAFT, records=Records(person("en"), withdrawn))
    for body in (says_yes(), says(OPEN, "/erase")):
        after = await router.sends(standing, body)
        assert [effect.screen for effect in after.said] == ["erase-refused"]
        assert after.standing == standing


async def test_a_yes_of_long_ago_is_asked_again(router: OfflineRouter) -> None:
    fresh = await router.sends(DRAFT, says_yes(HOLDS_FOR))
    assert [effect.screen for effect in fresh.said] == ["erased"]
    stale = says_yes(HOLDS_FOR + timedelta(seconds=1))
    gone = says_yes()
    shown = gone["callback_query"]["message"]
    gone["callback_query"]["message"] = {"chat": shown["chat"], "message_id": 7, "date": 0}
    for body in (stale, gone):
        after = await router.sends(DRAFT, body)
        assert [effect.screen for effect in after.said] == ["erase-ask"]
        assert after.standing == DRAFT


async def test_the_portrait_follows_an_export_only_where_there_is_one(
    router: OfflineRouter,
) -> None:
    without = await router.sends(DRAFT, says(OPEN, "/export"))
    assert [effect.screen for effect in without.said] == ["export"]
    known = Records(person("en", photo="0" * 64), application())
    with_one = await router.sends(replace(DRAFT, records=known), says(OPEN, "/export"))
    assert [effect.screen for effect in with_one.said] == ["export", "export-photo"]
    assert [action.action for action in with_one.envelope.unit.audit_entries] == [
        AuditAction.EXPORTED
    ]
