"""Long lists of the staff: a message shows a part, and its buttons lead to the others."""

from __future__ import annotations

from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, number_of, staff_button
from handlers.replies import edit_source
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.update_context import Context
from states.step_result import StepResult
from storage.staff.access.staff_view import StaffView

LISTS: Final = frozenset({"cases", "changes", "claims", "invites", "payments", "seats"})
"""The screens with parts; each denies itself to those who may not read it."""
FIRST: Final = "first"
"""The key of a screen's data: the index of the first row shown, from 0."""


async def turn(_update: Update, context: Context) -> StepResult:
    """Show the part of a list that the button names, in the same message."""
    screen, _, first = context.callback.value.partition(":")
    if screen not in LISTS:
        return menu.deny(context, "part")
    return edit_source(context, screen, data={FIRST: str(number_of(first))})


def part_of(view: StaffView, screen: str, most: int, count: int) -> tuple[int, tuple[Button, ...]]:
    """Return the index of the first row to show, and the buttons to the parts before and after.

    In a list that has become shorter the last part stands for those beyond it.

    Args:
        screen: one of ``LISTS``.
        most: the rows of a part.
        count: all rows.
    """
    wanted = number_of(view.data.get(FIRST, "0"))
    first = max(0, min(wanted, count - 1)) // most * most
    back = (("←", first - most),) if first else ()
    on = (("→", first + most),) if first + most < count else ()
    turns = (staff_button(sign, Action.PART, f"{screen}:{at}") for sign, at in (*back, *on))
    return first, tuple(turns)


FEATURE = Feature(staff_anywhere=(pressed(Action.PART, turn),))
