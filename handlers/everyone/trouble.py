"""Something failed on our side: the person is told so, and the operators are told where to look."""

from handlers.buttons import go
from handlers.screens import Screen, Screens, View, rows
from states.texts import Text

APOLOGY = "apology"
ALERT = "alert"
STUCK = "stuck"


def draw_apology(_view: View) -> Screen:
    """What was sent last could not be handled; what was answered before is kept."""
    return Screen((Text("trouble-apology"),), rows(go("resume"), go("help"), across=2))


def draw_alert(view: View) -> Screen:
    """For administrators: which update was set aside; ids only."""
    return Screen((Text("trouble-alert", {"update": view.at["update"]}),))


def draw_stuck(view: View) -> Screen:
    """For administrators: which decision could not take effect."""
    return Screen((Text("trouble-stuck", {"verdict": view.at["verdict"]}),))


SCREENS: Screens = {APOLOGY: draw_apology, ALERT: draw_alert, STUCK: draw_stuck}
