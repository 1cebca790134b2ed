"""The profile: the candidate reads their stored data, and how to have it corrected or removed.

Domain §1.1 names the locked items and the office that corrects them.
"""

from datetime import date

from telegram import Update

from handlers.callback_data import Action, go
from handlers.everyone.help import whom_to_ask
from handlers.everyone.language import BUTTONS
from handlers.rendering import Portrait, Screen, View, rows
from handlers.replies import show_screen, step_showing
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.identity import IdType, mask_id_number
from states.records import Identity, Stage
from states.step_result import StepResult
from states.texts import Argument, Text

SCREEN = "profile"
NOTHING = "nothing-kept"
ONLY_STAFF = "only-staff-kept"
TARGETS = ("profile", "photo", "education", "export", "erase", "erase-yes")
"""All requests about one's data, as commands or buttons."""


async def nothing(_update: Update, context: Context) -> StepResult:
    """Tell a stranger that the bot stores nothing about them as a candidate."""
    return show_screen(ONLY_STAFF if context.unit.is_staff else NOTHING)


def render(view: View) -> Screen:
    """Show every item with a value, the locked ones, and the buttons to export and to erase."""
    person = view.person
    photo = Portrait(person.photo) if person.photo else None
    buttons = rows(go("education"), go("photo"), go("export"), go("erase"), go("menu"), across=2)
    return Screen(
        (Text("profile-head"), _items(view), *_locked(view), Text("profile-rights")), buttons, photo
    )


def _items(view: View) -> tuple[Text, ...]:
    person = view.person
    items: list[tuple[str, Argument]] = [*identity_items(person.identity)]
    if person.photo:
        items.append(("item-photo", Text("profile-photo-kept")))
    if person.education:  # the lines of five records would not fit into a caption
        kept = Text("profile-education", {"count": len(person.education)})
        items.append(("item-education", kept))
    if person.consent and person.consented_at:
        given: dict[str, Argument] = {"version": person.consent, "at": person.consented_at}
        items.append(("item-consent", Text("profile-consent", given)))
    if person.locale:
        items.append(("item-locale", Text(f"language-name-{person.locale.lower()}")))
    return tuple(Text("profile-line", {"item": Text(key), "value": v}) for key, v in items)


def identity_items(identity: Identity) -> list[tuple[str, Argument]]:
    """Return label and value of each item of the identity; the number is masked."""
    items: list[tuple[str, Argument]] = []
    if identity.name:
        items.append(("item-name", identity.name))
    if identity.id_type:
        items.append(("item-id-type", IdType(identity.id_type).label))
        items.append(("item-nationality", IdType(identity.id_type).nationality))
    if identity.id_number:
        items.append(("item-id-number", mask_id_number(identity.id_number)))
    if identity.sex:
        items.append(("item-sex", Text(f"sex-{identity.sex}")))
    if identity.born:
        items.append(("item-born", date.fromisoformat(identity.born)))
    return items


def _locked(view: View) -> tuple[Text, ...]:
    """Return which items are locked, and who corrects them."""
    if view.person.number_hash is None:
        return (Text("profile-open"),)
    is_submitted = view.records.application is not None and view.application.stage != Stage.DRAFT
    wrong_number = Text("profile-number-submitted" if is_submitted else "profile-number-draft")
    return (Text("profile-locked"), wrong_number, whom_to_ask(view))


def render_nothing(_view: View) -> Screen:
    """Say that nothing is stored; offer the languages."""
    return Screen((Text("nothing-kept"),), rows(*BUTTONS, across=2))


def render_only_staff(_view: View) -> Screen:
    """Say what the bot stores about a staff member who was never a candidate."""
    return Screen((Text("only-staff-kept"),))


FEATURE = Feature(
    anywhere=(
        command("profile", step_showing(SCREEN)),
        pressed(Action.GO, step_showing(SCREEN), "profile"),
    ),
    strangers=(
        *(command(target, nothing) for target in ("profile", "export", "erase")),
        *(pressed(Action.GO, nothing, target) for target in TARGETS),
    ),
    buttons=tuple(go(target) for target in TARGETS),
    screens={SCREEN: render, NOTHING: render_nothing, ONLY_STAFF: render_only_staff},
)
