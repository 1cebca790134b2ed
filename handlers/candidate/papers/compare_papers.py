"""A paper says one thing and the form another: the candidate says which is right.

The question comes after the paper was read, beside the open question. The paper's value is never
taken by itself: the candidate corrects the form in the usual way, with this value filled in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData
from handlers.candidate.changes import correct_identity
from handlers.candidate.files.uploads import FILE, OVER
from handlers.candidate.filling import education
from handlers.paper_lines import (
    CODE,
    DIFFERS,
    crop_of,
    field_name,
    file_of,
    place_of_file,
    shown_value,
    untold,
)
from handlers.rendering import Overtaken, PaperCrops, Screen, View
from handlers.replies import ask, show_screen
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.form.education import MAX_RECORDS, RECORD
from states.fsm_states import Form
from states.papers.comparing import OF_RECORD, Comparison, matching_record
from states.papers.values import PaperField
from states.progress import next_step
from states.progress.next_step import EDITED, Position
from states.step_result import ShowScreen, StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import late_changes, papers
from storage.candidates.papers import PaperJudgement, Said
from storage.engine.database import Connection
from storage.engine.encryption import Keyring

SAID: Final = "paper-said"
CLOSED: Final = "paper-closed"
WORD: Final = "said"
FIELD: Final = "about"
"""Keys of a screen's data: the candidate's word, and the value that it is about."""
_IDENTITY: Final = frozenset({PaperField.NAME, PaperField.ID_NUMBER, PaperField.BORN})
_RESIDENT: Final = "residency_month"


async def answer(update: Update, context: Context) -> StepResult:
    """Keep the candidate's word; where the paper is right, lead to the correction."""
    code, field, word = (*context.callback.value.split("/"), "", "")[:3]
    judgement = await _judgement(context.unit.tx, context.services.keyring, context.view, code)
    found = untold(context.view, judgement) if judgement is not None else ()
    difference = next((one for one in found if one.field == field), None)
    if judgement is None or difference is None or word not in set(Said):
        return show_screen(OVER)
    said, unit = Said(word), context.unit
    judgement = await papers.say(
        unit.tx, context.services.keyring, judgement, difference.field, said
    )
    unit.audit(AuditAction.PAPER_SAID, f"{difference.field} {said}")
    if said is Said.PAPER:
        return await _correct(update, context, judgement, difference)
    shown = ShowScreen(SAID, {WORD: said, FIELD: difference.field})
    more = untold(context.view, judgement)
    again = (ShowScreen(DIFFERS, {FILE: judgement.blob[:CODE]}),) if more else ()
    return StepResult(effects=(shown, *again))


async def _correct(
    update: Update, context: Context, judgement: PaperJudgement, difference: Comparison
) -> StepResult:
    """Lead to the correction of a value: of the account, of a record, of the form."""
    field = difference.field
    if field in _IDENTITY:
        return await correct_identity.begin(update, context)
    key = _RESIDENT if field is PaperField.RESIDENT else education.FIELD
    position = Position(Form.asking, {"field": key, EDITED: "yes"})
    if not next_step.is_answerable(position, context.unit.records, context.exam, context.now):
        return show_screen(CLOSED, data={FIELD: field})
    if field not in OF_RECORD:
        value = shown_value(field, difference.read.value) if difference.read else ""
        return ask(context, position, Text("paper-type", {"value": value}))
    return _new_record(context, judgement, difference)


def _new_record(context: Context, judgement: PaperJudgement, difference: Comparison) -> StepResult:
    """Begin a record like the one that the paper is about, with the paper's value.

    A record is fixed, so a new one corrects it. Its check at 学信网 is asked anew.
    """
    person, read = context.person, difference.read
    application = context.own_application
    if len(person.education) >= MAX_RECORDS:
        return show_screen(CLOSED, Problem("problem-records-full", {"limit": MAX_RECORDS}))
    old = matching_record(judgement.reading, person, application) or {}
    record = {k: v for k, v in old.items() if k not in ("verification", difference.field)}
    asked = RECORD.fields[difference.field]
    if read is not None:
        value = asked.parse(read.value, record, context.answer_context)
        if not isinstance(value, Problem):
            record[asked.key] = value
    context.unit.person = replace(person, record=record)
    return education.ask_field(context, Text("paper-new-record"))


async def _judgement(
    connection: Connection, keyring: Keyring, view: View, code: str
) -> PaperJudgement | None:
    """Return the judgement of a file of the present application or request, if it was read."""
    application = view.records.application
    if application is None or not code:
        return None
    file = file_of(application, code)
    if file is None:
        asked = await late_changes.papers(connection, keyring, application)
        file = next((one for one in asked if one.blob[:CODE] == code[:CODE]), None)
    if file is None:
        return None
    known = (await papers.of_person(connection, keyring, view.person.id)).get(file.blob)
    return known if known is not None and known.is_read else None


async def render_differs(view: View, connection: Connection, keyring: Keyring) -> Screen:
    """Ask about the first difference, with the piece of the paper that it was read from.

    Raises:
        Overtaken: the paper was exchanged, or nothing differs any more.
    """
    judgement = await _judgement(connection, keyring, view, view.data[FILE])
    found = untold(view, judgement) if judgement is not None else ()
    if judgement is None or not found:
        raise Overtaken
    first, code = found[0], judgement.blob[:CODE]
    read = shown_value(first.field, first.read.value) if first.read else ""
    values = {
        "field": field_name(first.field),
        "read": read,
        "form": shown_value(first.field, first.form),
    }
    is_number = first.field is PaperField.ID_NUMBER
    question = Text("paper-which-number" if is_number else "paper-which", values)
    asked = await late_changes.papers(connection, keyring, view.application)
    place = place_of_file(view, judgement.blob, asked)
    head = Text("paper-differs", {**place, "more": len(found) - 1})
    buttons = tuple(
        (_button(f"paper-{said}-right", f"{code}/{first.field}/{said}"),) for said in Said
    )
    crops = PaperCrops(judgement.blob, (crop_of(first),), judgement.reading.turns)
    return Screen((head, question, Text("paper-machine")), buttons, crops)


def _button(label: str, value: str) -> Button:
    return Button(Text(f"button-{label}"), CallbackData(Action.COMPARE, value, ANYWHERE))


def render_said(view: View) -> Screen:
    """Say that the form stays as it is, and that the staff see both."""
    return Screen((Text("paper-form-stays", {"field": Text(f"paper-field-{view.data[FIELD]}")}),))


def render_closed(_view: View) -> Screen:
    """Say that the form cannot be changed now, and that the staff see the candidate's word."""
    return Screen((Text("paper-closed"),))


FEATURE = Feature(
    anywhere=(pressed(Action.COMPARE, answer, exclusive=True),),
    screens={SAID: render_said, CLOSED: render_closed},
    reading_screens={DIFFERS: render_differs},
)
