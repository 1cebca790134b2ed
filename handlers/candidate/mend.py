"""The candidate mends what was refused: each thing by its own button, then the whole goes back.

Only what was named can be opened (``states.mending``); the guide lets the rest be as it is.
"""

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.candidate import form, status
from handlers.candidate.status_text import head, mend_by
from handlers.everyone.help import whom_to_ask
from handlers.rendering import Paragraph, Screen, View, button, rows
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states import lifecycle, mending
from states.flow import MENU, Position
from states.form.pages import FORM
from states.lifecycle import Event, NonStaffActor, TransitionNotAllowed
from states.mending import FOLLOWS
from states.records import Application, Fault, Part, Refusal
from states.refusals import REASONS
from states.state_groups import Materials, Mend, Photo
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction

REFUSAL = "refusal"
ROOM = 2400
"""Letters that all the words of the staff may take: Telegram ends a message at 4096."""
_KNOWN = frozenset(code for codes in REASONS.values() for code in codes) | {FOLLOWS}


async def see(_update: Update, context: Context) -> StepResult:
    """Why it was refused: where it can be mended, that is the next thing to do."""
    application = context.unit.application
    if mending.is_open(application, context.exam, context.now):
        return context.ask(Position(Mend.listing))
    shown = REFUSAL if application and application.refusal else status.STATUS
    return StepResult(effects=(ShowScreen(shown),))


async def open_thing(_update: Update, context: Context) -> StepResult:
    """The very place of one of the things; having been there counts as having looked at it."""
    part, _, code = context.callback.value.partition(":")
    application = context.unit.application
    if application is None or not mending.is_open(application, context.exam, context.now):
        return StepResult(
            effects=(ShowScreen(status.STATUS, header_lines=_why_not(context, application)),)
        )
    place = _place_of(context, application, part, code)
    if place is None:
        return context.ask(Position(Mend.listing), Text("mend-only-these"))
    context.unit.application = mending.mark_opened(application, Part(part), code)
    return context.ask(place)


async def hand_in_again(_update: Update, context: Context) -> StepResult:
    """Back to where it was refused, once each thing was looked at and nothing is missing."""
    application = context.own_application
    area = context.exam.area(application.area)
    if area is None or not mending.is_complete(application, area, context.answer_context):
        return context.ask(Position(Mend.listing), Text("mend-not-yet"))
    again = lifecycle.apply_event(
        application, Event.RESUBMIT, context.exam, context.now, by=NonStaffActor.CANDIDATE
    )
    context.unit.application = again
    context.unit.audit(AuditAction.SUBMITTED, str(again.revision))
    todo = ShowScreen(status.TODO, slot=status.SLOT)
    return StepResult(MENU, (todo,), toast=Text("toast-submitted"))


async def leave(_update: Update, context: Context) -> StepResult:
    """To the menu; what was mended is kept."""
    return context.ask(MENU)


def _why_not(context: Context, application: Application | None) -> tuple[Text, ...]:
    """Why nothing can be mended now, said aloud."""
    if application is None:
        return ()
    try:
        lifecycle.find_transition(application, Event.RESUBMIT, context.exam, context.now)
    except TransitionNotAllowed as illegal:
        return (illegal.text,)
    return ()


def _place_of(context: Context, application: Application, part: str, code: str) -> Position | None:
    """Where one of the things is; None where it was not refused, or is not asked any more."""
    if part not in set(Part) or mending.find_fault(application, Part(part), code) is None:
        return None
    match Part(part):
        case Part.PHOTO:
            return Position(Photo.waiting)
        case Part.MATERIAL:
            area = context.exam.area(application.area)
            is_asked = area is not None and any(one.code == code for one in area.materials)
            return Position(Materials.adding, {"material": code}) if is_asked else None
        case Part.FIELD:
            is_asked = code in FORM.fields and mending.may_answer(
                application, code, context.answer_context
            )
            return form.ASKING.at(code, edited=True) if is_asked else None


def render_listing(view: View) -> Screen:
    """Each thing with its reason and button; when all were looked at, the way back."""
    refusal, area = _refusal(view), view.area
    is_whole = area is not None and mending.is_complete(view.application, area, view.answer_context)
    again = ((button("resubmit", Action.SUBMIT),),) if is_whole else ()
    how = Text("mend-whole" if is_whole else "mend-how")
    return Screen(
        (head(view), *_lines(view, refusal), mend_by(view), how, whom_to_ask(view)),
        (*rows(*_buttons(view, refusal)), *again, (go("status"), go("menu"))),
    )


def render_refusal(view: View) -> Screen:
    """The same as a notice, or to be read: what is wrong, and whether anything can be done."""
    refusal = view.application.refusal
    if refusal is None:  # decided anew, or given up and gone, before this was sent
        return status.render_status(view)
    is_open = mending.is_open(view.application, view.exam, view.now)
    things = _buttons(view, refusal) if is_open else ()
    return Screen(
        (head(view), *_lines(view, refusal), mend_by(view), whom_to_ask(view)),
        (*rows(*things), (go("status"), go("help"))),
    )


def _refusal(view: View) -> Refusal:
    if view.application.refusal is None:
        raise LookupError("nothing was refused")
    return view.application.refusal


def _lines(view: View, refusal: Refusal) -> tuple[Paragraph, ...]:
    room = ROOM // (len(refusal.faults) + 1)
    whole = (Text("refused-words", {"words": _clipped(refusal.words, room)}),)
    each = tuple(_line(view, fault, room) for fault in refusal.faults)
    return (*(whole if refusal.words else ()), *each)


def _line(view: View, fault: Fault, room: int) -> tuple[Text, ...]:
    reason = fault.reason if fault.reason in _KNOWN else "other"
    said = Text(
        "fault-seen" if fault.looked_at else "fault-open",
        {"item": _item(view, fault), "reason": Text(f"reason-{reason}")},
    )
    words = Text("fault-words", {"words": _clipped(fault.words, room)})
    return (said, words) if fault.words else (said,)


def _item(view: View, fault: Fault) -> Text | str:
    """What the thing is called; one that the exam has no more by its code."""
    if fault.part is Part.PHOTO:
        return Text("item-photo")
    if fault.part is Part.FIELD:
        field = FORM.fields.get(fault.code)
        return field.name if field else fault.code
    asked = view.area.materials if view.area else ()
    return next(
        (one.display_name(view.locale) for one in asked if one.code == fault.code), fault.code
    )


def _buttons(view: View, refusal: Refusal) -> tuple[Button, ...]:
    return tuple(
        Button(
            Text("button-mend", {"item": _item(view, fault)}),
            CallbackData(Action.MEND, f"{fault.part}:{fault.code}", ANYWHERE),
        )
        for fault in refusal.faults
        if fault.part is not Part.FIELD
        or (
            fault.code in FORM.fields
            and mending.may_answer(view.application, fault.code, view.answer_context)
        )
    )


def _clipped(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: room - 1]}…"


FEATURE = Feature(
    anywhere=(pressed(Action.MEND, open_thing), pressed(Action.GO, see, REFUSAL)),
    routes={
        Mend.listing: (
            pressed(Action.SUBMIT, hand_in_again, alone=True),
            pressed(Action.BACK, leave),
        ),
    },
    buttons=(go(REFUSAL),),
    screens={
        Mend.listing: render_listing,
        REFUSAL: render_refusal,
        "told-confirm-refused": render_refusal,
        "told-review-refused": render_refusal,
        "told-reminder-mend": render_refusal,
    },
)
