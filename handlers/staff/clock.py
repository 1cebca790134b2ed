"""An administrator moves the sandbox's calendar forward, to see what a deadline does.

``/clock`` says what time it is, ``/clock +3d`` (m, h, d) moves it. Refused outside the sandbox.
"""

import re
from datetime import timedelta

from telegram import Update

from handlers.context import Context
from handlers.route import Feature, command
from handlers.screens import Screen, View
from states.outcome import Outcome, Say
from states.texts import Text
from storage import facts
from storage.audit import Deed
from storage.facts import Fact

SCREEN = "clock"
FARTHEST = timedelta(days=400)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_STEP = re.compile(r"\+(\d{1,4})([mhd])")


async def clock(_update: Update, context: Context) -> Outcome:
    """Move the calendar, or say what it shows."""
    office = context.envelope.office
    if context.unit.row.lane not in office.administrators or not office.clock_moves:
        return context.stay(Text("clock-refused"))
    typed = "".join(context.args or ())
    if not typed:
        return Outcome(acts=(Say(SCREEN),))
    step = _STEP.fullmatch(typed)
    if step is None:
        return Outcome(acts=(Say(SCREEN, leads=(Text("clock-format"),)),))
    by = timedelta(**{_UNITS[step[2]]: int(step[1])})
    if by > FARTHEST:
        return Outcome(acts=(Say(SCREEN, leads=(Text("clock-far", {"days": FARTHEST.days}),)),))
    offset = office.clock_offset() + by
    await facts.write(context.unit.tx, Fact.CLOCK_OFFSET, str(int(offset.total_seconds())))
    context.unit.did(Deed.CLOCK_MOVED, typed)
    return Outcome(acts=(Say(SCREEN),), clock=offset)


def draw(view: View) -> Screen:
    """What time it is for all rules."""
    return Screen((Text("clock-now", {"now": view.now}),))


FEATURE = Feature(
    everyone=(command("clock", clock, alone=True),),
    screens={SCREEN: draw},
)
