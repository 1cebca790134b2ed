"""Where a candidate stands: the next thing that is missing, read off what is known of them.

Nothing about progress is kept twice. The guide's order: account, exam, area, terms, form, photo,
materials where the area confirms online, look over, submit; what was refused is mended.
``TRANSITIONS`` says where each state may lead; a test walks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from states import consent, materials, mending
from states.exam import Area, Confirmation, Exam
from states.form.answer_context import AnswerContext
from states.form.education import RECORD
from states.form.fields import Field, Kind
from states.form.pages import FORM
from states.lifecycle import Event, may
from states.records import Answers, Application, Identity, Part, Person, Records, Stage
from states.state_groups import (
    Account,
    Choose,
    Education,
    Form,
    Home,
    IdConflict,
    Materials,
    Mend,
    Photo,
    State,
    Welcome,
)


@dataclass(frozen=True, slots=True)
class Position:
    """A state, and what in its matter is meant (the form's field, say)."""

    state: State
    data: Mapping[str, str] = field(default_factory=dict)


MENU = Position(Home.menu)
EDITED = "edited"
"""In a place: the answer is looked at again, so "back" leads to where it was chosen."""


def due(records: Records, exam: Exam, now: datetime) -> Position:
    """What this person has to do next; the menu when there is nothing to do now."""
    person, application = records.person, records.application
    if person is None or not person.locale:
        return Position(Welcome.language)
    if person.consent != consent.VERSION:
        return Position(Welcome.consent)
    if person.number_hash is None:
        return Position(account_due(person.identity))
    if application is None:
        return Position(Choose.exam) if exam.windows.registration.holds(now) else MENU
    if mending.is_open(application, exam, now):
        return mend_due(person, application, AnswerContext.of(records, exam, now))
    if not may(application, Event.SUBMIT, exam, now):
        return MENU
    return application_due(person, application, exam, AnswerContext.of(records, exam, now))


def account_due(identity: Identity) -> State:
    """The first item of the account that is missing; some documents say neither sex nor birth."""
    missing = (
        (identity.name, Account.name),
        (identity.id_type, Account.id_type),
        (identity.id_number, Account.number),
        (identity.sex, Account.sex),
        (identity.born, Account.born),
    )
    return next((state for value, state in missing if not value), Account.confirm)


def application_due(
    person: Person, application: Application, exam: Exam, answer_context: AnswerContext
) -> Position:
    """The first thing that an application still lacks."""
    if application.stage is not Stage.DRAFT:
        return MENU
    area = exam.area(application.area)
    if area is None:
        return Position(Choose.area)
    if application.agreed != exam.terms.version:
        return Position(Choose.notice)
    unanswered = FORM.open_field(application.answers, answer_context)
    if unanswered is not None:
        return question_due(unanswered, person, answer_context)
    if application.photo is None:
        return photo_due(person)
    if area.confirmation is Confirmation.ONLINE and not _has_all_materials(application, area):
        return Position(Materials.listing)
    return Position(Form.summary)


def mend_due(person: Person, application: Application, answer_context: AnswerContext) -> Position:
    """What follows from a change, as long as the form lacks it; else all that was refused."""
    lacking = mending.open_field(application, answer_context)
    if lacking is None:
        return Position(Mend.listing)
    place = question_due(lacking, person, answer_context)
    return Position(place.state, {**place.data, EDITED: "yes"})


_OF_AN_APPLICATION = frozenset(
    {Choose.exam, Choose.again, Choose.area, Choose.notice, Mend.listing}
    | {Form.asking, Form.page, Form.summary, Materials.listing, Materials.adding}
)
"""Where parts of an application are asked. Photo and records are the person's own."""


def may_stand(position: Position, records: Records, exam: Exam, now: datetime) -> bool:
    """Whether what is asked at a place can still be answered.

    What was handed in is closed, but for what was refused of it, as long as that can be mended.
    """
    application, state = records.application, position.state
    if state not in _OF_AN_APPLICATION:
        return True
    if application is None or application.stage is Stage.DRAFT:
        return state is not Mend.listing
    if not mending.is_open(application, exam, now):
        return False
    if state is Form.asking:
        answer_context = AnswerContext.of(records, exam, now)
        return mending.may_answer(application, position.data.get("field", ""), answer_context)
    if state is Materials.adding:
        code = position.data.get("material", "")
        return mending.fault(application, Part.MATERIAL, code) is not None
    return state is Mend.listing


def _has_all_materials(application: Application, area: Area) -> bool:
    """Whether the candidate said so, and what the area asks for today is there."""
    is_done = application.uploaded_at is not None
    return is_done and not materials.missing(area.materials, application.materials)


def question_due(unanswered: Field, person: Person, answer_context: AnswerContext) -> Position:
    """Where this question is answered: one for a record begins by writing the first."""
    if unanswered.kind is Kind.RECORD and (person.record is not None or not person.education):
        return record_due(person.record or {}, answer_context)
    return Position(Form.asking, {"field": unanswered.key})


def record_due(record: Answers, answer_context: AnswerContext) -> Position:
    """What a record that is being written still lacks; in the end, to be looked over."""
    unanswered = RECORD.open_field(record, answer_context)
    if unanswered is None:
        return Position(Education.confirm)
    return Position(Education.asking, {"field": unanswered.key})


def photo_due(person: Person) -> Position:
    """The photo that the person has is offered; it is theirs for every year."""
    if person.photo is None:
        return Position(Photo.waiting)
    return Position(Photo.confirm, {"portrait": person.photo})


_DRAFT = frozenset(
    {Choose.notice, Form.asking, Education.asking, Education.confirm}
    | {Photo.waiting, Photo.confirm, Materials.listing, Form.summary}
)
"""Where an application may stand: its parts can be there already when an earlier one changes."""
_IDENTITY = frozenset({Account.name, Account.id_type, Account.number, Account.sex, Account.born})

TRANSITIONS: Mapping[State, frozenset[State]] = {
    Welcome.language: frozenset({Welcome.consent}),
    # A newer text is agreed to in the middle of the way, too.
    Welcome.consent: frozenset({Account.name, Account.confirm, Choose.exam, Choose.area, Home.menu})
    | _IDENTITY
    | _DRAFT,
    Account.name: _IDENTITY | {Account.confirm},
    Account.id_type: _IDENTITY | {Account.confirm},
    Account.number: frozenset({Account.number_again, Account.id_type}),
    Account.number_again: _IDENTITY | {Account.confirm},
    Account.sex: frozenset({Account.born, Account.number, Account.confirm}),
    Account.born: frozenset({Account.confirm, Account.sex}),
    Account.confirm: _IDENTITY | {Choose.exam, IdConflict.taken},
    IdConflict.taken: _IDENTITY | {IdConflict.area, Account.confirm},
    IdConflict.area: frozenset({IdConflict.site, IdConflict.taken}),
    IdConflict.site: frozenset({IdConflict.area, Home.menu}),
    Choose.exam: frozenset({Choose.again, Choose.area}),
    Choose.again: frozenset({Choose.area}) | _DRAFT,
    Choose.area: _DRAFT,
    Choose.notice: _DRAFT | {Choose.area},
    Form.asking: _DRAFT | {Choose.area, Form.page, Education.verifying, Mend.listing},
    Form.page: frozenset({Form.asking, Form.summary}),
    Form.summary: _DRAFT | {Form.page, Home.menu},
    # Records and photo are the person's own: they are also reached from what is kept of them.
    Education.records: frozenset({Education.asking, Education.confirm, Education.verifying})
    | {Home.menu},
    Education.asking: _DRAFT | {Education.records, Mend.listing, Home.menu},
    Education.confirm: _DRAFT | {Education.records, Mend.listing, Home.menu},
    Education.verifying: _DRAFT | {Education.records, Mend.listing, Home.menu},
    Photo.waiting: _DRAFT | {Mend.listing, Home.menu},
    Photo.confirm: _DRAFT | {Mend.listing, Home.menu},
    Materials.listing: frozenset({Materials.adding, Photo.waiting, Form.summary}),
    Materials.adding: frozenset({Materials.listing, Mend.listing}),
    Mend.listing: frozenset({Form.asking, Materials.adding, Photo.waiting, Home.menu}),
    Home.menu: frozenset(),
}
"""Where a state's own steps lead. Any state also leads to the menu (/cancel, /start, a window that
closed) and from the menu to whatever is due. What was refused opens from its notice, wherever."""
