"""The candidate takes all data that is kept about them along, as one file and their portrait.

The file is made when it is sent (``bot/documents/export.py``); nothing of it waits in the outbox.
"""

from telegram import Update

from handlers.buttons import Verb, go
from handlers.context import Context
from handlers.route import Feature, command, pressed
from handlers.screens import Export, Portrait, Screen, View, rows
from states.outcome import Outcome, Say
from states.texts import Text
from storage.audit import Deed

SCREEN = "export"
PHOTO = "export-photo"


async def export(_update: Update, context: Context) -> Outcome:
    """The file, then the portrait if there is one, leaving the person where they are."""
    context.unit.did(Deed.EXPORTED)
    photo = (Say(PHOTO),) if context.person.photo else ()
    return Outcome(acts=(Say(SCREEN), *photo))


def draw(_view: View) -> Screen:
    """What is in the file, and that it holds the whole ID number."""
    ways = rows(go("profile"), go("menu"), across=2)
    return Screen((Text("export-told"),), ways, document=Export())


def draw_photo(view: View) -> Screen:
    """The portrait, named as in the file.

    Raises:
        LookupError: there is none.
    """
    name = view.person.photo
    if name is None:
        raise LookupError("no photo")
    return Screen((Text("export-photo-told", {"name": name}),), picture=Portrait(name))


FEATURE = Feature(
    anywhere=(command("export", export), pressed(Verb.GO, export, "export")),
    screens={SCREEN: draw, PHOTO: draw_photo},
)
