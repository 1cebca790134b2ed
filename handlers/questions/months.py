"""Questions about months: the list to pick one from, and the month that years count from.

One tap takes the counted years. The month may be typed where the years are asked. It is kept as
its own answer, and said back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import Rows, button, rows
from states.characters.numerals import digits_for_numerals
from states.form.fields import AnswerContext, Field
from states.form.numbers import FIRST_YEAR, parse_month, parse_number
from states.form.questionnaire import Questionnaire
from states.records import Answers
from states.texts import Problem, Text

YEARS = "years"
YEAR = "year"
"""Keys of position data for picking a month: the last year shown, and the chosen year."""
YEARS_SHOWN = 12
_WHOLE_YEAR = re.compile(r"(?:19|20)\d{2}")
"""A year of four digits: "10年6月" may be ten years and six months."""


def month_buttons(data: Mapping[str, str], answer_context: AnswerContext) -> Rows:
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


def counted_button(field: Field, answers: Answers, context: AnswerContext) -> Rows:
    """Return the button that takes the counted years; nothing where they are not known."""
    years = field.counted_years(answers, context)
    if years is None or answers.get(field.key) == str(years):
        return ()
    label = Text("button-years-counted", {"years": years, "since": answers[field.since]})
    return ((Button(label, CallbackData(Action.CHOOSE, str(years)), is_main=True),),)


def month_instead(
    questionnaire: Questionnaire,
    field: Field,
    answers: Answers,
    context: AnswerContext,
    typed: str,
) -> Answers | Problem | None:
    """Return the answers with the typed month that the years count from, or its problem.

    None if the text is no month, or the field counts from none.
    """
    since = questionnaire.fields.get(field.since)
    if since is None or parse_number(typed) is not None:
        return None
    if parse_month(typed, context.today) is None:
        return None
    if not _WHOLE_YEAR.search(digits_for_numerals(typed)):
        return None
    return questionnaire.answer(answers, since, typed, context)
