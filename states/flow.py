"""Where a candidate stands: the next thing that is missing, read off what is known of them.

Nothing about progress is kept twice. The guide's order: account, exam, area, terms, site, form,
photo, look over, submit. ``TRANSITIONS`` says where each state may lead; a test walks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from states.exam import Exam
from states.form import engine
from states.groups import Account, Choose, Form, Home, Photo, State, Welcome
from states.records import Application, Identity, Person, Records, Stage


@dataclass(frozen=True, slots=True)
class Place:
    """A state, and what in its matter is meant (the form's field, say)."""

    state: State
    at: Mapping[str, str] = field(default_factory=dict)


MENU = Place(Home.menu)


def due(records: Records, exam: Exam, now: datetime) -> Place:
    """What this person has to do next; the menu when there is nothing to do now."""
    person, application = records.person, records.application
    if person is None or not person.locale:
        return Place(Welcome.language)
    if not person.consent:
        return Place(Welcome.consent)
    if person.number_hash is None:
        return Place(account_due(person.identity))
    if not exam.windows.registration.holds(now):
        return MENU
    if application is None:
        return Place(Choose.exam)
    return application_due(person, application, exam)


def account_due(identity: Identity) -> State:
    """The first item of the account that is missing."""
    missing = (
        (identity.name, Account.name),
        (identity.id_type, Account.id_type),
        (identity.id_number, Account.number),
        (identity.phone, Account.phone),
    )
    return next((state for value, state in missing if not value), Account.confirm)


def application_due(person: Person, application: Application, exam: Exam) -> Place:
    """The first thing that an application still lacks."""
    if application.stage is not Stage.DRAFT:
        return MENU
    area = exam.area(application.area)
    if area is None:
        return Place(Choose.area)
    if application.agreed != exam.terms.version:
        return Place(Choose.notice)
    if area.site(application.site) is None:
        return Place(Choose.site)
    unanswered = engine.open_field(application.answers)
    if unanswered is not None:
        return Place(Form.asking, {"field": unanswered.key})
    if person.photo is None:
        return Place(Photo.waiting)
    return Place(Form.summary)


TRANSITIONS: Mapping[State, frozenset[State]] = {
    Welcome.language: frozenset({Welcome.consent}),
    Welcome.consent: frozenset({Account.name}),
    Account.name: frozenset({Account.id_type, Account.number, Account.phone, Account.confirm}),
    Account.id_type: frozenset({Account.number, Account.phone, Account.confirm, Account.name}),
    Account.number: frozenset({Account.number_again, Account.id_type}),
    Account.number_again: frozenset({Account.phone, Account.number, Account.confirm}),
    Account.phone: frozenset({Account.confirm, Account.number}),
    Account.confirm: frozenset(
        {Choose.exam, Account.name, Account.id_type, Account.number, Account.phone}
    ),
    Choose.exam: frozenset({Choose.area}),
    Choose.area: frozenset({Choose.notice, Choose.site, Form.asking, Photo.waiting, Form.summary}),
    # To a later one than the site: new terms were announced after the form was filled in.
    Choose.notice: frozenset({Choose.site, Choose.area, Form.asking, Photo.waiting, Form.summary}),
    Choose.site: frozenset({Form.asking, Choose.area, Photo.waiting, Form.summary}),
    Form.asking: frozenset({Form.asking, Form.summary, Photo.waiting, Choose.site}),
    Photo.waiting: frozenset({Photo.confirm, Form.asking, Form.summary}),
    Photo.confirm: frozenset({Form.summary, Photo.waiting}),
    Form.summary: frozenset({Form.asking, Choose.site, Photo.waiting, Home.menu}),
    Home.menu: frozenset(),
}
"""Where a state's own steps lead. Any state also leads to the menu (/cancel, /start, a window that
closed) and from the menu to whatever is due."""
