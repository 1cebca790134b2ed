"""Registration has opened: those who asked to be told are told."""

from handlers.buttons import go
from handlers.screens import Screen, Screens, View, rows
from states.texts import Text

SCREEN = "opening"


def draw(view: View) -> Screen:
    """That it is open, and until when."""
    closes = view.exam.windows.registration.last
    told = Text("opening-told", {"exam": view.exam.called(view.locale), "closes": closes})
    return Screen((told,), rows(go("resume")))


SCREENS: Screens = {SCREEN: draw}
