"""Lines about a case that its candidate and the staff share: what is open, where, what changes."""

from __future__ import annotations

from handlers import place_lines
from handlers.callback_data import go
from handlers.rendering import Paragraph, Screen, View, rows
from states.exam import Exam
from states.records import Identity
from states.staff.cases import MERGING
from states.texts import Argument, Text


def case_lines(view: View) -> tuple[Paragraph, ...]:
    """Return what the staff still have to settle, since when, and where to ask; none without."""
    person = view.records.person
    case = person.open_case if person else None
    if case is None or case.kind == MERGING:
        return ()
    site = view.exam.site(case.area, case.site)
    where = site or view.exam.area(case.area)
    args: dict[str, Argument] = {
        "site": place_name(view.exam, case.area, case.site, view.locale),
        "address": place_lines.address(site, view.locale),
        "contact": place_lines.contact(where, view.locale),
        "since": case.at,
    }
    return (Text(f"case-waits-{case.kind}", args),)


def place_name(exam: Exam, area: str, site: str, locale: str) -> str:
    """Return the name of a site, or of the area where no one site decides."""
    where = exam.site(area, site) or exam.area(area)
    return where.display_name(locale) if where else site


def identity_changes(old: Identity, new: Identity) -> tuple[Text, ...]:
    """Return a line for each item of an identity that a correction changes: old and new."""
    pairs = (
        ("name", old.name, new.name),
        ("number", old.id_number, new.id_number),
        ("born", old.born, new.born),
    )
    return tuple(
        Text("correct-line", {"item": Text(f"field-{label}"), "old": before, "new": after})
        for label, before, after in pairs
        if before != after
    )


def closed_screen(view: View) -> Screen:
    """Say that this account was closed, why, and whom to ask: nothing else can be done here."""
    return Screen(case_lines(view), rows(go("profile"), go("help"), go("language"), across=2))
