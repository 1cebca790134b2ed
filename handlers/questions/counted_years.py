"""Years that need not be counted: the month of the certificate gives them, and one tap agrees.

The month may be typed where the years are asked. It is kept as its own answer, and said back.
"""

from __future__ import annotations

import re

from handlers.callback_data import Action, Button, CallbackData
from states.characters.numerals import digits_for_numerals
from states.form.fields import AnswerContext, Field
from states.form.numbers import parse_month, parse_number
from states.form.questionnaire import Questionnaire
from states.records import Answers
from states.texts import Problem, Text

_WHOLE_YEAR = re.compile(r"(?:19|20)\d{2}")
"""A year of four digits: "10年6月" may be ten years and six months."""


def counted_button(
    field: Field, answers: Answers, context: AnswerContext
) -> tuple[tuple[Button, ...], ...]:
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
