"""The portrait: the candidate sends a picture, and the bot checks it at once and shows the result.

The photo belongs to the person and is offered for later exams; an application keeps its own copy.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.account import step_with_account
from handlers.candidate.form import ASKING
from handlers.rendering import BACK, Portrait, Screen, View, button, time_left
from handlers.replies import ask, ask_again, ask_next, reject, step_to
from handlers.routing import ExpectedFile, Feature, Question, file, pressed
from handlers.update_context import Context, Picture
from states import corrections, photo
from states.form.pages import FORM
from states.fsm_states import Corrections, Photo
from states.next_step import MENU, Position
from states.records import Application, Part, Stage
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, blobs

ORIGINAL = "original"
"""The key of position data for the original of the portrait shown."""
KINDS = ("portrait", "original")


async def check(_update: Update, context: Context) -> StepResult:
    """Name every rule that the picture breaks, or show the portrait made of it."""
    file = context.envelope.file
    if isinstance(file, Problem):
        return reject(context, file)
    if not isinstance(file, Picture):
        return ask_again(context, Text("photo-not-fetched"))
    problems = photo.check_photo(file.facts, context.exam.photo, compressed=file.compressed)
    if problems or file.portrait is None:
        return reject(context, *problems)
    context.unit.files += [file.original, file.portrait]
    shown = {"portrait": file.portrait.name, ORIGINAL: file.original.name}
    return ask(context, Position(Photo.confirm, shown))


async def confirm(_update: Update, context: Context) -> StepResult:
    """Store the portrait for the person and this application."""
    portrait, original = context.position.data["portrait"], context.position.data.get(ORIGINAL)
    _use(context, portrait)
    if original is not None:
        await _drop_others(context, {portrait, original})
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
    context.unit.person = replace(context.person, photo=portrait)
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
    """Show the portrait, and ask about what the program cannot check."""
    buttons = ((button("photo-good", Action.CONFIRM),), (button("photo-again", Action.EDIT),))
    is_known = view.data["portrait"] == view.person.photo
    asked = Text("photo-confirm-known" if is_known else "photo-confirm")
    return Screen((asked,), buttons, Portrait(view.data["portrait"]))


FEATURE = Feature(
    anywhere=(pressed(Action.GO, step_with_account(Position(Photo.waiting)), "photo"),),
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
            pressed(Action.EDIT, step_to(Position(Photo.waiting))),
            pressed(Action.BACK, step_to(Position(Photo.waiting))),
            file(check_another, ExpectedFile.PHOTO),
        ),
    },
)
