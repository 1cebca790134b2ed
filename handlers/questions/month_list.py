"""The list of a month question: a button to the years, the years, and the months of one."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import Rows, button, rows
from states.form.fields import AnswerContext
from states.form.numbers import FIRST_YEAR

YEARS = "years"
YEAR = "year"
"""Keys of position data for picking a month: the last year shown, and the chosen year."""
YEARS_SHOWN = 12


def months(data: Mapping[str, str], answer_context: AnswerContext) -> Rows:
    """Return a button to the years, the years, or the months of one up to today."""
    today = answer_context.today
    if YEAR in data:
        year = int(data[YEAR])
        past = [f"{year}-{n:02}" for n in range(1, 13) if (year, n) <= (today.year, today.month)]
        return rows(*(Button(one, CallbackData(Action.CHOOSE, one)) for one in past), across=3)
    if YEARS not in data:
        return ((button("pick-month", Action.PICK),),)
    first = answer_context.born.year if answer_context.born else FIRST_YEAR
    latest = max(first, min(int(data[YEARS]), today.year))
    years = range(latest, max(latest - YEARS_SHOWN, first - 1), -1)
    shown = [Button(str(year), CallbackData(Action.PICK, f"={year}")) for year in years]
    earlier = button("earlier", Action.PICK, f"-{latest - YEARS_SHOWN}")
    later = button("later", Action.PICK, f"-{latest + YEARS_SHOWN}")
    turns = (*((earlier,) if years[-1] > first else ()), *((later,) if latest < today.year else ()))
    return (*rows(*shown, across=4), turns)
