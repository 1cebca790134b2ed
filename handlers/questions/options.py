"""The options of a question as buttons: a list or a part of it, ticks, months, records."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.callback_data import Action, Button, CallbackData
from handlers.questions.listing import option_buttons, page_of
from handlers.rendering import Paragraph, View, button, rows
from states.form.answer_context import AnswerContext
from states.form.fields import Field, FieldKind
from states.form.months import FIRST_YEAR
from states.records import Answers
from states.texts import Text

CHOSEN = "chosen"
"""The key of position data for the ticked options, separated by blanks."""
YEARS = "years"
YEAR = "year"
"""Keys of position data for picking a month: the last year shown, and the chosen year."""
YEARS_SHOWN = 12

Rows = tuple[tuple[Button, ...], ...]


def offered(
    view: View, field: Field, answers: Answers, answer_context: AnswerContext
) -> tuple[tuple[Paragraph, ...], Rows]:
    """Return the buttons of a question's options, and the text that belongs to them."""
    options = field.options(answers, answer_context)
    match field.kind:
        case FieldKind.SEARCH:
            return page_of(view, options)
        case FieldKind.MULTI:
            now = toggles(field, answers, answer_context, view.data)
            ticks = [
                _tick(one.display_name(view.locale), one.code, one.code in now) for one in options
            ]
            return (), (*rows(*ticks), (button("ticked", Action.CONFIRM),))
        case FieldKind.MONTH:
            return (), _months(view.data, answer_context)
        case FieldKind.RECORD:
            return (), rows(*(_record(one.code) for one in options))
    return (), rows(*option_buttons(view, options), across=2)


def toggles(
    field: Field, answers: Answers, answer_context: AnswerContext, data: Mapping[str, str]
) -> list[str]:
    """Return the ticked codes: as changed last, else as answered, else all (domain §1.5)."""
    codes = [option.code for option in field.options(answers, answer_context)]
    ticked = data.get(CHOSEN, answers.get(field.key, " ".join(codes))).split()
    return [code for code in codes if code in ticked]


def _tick(name: Text | str, code: str, is_ticked: bool) -> Button:
    """Build a button that sets or clears a tick: a second tap changes nothing."""
    label = Text("button-ticked-off" if is_ticked else "button-ticked-on", {"name": name})
    return Button(label, CallbackData(Action.TOGGLE, f"{'-' if is_ticked else '+'}{code}"))


def _record(number: str) -> Button:
    """Build the button of a record: records are long, so it shows the number in the list."""
    return Button(Text("button-record", {"number": number}), CallbackData(Action.CHOOSE, number))


def _months(data: Mapping[str, str], answer_context: AnswerContext) -> Rows:
    """Return a button to the years, the years, or the months of one up to today."""
    today = answer_context.today
    if YEAR in data:
        year = int(data[YEAR])
        months = [f"{year}-{n:02}" for n in range(1, 13) if (year, n) <= (today.year, today.month)]
        return rows(*(Button(one, CallbackData(Action.CHOOSE, one)) for one in months), across=3)
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
