"""A staff member drafts a refusal: item by item, with a quick reason or typed words.

The draft lies encrypted in the claim's row (``storage/staff/cases/claims.py``). The position data
holds only the open item.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.callback_data import Action, Button, CallbackData
from handlers.eligibility_lines import citation
from handlers.questions.answer_lines import page_fields
from handlers.rendering import BACK, Screen, View, button, rows
from handlers.routing import Feature, pressed, text
from handlers.staff.cases.card import PAGE, too_long, whole
from handlers.staff.cases.claimed_case import (
    case_head,
    renders_application,
    requires_claim,
    show,
    step_to_claimed,
)
from handlers.staff.cases.refused_items import draft_lines, fault_line, names
from handlers.update_context import Context
from states.exam import Exam
from states.form.fields import Field
from states.form.pages import FORM
from states.fsm_states import Staff
from states.process import lifecycle
from states.process.lifecycle import DECISION_EVENTS, TransitionNotAllowed
from states.records import Part
from states.staff.refusals import (
    MAX_COMMENT_LENGTH,
    MAX_FAULTS,
    RefusalDraft,
    reasons_for,
    resubmit_until,
)
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.staff.cases import claims
from storage.staff.cases.claims import ClaimedCase

ITEM = "item"
"""The key of position data for the item to refuse, as ``part:code``."""
CLAUSE = "clause"
"""The value of the button that refuses by the clause of the conditions."""
NOT_ELIGIBLE = "not-eligible"
_FULL = Problem("problem-faults-many", {"limit": MAX_FAULTS})


@requires_claim
async def begin(context: Context, claimed: ClaimedCase) -> StepResult:
    """Open the draft; the card says why where the desk cannot refuse now."""
    if (denied := why_not_refused(claimed, context.exam, context.now)) is not None:
        return await show(context, claimed, Staff.card, denied)
    return await show(context, claimed, Staff.refusing)


def why_not_refused(claimed: ClaimedCase, exam: Exam, now: datetime) -> Text | None:
    """Return why the desk cannot refuse now: its draft would promise a correction in vain."""
    event = DECISION_EVENTS[claimed.desk, False]
    try:
        lifecycle.find_transition(claimed.application, event, exam, now, claimed.assignment.role)
    except TransitionNotAllowed as illegal:
        return illegal.text
    return None


@requires_claim
async def pick(context: Context, claimed: ClaimedCase) -> StepResult:
    """Open a page to pick fields of it, or ask for the reason to refuse an item."""
    value = context.callback.value
    if value == CLAUSE:
        return await _cite(context, claimed)
    if (page := FORM.page(value)) is not None:
        fields = page_fields(_view(context, claimed, context.locale), page)
        if len(fields) != 1:
            return await show(context, claimed, Staff.picking, **{PAGE: value})
        value = f"{Part.FIELD}:{fields[0].key}"
    if _item(context, claimed, value) is None:
        return await show(context, claimed, Staff.refusing)
    if _has_room(claimed.draft, *_parted(value)):
        return await show(context, claimed, Staff.reasoning, **{ITEM: value})
    return await show(context, claimed, Staff.refusing, _FULL)


async def _cite(context: Context, claimed: ClaimedCase) -> StepResult:
    """Refuse the answer that fails the conditions, with the clause in the candidate's language."""
    cited = citation(_view(context, claimed, claimed.person.locale))
    if cited is None:
        return await show(context, claimed, Staff.refusing)
    code, clause = cited
    if not _has_room(claimed.draft, Part.FIELD, code):
        return await show(context, claimed, Staff.refusing, _FULL)
    words = clause[:MAX_COMMENT_LENGTH]
    draft = claimed.draft.with_fault(Part.FIELD, code, reason=NOT_ELIGIBLE, words=words)
    return await _write(context, claimed, draft)


def _has_room(draft: RefusalDraft, part: Part, code: str) -> bool:
    return not draft.is_full or draft.fault(part, code) is not None


@requires_claim
async def reason(context: Context, claimed: ClaimedCase) -> StepResult:
    """Take a quick reason."""
    part, code = _parted(context.position.data.get(ITEM, ""))
    area = context.exam.area(claimed.application.area)
    if context.callback.value not in reasons_for(part, code, area, claimed.application):
        return await show(context, claimed, Staff.refusing)
    return await _write(
        context, claimed, claimed.draft.with_fault(part, code, reason=context.callback.value)
    )


@requires_claim
async def reason_in_words(context: Context, claimed: ClaimedCase) -> StepResult:
    """Take a typed reason, beside the quick one."""
    words, item = context.words, context.position.data.get(ITEM, "")
    if len(words) > MAX_COMMENT_LENGTH:
        return await show(context, claimed, Staff.reasoning, too_long(words), **{ITEM: item})
    part, code = _parted(item)
    return await _write(context, claimed, claimed.draft.with_fault(part, code, words=words))


@requires_claim
async def remove(context: Context, claimed: ClaimedCase) -> StepResult:
    """Remove an item from the draft."""
    return await _write(
        context, claimed, claimed.draft.without_fault(*_parted(context.position.data.get(ITEM, "")))
    )


@requires_claim
async def take_words(context: Context, claimed: ClaimedCase) -> StepResult:
    """Take the typed words about the whole."""
    words = context.words
    if len(words) > MAX_COMMENT_LENGTH:
        return await show(context, claimed, Staff.wording, too_long(words))
    return await _write(context, claimed, replace(claimed.draft, words=words))


async def _write(context: Context, claimed: ClaimedCase, draft: RefusalDraft) -> StepResult:
    await claims.save_draft(context.unit.tx, context.services.keyring, claimed, draft, context.now)
    return await show(context, claimed, Staff.refusing)


def _parted(item: str) -> tuple[Part, str]:
    """Return part and code of an item; ``pick`` has checked it."""
    part, _, code = item.partition(":")
    return (Part(part), code) if part in {one.value for one in Part} else (Part.PHOTO, "")


def _item(context: Context, claimed: ClaimedCase, value: str) -> Text | str | None:
    """Return the name of an item; None where the application lacks it."""
    return names(_view(context, claimed, context.locale)).get(value)


def _view(context: Context, claimed: ClaimedCase, locale: str) -> View:
    """Return the claimed application as its screens see it, in this language."""
    person = replace(claimed.person, locale=locale)
    records = replace(context.unit.records, person=person, application=claimed.application)
    return View(records, context.exam, context.now)


@renders_application
def render_refusing(view: View, claimed: ClaimedCase) -> Screen:
    """Show the draft, the items to pick, and the button to the review of the draft."""
    draft = claimed.draft
    pages = [
        _picked(page.key, page.staff_title, any(_is_refused(draft, one) for one in page.fields))
        for page in FORM.pages
    ]
    items = [
        _ticked(draft, item, name)
        for item, name in names(view).items()
        if not item.startswith(Part.FIELD)
    ]
    lacks = lacking(claimed, view.exam, view.now)
    review = () if lacks else (replace(button("look-over", Action.SEE), is_main=True),)
    cited = citation(view)
    clause = () if cited is None else (Text("refusing-clause", {"clause": cited[1]}),)
    cite = () if cited is None else (button("cite-clause", Action.PICK, CLAUSE),)
    head = case_head(claimed), Text("refusing-head")
    return Screen(
        (*head, *draft_lines(view, draft), *((lacks,) if lacks else ()), *clause),
        (
            review,
            cite,
            *rows(*pages, *items, across=2),
            (button("refusing-words", Action.ADD),),
            (BACK,),
        ),
    )


def lacking(claimed: ClaimedCase, exam: Exam, now: datetime) -> Text | None:
    """Return what the draft lacks (``refusals.build_refusal``); None for a complete one."""
    if claimed.draft.is_empty:
        return Text("refusing-nothing")
    until = resubmit_until(claimed.application, claimed.desk, exam, now)
    if until is not None and not claimed.draft.faults:
        return Text("refusing-needs-item")
    return None


@renders_application
def render_picking(view: View, claimed: ClaimedCase) -> Screen:
    """List the fields of a page, each to be refused by itself.

    Raises:
        LookupError: the form has no such page.
    """
    page = FORM.page(view.data[PAGE])
    if page is None:
        raise LookupError("no such page")
    picks = [
        _ticked(claimed.draft, f"{Part.FIELD}:{field.key}", _field_line(view, field))
        for field in page_fields(view, page)
    ]
    head = Text("picking-head", {"title": page.staff_title})
    return Screen((case_head(claimed), head), (*rows(*picks), (BACK,)))


@renders_application
def render_reasoning(view: View, claimed: ClaimedCase) -> Screen:
    """Ask for a quick reason or typed words for an item."""
    item = view.data[ITEM]
    part, code = _parted(item)
    fault = claimed.draft.fault(part, code)
    now = () if fault is None else (fault_line(view, fault),)
    reasons = [
        Button(Text(f"reason-{one}"), CallbackData(Action.CHOOSE, one))
        for one in reasons_for(part, code, view.area, claimed.application)
    ]
    remove = () if fault is None else (button("let-pass", Action.REMOVE),)
    field = FORM.fields.get(code) if part is Part.FIELD else None
    called = names(view).get(item, code) if field is None else _field_line(view, field)
    question = Text("reasoning-ask", {"item": called, "limit": MAX_COMMENT_LENGTH})
    return Screen((case_head(claimed), question, *now), (*rows(*reasons), remove, (BACK,)))


@renders_application
def render_wording(_view: View, claimed: ClaimedCase) -> Screen:
    """Ask for words about the whole."""
    now = (Text("value-now", {"value": claimed.draft.words}),) if claimed.draft.words else ()
    question = Text("wording-ask", {"limit": MAX_COMMENT_LENGTH})
    return Screen((case_head(claimed), question, *now), ((BACK,),))


def _field_line(view: View, field: Field) -> Text | str:
    value = view.application.answers.get(field.key, "")
    if not value:
        return field.name
    shown = field.display_value(value, view.application.answers, view.answer_context, view.locale)
    return Text("picking-line", {"field": field.name, "value": shown})


def _ticked(draft: RefusalDraft, item: str, name: Text | str) -> Button:
    return _picked(item, name, draft.fault(*_parted(item)) is not None)


def _is_refused(draft: RefusalDraft, field: Field) -> bool:
    return draft.fault(Part.FIELD, field.key) is not None


def _picked(value: str, name: Text | str, is_refused: bool) -> Button:
    """Build the button of an item or a page; a mark says that the draft refuses something of it."""
    label = Text("button-refused-item" if is_refused else "button-item", {"item": name})
    return Button(label, CallbackData(Action.PICK, value))


FEATURE = Feature(
    staff_routes={
        Staff.card: (pressed(Action.EDIT, begin),),
        Staff.refusing: (
            pressed(Action.PICK, pick),
            pressed(Action.ADD, step_to_claimed(Staff.wording)),
            pressed(Action.BACK, whole),
        ),
        Staff.picking: (pressed(Action.PICK, pick), pressed(Action.BACK, begin)),
        Staff.reasoning: (
            pressed(Action.CHOOSE, reason),
            pressed(Action.REMOVE, remove),
            pressed(Action.BACK, begin),
            text(reason_in_words),
        ),
        Staff.wording: (pressed(Action.BACK, begin), text(take_words)),
    },
    desk_screens={
        Staff.refusing: render_refusing,
        Staff.picking: render_picking,
        Staff.reasoning: render_reasoning,
        Staff.wording: render_wording,
    },
)
