"""The button "I have seen it" on the last notice before an application expires.

Who has tapped it since their application has its stage needs no call (``handlers.staff.reach``).
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, go
from handlers.rendering import RenderScreen, Screen, View
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states.broadcasts.audience import has_seen
from states.step_result import StepResult
from states.texts import Text

SEEN = go("seen")


async def note(_update: Update, context: Context) -> StepResult:
    """Keep when the person confirmed the notice."""
    context.unit.person = replace(context.person, seen_at=context.now)
    return StepResult(toast=Text("toast-seen"))


def with_seen_button(render: RenderScreen) -> RenderScreen:
    """Wrap a notice: it asks to be confirmed, until the person has done so."""

    def render_with_button(view: View) -> Screen:
        screen = render(view)
        if has_seen(view.person, view.records.application):
            return screen
        return replace(screen, buttons=((SEEN,), *screen.buttons))

    return render_with_button


FEATURE = Feature(anywhere=(pressed(Action.GO, note, "seen"),), buttons=(SEEN,))
