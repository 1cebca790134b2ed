"""The lines about an open case, which status, to-do and menu share."""

from __future__ import annotations

from handlers.callback_data import go
from handlers.rendering import Paragraph, Screen, View, rows
from states.cases import MERGING
from states.texts import Argument, Text


def case_lines(view: View) -> tuple[Paragraph, ...]:
    """Return what the staff still have to settle, since when, and where to ask; none without."""
    person = view.records.person
    case = person.open_case if person else None
    if case is None or case.kind == MERGING:
        return ()
    area = view.exam.area(case.area)
    site = area.site(case.site) if area else None
    where = site or area
    args: dict[str, Argument] = {
        "site": where.display_name(view.locale) if where else case.site,
        "address": site.address if site else "",
        "contact": where.contact if where else "",
        "since": case.at,
    }
    return (Text(f"case-waits-{case.kind}", args),)


def closed_screen(view: View) -> Screen:
    """Say that this account was closed, why, and whom to ask: nothing else can be done here."""
    return Screen(case_lines(view), rows(go("profile"), go("help"), go("language"), across=2))
