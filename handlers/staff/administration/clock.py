"""An administrator moves the sandbox's calendar forward, to see what a deadline does.

``/clock`` says what time it is, ``/clock +3d`` (m, h, d) moves it. Refused outside the sandbox.
"""

import re
from datetime import timedelta

from telegram import Update

from handlers.rendering import Screen, View
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
    """Move the calendar, or say what it shows."""
    services = context.envelope.services
    if context.unit.row.queue_key not in services.administrators or not services.clock_moves:
        return context.stay(Text("clock-refused"))
    typed = "".join(context.args or ())
    if not typed:
        return StepResult(effects=(ShowScreen(SCREEN),))
    step = _STEP.fullmatch(typed)
    if step is None:
        return StepResult(effects=(ShowScreen(SCREEN, header_lines=(Text("clock-format"),)),))
    by = timedelta(**{_UNITS[step[2]]: int(step[1])})
    if by > FARTHEST:
        return StepResult(
            effects=(
                ShowScreen(SCREEN, header_lines=(Text("clock-far", {"days": FARTHEST.days}),)),
            )
        )
    offset = services.clock_offset() + by
    await installation.write(context.unit.tx, Fact.CLOCK_OFFSET, str(int(offset.total_seconds())))
    context.unit.audit(AuditAction.CLOCK_MOVED, typed)
    return StepResult(effects=(ShowScreen(SCREEN),), clock=offset)


def render(view: View) -> Screen:
    """What time it is for all rules."""
    return Screen((Text("clock-now", {"now": view.now}),))


FEATURE = Feature(
    everyone=(command("clock", clock, alone=True),),
    screens={SCREEN: render},
)
