"""Hints at answers that hardly go together. They warn and never refuse: who reads them decides.

Each rule tells a slip of the pen from what happens in practice (domain §5); authorities differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from states.exam.rules import years_between
from states.form.numbers import month_text
from states.records import Answers
from states.texts import Text

_YOUNGEST: Final[Mapping[str, int]] = {
    "secondary": 16,
    "college": 18,
    "bachelor": 19,
    "bachelor-degree": 19,
    "master": 21,
    "master-degree": 21,
    "doctor": 23,
    "doctor-degree": 23,
}
"""Years of age at which almost nobody graduates yet, by degree."""
_DIPLOMAS: Final = frozenset({"college", "bachelor", "master", "doctor"})
_NUMBERED_FROM: Final = "2002-01"
"""Month from which diplomas have numbers of 17 or 18 characters (学历证书电子注册)."""
_LENGTHS: Final = (17, 18)
_LICENCES: Final = frozenset({"physician", "assistant-physician", "assistant"})
"""Titles that come before the first registration to practise."""

_YEARS_SINCE: Final = (
    ("years", "titled", "doubt-years"),
    ("field_years", "began_work", "doubt-field-years"),
)
"""The number of years, the month since which they can count, and the hint."""
_UNLIKE: Final = 2
"""Years that two answers about one title may not differ by; authorities count to different days."""


def record_hints(record: Answers, born: date | None) -> Iterator[Text]:
    """Yield the hints at an education record; answers that are missing give none."""
    degree, graduated = record.get("degree", ""), record.get("graduated", "")
    if born is not None and graduated:
        age = int(graduated[:4]) - born.year
        if age < _YOUNGEST.get(degree, 0):
            yield Text("doubt-graduated-young", {"graduated": graduated, "age": age})
    number = record.get("certificate", "")
    is_numbered = degree in _DIPLOMAS and graduated >= _NUMBERED_FROM
    if number and is_numbered and len(number) not in _LENGTHS:
        yield Text("doubt-certificate", {"count": len(number)})


def form_hints(answers: Answers, until: date) -> Iterator[Text]:
    """Yield the hints at the answers of a form; full years count to the day ``until``."""
    day = month_text(until)
    registered, titled = answers.get("registered", ""), answers.get("titled", "")
    if registered and titled > registered and answers.get("title") in _LICENCES:
        yield Text("doubt-title-late", {"titled": titled, "registered": registered})
    appointed = answers.get("appointed", "")
    if appointed and titled and appointed < titled:
        yield Text("doubt-appointed-early", {"appointed": appointed, "titled": titled})
    for key, since, hint in _YEARS_SINCE:
        years, month = answers.get(key), answers.get(since)
        if years and month and int(years) > max(0, years_between(month, until)):
            yield Text(hint, {"years": years, "since": month, "until": day})
    held = answers.get("years")
    if held and titled and (has := years_between(titled, until)) - int(held) >= _UNLIKE:
        yield Text("doubt-years-more", {"years": held, "since": titled, "until": day, "has": has})
