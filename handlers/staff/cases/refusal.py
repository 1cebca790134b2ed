"""A refusal is put together: item by item, with a quick reason or in words, and looked over.

What it says so far lies sealed in the claim's row (``storage/staff/claims.py``); the place only says at
which item somebody is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import BACK, RenderStaffScreen, Screen, View, button, rows
from handlers.routing import Feature, pressed, text
from handlers.staff.cases.card import PAGE, asked_of, read, too_long, viewed, whole
from handlers.staff.cases.claiming import render_lost, requires_claim, show
from handlers.update_context import Context
from states.form.fields import Field
from states.form.pages import FORM
from states.records import Fault, Part
from states.refusals import MAX_COMMENT_LENGTH, MAX_FAULTS, REASONS, RefusalDraft
from states.state_groups import Staff
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.staff import claims
from storage.staff.claims import ClaimedCase, NotClaimed
from storage.staff.staff_view import StaffView

ITEM = "item"
"""In a place: what is being refused, as ``part:code``."""


@requires_claim
async def begin(context: Context, claimed: ClaimedCase) -> StepResult:
    """From the card, or back to the whole of what is refused."""
    return await show(context, claimed, Staff.refusing)


@requires_claim
async def pick(context: Context, claimed: ClaimedCase) -> StepResult:
    """A page, to pick lines of it; or at once a material, the photo, or a line."""
    value = context.callback.value
    if FORM.page(value) is not None:
        return await show(context, claimed, Staff.picking, **{PAGE: value})
    if _item(context, claimed, value) is None:
        return await show(context, claimed, Staff.refusing)
    part, code = _parted(value)
    if claimed.draft.is_full and claimed.draft.fault(part, code) is None:
        full = Problem("problem-faults-many", {"limit": MAX_FAULTS})
        return await show(context, claimed, Staff.refusing, full)
    return await show(context, claimed, Staff.reasoning, **{ITEM: value})


@requires_claim
async def reason(context: Context, claimed: ClaimedCase) -> StepResult:
    """One of the quick reasons."""
    part, code = _parted(context.position.data.get(ITEM, ""))
    if context.callback.value not in REASONS[part]:
        return await show(context, claimed, Staff.refusing)
    return await _write(
        context, claimed, claimed.draft.with_fault(part, code, reason=context.callback.value)
    )


@requires_claim
async def in_words(context: Context, claimed: ClaimedCase) -> StepResult:
    """Why, as typed, beside the quick reason if there is one."""
    words, item = context.text.strip(), context.position.data.get(ITEM, "")
    if len(words) > MAX_COMMENT_LENGTH:
        return await show(context, claimed, Staff.reasoning, too_long(words), **{ITEM: item})
    part, code = _parted(item)
    return await _write(context, claimed, claimed.draft.with_fault(part, code, words=words))


@requires_claim
async def let_pass(context: Context, claimed: ClaimedCase) -> StepResult:
    """This item is not refused after all."""
    return await _write(
        context, claimed, claimed.draft.without_fault(*_parted(context.position.data.get(ITEM, "")))
    )


@requires_claim
async def word(context: Context, claimed: ClaimedCase) -> StepResult:
    """Wants to say something about the whole."""
    return await show(context, claimed, Staff.wording)


@requires_claim
async def worded(context: Context, claimed: ClaimedCase) -> StepResult:
    """Something about the whole, as typed."""
    words = context.text.strip()
    if len(words) > MAX_COMMENT_LENGTH:
        return await show(context, claimed, Staff.wording, too_long(words))
    return await _write(context, claimed, replace(claimed.draft, words=words))


async def _write(context: Context, claimed: ClaimedCase, draft: RefusalDraft) -> StepResult:
    await claims.write(
        context.unit.tx, context.envelope.services.keyring, claimed, draft, context.now
    )
    return await show(context, claimed, Staff.refusing)


def _parted(item: str) -> tuple[Part, str]:
    """Part and code of an item; it was checked when its place was entered."""
    part, _, code = item.partition(":")
    return (Part(part), code) if part in {one.value for one in Part} else (Part.PHOTO, "")


def _item(context: Context, claimed: ClaimedCase, value: str) -> Text | str | None:
    """What an item is called; None where the application has no such item."""
    person = replace(claimed.person, locale=context.locale)
    view = View(
        replace(context.unit.records, person=person, application=claimed.application),
        context.exam,
        context.now,
    )
    return names(view).get(value)


# --- what is seen --------------------------------------------------------------------------------


def names(view: View) -> Mapping[str, Text | str]:
    """All that can be refused by itself, as ``part:code``, and what it is called."""
    answers, answer_context = view.application.answers, view.answer_context
    fields = {
        f"{Part.FIELD}:{one.key}": one.name for one in FORM.asked_fields(answers, answer_context)
    }
    papers = {
        f"{Part.MATERIAL}:{one.code}": one.display_name(view.locale)
        for one in asked_of(view.exam, view.application)
    }
    return {**fields, **papers, f"{Part.PHOTO}:": Text("item-photo")}


def fault_line(view: View, fault: Fault) -> Text:
    """An item and why, in a line."""
    called = names(view).get(f"{fault.part}:{fault.code}", fault.code)
    args = {"item": called, "words": fault.words}
    if not fault.reason:
        return Text("flaw-words", args)
    args["reason"] = Text(f"reason-{fault.reason}")
    return Text("flaw-both" if fault.words else "flaw-reason", args)


def render_claimed(drawing: Callable[[View, ClaimedCase], Screen]) -> RenderStaffScreen:
    """A drawing for whoever holds the application; what else there is to be seen is nothing."""

    async def draw(look: StaffView) -> Screen:
        try:
            held = await read(look)
        except NotClaimed as refused:
            return await render_lost(replace(look, data={**look.data, "why": refused.why}))
        return drawing(viewed(look, held), held)

    return draw


def render_refusing(view: View, claimed: ClaimedCase) -> Screen:
    """What is refused so far; where more can be picked; and on to the look over it."""
    draft = claimed.draft
    said = tuple(fault_line(view, one) for one in draft.faults)
    about = (Text("refusing-words", {"words": draft.words}),) if draft.words else ()
    nothing = () if said or about else (Text("refusing-nothing"),)
    pages = [Button(page.title, CallbackData(Action.PICK, page.key)) for page in FORM.pages]
    items = [
        _ticked(draft, item, name)
        for item, name in names(view).items()
        if not item.startswith(Part.FIELD)
    ]
    on = () if draft.is_empty else (button("look-over", Action.SEE),)
    return Screen(
        (Text("refusing-head"), *([said] if said else []), *about, *nothing),
        (*rows(*pages, *items, across=2), (button("refusing-words", Action.ADD),), on, (BACK,)),
    )


def render_picking(view: View, claimed: ClaimedCase) -> Screen:
    """The lines of a page, each to be refused by itself.

    Raises:
        LookupError: there is no such page.
    """
    page = FORM.page(view.data[PAGE])
    if page is None:
        raise LookupError("no such page")
    asked = [
        one
        for one in FORM.asked_fields(view.application.answers, view.answer_context)
        if one in page.fields
    ]
    picks = [_ticked(claimed.draft, f"{Part.FIELD}:{one.key}", _valued(view, one)) for one in asked]
    head = Text("picking-head", {"title": page.title})
    return Screen((head,), (*rows(*picks), (BACK,)))


def render_reasoning(view: View, claimed: ClaimedCase) -> Screen:
    """Why this item is refused: a quick reason, or words."""
    item = view.data[ITEM]
    part, code = _parted(item)
    fault = claimed.draft.fault(part, code)
    now = () if fault is None else (fault_line(view, fault),)
    reasons = [
        Button(Text(f"reason-{one}"), CallbackData(Action.CHOOSE, one)) for one in REASONS[part]
    ]
    gone = () if fault is None else (button("let-pass", Action.REMOVE),)
    ask = Text("reasoning-ask", {"item": names(view).get(item, code), "limit": MAX_COMMENT_LENGTH})
    return Screen((ask, *now), (*rows(*reasons), gone, (BACK,)))


def render_wording(_view: View, claimed: ClaimedCase) -> Screen:
    """What the candidate should know besides."""
    now = (Text("value-now", {"value": claimed.draft.words}),) if claimed.draft.words else ()
    return Screen((Text("wording-ask", {"limit": MAX_COMMENT_LENGTH}), *now), ((BACK,),))


def _valued(view: View, field: Field) -> Text | str:
    value = view.application.answers.get(field.key, "")
    if not value:
        return field.name
    shown = field.display_value(value, view.application.answers, view.answer_context, view.locale)
    return Text("picking-line", {"field": field.name, "value": shown})


def _ticked(draft: RefusalDraft, item: str, name: Text | str) -> Button:
    part, code = _parted(item)
    is_refused = draft.fault(part, code) is not None
    label = Text("button-refused-item" if is_refused else "button-item", {"item": name})
    return Button(label, CallbackData(Action.PICK, item))


FEATURE = Feature(
    staff_routes={
        Staff.card: (pressed(Action.EDIT, begin, alone=True),),
        Staff.refusing: (
            pressed(Action.PICK, pick, alone=True),
            pressed(Action.ADD, word, alone=True),
            pressed(Action.BACK, whole, alone=True),
        ),
        Staff.picking: (
            pressed(Action.PICK, pick, alone=True),
            pressed(Action.BACK, begin, alone=True),
        ),
        Staff.reasoning: (
            pressed(Action.CHOOSE, reason, alone=True),
            pressed(Action.REMOVE, let_pass, alone=True),
            pressed(Action.BACK, begin, alone=True),
            text(in_words, alone=True),
        ),
        Staff.wording: (pressed(Action.BACK, begin, alone=True), text(worded, alone=True)),
    },
    staff_screens={
        Staff.refusing: render_claimed(render_refusing),
        Staff.picking: render_claimed(render_picking),
        Staff.reasoning: render_claimed(render_reasoning),
        Staff.wording: render_claimed(render_wording),
    },
)
