"""Corrections of a submitted application: the candidate changes some items and nothing else.

They are the refused items, or those of a late change (``states.changes.late_changes``).

The guide (part 4) says so of the confirmation; for the others the rule is the project's own. The
candidate opens each item and may change it. An answer that depends on a changed one becomes an
item as well.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from states import materials
from states.exam import Area, Exam
from states.form.education import unchecked_record
from states.form.fields import AnswerContext
from states.form.pages import FORM
from states.process.lifecycle import Event, is_allowed
from states.records import Answers, Application, Fault, Part, Stage

FOLLOWS: Final = "follows"
"""Reason of an item that depends on a changed answer."""


def is_open(application: Application | None, exam: Exam, now: datetime) -> bool:
    """Return whether the candidate can correct the application and hand it in again at ``now``."""
    return application is not None and is_allowed(application, Event.RESUBMIT, exam, now)


def faults_of(application: Application) -> tuple[Fault, ...]:
    """Return the items that the candidate may correct: of the late change, or of the refusal."""
    if application.stage is Stage.CHANGING:
        return application.change.faults if application.change else ()
    return application.refusal.faults if application.refusal else ()


def find_fault(application: Application, part: Part, code: str = "") -> Fault | None:
    """Return the item of this kind and code; None if it is not to be corrected."""
    faults = faults_of(application)
    return next((one for one in faults if (one.part, one.code) == (part, code)), None)


def may_answer(application: Application, key: str, context: AnswerContext) -> bool:
    """Return whether the candidate may answer this field: it was refused, or has no answer."""
    lacking = FORM.first_unanswered(application.answers, context)
    if lacking is not None and lacking.key == key:
        return True
    named = find_fault(application, Part.FIELD, key) is not None
    return named and FORM.fields[key].is_asked(application.answers, context)


def mark_opened(application: Application, part: Part, code: str) -> Application:
    """Return the application with this item marked as opened by the candidate."""
    found = find_fault(application, part, code)
    if found is None:
        return application
    seen, faults = replace(found, looked_at=True), faults_of(application)
    return _with_faults(application, [seen if one is found else one for one in faults])


def apply_answers(
    application: Application, answers: Answers, context: AnswerContext
) -> Application:
    """Return the application with these answers, and with items for the answers they affect."""
    items, before = faults_of(application), application.answers
    updated = replace(application, answers=answers)
    asked = {field.key for field in FORM.asked_fields(answers, context)}
    lacking = asked - answers.keys()
    changed = [key for key in FORM.fields if key in lacking or answers.get(key) != before.get(key)]
    known = {one.code: one for one in items if one.part is Part.FIELD}
    faults = [one for one in items if one.reason != FOLLOWS or one.code in asked]
    for key in changed:
        if key in known:
            seen = replace(known[key], looked_at=key in answers or key not in asked)
            faults = [seen if one is known[key] else one for one in faults]
        elif key in asked:
            faults.append(Fault(Part.FIELD, key, FOLLOWS, looked_at=key in answers))
    return _with_faults(updated, faults)


def is_complete(application: Application, area: Area, context: AnswerContext) -> bool:
    """Return whether it can be handed in again: all items opened, nothing missing."""
    return (
        not open_faults(application, area)
        and FORM.first_unanswered(application.answers, context) is None
        and unchecked_record(application.answers, context) is None
    )


def open_faults(application: Application, area: Area) -> tuple[Fault, ...]:
    """Return the items not opened yet, and the required materials without a file."""
    missing = {
        one.code for one in materials.missing_materials(area.materials, application.materials)
    }
    return tuple(
        one
        for one in faults_of(application)
        if not one.looked_at or (one.part is Part.MATERIAL and one.code in missing)
    )


def _with_faults(application: Application, faults: list[Fault]) -> Application:
    if application.stage is Stage.CHANGING:
        change = application.change and replace(application.change, faults=tuple(faults))
        return replace(application, change=change)
    refusal = application.refusal and replace(application.refusal, faults=tuple(faults))
    return replace(application, refusal=refusal)
