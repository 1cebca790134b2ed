"""The candidate corrects a submitted application: each item by its button, then the whole.

Only the refused items open, or those of a late change (``states.changes.corrections``). The guide
leaves the rest as it is.
"""

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.candidate.changes import late_change
from handlers.candidate.files import materials
from handlers.candidate.filling import form, submitting
from handlers.candidate.progress import status
from handlers.candidate.progress.status import SEE_REASONS, contact
from handlers.outlook_lines import head, now_line
from handlers.rendering import Overtaken, Paragraph, Screen, View, button, rows
from handlers.replies import ask, show_screen, step_to
from handlers.routing import Feature, Question, pressed
from handlers.update_context import Context
from states.changes import corrections
from states.changes.corrections import FOLLOWS
from states.changes.late_changes import NAMED
from states.form.education import unchecked_record
from states.form.pages import FORM
from states.fsm_states import Corrections
from states.process import lifecycle
from states.process.lifecycle import Event, TransitionNotAllowed
from states.progress.next_step import MENU, Position, photo_anew
from states.records import Application, Fault, LateChangeState, Part, Stage
from states.staff.refusals import REASONS
from states.step_result import StepResult
from states.texts import Argument, Problem, Text

REFUSAL = "refusal"
ROOM = 2400
"""The most letters that the words of the staff take: Telegram ends a message at 4096."""
NOW = 60
"""The most letters of an answer that the list of refused items repeats."""
_KNOWN = frozenset(code for codes in REASONS.values() for code in codes) | {FOLLOWS, NAMED}


async def see(_update: Update, context: Context) -> StepResult:
    """Show why the application was refused, or open the list of items while it can be corrected."""
    application = context.unit.application
    if corrections.is_open(application, context.exam, context.now):
        return ask(context, Position(Corrections.listing))
    shown = REFUSAL if application and application.refusal else status.STATUS
    return show_screen(shown)


async def open_item(_update: Update, context: Context) -> StepResult:
    """Open one refused item; opening counts as having looked at it."""
    part, _, code = context.callback.value.partition(":")
    application = context.unit.application
    if application is None or not corrections.is_open(application, context.exam, context.now):
        return show_screen(status.STATUS, *_why_not(context, application))
    position = _position_of(context, application, part, code)
    if position is None:
        return ask(context, Position(Corrections.listing), Text("mend-only-these"))
    context.unit.application = corrections.mark_opened(application, Part(part), code)
    fault = corrections.find_fault(application, Part(part), code)
    return ask(context, position, *(_line(context.view, fault, ROOM) if fault else ()))


async def resubmit(_update: Update, context: Context) -> StepResult:
    """Submit again, once the candidate has looked at each item and nothing is missing."""
    application = context.own_application
    area = context.view.area
    if area is None or not corrections.is_complete(application, area, context.answer_context):
        waits = unchecked_record(application.answers, context.answer_context)
        why = Text("submit-unchecked", {"number": waits}) if waits else Text("mend-not-yet")
        return ask(context, Position(Corrections.listing), why)
    submitted = await submitting.submit(context, application, Event.RESUBMIT)
    if isinstance(submitted, Problem):
        return ask(context, Position(Corrections.listing), submitted)
    if application.stage is Stage.CHANGING and application.change is not None:
        await late_change.note_end(context, application.change.id, LateChangeState.DONE)
    return submitted


def _why_not(context: Context, application: Application | None) -> tuple[Text, ...]:
    """Return the reason why the application cannot be corrected now."""
    if application is None:
        return ()
    try:
        lifecycle.find_transition(application, Event.RESUBMIT, context.exam, context.now)
    except TransitionNotAllowed as illegal:
        return (illegal.text,)
    return ()


def _position_of(
    context: Context, application: Application, part: str, code: str
) -> Position | None:
    """Return the position of an item; None for one not refused, or not asked any more."""
    if part not in set(Part) or corrections.find_fault(application, Part(part), code) is None:
        return None
    match Part(part):
        case Part.PHOTO:
            return photo_anew(context.person)
        case Part.MATERIAL:
            is_asked = any(one.code == code for one in context.view.materials)
            return materials.adding(code) if is_asked else None
        case Part.FIELD:
            is_asked = code in FORM.fields and corrections.may_answer(
                application, code, context.answer_context
            )
            return form.ASKING.position(code, edited=True) if is_asked else None


def render_listing(view: View) -> Screen:
    """List each item with its reason and button; after all were seen, offer to submit."""
    area, is_change = view.area, view.application.stage is Stage.CHANGING
    is_whole = area is not None and corrections.is_complete(
        view.application, area, view.answer_context
    )
    again = ((button("resubmit", Action.SUBMIT),),) if is_whole else ()
    how = Text("mend-whole" if is_whole else "mend-how")
    drop = ((late_change.DROP,),) if is_change else ()
    return Screen(
        (head(view), *_lines(view), now_line(view), how, contact(view)),
        (*rows(*_buttons(view)), *again, *drop, (go("status"), go("menu"))),
    )


def render_opened(view: View) -> Screen:
    """Tell the candidate that the staff have opened the named answers, and until when.

    Raises:
        Overtaken: it is handed in or over.
    """
    if view.application.stage is not Stage.CHANGING:
        raise Overtaken
    is_open = corrections.is_open(view.application, view.exam, view.now)
    items = rows(*_buttons(view)) if is_open else ()
    return Screen(
        (Text("told-change-opened"), *_lines(view), now_line(view), Text("change-opened-how")),
        (*items, (go("status"), go("help"))),
    )


def render_refusal(view: View) -> Screen:
    """Show the refusal as a notice, and whether the candidate can correct it."""
    refusal = view.application.refusal
    is_change = view.application.stage is Stage.CHANGING
    if refusal is None or is_change:  # decided again or expired before the sender sent this
        return status.render_status(view)
    is_open = corrections.is_open(view.application, view.exam, view.now)
    items = _buttons(view) if is_open else ()
    return Screen(
        (head(view), *_lines(view), now_line(view), contact(view)),
        (*rows(*items), (go("status"), go("help"))),
    )


def _lines(view: View) -> tuple[Paragraph, ...]:
    """Return the words of a refusal, and a line for each item."""
    faults, refusal = corrections.faults_of(view.application), view.application.refusal
    is_refused = view.application.stage is not Stage.CHANGING and refusal is not None
    words, room = refusal.words if refusal and is_refused else "", ROOM // (len(faults) + 1)
    whole = (Text("refused-words", {"words": _clipped(words, room)}),) if words else ()
    return (*whole, *(_line(view, fault, room) for fault in faults))


def _line(view: View, fault: Fault, room: int) -> tuple[Text, ...]:
    reason = fault.reason if fault.reason in _KNOWN else "other"
    is_rejected = view.application.stage is Stage.REJECTED
    now = _now(view, fault) if fault.looked_at and not is_rejected else None
    seen = "fault-seen-now" if reason not in {FOLLOWS, NAMED} else "fault-changed-now"
    if now is None:
        seen = "fault-seen"
    args: dict[str, Argument] = {"item": _item(view, fault), "reason": Text(f"reason-{reason}")}
    line = Text(
        "fault-plain" if is_rejected else seen if fault.looked_at else "fault-open",
        args if now is None else {**args, "now": now},
    )
    words = Text("fault-words", {"words": _clipped(fault.words, room)})
    return (line, words) if fault.words else (line,)


def _now(view: View, fault: Fault) -> Text | str | None:
    """Return what stands now in the place of a refused item; None where that is no text."""
    if fault.part is Part.MATERIAL:
        return Text("fault-files", {"count": len(view.application.materials.get(fault.code, ()))})
    field, answers = FORM.fields.get(fault.code), view.application.answers
    if field is None or fault.code not in answers:
        return None
    value = field.display_value(answers[fault.code], answers, view.answer_context, view.locale)
    return _clipped(value, NOW) if isinstance(value, str) else value


def _item(view: View, fault: Fault) -> Text | str:
    """Return the name of an item; its code where the exam file lacks it."""
    if fault.part is Part.PHOTO:
        return Text("item-photo")
    if fault.part is Part.FIELD:
        field = FORM.fields.get(fault.code)
        return field.name if field else fault.code
    names = (one.display_name(view.locale) for one in view.materials if one.code == fault.code)
    return next(names, fault.code)


def _buttons(view: View) -> tuple[Button, ...]:
    return tuple(
        Button(
            Text("button-mend", {"item": _item(view, fault)}),
            CallbackData(Action.CORRECT, f"{fault.part}:{fault.code}", ANYWHERE),
        )
        for fault in corrections.faults_of(view.application)
        if fault.part is not Part.FIELD
        or (
            fault.code in FORM.fields
            and corrections.may_answer(view.application, fault.code, view.answer_context)
        )
    )


def _clipped(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: room - 1]}…"


FEATURE = Feature(
    anywhere=(pressed(Action.CORRECT, open_item), pressed(Action.GO, see, REFUSAL)),
    questions={
        Corrections.listing: Question(
            render_listing,
            pressed(Action.SUBMIT, resubmit, exclusive=True),
            pressed(Action.BACK, step_to(MENU)),
        ),
    },
    buttons=(go(REFUSAL), SEE_REASONS),
    screens={
        REFUSAL: render_refusal,
        "told-confirm-refused": render_refusal,
        "told-review-refused": render_refusal,
        "told-rejected": render_refusal,
        "told-change-opened": render_opened,
    },
)
