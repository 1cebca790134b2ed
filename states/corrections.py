"""Corrections of a refused application: the candidate changes the refused items and nothing else.

The guide (part 4) says so of the confirmation; for the reviews the rule is the project's own. The
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
from states.lifecycle import Event, is_allowed
from states.records import Answers, Application, Fault, Part, Refusal

FOLLOWS: Final = "follows"
"""Reason of an item that depends on a changed answer."""


def is_open(application: Application | None, exam: Exam, now: datetime) -> bool:
    """Return whether the candidate can correct the application and hand it in again at ``now``."""
    return application is not None and is_allowed(application, Event.RESUBMIT, exam, now)


def find_fault(application: Application, part: Part, code: str = "") -> Fault | None:
    """Return the refused item of this kind and code; None if it was not refused."""
    faults = application.refusal.faults if application.refusal else ()
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
    found, refusal = find_fault(application, part, code), application.refusal
    if found is None or refusal is None:
        return application
    seen = replace(found, looked_at=True)
    return _with_faults(
        application, refusal, [seen if one is found else one for one in refusal.faults]
    )


def apply_answers(
    application: Application, answers: Answers, context: AnswerContext
) -> Application:
    """Return the application with these answers, and with items for the answers they affect."""
    refusal, before = application.refusal, application.answers
    updated = replace(application, answers=answers)
    if refusal is None:
        return updated
    asked = {field.key for field in FORM.asked_fields(answers, context)}
    lacking = asked - answers.keys()
    changed = [key for key in FORM.fields if key in lacking or answers.get(key) != before.get(key)]
    known = {one.code: one for one in refusal.faults if one.part is Part.FIELD}
    faults = [one for one in refusal.faults if one.reason != FOLLOWS or one.code in asked]
    for key in changed:
        if key in known:
            seen = replace(known[key], looked_at=key in answers or key not in asked)
            faults = [seen if one is known[key] else one for one in faults]
        elif key in asked:
            faults.append(Fault(Part.FIELD, key, FOLLOWS, looked_at=key in answers))
    return _with_faults(updated, refusal, faults)


def is_complete(application: Application, area: Area, context: AnswerContext) -> bool:
    """Return whether it can be handed in again: all items opened, nothing missing."""
    return (
        not open_faults(application, area)
        and FORM.first_unanswered(application.answers, context) is None
        and unchecked_record(application.answers, context) is None
    )


def open_faults(application: Application, area: Area) -> tuple[Fault, ...]:
    """Return the items not opened yet, and the required materials without a file."""
    faults = application.refusal.faults if application.refusal else ()
    missing = {
        one.code for one in materials.missing_materials(area.materials, application.materials)
    }
    return tuple(
        one
        for one in faults
        if not one.looked_at or (one.part is Part.MATERIAL and one.code in missing)
    )


def _with_faults(application: Application, refusal: Refusal, faults: list[Fault]) -> Application:
    return replace(application, refusal=replace(refusal, faults=tuple(faults)))
