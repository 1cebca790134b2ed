"""The way of an application, from the first answer to "registered", as the guide draws it.

Which nodes there are follows from the area's configuration; which of them are done follows from
what is kept. The stages of confirmation and review join here when the staff act in the chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from states import flow
from states.exam import Area, Confirmation, Exam, Payment
from states.form.around import Around
from states.groups import Form, Materials, Photo, State
from states.progress import Mark
from states.records import Records, Stage


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


def stations(area: Area | None = None, site: str = "") -> tuple[Station, ...]:
    """The nodes of an area's process, in order; before one is chosen, those that all share.

    ``site`` is the code of the chosen site, which may take the fee in another way than its area.
    """
    left_out = set()
    if area is None or area.confirmation is not Confirmation.ONLINE:
        left_out.add(Station.MATERIALS)
    if area is None or area.payment_at(site) is Payment.NONE:
        left_out.add(Station.PAYMENT)
    return tuple(station for station in Station if station not in left_out)


_ASKED_AT: Mapping[State, Station] = {
    Photo.waiting: Station.PHOTO,
    Photo.confirm: Station.PHOTO,
    Materials.listing: Station.MATERIALS,
    Form.summary: Station.SUBMIT,
}
"""The station of what is due next; everything else belongs to the form."""


def current(records: Records, exam: Exam, now: datetime) -> Station:
    """The node that waits for somebody's act."""
    person, application = records.person, records.application
    if person is None or application is None:
        return Station.FORM
    if application.stage is Stage.SUBMITTED:
        return Station.CONFIRMATION
    around = Around.of(records, exam, now)
    due = flow.application_due(person, application, exam, around)
    return _ASKED_AT.get(due.state, Station.FORM)


def marks(records: Records, exam: Exam, now: datetime) -> tuple[tuple[Station, Mark], ...]:
    """Every node with its mark: what lies before the current one is done, what follows is ahead."""
    application = records.application
    nodes = stations(exam.area(application.area), application.site) if application else stations()
    at = nodes.index(current(records, exam, now))
    order = [Mark.DONE] * at + [Mark.CURRENT] + [Mark.AHEAD] * (len(nodes) - at - 1)
    return tuple(zip(nodes, order, strict=True))
