"""The candidate's portrait: sent as picture or file, checked at once, shown as it will be used.

The photo belongs to the person and is offered for later exams; an application freezes its copy.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.form import ASKING
from handlers.rendering import BACK, Portrait, Screen, View, button, time_left
from handlers.routing import ExpectedFile, Feature, file, pressed
from handlers.update_context import Context, Picture
from states import mending, photo
from states.flow import MENU, Position
from states.form.pages import FORM
from states.records import Application, Part, Stage
from states.state_groups import Mend, Photo
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, blobs

ORIGINAL = "original"
"""In a place: the photo as it came, of the portrait that is shown."""
KINDS = ("portrait", "original")


async def offer(_update: Update, context: Context) -> StepResult:
    """From what is kept of the person; only of those who have an account."""
    if context.person.number_hash is None:
        return context.onward()
    return context.ask(Position(Photo.waiting))


async def check(_update: Update, context: Context) -> StepResult:
    """Say every rule that the picture fails, with its number; or show the portrait made of it."""
    file = context.envelope.file
    if isinstance(file, Problem):
        return context.refuse(file)
    if not isinstance(file, Picture):
        return context.stay(Text("photo-not-fetched"))
    problems = photo.check_photo(file.facts, context.exam.photo, compressed=file.compressed)
    if problems or file.portrait is None:
        return context.refuse(*problems)
    context.unit.files += [file.original, file.portrait]
    shown = {"portrait": file.portrait.name, ORIGINAL: file.original.name}
    return context.ask(Position(Photo.confirm, shown))


async def confirm(_update: Update, context: Context) -> StepResult:
    """This is the photo: the person's from now on, and this application's."""
    portrait, original = context.position.data["portrait"], context.position.data.get(ORIGINAL)
    _use(context, portrait)
    if original is not None:
        await _let_go_of_others(context, {portrait, original})
    context.unit.audit(AuditAction.PHOTO_CONFIRMED)
    return context.onward(Text("photo-kept"))


async def _let_go_of_others(context: Context, kept: set[str]) -> None:
    """Photos that were tried or replaced go, but for those that an application has frozen."""
    tx, person = context.unit.tx, context.person
    mine = await applications.of_person(tx, context.envelope.services.keyring, person.id)
    frozen = {one.photo for one in mine if one.exam != context.exam.key or one.stage != Stage.DRAFT}
    context.unit.dropped_blobs += [
        file.name
        for file in await blobs.of_person(tx, person.id)
        if file.kind in KINDS and file.name not in kept | frozen
    ]


async def rest_of_album(_update: Update, context: Context) -> StepResult:
    """One photo is enough: what else came with it in an album has been answered by its portrait."""
    return StepResult() if context.is_of_the_same_album else context.stay(Text("unknown-kind"))


async def again(_update: Update, context: Context) -> StepResult:
    """Another photo."""
    return context.ask(Position(Photo.waiting))


async def back(_update: Update, context: Context) -> StepResult:
    """The last question of a form that is whole; what is mended; from anywhere else, the menu."""
    application = _open(context)
    if application is not None and application.stage is not Stage.DRAFT:
        return context.ask(Position(Mend.listing))
    if (
        application is None
        or FORM.first_unanswered(application.answers, context.answer_context) is not None
    ):
        return context.ask(MENU)
    return context.ask(
        ASKING.at(FORM.asked_fields(application.answers, context.answer_context)[-1].key)
    )


async def keep(_update: Update, context: Context) -> StepResult:
    """The photo stays as it is."""
    if context.person.photo is not None:
        _use(context, context.person.photo)
    return context.onward()


def _use(context: Context, portrait: str) -> None:
    context.unit.person = replace(context.person, photo=portrait)
    if (application := _open(context)) is not None:
        context.unit.application = replace(application, photo=portrait)


def _open(context: Context) -> Application | None:
    """The application whose photo can still be changed: a draft, or one refused for its photo."""
    application = context.unit.application
    if application is None or application.stage is Stage.DRAFT:
        return application
    is_open = mending.is_open(application, context.exam, context.now)
    return application if is_open and mending.find_fault(application, Part.PHOTO) else None


def render_waiting(view: View) -> Screen:
    """Asks for the photo, with the rule as published."""
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
    """The portrait, and the eye's questions that no program answers."""
    buttons = ((button("photo-good", Action.CONFIRM),), (button("photo-again", Action.EDIT),))
    is_known = view.data["portrait"] == view.person.photo
    asked = Text("photo-confirm-known" if is_known else "photo-confirm")
    return Screen((asked,), buttons, Portrait(view.data["portrait"]))


FEATURE = Feature(
    anywhere=(pressed(Action.GO, offer, "photo"),),
    routes={
        Photo.waiting: (
            file(check, ExpectedFile.PHOTO),
            pressed(Action.CONFIRM, keep),
            pressed(Action.BACK, back),
        ),
        Photo.confirm: (
            pressed(Action.CONFIRM, confirm, alone=True),
            pressed(Action.EDIT, again),
            pressed(Action.BACK, again),
            file(rest_of_album, None),
        ),
    },
    screens={Photo.waiting: render_waiting, Photo.confirm: render_confirm},
)
