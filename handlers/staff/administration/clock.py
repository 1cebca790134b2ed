"""An administrator of the sandbox moves its clock forward, to see the effect of a deadline.

``/clock`` shows the time, ``/clock +3d`` (m, h, d) moves it. The step refuses outside the sandbox.
"""

import re
from datetime import timedelta

from telegram import Update

from handlers.rendering import Screen, View
from handlers.replies import ask_again, show_screen
from handlers.routing import Feature, command
from handlers.update_context import Context
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.engine import installation
from storage.engine.installation import Fact

SCREEN = "clock"
FARTHEST = timedelta(days=400)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_STEP = re.compile(r"\+(\d{1,4})([mhd])")


async def clock(_update: Update, context: Context) -> StepResult:
    """Move the clock, or show its time."""
    services = context.services
    if context.unit.row.queue_key not in services.administrators or not services.clock_moves:
        return ask_again(context, Text("clock-refused"))
    typed = "".join(context.args or ())
    if not typed:
        return show_screen(SCREEN)
    step = _STEP.fullmatch(typed)
    if step is None:
        return show_screen(SCREEN, Text("clock-format"))
    by = timedelta(**{_UNITS[step[2]]: int(step[1])})
    if by > FARTHEST:
        return show_screen(SCREEN, Text("clock-far", {"days": FARTHEST.days}))
    offset = services.clock_offset() + by
    await installation.write(context.unit.tx, Fact.CLOCK_OFFSET, str(int(offset.total_seconds())))
    context.unit.audit(AuditAction.CLOCK_MOVED, typed)
    return StepResult(effects=(ShowScreen(SCREEN),), clock=offset)


def render(view: View) -> Screen:
    """Show the time that all rules use."""
    return Screen((Text("clock-now", {"now": view.now}),))


FEATURE = Feature(everyone=(command("clock", clock, exclusive=True),), screens={SCREEN: render})
