"""Export: the candidate gets all stored data as one file, and the portrait.

The renderer makes the file when the sender sends it (``bot/documents/export.py``).
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
    """Send the file, then the portrait."""
    context.unit.audit(AuditAction.EXPORTED)
    photo = (ShowScreen(PHOTO),) if context.person.photo else ()
    return StepResult(effects=(ShowScreen(SCREEN), *photo))


def render(_view: View) -> Screen:
    """Send the file, and say that it contains the full ID number."""
    others = rows(go("profile"), go("menu"), across=2)
    return Screen((Text("export-told"),), others, document=Export())


def render_photo(view: View) -> Screen:
    """Send the portrait, under its name in the file.

    Raises:
        LookupError: the person has none.
    """
    name = view.person.photo
    if name is None:
        raise LookupError("no photo")
    return Screen((Text("export-photo-told", {"name": name}),), picture=Portrait(name))


FEATURE = Feature(
    anywhere=(command("export", export), pressed(Action.GO, export, "export")),
    screens={SCREEN: render, PHOTO: render_photo},
)
