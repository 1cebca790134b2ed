"""The portrait: the candidate sends a picture, and the bot checks it at once and shows the result.

The photo belongs to the person and is offered for later exams; an application keeps its own copy.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.filling.form import ASKING
from handlers.photo_lines import candidate_findings, figure, findings_of, marked
from handlers.rendering import (
    BACK,
    ComparedPhotos,
    Portrait,
    Screen,
    SendAsFile,
    View,
    button,
    time_left,
)
from handlers.replies import ask, ask_again, ask_next, reject, step_to
from handlers.routing import ExpectedFile, Feature, Question, file, pressed
from handlers.update_context import Context, JudgedPortrait, Picture
from states import photo
from states.changes import corrections
from states.form.pages import FORM
from states.fsm_states import Corrections, Photo
from states.photo.checks import faults, measures_as_text, measures_of_text
from states.progress.next_step import MENU, Position, photo_anew
from states.records import Application, Part, Stage
from states.step_result import ShowScreen, StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, blobs, photo_judgements
from storage.candidates.photo_judgements import PhotoJudgement

ORIGINAL = "original"
"""The key of position data for the original of the portrait shown."""
MENDED = "mended"
"""The key of position data for the mended portrait; also the value of the button that takes it."""
MEASURES, MENDED_MEASURES = "measures", "mended-measures"
"""The keys of position data for what was measured in both portraits."""
MARKED, AS_FILE = "photo-marked", "photo-as-file"
KINDS = ("portrait", "original")
MOST_BEFORE: Final = 2
"""Sentences of faults beside a mended photo, whose caption also explains the choice."""
BY_COMPRESSION: Final = frozenset(
    {"problem-photo-small", "problem-photo-pixels", "problem-photo-kb"}
)
"""The problems of a photo that the messenger made too small."""


async def begin(_update: Update, context: Context) -> StepResult:
    """Ask for another photo, or about the one that was shown; first for an account."""
    person = context.person
    return ask_next(context) if person.number_hash is None else ask(context, photo_anew(person))


async def check(_update: Update, context: Context) -> StepResult:
    """Name every rule that the picture breaks, or show the portrait made of it."""
    file = context.envelope.file
    if isinstance(file, Problem):
        return reject(context, file)
    if not isinstance(file, Picture):
        return ask_again(context, Text("photo-not-fetched"))
    problems = photo.check_photo(file.facts, context.exam.photo, compressed=file.compressed)
    if problems or file.portrait is None:
        return _reject(context, file, problems)
    context.unit.files += [file.original, file.portrait]
    shown = {
        "portrait": file.portrait.name,
        ORIGINAL: file.original.name,
        MEASURES: measures_as_text(file.measures),
    }
    first = JudgedPortrait(file.portrait, file.measures, file.fingerprint)
    context.unit.judgements.append(_judgement(context, file, first))
    if file.mended is not None:
        context.unit.files.append(file.mended.kept)
        context.unit.judgements.append(_judgement(context, file, file.mended))
        shown |= {
            MENDED: file.mended.kept.name,
            MENDED_MEASURES: measures_as_text(file.mended.measures),
        }
    # A candidate who answers something else first need not send the photo again.
    context.unit.person = replace(context.person, shown_photo=shown)
    return ask(context, Position(Photo.confirm, shown))


def _judgement(context: Context, file: Picture, judged: JudgedPortrait) -> PhotoJudgement:
    """Return the judgement to store of one of the photo's portraits."""
    found = findings_of(judged.measures, context.exam)
    return PhotoJudgement(
        blob=judged.kept.name,
        person_id=context.person.id,
        at=context.now,
        measures=judged.measures,
        verdicts={one.check: one.verdict for one in found},
        fingerprint=judged.fingerprint,
        is_mended=judged is file.mended,
        is_compressed=file.compressed,
    )


def _reject(context: Context, file: Picture, problems: Sequence[Problem]) -> StepResult:
    """Show the faults on the picture, or how to send it as a file; then ask again."""
    rejected = reject(context, *problems)
    above: list[ShowScreen] = []
    if file.measures.sharpness is not None and faults(findings_of(file.measures, context.exam)):
        data = {ORIGINAL: file.original.name, MEASURES: measures_as_text(file.measures)}
        above.append(ShowScreen(MARKED, data))
    if file.compressed and any(one.key in BY_COMPRESSION for one in problems):
        above.append(ShowScreen(AS_FILE))
    return replace(rejected, effects=(*above, *rejected.effects))


async def confirm(_update: Update, context: Context) -> StepResult:
    """Store the portrait that the candidate chose for the person and this application."""
    data = context.position.data
    wants_mended = context.callback.value == MENDED and MENDED in data
    portrait = data[MENDED if wants_mended else "portrait"]
    original = data.get(ORIGINAL)
    _use(context, portrait)
    if original is not None:
        await _drop_others(context, {portrait, original})
    await photo_judgements.confirm(context.unit.tx, context.services.keyring, portrait)
    context.unit.audit(AuditAction.PHOTO_CONFIRMED)
    return ask_next(context, Text("photo-kept"))


async def _drop_others(context: Context, kept: set[str]) -> None:
    """Drop earlier photos, except those of other or submitted applications."""
    tx, person = context.unit.tx, context.person
    mine = await applications.of_person(tx, context.services.keyring, person.id)
    frozen = {one.photo for one in mine if one.exam != context.exam.key or one.stage != Stage.DRAFT}
    context.unit.dropped_blobs += [
        file.name
        for file in await blobs.of_person(tx, person.id)
        if file.kind in KINDS and file.name not in kept | frozen
    ]


async def check_another(update: Update, context: Context) -> StepResult:
    """Show another picture instead; ignore the other files of an album that is answered already.

    The portrait stays that is shown if the new picture breaks a rule.
    """
    if context.is_of_the_same_album:
        return StepResult()
    if context.envelope.file is None:
        return ask_again(context, Text("unknown-kind"))
    return await check(update, context)


async def ask_another(_update: Update, context: Context) -> StepResult:
    """Ask for another picture, and offer the one shown no more."""
    context.unit.person = replace(context.person, shown_photo=None)
    return ask(context, Position(Photo.waiting))


async def back(_update: Update, context: Context) -> StepResult:
    """Return to the last question of a whole form, to the refused items, or to the menu."""
    application = _open(context)
    if application is not None and application.stage is not Stage.DRAFT:
        return ask(context, Position(Corrections.listing))
    answers, answer_context = application.answers if application else {}, context.answer_context
    if application is None or FORM.first_unanswered(answers, answer_context) is not None:
        return ask(context, MENU)
    return ask(context, ASKING.position(FORM.asked_fields(answers, answer_context)[-1].key))


async def keep(_update: Update, context: Context) -> StepResult:
    """Keep the photo as it is."""
    if context.person.photo is not None:
        _use(context, context.person.photo)
    return ask_next(context)


def _use(context: Context, portrait: str) -> None:
    context.unit.person = replace(context.person, photo=portrait, shown_photo=None)
    if (application := _open(context)) is not None:
        context.unit.application = replace(application, photo=portrait)


def _open(context: Context) -> Application | None:
    """Return the application whose photo can change: a draft, or one refused for its photo."""
    application = context.unit.application
    if application is None or application.stage is Stage.DRAFT:
        return application
    is_open = corrections.is_open(application, context.exam, context.now)
    return application if is_open and corrections.find_fault(application, Part.PHOTO) else None


def render_waiting(view: View) -> Screen:
    """Ask for the photo, with the published rule."""
    rule = view.exam.photo
    ask = Text(
        "photo-ask",
        {
            "formats": rule.format_names,
            "width": rule.min_width,
            "height": rule.min_height,
            "kb": rule.min_kb,
        },
    )
    kept = ((button("keep", Action.CONFIRM),),) if view.person.photo else ()
    about = (Text("photo-head"), *time_left(view))
    return Screen((about, ask), (*kept, (BACK,)), format=Text("format-photo"))


def render_confirm(view: View) -> Screen:
    """Show the portrait with its figures, and ask about what the program cannot check."""
    if MENDED in view.data:
        return _render_choice(view)
    buttons = ((button("photo-good", Action.CONFIRM),), (button("photo-again", Action.EDIT),))
    blob = view.data["portrait"]
    if MEASURES not in view.data:
        is_known = blob == view.person.photo
        asked = Text("photo-confirm-known" if is_known else "photo-confirm")
        return Screen((asked,), buttons, Portrait(blob))
    measures = measures_of_text(view.data[MEASURES])
    lines = candidate_findings(measures, view.exam)
    return Screen((Text("photo-confirm"), lines), buttons, marked(blob, measures, view.exam))


def _render_choice(view: View) -> Screen:
    """Show the portrait before and after it was mended, side by side."""
    before, after = (
        measures_of_text(view.data.get(key, "")) for key in (MEASURES, MENDED_MEASURES)
    )
    left = faults(findings_of(after, view.exam))
    lines = tuple(figure(one, after) for one in left[:MOST_BEFORE])
    buttons = (
        (button("photo-use-mended", Action.CONFIRM, MENDED),),
        (button("photo-use-first", Action.CONFIRM),),
        (button("photo-again", Action.EDIT),),
    )
    labels = (Text("photo-before"), Text("photo-after"))
    shown = ComparedPhotos(view.data["portrait"], view.data[MENDED], labels)
    asked = (Text("photo-choose"), candidate_findings(before, view.exam, MOST_BEFORE, mends=True))
    still = ((Text("photo-still"), *lines),) if lines else ()
    return Screen((*asked, *still), buttons, shown)


def render_marked(view: View) -> Screen:
    """Show the faults of a photo that breaks the rule, drawn on it."""
    measures = measures_of_text(view.data[MEASURES])
    shown = marked(view.data[ORIGINAL], measures, view.exam)
    return Screen((candidate_findings(measures, view.exam),), picture=shown)


def render_as_file(_view: View) -> Screen:
    """Show the three steps by which a photo is sent as a file."""
    steps = (Text("as-file-1"), Text("as-file-2"), Text("as-file-3"))
    return Screen((steps,), picture=SendAsFile(Text("as-file-title"), steps))


FEATURE = Feature(
    anywhere=(pressed(Action.GO, begin, "photo"),),
    questions={
        Photo.waiting: Question(
            render_waiting,
            file(check, ExpectedFile.PHOTO),
            pressed(Action.CONFIRM, keep),
            pressed(Action.BACK, back),
        ),
        Photo.confirm: Question(
            render_confirm,
            pressed(Action.CONFIRM, confirm, exclusive=True),
            pressed(Action.EDIT, ask_another),
            pressed(Action.BACK, step_to(Position(Photo.waiting))),
            file(check_another, ExpectedFile.PHOTO),
        ),
    },
    screens={MARKED: render_marked, AS_FILE: render_as_file},
)
