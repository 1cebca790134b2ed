"""An education record filled in from a certificate: the candidate confirms each value.

A value that the candidate does not confirm is asked in the usual way afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData
from handlers.candidate.files.uploads import FILE, OVER
from handlers.candidate.filling import education
from handlers.paper_lines import CODE, crop_of, field_name, files_of, place_of_file, shown_value
from handlers.rendering import Overtaken, PaperCrops, Screen, View
from handlers.replies import show_screen
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.form.education import MAX_RECORDS, RECORD
from states.identity.normalization import tidy_code
from states.papers.comparing import OF_RECORD, Comparison, Outcome
from states.papers.values import PaperField, PaperKind, PaperReading, ReadValue
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.candidates import late_changes, papers
from storage.candidates.papers import PaperJudgement
from storage.engine.database import Connection
from storage.engine.encryption import Keyring

ASKS: Final = "record-paper-value"
NOTHING: Final = "record-paper-none"
FIELD: Final = "about"
YES, NO = "yes", "no"
_KINDS: Final = frozenset({PaperKind.GRADUATION, PaperKind.DEGREE})


async def begin(_update: Update, context: Context) -> StepResult:
    """Ask for the first value of a certificate that no record has yet."""
    person = context.person
    if len(person.education) >= MAX_RECORDS:
        return show_screen(NOTHING, Problem("problem-records-full", {"limit": MAX_RECORDS}))
    found = await _certificates(context.unit.tx, context.services.keyring, context.view)
    fresh = [one for one in found if not _is_known(one.reading, context.view)]
    if not fresh:
        return show_screen(NOTHING)
    first = values_of(fresh[0].reading, context.exam.papers.certainty)[0]
    return _ask(fresh[0].blob[:CODE], first)


async def take(_update: Update, context: Context) -> StepResult:
    """Take a confirmed value, or leave it out; then ask for the next one."""
    code, field, word = (*context.callback.value.split("/"), "", "")[:3]
    found = await _certificates(context.unit.tx, context.services.keyring, context.view)
    judgement = next((one for one in found if one.blob[:CODE] == code), None)
    values = values_of(judgement.reading, context.exam.papers.certainty) if judgement else ()
    at = next((n for n, one in enumerate(values) if one.field == field), None)
    is_full = len(context.person.education) >= MAX_RECORDS
    if at is None or word not in (YES, NO) or is_full:
        return show_screen(OVER)
    record = dict(context.person.record or {})
    if word == YES:
        asked = RECORD.fields[values[at].field]
        value = asked.parse(values[at].value, record, context.answer_context)
        if not isinstance(value, Problem):
            record[asked.key] = value
    context.unit.person = replace(context.person, record=record)
    if at + 1 < len(values):
        return _ask(code, values[at + 1])
    return education.ask_field(context, Text("record-paper-rest"))


def _ask(code: str, value: ReadValue) -> StepResult:
    return show_screen(ASKS, data={FILE: code, FIELD: value.field})


def values_of(reading: PaperReading, least: float) -> tuple[ReadValue, ...]:
    """Return the values of a certificate that were read surely and that a record has, too."""
    found = (reading.value(field) for field in OF_RECORD)
    return tuple(one for one in found if one is not None and one.certainty >= least)


def _is_known(reading: PaperReading, view: View) -> bool:
    """Return whether a record has the number of this certificate."""
    number = reading.value(PaperField.CERTIFICATE)
    known = {record.get("certificate") for record in view.person.education}
    return number is not None and tidy_code(number.value) in known


async def _certificates(
    connection: Connection, keyring: Keyring, view: View
) -> Sequence[PaperJudgement]:
    """Return the certificates of the application, or of its request, in which values were read."""
    application = view.records.application
    if application is None:
        return ()
    known = await papers.of_person(connection, keyring, view.person.id)
    asked = await late_changes.papers(connection, keyring, application)
    files = [*(one for _, _, one in files_of(application)), *asked]
    kept = [known[one.blob] for one in files if one.blob in known]
    least = view.exam.papers.certainty
    return [one for one in kept if one.reading.kind in _KINDS and values_of(one.reading, least)]


async def render_value(view: View, connection: Connection, keyring: Keyring) -> Screen:
    """Ask whether one value was read right, with the piece of the certificate.

    Raises:
        Overtaken: the certificate was removed meanwhile.
    """
    found = await _certificates(connection, keyring, view)
    judgement = next((one for one in found if one.blob[:CODE] == view.data[FILE]), None)
    if judgement is None:
        raise Overtaken
    values = values_of(judgement.reading, view.exam.papers.certainty)
    value = next((one for one in values if one.field == view.data[FIELD]), None)
    if value is None:
        raise Overtaken
    shown = {"field": field_name(value.field), "value": shown_value(value.field, value.value)}
    step = {"step": values.index(value) + 1, "count": len(values)}
    asked_for = await late_changes.papers(connection, keyring, view.records.application)
    place = place_of_file(view, judgement.blob, asked_for)
    head = Text("record-paper-head", {**place, **step})
    crop = crop_of(Comparison(value.field, Outcome.SAME, value.value, value))
    buttons = tuple(
        (_button(f"record-paper-{word}", f"{view.data[FILE]}/{value.field}/{word}"),)
        for word in (YES, NO)
    )
    asked = Text("record-paper-ask", shown)
    crops = PaperCrops(judgement.blob, (replace(crop, lines=()),), judgement.reading.turns)
    return Screen((head, asked), buttons, crops)


def _button(label: str, value: str) -> Button:
    return Button(Text(f"button-{label}"), CallbackData(Action.FILL, value, ANYWHERE))


def render_nothing(_view: View) -> Screen:
    """Say that no certificate can be used."""
    return Screen((Text("record-paper-none"),))


FEATURE = Feature(
    anywhere=(
        pressed(Action.GO, begin, "record-paper", exclusive=True),
        pressed(Action.FILL, take, exclusive=True),
    ),
    buttons=(education.FROM_PAPER,),
    screens={NOTHING: render_nothing},
    reading_screens={ASKS: render_value},
)
