"""The candidate keeps education records: for every year, at most five, never taken away.

A form refers to one of them (guide (5)). What was kept stays as it is but for the check at 学信网,
whose result the candidate reports here; a mistake is mended by adding the right record.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.candidate.answer_lines import given, position_of
from handlers.questions.asking import Questions
from handlers.rendering import BACK, Screen, View, button, rows, time_left
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states import flow
from states.flow import EDITED, MENU, Position
from states.form import education
from states.form.education import MAX_RECORDS, PENDING, RECORD, is_usable
from states.form.engine import QuestionProgress
from states.form.pages import EDUCATION, FORM
from states.records import Answers, Records, Stage
from states.state_groups import Education, Form
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction

FIELD = "education"
"""The question of the form that is answered by a record."""


async def show(_update: Update, context: Context) -> StepResult:
    """All records, from what is kept of the person; only of those who have an account."""
    if context.person.number_hash is None:
        return context.onward()
    return context.ask(Position(Education.records))


async def add(_update: Update, context: Context) -> StepResult:
    """Begin a record, or go on with the one that was begun."""
    person = context.person
    if len(person.education) >= MAX_RECORDS:
        return context.stay(Problem("problem-records-full", {"limit": MAX_RECORDS}))
    context.unit.person = replace(person, record=person.record or {})
    return _asked(context)


async def verify(_update: Update, context: Context) -> StepResult:
    """How far the check of a record has come."""
    number = context.callback.value
    if _pending(context.person.education, number) is None:
        return context.stay()
    return context.ask(Position(Education.verifying, {"record": number}))


async def verified(_update: Update, context: Context) -> StepResult:
    """The result of the check."""
    person, number = context.person, context.position.data["record"]
    record, result = _pending(person.education, number), context.callback.value
    if (
        record is None
        or RECORD.fields["verification"].option(result, record, context.answer_context) is None
    ):
        return context.stay(Problem("problem-choice"))
    if result == PENDING:
        return _after(context, Text("record-waits-still"))
    changed = {**record, "verification": result}
    kept = [changed if one is record else one for one in person.education]
    context.unit.person = replace(person, education=tuple(kept))
    context.unit.audit(AuditAction.RECORD_VERIFIED, number)
    return _after(context, Text("record-verified"))


async def keep(_update: Update, context: Context) -> StepResult:
    """Keep the record for good; a form that waits for one takes it."""
    person, record = context.person, context.person.record or {}
    if RECORD.first_unanswered(record, context.answer_context) is not None:
        return _asked(context)
    wrong = education.find_contradiction(record)
    if wrong is not None:
        return context.stay(wrong)
    if any(_is_same(record, known) for known in person.education):
        known = Problem("problem-record-known")
        return _which(context, known) if _refers(context) else _listed(context, known)
    context.unit.person = replace(person, education=(*person.education, record), record=None)
    number = str(len(person.education) + 1)
    context.unit.audit(AuditAction.RECORD_KEPT, number)
    if not is_usable(record):
        return _after(context, Text("record-waits"))
    if _refers(context):
        return _which(context, Text("record-kept"))
    application = context.unit.application
    if application is not None and application.stage is Stage.DRAFT:
        answers = {FIELD: number, **application.answers}
        context.unit.application = replace(application, answers=answers)
    return _after(context, Text("record-kept"))


async def edit(_update: Update, context: Context) -> StepResult:
    """One line of the record once more."""
    key = context.callback.value
    return context.ask(ASKING.at(key)) if key in RECORD.fields else context.stay()


async def last(_update: Update, context: Context) -> StepResult:
    """The last question of the record."""
    return context.ask(
        ASKING.at(RECORD.asked_fields(context.person.record or {}, context.answer_context)[-1].key)
    )


async def leave(_update: Update, context: Context) -> StepResult:
    """Out of the records."""
    return context.ask(MENU) if context.position.state is Education.records else _after(context)


def _asked(context: Context, *header_lines: Text) -> StepResult:
    return context.ask(
        flow.record_due(context.person.record or {}, context.answer_context), *header_lines
    )


def _before(context: Context) -> StepResult:
    """Out of a record that is being written; what was written is there when it is begun again."""
    application = context.unit.application
    if application is not None and not context.person.education and _waits(context):
        previous = FORM.previous_field(application.answers, FIELD, context.answer_context)
        if previous is not None:
            return context.ask(Position(Form.asking, {"field": previous.key}))
    return _listed(context)


def _which(context: Context, *header_lines: Text) -> StepResult:
    """The form refers to a record already: which is it to be?"""
    return context.ask(Position(Form.asking, {"field": FIELD, EDITED: "yes"}), *header_lines)


def _listed(context: Context, *header_lines: Text) -> StepResult:
    """To the records that are kept, even with another one begun: one of them may do after all."""
    if context.person.education and _waits(context):
        return context.ask(Position(Form.asking, {"field": FIELD}), *header_lines)
    return _after(context, *header_lines)


def _waits(context: Context) -> bool:
    """Whether the form's next question is the one that a record answers."""
    due = flow.due(context.unit.records, context.exam, context.now)
    return due.state in (Education.asking, Education.confirm) or due.data.get("field") == FIELD


def _refers(context: Context) -> bool:
    """Whether there is a form to go on with that refers to a record, and may refer to another."""
    records, exam, now = context.unit.records, context.exam, context.now
    place = Position(Form.asking, {"field": FIELD})
    is_open = flow.due(records, exam, now) != MENU and flow.is_answerable(place, records, exam, now)
    application = records.application
    return is_open and application is not None and FIELD in application.answers


def _after(context: Context, *header_lines: Text) -> StepResult:
    """Back to the form that waits for a record or refers to one; else to all records."""
    due = flow.due(context.unit.records, context.exam, context.now)
    application = context.unit.application
    if due == MENU or application is None or not application.site:
        return context.ask(Position(Education.records), *header_lines)
    return context.ask(due, *header_lines)


def _pending(records: tuple[Answers, ...], number: str) -> Answers | None:
    """The record of this number, if its check has not ended."""
    found = [record for n, record in enumerate(records, start=1) if str(n) == number]
    return found[0] if found and found[0]["verification"] == PENDING else None


def _is_same(one: Answers, other: Answers) -> bool:
    return all(one[key] == other[key] for key in ("degree", "certificate"))


def _read(records: Records) -> Answers:
    return (records.person.record if records.person else None) or {}


def _write(context: Context, answers: Answers) -> None:
    context.unit.person = replace(context.person, record=answers)


def _head(view: View, progress: QuestionProgress) -> Text:
    """As a part of page (5), where the form waits for the record; else by itself."""
    application = view.records.application
    if application is not None and application.site and FIELD not in application.answers:
        return position_of(EDUCATION, progress.number, progress.count)
    numbers = {"number": str(progress.number), "count": str(progress.count)}
    return Text("record-position", numbers)


ASKING = Questions(
    questionnaire=RECORD,
    state=Education.asking,
    read=_read,
    write=_write,
    onward=_asked,
    before=_before,
    head=_head,
)


def ways(view: View) -> tuple[Button, ...]:
    """What can be done with the records: another one, and the results of checks."""
    records = view.person.education
    checks = [
        Button(Text("button-verify", {"number": str(n)}), CallbackData(Action.EDIT, str(n)))
        for n, record in enumerate(records, start=1)
        if record["verification"] == PENDING
    ]
    more = (button("add-record", Action.ADD),) if len(records) < MAX_RECORDS else ()
    return (*checks, *more)


def listed(view: View) -> tuple[Text, ...]:
    """A line for each record, by its number, and whether a form may refer to it."""
    return tuple(
        Text(
            "record-numbered" if is_usable(record) else "record-numbered-waits",
            {"number": str(n), "record": education.record_line(record)},
        )
        for n, record in enumerate(view.person.education, start=1)
    )


def render_records(view: View) -> Screen:
    """All records, and what can be done with them."""
    about = Text("records-head", {"limit": MAX_RECORDS})
    lines = listed(view) or (Text("records-none"),)
    return Screen((about, lines), (*rows(*ways(view)), (BACK,)))


def render_confirm(view: View) -> Screen:
    """The record as it will be kept, for good."""
    record = view.person.record or {}
    fields = RECORD.asked_fields(record, view.answer_context)
    lines = given(fields, record, view.answer_context, view.locale)
    edits = [
        Button(Text("button-edit-line", {"field": one.name}), CallbackData(Action.EDIT, one.key))
        for one in fields
    ]
    return Screen(
        (*time_left(view), Text("record-confirm"), lines),
        (*rows(button("keep-record", Action.CONFIRM)), *rows(*edits, across=2), (BACK,)),
    )


def render_verifying(view: View) -> Screen:
    """Asks for the result of the check of one record."""
    number = view.data["record"]
    record = view.person.education[int(number) - 1]
    results = [
        Button(one.display_name(view.locale), CallbackData(Action.CHOOSE, one.code))
        for one in RECORD.fields["verification"].options(record, view.answer_context)
    ]
    return Screen(
        (Text("record-verify-ask", {"record": education.record_line(record)}),),
        (*rows(*results), (BACK,)),
    )


FEATURE = Feature(
    anywhere=(pressed(Action.GO, show, "education"),),
    routes={
        Education.records: (
            pressed(Action.ADD, add),
            pressed(Action.EDIT, verify),
            pressed(Action.BACK, leave),
        ),
        Education.asking: ASKING.routes,
        Education.confirm: (
            pressed(Action.CONFIRM, keep),
            pressed(Action.EDIT, edit),
            pressed(Action.BACK, last),
        ),
        Education.verifying: (pressed(Action.CHOOSE, verified), pressed(Action.BACK, leave)),
    },
    screens={
        Education.records: render_records,
        Education.asking: ASKING.render,
        Education.confirm: render_confirm,
        Education.verifying: render_verifying,
    },
)
