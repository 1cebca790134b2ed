"""The way of an application, from the first answer to "registered", as the guide draws it.

Which nodes there are follows from the area's configuration; which of them are done follows from
what is kept. The stages of confirmation and review join here when the staff act in the chat.
"""

from __future__ import annotations

from enum import StrEnum

from states.exam import Area, Confirmation, Payment
from states.form import engine
from states.progress import Mark
from states.records import Person, Records, Stage


class Station(StrEnum):
    """A node of the process picture; its words are ``station-KEY``."""

    FORM = "form"
    PHOTO = "photo"
    MATERIALS = "materials"
    SUBMIT = "submit"
    CONFIRMATION = "confirmation"
    REVIEW = "review"
    PAYMENT = "payment"
    REGISTERED = "registered"


def stations(area: Area | None, site: str = "") -> tuple[Station, ...]:
    """The nodes of an area's process, in order; before one is chosen, those that all share.

    ``site`` is the code of the chosen site, which may take the fee in another way than its area.
    """
    left_out = set()
    if area is None or area.confirmation is not Confirmation.ONLINE:
        left_out.add(Station.MATERIALS)
    if area is None or area.payment_at(site) is Payment.NONE:
        left_out.add(Station.PAYMENT)
    return tuple(station for station in Station if station not in left_out)


def current(records: Records, area: Area | None) -> Station:
    """The node that waits for somebody's act."""
    person, application = records.person, records.application
    if application is not None and application.stage is Stage.SUBMITTED:
        return Station.CONFIRMATION
    if person is None or application is None or area is None:
        return Station.FORM
    return _of_draft(person, application.site, engine.open_field(application.answers) is None)


def _of_draft(person: Person, site: str, whole: bool) -> Station:
    if not site or not whole:
        return Station.FORM
    return Station.PHOTO if person.photo is None else Station.SUBMIT


def marks(records: Records, area: Area | None) -> tuple[tuple[Station, Mark], ...]:
    """Every node with its mark: what lies before the current one is done, what follows is ahead."""
    nodes = stations(area, records.application.site if records.application else "")
    at = nodes.index(current(records, area))
    order = [Mark.DONE] * at + [Mark.CURRENT] + [Mark.AHEAD] * (len(nodes) - at - 1)
    return tuple(zip(nodes, order, strict=True))
