"""Education records: a person keeps at most five of them, for every year, and never deletes one.

A form refers to one of them (guide (5)). A record is fixed but for the check at 学信网: the
candidate reports its result here. A new record corrects a wrong one.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData, go
from handlers.candidate.filling.account import step_with_account
from handlers.questions.answer_lines import answer_lines, edit_button, hints_part, taken_line
from handlers.questions.asking import Questions
from handlers.questions.listing import choice_routes, choice_screen, leaves_part, whole_list
from handlers.rendering import BACK, Screen, View, button, place_on_form, rows, time_left
from handlers.replies import ask, ask_again
from handlers.routing import Feature, Question, pressed
from handlers.update_context import Context
from states.form import education, plausibility
from states.form.education import MAX_RECORDS, PENDING, RECORD, is_usable
from states.form.fields import Field, Option
from states.form.pages import EDUCATION, FORM
from states.fsm_states import Education, Form
from states.progress import next_step
from states.progress.next_step import EDITED, MENU, Position
from states.records import Answers, Records, Stage
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction

FIELD = "education"
"""The form field that a record answers."""
VERIFICATION = RECORD.fields["verification"]
FROM_PAPER = go("record-paper")
"""The button to a record filled in from a certificate (``fill_record``)."""


async def add(_update: Update, context: Context) -> StepResult:
    """Begin a record, or continue the one begun."""
    person = context.person
    if len(person.education) >= MAX_RECORDS:
        return ask_again(context, Problem("problem-records-full", {"limit": MAX_RECORDS}))
    context.unit.person = replace(person, record=person.record or {})
    return ask_field(context)


async def verify(_update: Update, context: Context) -> StepResult:
    """Ask how far the check of a record has come."""
    number = context.callback.value
    if _pending(context.person.education, number) is None:
        return ask_again(context)
    return ask(context, Position(Education.verifying, {"record": number}))


def _take_verification(context: Context, result: Option) -> StepResult:
    """Store the result of the check."""
    person, number = context.person, context.position.data["record"]
    record = _pending(person.education, number)
    if record is None:
        return ask_again(context, Problem("problem-choice"))
    said = taken_line(VERIFICATION.name, result.display_name(person.locale))
    if result.code == PENDING:
        return _return(context, said, Text("record-waits-still"))
    changed = {**record, "verification": result.code}
    kept = [changed if one is record else one for one in person.education]
    context.unit.person = replace(person, education=tuple(kept))
    context.unit.audit(AuditAction.RECORD_VERIFIED, number)
    return _return(context, said, Text("record-verified"))


async def keep(_update: Update, context: Context) -> StepResult:
    """Store the record for good; a form that waits for one refers to it."""
    person, record = context.person, context.person.record or {}
    if RECORD.first_unanswered(record, context.answer_context) is not None:
        return ask_field(context)
    wrong = education.find_contradiction(record)
    if wrong is not None:
        return ask_again(context, wrong)
    if any(_is_same(record, known) for known in person.education):
        known = Problem("problem-record-known")
        return _ask_which(context, known) if _form_refers(context) else _to_list(context, known)
    context.unit.person = replace(person, education=(*person.education, record), record=None)
    number = str(len(person.education) + 1)
    context.unit.audit(AuditAction.RECORD_KEPT, number)
    waits = Text("record-waits", {"number": number})
    kept = Text("record-kept") if is_usable(record) else waits
    if _form_refers(context):
        return _ask_which(context, kept)
    application = context.unit.application
    if application is not None and application.stage is Stage.DRAFT:
        answers = {FIELD: number, **application.answers}
        context.unit.application = replace(application, answers=answers)
    return _return(context, kept)


async def edit(_update: Update, context: Context) -> StepResult:
    """Ask for one line of the record again."""
    key = context.callback.value
    return ask(context, ASKING.position(key)) if key in RECORD.fields else ask_again(context)


async def last(_update: Update, context: Context) -> StepResult:
    """Ask the last question of the record."""
    asked = RECORD.asked_fields(context.person.record or {}, context.answer_context)
    return ask(context, ASKING.position(asked[-1].key))


async def leave(_update: Update, context: Context) -> StepResult:
    """Leave the records; from what a search has found, show all results."""
    if leaves_part(context):
        return ask(context, whole_list(context))
    return ask(context, MENU) if context.position.state is Education.records else _return(context)


def ask_field(context: Context, *header_lines: Text) -> StepResult:
    """Ask the first question of the begun record that is open, or show the whole record."""
    return ask(
        context,
        next_step.record_due(context.person.record or {}, context.answer_context),
        *header_lines,
    )


def _before(context: Context) -> StepResult:
    """Leave a record before its first question; its answers stay until the next visit."""
    application = context.unit.application
    if application is not None and not context.person.education and _form_waits(context):
        previous = FORM.previous_field(application.answers, FIELD, context.answer_context)
        if previous is not None:
            return ask(context, Position(Form.asking, {"field": previous.key}))
    return _to_list(context)


def _ask_which(context: Context, *header_lines: Text) -> StepResult:
    """Ask which record the form refers to."""
    return ask(context, Position(Form.asking, {"field": FIELD, EDITED: "yes"}), *header_lines)


def _to_list(context: Context, *header_lines: Text) -> StepResult:
    """Return to the stored records, although another one has begun."""
    if context.person.education and _form_waits(context):
        return ask(context, Position(Form.asking, {"field": FIELD}), *header_lines)
    return _return(context, *header_lines)


def _form_waits(context: Context) -> bool:
    """Return whether a record answers the form's next question."""
    due = context.due
    return due.state in (Education.asking, Education.confirm) or due.data.get("field") == FIELD


def _form_refers(context: Context) -> bool:
    """Return whether an open form refers to a record and may refer to another."""
    records, application = context.unit.records, context.unit.application
    if context.due == MENU or application is None or FIELD not in application.answers:
        return False
    position = Position(Form.asking, {"field": FIELD})
    return next_step.is_answerable(position, records, context.exam, context.now)


def _return(context: Context, *header_lines: Text) -> StepResult:
    """Return to the form that waits for a record or refers to one; else to all records."""
    due, application = context.due, context.unit.application
    if due == MENU or application is None or not application.site:
        return ask(context, Position(Education.records), *header_lines)
    return ask(context, due, *header_lines)


def _pending(records: tuple[Answers, ...], number: str) -> Answers | None:
    """Return the record of this number while its check is pending."""
    found = [record for n, record in enumerate(records, start=1) if str(n) == number]
    return found[0] if found and found[0]["verification"] == PENDING else None


def _is_same(one: Answers, other: Answers) -> bool:
    """Return whether two records say the same; one with another date or school is a correction."""
    return all(one[key] == other[key] for key in _SAYS)


_SAYS = ("degree", "certificate", "school", "major", "graduated")


def _read(records: Records) -> Answers:
    return (records.person.record if records.person else None) or {}


def _write(context: Context, answers: Answers) -> None:
    context.unit.person = replace(context.person, record=answers)


def _head(view: View, field: Field) -> Text:
    """Return the place of a question: on page (5) while the form waits, else in the record."""
    application = view.records.application
    if application is not None and application.site and FIELD not in application.answers:
        return place_on_form(EDUCATION)
    progress = RECORD.progress(_read(view.records), field, view.answer_context)
    numbers = {"number": str(progress.number), "count": str(progress.count)}
    return Text("record-position", numbers)


ASKING = Questions(
    questionnaire=RECORD,
    state=Education.asking,
    read=_read,
    write=_write,
    ask_next=ask_field,
    before=_before,
    head=_head,
)


def check_button(action: Action, number: str) -> Button:
    """Return the button to report the result of a record's check."""
    return Button(Text("button-verify", {"number": number}), CallbackData(action, number))


def record_buttons(view: View) -> tuple[Button, ...]:
    """Return the buttons below the records: add one, and report the results of checks."""
    records = view.person.education
    checks = [
        check_button(Action.EDIT, str(n))
        for n, record in enumerate(records, start=1)
        if record["verification"] == PENDING
    ]
    more = (button("add-record", Action.ADD),) if len(records) < MAX_RECORDS else ()
    application = view.records.application
    has_papers = application is not None and bool(application.materials or application.change)
    from_paper = (FROM_PAPER,) if more and has_papers and view.exam.papers.reads else ()
    return (*checks, *more, *from_paper)


def record_lines(view: View) -> tuple[Text, ...]:
    """Return a line for each record, and whether a form may refer to it."""
    return tuple(
        Text(
            "record-numbered" if is_usable(record) else "record-numbered-waits",
            {"number": str(n), "record": education.record_line(record)},
        )
        for n, record in enumerate(view.person.education, start=1)
    )


def render_records(view: View) -> Screen:
    """List all records."""
    about = Text("records-head", {"limit": MAX_RECORDS})
    lines = record_lines(view) or (Text("records-none"),)
    return Screen((about, lines), (*rows(*record_buttons(view)), (BACK,)))


def render_confirm(view: View) -> Screen:
    """Show the record before it is stored for good."""
    record = view.person.record or {}
    fields = RECORD.asked_fields(record, view.answer_context)
    lines = answer_lines(fields, record, view, skipped=True)
    edits = [edit_button(field) for field in fields]
    hints = [*plausibility.record_hints(record, view.answer_context.born)]
    return Screen(
        (*time_left(view), Text("record-confirm"), lines, *hints_part(hints)),
        (*rows(button("keep-record", Action.CONFIRM)), *rows(*edits, across=2), (BACK,)),
    )


def render_verifying(view: View) -> Screen:
    """Ask for the result of the check of one record."""
    number = view.data["record"]
    record = view.person.education[int(number) - 1]
    results = VERIFICATION.options(record, view.answer_context)
    question = Text("record-verify-ask", {"record": education.record_line(record)})
    return choice_screen(view, (), question, results, BACK)


FEATURE = Feature(
    anywhere=(pressed(Action.GO, step_with_account(Position(Education.records)), "education"),),
    questions={
        Education.records: Question(
            render_records,
            pressed(Action.ADD, add),
            pressed(Action.EDIT, verify),
            pressed(Action.BACK, leave),
        ),
        Education.asking: Question(ASKING.render, *ASKING.routes),
        Education.confirm: Question(
            render_confirm,
            pressed(Action.CONFIRM, keep),
            pressed(Action.EDIT, edit),
            pressed(Action.BACK, last),
            stays=True,
        ),
        Education.verifying: Question(
            render_verifying,
            pressed(Action.BACK, leave),
            *choice_routes(
                VERIFICATION.key,
                lambda context: VERIFICATION.options({}, context.answer_context),
                _take_verification,
            ),
        ),
    },
)
