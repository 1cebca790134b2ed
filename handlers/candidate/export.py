"""The candidate takes all data that is kept about them along, as one file and their portrait.

The file is made when it is sent (``bot/documents/export.py``); nothing of it waits in the outbox.
"""

from telegram import Update

from handlers.callback_data import Action, go
from handlers.rendering import Export, Portrait, Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction

SCREEN = "export"
PHOTO = "export-photo"


async def export(_update: Update, context: Context) -> StepResult:
    """The file, then the portrait if there is one, leaving the person where they are."""
    context.unit.audit(AuditAction.EXPORTED)
    photo = (ShowScreen(PHOTO),) if context.person.photo else ()
    return StepResult(effects=(ShowScreen(SCREEN), *photo))


def render(_view: View) -> Screen:
    """What is in the file, and that it holds the whole ID number."""
    ways = rows(go("profile"), go("menu"), across=2)
    return Screen((Text("export-told"),), ways, document=Export())


def render_photo(view: View) -> Screen:
    """The portrait, named as in the file.

    Raises:
        LookupError: there is none.
    """
    name = view.person.photo
    if name is None:
        raise LookupError("no photo")
    return Screen((Text("export-photo-told", {"name": name}),), picture=Portrait(name))


FEATURE = Feature(
    anywhere=(command("export", export), pressed(Action.GO, export, "export")),
    screens={SCREEN: render, PHOTO: render_photo},
)
