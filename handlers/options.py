"""What can be answered, as buttons: a list or a part of it, ticks, months, records."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.buttons import Button, Press, Verb
from handlers.listing import chosen_by, leafed
from handlers.screens import Paragraph, View, button, rows
from states.form.around import Around
from states.form.fields import Field, Kind
from states.form.months import FIRST_YEAR
from states.records import Answers
from states.texts import Text

CHOSEN = "chosen"
"""In a place: what is ticked of several, with blanks between."""
YEARS = "years"
YEAR = "year"
"""In a place: the years, or the months of one, that a month is picked from."""
YEARS_SHOWN = 12

Rows = tuple[tuple[Button, ...], ...]


def offered(
    view: View, field: Field, answers: Answers, around: Around
) -> tuple[tuple[Paragraph, ...], Rows]:
    """The buttons of a question's options, and what has to be said of them."""
    options = field.options(answers, around)
    match field.kind:
        case Kind.SEARCH:
            return leafed(view, options)
        case Kind.MULTI:
            now = ticked(field, answers, around, view.at)
            ticks = [_tick(one.called(view.locale), one.code, one.code in now) for one in options]
            return (), (*rows(*ticks), (button("ticked", Verb.CONFIRM),))
        case Kind.MONTH:
            return (), _months(view.at, around)
        case Kind.RECORD:
            return (), rows(*(_record(one.code) for one in options))
    return (), rows(*chosen_by(view, options), across=2)


def ticked(field: Field, answers: Answers, around: Around, at: Mapping[str, str]) -> list[str]:
    """What is ticked: as changed just now, else as answered, else everything (domain §1.5)."""
    codes = [option.code for option in field.options(answers, around)]
    ticked = at.get(CHOSEN, answers.get(field.key, " ".join(codes))).split()
    return [code for code in codes if code in ticked]


def _tick(name: Text | str, code: str, is_ticked: bool) -> Button:
    """Pressing it makes it so, however often."""
    label = Text("button-ticked-off" if is_ticked else "button-ticked-on", {"name": name})
    return Button(label, Press(Verb.TICK, f"{'-' if is_ticked else '+'}{code}"))


def _record(number: str) -> Button:
    """Records can look alike and are long: they are listed above by their number."""
    return Button(Text("button-record", {"number": number}), Press(Verb.CHOOSE, number))


def _months(at: Mapping[str, str], around: Around) -> Rows:
    """A way to the years; the years; or the months of one: in the person's life, not ahead."""
    today = around.today
    if YEAR in at:
        year = int(at[YEAR])
        months = [f"{year}-{n:02}" for n in range(1, 13) if (year, n) <= (today.year, today.month)]
        return rows(*(Button(one, Press(Verb.CHOOSE, one)) for one in months), across=3)
    if YEARS not in at:
        return ((button("pick-month", Verb.PICK),),)
    first = around.born.year if around.born else FIRST_YEAR
    latest = max(first, min(int(at[YEARS]), today.year))
    years = range(latest, max(latest - YEARS_SHOWN, first - 1), -1)
    shown = [Button(str(year), Press(Verb.PICK, f"={year}")) for year in years]
    earlier = button("earlier", Verb.PICK, f"-{latest - YEARS_SHOWN}")
    later = button("later", Verb.PICK, f"-{latest + YEARS_SHOWN}")
    ways = (*((earlier,) if years[-1] > first else ()), *((later,) if latest < today.year else ()))
    return (*rows(*shown, across=4), ways)
