"""The candidate asks what is kept about them: read-only, and how to have it corrected or removed.

What is locked after the account was confirmed, and who corrects it: domain §1.1.
"""

from datetime import date

from telegram import Update

from handlers.callback_data import Action, go
from handlers.everyone.help import whom_to_ask
from handlers.everyone.language import BUTTONS
from handlers.rendering import Portrait, Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.identity import IdType, mask_id_number
from states.records import Identity, Stage
from states.step_result import ShowScreen, StepResult
from states.texts import Argument, Text

SCREEN = "profile"
NOTHING = "nothing-kept"
ONLY_STAFF = "only-staff-kept"
TARGETS = ("profile", "photo", "education", "export", "erase", "erase-yes")
"""All that is asked about one's data, as commands or buttons."""


async def profile(_update: Update, context: Context) -> StepResult:
    """What is kept, leaving the person where they are."""
    return StepResult(effects=(ShowScreen(SCREEN),))


async def nothing(_update: Update, context: Context) -> StepResult:
    """To somebody who is no candidate: nothing is kept as of one, and nothing begins to be."""
    return StepResult(effects=(ShowScreen(ONLY_STAFF if context.unit.is_staff else NOTHING),))


def render(view: View) -> Screen:
    """Every item that has a value, what is locked, and the ways to export and to erase."""
    person = view.person
    photo = Portrait(person.photo) if person.photo else None
    locked = _locked(view)
    ways = rows(go("education"), go("photo"), go("export"), go("erase"), go("menu"), across=2)
    return Screen(
        (Text("profile-head"), _items(view), *locked, Text("profile-rights")),
        ways,
        photo,
    )


def _items(view: View) -> tuple[Text, ...]:
    person = view.person
    items: list[tuple[str, Argument]] = [*identity_items(person.identity)]
    if person.photo:
        items.append(("item-photo", Text("profile-photo-kept")))
    if person.education:  # the lines of five would be longer than a caption may be
        kept = Text("profile-education", {"count": len(person.education)})
        items.append(("item-education", kept))
    if person.consent and person.consented_at:
        given: dict[str, Argument] = {"version": person.consent, "at": person.consented_at}
        items.append(("item-consent", Text("profile-consent", given)))
    if person.locale:
        items.append(("item-locale", Text(f"language-name-{person.locale.lower()}")))
    return tuple(Text("profile-line", {"item": Text(key), "value": v}) for key, v in items)


def identity_items(identity: Identity) -> list[tuple[str, Argument]]:
    """Label and value of each item that was given; the number masked, as everywhere in a chat."""
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
    """What cannot be changed here any more, and who changes it."""
    if view.person.number_hash is None:
        return (Text("profile-open"),)
    is_submitted = view.records.application is not None and view.application.stage != Stage.DRAFT
    wrong_number = Text("profile-number-submitted" if is_submitted else "profile-number-draft")
    return (Text("profile-locked"), wrong_number, whom_to_ask(view))


def render_nothing(_view: View) -> Screen:
    """That nothing is kept; the languages, to begin."""
    return Screen((Text("nothing-kept"),), rows(*BUTTONS, across=2))


def render_only_staff(_view: View) -> Screen:
    """What is kept of somebody who works here and was never a candidate."""
    return Screen((Text("only-staff-kept"),))


FEATURE = Feature(
    anywhere=(command("profile", profile), pressed(Action.GO, profile, "profile")),
    strangers=(
        *(command(target, nothing) for target in ("profile", "export", "erase")),
        *(pressed(Action.GO, nothing, target) for target in TARGETS),
    ),
    buttons=tuple(go(target) for target in TARGETS),
    screens={SCREEN: render, NOTHING: render_nothing, ONLY_STAFF: render_only_staff},
)
