"""The profile: the candidate reads, exports or erases their stored data.

Domain §1.1 names the locked items and the office that corrects them. A person can cancel the
account before they submit an application. Confirmation and review need a submitted application:
then the candidate has to ask the site.
"""

from datetime import timedelta

from telegram import Update

from handlers.callback_data import Action, go, staff_go
from handlers.candidate.case_desk.place_of_case import end_cases
from handlers.case_lines import case_lines
from handlers.everyone.start import LANGUAGES
from handlers.questions.answer_lines import identity_lines
from handlers.rendering import Export, Paragraph, Portrait, Screen, View, fixed, rows, whom_to_ask
from handlers.replies import show_screen, step_showing
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.records import Stage
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications

PROFILE = "profile"
EXPORT = "export"
EXPORT_PHOTO = "export-photo"
EXPORT_OFTEN = "export-often"
EXPORT_LISTS = "export-lists"
EXPORTS_AN_HOUR = 10
ERASE = "erase-ask"
REFUSED = "erase-refused"
ERASED = "erased"
HOLDS_FOR = timedelta(hours=1)
"""The time for which the button "yes" works. A chat keeps its buttons for ever: an old one must not
erase a later account.
"""
NOTHING = "nothing-kept"
ONLY_STAFF = "only-staff-kept"
TARGETS = ("profile", "photo", "education", "export", "erase", "erase-yes")
"""All requests about one's data, as commands or buttons."""
_IDENTITY = {
    "name": "name",
    "idtype": "id-type",
    "nationality": "nationality",
    "number": "id-number",
    "sex": "sex",
    "born": "born",
}
"""The items of the identity in their order: the argument of a message, and the label."""


async def nothing(_update: Update, context: Context) -> StepResult:
    """Tell a stranger that the bot stores nothing about them as a candidate."""
    return show_screen(ONLY_STAFF if context.unit.is_staff else NOTHING)


def render_profile(view: View) -> Screen:
    """Show every item with a value, the locked ones, and the buttons to export and to erase."""
    person = view.person
    photo = Portrait(person.photo) if person.photo else None
    own = go("photo") if person.photo else go("photo", Text("button-photo-first"))
    others = rows(go("education"), own, go("export"), go("erase"), go("menu"), across=2)
    is_locked = person.number_hash is not None
    buttons = (*(((go("correct-identity"),),) if is_locked else ()), *others)
    return Screen(
        (Text("profile-head"), _items(view), *_locked(view), Text("profile-rights")), buttons, photo
    )


def _items(view: View) -> tuple[Text, ...]:
    person = view.person
    known = identity_lines(person.identity)
    items = [(f"item-{label}", known[key]) for key, label in _IDENTITY.items() if known[key]]
    if person.photo:
        items.append(("item-photo", Text("profile-photo-kept")))
    if person.education:  # the lines of five records would not fit into a caption
        kept = Text("profile-education", {"count": len(person.education)})
        items.append(("item-education", kept))
    if person.consent and person.consented_at:
        # The export names the version; its date may be later than the sandbox's.
        items.append(("item-consent", Text("profile-consent", {"at": person.consented_at})))
    if person.locale:
        items.append(("item-locale", Text(f"language-name-{person.locale.lower()}")))
    return tuple(Text("profile-line", {"item": Text(key), "value": v}) for key, v in items)


def _locked(view: View) -> tuple[Paragraph, ...]:
    """Return which items are locked, and who corrects them."""
    if view.person.number_hash is None:
        return (Text("profile-open"),)
    return (Text("profile-locked"), *case_lines(view), whom_to_ask(view))


async def export(_update: Update, context: Context) -> StepResult:
    """Send a file with all stored data, then the portrait; the renderer makes the file.

    Staff may mean the list of candidates, which has another command.
    """
    if context.unit.acted(AuditAction.EXPORTED) >= EXPORTS_AN_HOUR:
        return show_screen(EXPORT_OFTEN)
    context.unit.audit(AuditAction.EXPORTED)
    photo = (ShowScreen(EXPORT_PHOTO),) if context.person.photo else ()
    lists = (ShowScreen(EXPORT_LISTS),) if context.unit.is_staff else ()
    return StepResult(effects=(ShowScreen(EXPORT), *photo, *lists))


def render_export_photo(view: View) -> Screen:
    """Send the portrait, under its name in the file.

    Raises:
        LookupError: the person has none.
    """
    name = view.person.photo
    if name is None:
        raise LookupError("no photo")
    return Screen((Text("export-photo-told", {"name": name}),), picture=Portrait(name))


async def ask_to_erase(_update: Update, context: Context) -> StepResult:
    """Ask whether to erase, and say what goes and what stays."""
    return StepResult(effects=(ShowScreen(REFUSED if await _has_submitted(context) else ERASE),))


async def erase(_update: Update, context: Context) -> StepResult:
    """Erase the person; the position data of the answer names the language."""
    if await _has_submitted(context) or _is_long_ago(context):
        return await ask_to_erase(_update, context)
    locale = context.person.locale
    await end_cases(context)
    context.unit.audit(AuditAction.ERASED)
    context.unit.erase()
    return show_screen(ERASED, data={"locale": locale})


async def _has_submitted(context: Context) -> bool:
    """Return whether the person ever submitted an application for any exam, withdrawn or not."""
    application = context.unit.application
    if application is not None and (application.stage is not Stage.DRAFT or application.revision):
        return True
    return await applications.any_submitted(context.unit.tx, context.person.id)


def _is_long_ago(context: Context) -> bool:
    """Return whether the tapped question is older than ``HOLDS_FOR``; typed answers are new."""
    if not context.envelope.was_tapped:
        return False
    tapped = context.envelope.source_message
    if tapped is None or tapped.sent_at is None:
        return True
    acted_at = context.now - context.services.clock_offset()  # messages tell the real time
    return acted_at - tapped.sent_at > HOLDS_FOR


def render_refused(view: View) -> Screen:
    """Say why the bot cannot erase the data, and whom to ask."""
    others = rows(go("profile"), go("export"), go("menu"), across=2)
    return Screen((Text("erase-refused"), whom_to_ask(view)), others)


FEATURE = Feature(
    anywhere=(
        command("profile", step_showing(PROFILE)),
        pressed(Action.GO, step_showing(PROFILE), "profile"),
        command("export", export),
        pressed(Action.GO, export, "export"),
        command("erase", ask_to_erase, exclusive=True),
        pressed(Action.GO, ask_to_erase, "erase", exclusive=True),
        pressed(Action.GO, erase, "erase-yes", exclusive=True),
    ),
    strangers=(
        *(command(target, nothing) for target in ("profile", "export", "erase")),
        *(pressed(Action.GO, nothing, target) for target in TARGETS),
    ),
    buttons=tuple(go(target) for target in TARGETS),
    screens={
        PROFILE: render_profile,
        EXPORT: fixed(
            Text("export-told"),
            buttons=rows(go("profile"), go("menu"), across=2),
            document=Export(),
        ),
        EXPORT_PHOTO: render_export_photo,
        EXPORT_OFTEN: fixed(
            Text("export-often", {"limit": EXPORTS_AN_HOUR}),
            buttons=rows(go("profile"), go("menu"), across=2),
        ),
        EXPORT_LISTS: fixed(Text("export-lists"), buttons=rows(staff_go("list"))),
        ERASE: fixed(Text("erase-ask"), buttons=rows(go("erase-yes"), go("export"), go("menu"))),
        REFUSED: render_refused,
        ERASED: fixed(Text("erased")),
        NOTHING: fixed(Text("nothing-kept"), buttons=rows(*LANGUAGES, across=2)),
        ONLY_STAFF: fixed(Text("only-staff-kept")),
    },
)
