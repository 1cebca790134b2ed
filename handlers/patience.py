"""Whoever cannot find the right answer is helped more each time: how to write it, whom to ask."""

from dataclasses import replace

from handlers.buttons import go
from handlers.everyone.help import whom_to_ask
from handlers.screens import WRONG, Drawing, Screen, View

SPELLED_OUT = 2
"""Wrong answers after which the format is spelled out; after one more there is somebody to ask."""


def patient(drawing: Drawing) -> Drawing:
    """The drawing of a question, which helps more the more often its answer was wrong."""

    def drawn(view: View) -> Screen:
        screen, wrong = drawing(view), int(view.at.get(WRONG, "0"))
        if wrong >= SPELLED_OUT and screen.format is not None:
            screen = replace(screen, text=(*screen.text, screen.format))
        if wrong > SPELLED_OUT:
            text, buttons = (*screen.text, whom_to_ask(view)), (*screen.buttons, (go("help"),))
            screen = replace(screen, text=text, buttons=buttons)
        return screen

    return drawn
