"""Long lists of the staff: a message shows a part, and its buttons lead to the others."""

from __future__ import annotations

from typing import Final

from handlers.callback_data import Action, Button, number_of, staff_button
from handlers.replies import edit_source
from handlers.update_context import Context
from states.step_result import StepResult
from storage.staff.staff_view import StaffView

PART: Final = "+"
"""The first sign of a button's value that names the part of a list that begins there."""
FIRST: Final = "first"
"""The key of a screen's data: the index of the first row shown, from 0."""


def show_part(context: Context, screen: str) -> StepResult:
    """Show the part of a list that the button names, in the same message."""
    first = number_of(context.callback.value.removeprefix(PART))
    return edit_source(context, screen, data={FIRST: str(first)})


def first_of(view: StaffView, most: int, count: int) -> int:
    """Return the index of the first row to show; the last part if the list has become shorter."""
    wanted = number_of(view.data.get(FIRST, "0"))
    return max(0, min(wanted, count - 1)) // most * most


def part_buttons(action: Action, first: int, most: int, count: int) -> tuple[Button, ...]:
    """Return the buttons to the parts before and after the one shown.

    Args:
        first: the index of the first row shown.
        most: the rows of a part.
        count: all rows.
    """
    back = (("←", first - most),) if first else ()
    on = (("→", first + most),) if first + most < count else ()
    return tuple(staff_button(sign, action, f"{PART}{start}") for sign, start in (*back, *on))
