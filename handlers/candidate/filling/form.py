"""The form: the candidate answers it page by page, reads the summary, corrects lines, and submits.

Guide, part 2. Page (2) shows the locked items of the identity, and how to have them corrected.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, go
from handlers.candidate.area import change_area
from handlers.candidate.filling import education, submitting
from handlers.eligibility_lines import candidate_assessment
from handlers.outlook_lines import submit_by
from handlers.questions.answer_lines import (
    AREA,
    TAKEN,
    edit_button,
    hints_part,
    identity_lines,
    page_fields,
    page_lines,
)
from handlers.questions.asking import Questions
from handlers.rendering import (
    BACK,
    AlbumItem,
    Paragraph,
    Portrait,
    Rows,
    Screen,
    View,
    button,
    rows,
)
from handlers.replies import ask, ask_again, ask_next, reject, resume
from handlers.routing import Feature, Question, contact, pressed
from handlers.update_context import Context
from states.changes import corrections
from states.exam import Confirmation
from states.form import plausibility
from states.form.education import unchecked_record
from states.form.fields import Field, FieldKind
from states.form.pages import EDUCATION, FORM, PERSON, PLACE, VERSION
from states.form.questionnaire import Page
from states.fsm_states import Choose, Corrections, Form, Materials, Photo
from states.process.lifecycle import Event
from states.progress.next_step import EDITED, MENU, Position, photo_anew
from states.records import Answers, Records, Stage
from states.step_result import StepResult
from states.texts import Problem, Text


def _answers(records: Records) -> Answers:
    return records.application.answers if records.application else {}


def _write(context: Context, answers: Answers) -> None:
    application = context.own_application
    if application.stage is Stage.DRAFT:
        context.unit.application = replace(application, answers=answers)
    else:
        context.unit.application = corrections.apply_answers(
            application, answers, context.answer_context
        )


def _before(context: Context) -> StepResult:
    """Return from the first question to the area, from an edited one to the next due item.

    With all questions answered, that is the summary. A question of a refused application returns to
    the list of refused items.
    """
    if context.own_application.stage is not Stage.DRAFT:
        return ask(context, Position(Corrections.listing))
    answers, answer_context = context.own_application.answers, context.answer_context
    is_edited = EDITED in context.position.data
    if is_edited or FORM.first_unanswered(answers, answer_context) is None:
        return ask_next(context)
    return ask(context, Position(Choose.area))


def about(view: View, page: Page) -> tuple[Text, ...]:
    """Return the locked items, on the page where the guide has them."""
    if page is not PERSON:
        return ()
    return (Text("form-identity", identity_lines(view.person.identity)), Text("form-locked"))


def _about(view: View, page: Page) -> tuple[Paragraph, ...]:
    records = education.record_lines(view) if page is EDUCATION else ()
    return (*about(view, page), *((records,) if records else ()))


def _more(view: View, field: Field) -> tuple[Button, ...]:
    if field is PLACE.fields[0]:
        return (go("change-area"), *_undo(view))
    return education.record_buttons(view) if field.kind is FieldKind.RECORD else ()


def _undo(view: View) -> tuple[Button, ...]:
    """Return the button back to the area that the candidate left."""
    return (change_area.BACK_TO,) if view.application.former else ()


ASKING = Questions(
    questionnaire=FORM,
    state=Form.asking,
    read=_answers,
    write=_write,
    ask_next=ask_next,
    before=_before,
    about=_about,
    more=_more,
)


async def share_contact(update: Update, context: Context) -> StepResult:
    """Take the person's own contact for the mobile number; reject any other contact."""
    message = update.message
    card = message.contact if message else None
    if card is None or message is None or context.position.data.get("field") != "mobile":
        return ask_again(context, Text("unknown-kind"))
    if message.from_user is None or card.user_id != message.from_user.id:
        return reject(context, Problem("problem-contact"))
    return ASKING.take(context, f"+{card.phone_number.lstrip('+')}")


async def open_page(_update: Update, context: Context) -> StepResult:
    """Open one page, the area, the photo or the materials."""
    part = context.callback.value
    if part == AREA:
        return ask(context, Position(Choose.area))
    if part == "photo":
        return ask(context, photo_anew(context.person))
    if part == "materials" and _confirms_online(context.view):
        return ask(context, Position(Materials.listing))
    page = Position(Form.page, {"page": part})
    return ask(context, page) if FORM.page(part) else ask_again(context)


async def edit(_update: Update, context: Context) -> StepResult:
    """Ask for one line again; its answer leads back to the summary."""
    key = context.callback.value
    known = {
        field.key
        for field in FORM.asked_fields(context.own_application.answers, context.answer_context)
    }
    return ask(context, ASKING.position(key, edited=True)) if key in known else ask_again(context)


async def back(_update: Update, context: Context) -> StepResult:
    """Return to the materials or the photo."""
    before = Materials.listing if _confirms_online(context.view) else Photo.waiting
    return ask(context, Position(before))


async def submit(_update: Update, context: Context) -> StepResult:
    """Submit the form, once, inside the window, with nothing missing."""
    due = context.due
    if due.state is not Form.summary:
        return ask(context, due, Text("submit-too-late" if due == MENU else "submit-not-yet"))
    unchecked = unchecked_record(context.own_application.answers, context.answer_context)
    if unchecked is not None:
        return ask(context, due, Text("submit-unchecked", {"number": unchecked}))
    draft = replace(context.own_application, form_version=VERSION)
    submitted = await submitting.submit(context, draft, Event.SUBMIT)
    return ask(context, due, submitted) if isinstance(submitted, Problem) else submitted


SUBMIT = replace(button("submit", Action.SUBMIT), is_main=True)
RESUBMIT = replace(button("resubmit", Action.SUBMIT), is_main=True)


def _confirms_online(view: View) -> bool:
    return view.area is not None and view.area.confirmation is Confirmation.ONLINE


def _hints(view: View) -> list[Text]:
    answers, context = view.application.answers, view.answer_context
    used = [one for n, one in enumerate(context.education, 1) if str(n) == answers.get("education")]
    return [
        *plausibility.form_hints(answers, context.counts_to),
        *(hint for one in used for hint in plausibility.record_hints(one, context.born)),
    ]


def render_summary(view: View) -> Screen:
    """Show everything page by page under the photo, with a button for each page."""
    photo, is_first = view.application.photo, TAKEN not in view.data
    return Screen(
        _summary_text(view),
        _summary_buttons(view),
        # A corrected line shows the text again, and not the photo.
        above=AlbumItem(Text("summary-photo"), Portrait(photo)) if photo and is_first else None,
    )


def _summary_text(view: View) -> tuple[Paragraph, ...]:
    area = view.area.display_name(view.locale) if view.area else ""
    head = Text("summary-head", {"exam": view.exam.display_name(view.locale), "area": area})
    pages = tuple(
        (Text("summary-page", {"title": page.title}), *about(view, page)[:1], *lines)
        for page in FORM.pages
        if (lines := page_lines(view, page))
    )
    papers = Text("summary-no-materials")
    if _confirms_online(view):
        count = sum(len(files) for files in view.application.materials.values())
        papers = Text("summary-materials", {"count": count})
    hints, eligible = hints_part(_hints(view)), candidate_assessment(view)
    return (head, *hints, *pages, papers, *eligible, Text("pledge-again"), _before_submitting(view))


def _before_submitting(view: View) -> Text:
    """Return until when to submit, or the record to check first."""
    if unchecked := unchecked_record(view.application.answers, view.answer_context):
        return Text("submit-unchecked", {"number": unchecked})
    key = "summary-withdrawn" if view.application.revision else "summary-closes"
    return Text(key, {"closes": submit_by(view)})


def _summary_buttons(view: View) -> Rows:
    """Return the button to submit, below that to a record to check, and those to change."""
    submitting = RESUBMIT if view.application.revision else SUBMIT
    first: Rows = ((submitting,),)
    if unchecked := unchecked_record(view.application.answers, view.answer_context):
        check = replace(education.check_button(Action.SEE, unchecked), is_main=True)
        first = ((check,), (replace(submitting, is_main=False),))
    parts = [button(f"edit-{page.key}", Action.EDIT, page.key) for page in FORM.pages]
    others = [button("edit-area", Action.EDIT, AREA), button("edit-photo", Action.EDIT, "photo")]
    if _confirms_online(view):
        others.append(button("edit-materials", Action.EDIT, "materials"))
    return (*first, *rows(*parts, *others, *_undo(view), across=2), (BACK,))


def render_page(view: View) -> Screen:
    """Show one page, with a button for each line.

    Raises:
        LookupError: the form has no such page.
    """
    page = FORM.page(view.data["page"])
    if page is None:
        raise LookupError("no such page")
    edits = [edit_button(field) for field in page_fields(view, page)]
    title = Text("summary-page", {"title": page.title})
    return Screen(
        ((title, *page_lines(view, page)), *about(view, page), Text("summary-page-ask")),
        (*rows(*edits, across=2), (BACK,)),
    )


FEATURE = Feature(
    questions={
        Form.asking: Question(
            ASKING.render,
            pressed(Action.ADD, education.add),
            pressed(Action.EDIT, education.verify),
            contact(share_contact),
            *ASKING.routes,
        ),
        Form.summary: Question(
            render_summary,
            pressed(Action.SUBMIT, submit, exclusive=True),
            pressed(Action.EDIT, open_page),
            pressed(Action.SEE, education.verify),
            pressed(Action.BACK, back),
        ),
        Form.page: Question(render_page, pressed(Action.EDIT, edit), pressed(Action.BACK, resume)),
    },
)
