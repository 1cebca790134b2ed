"""The conversation of a candidate: the position of the next missing item, from their records.

The progress is derived and never stored. The guide's order: account, exam, area, terms, form,
photo, materials (areas that confirm online), summary. ``NEXT_STATES`` lists the followers of each
state; a test walks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from states import materials
from states.changes import corrections, late_changes
from states.exam import Area, Confirmation, Exam
from states.form.education import RECORD
from states.form.fields import AnswerContext, Field, FieldKind
from states.form.pages import FORM
from states.fsm_states import (
    Account,
    Choose,
    Correction,
    Corrections,
    Education,
    Form,
    Home,
    IdConflict,
    LateChanges,
    Materials,
    Paying,
    Photo,
    State,
    Welcome,
)
from states.process.lifecycle import Event, is_allowed
from states.records import (
    CONSENT_VERSION,
    Answers,
    Application,
    Identity,
    Part,
    Person,
    Records,
    Stage,
)
from states.values import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A state and its data, such as the key of the form's field."""

    state: State
    data: Mapping[str, str] = field(default_factory=dict)


MENU = Position(Home.menu)
EDITED = "edited"
"""Key in ``Position.data``: the candidate edits an answer, so "back" leads to the list."""


def due(records: Records, exam: Exam, now: datetime) -> Position:
    """Return the position of the next missing item; the menu if nothing can be done now."""
    person, application = records.person, records.application
    if person is None or not person.locale:
        return Position(Welcome.language)
    if person.consent != CONSENT_VERSION:
        return Position(Welcome.consent)
    if person.number_hash is None:
        return Position(account_due(person.identity))
    if person.is_closed:
        return MENU
    if application is None:
        return Position(Choose.exam) if exam.windows.registration.holds(now) else MENU
    if application.stage is not Stage.DRAFT:
        if corrections.is_open(application, exam, now):
            return correction_due(person, application, AnswerContext.of(records, exam, now))
        return MENU
    if not is_allowed(application, Event.SUBMIT, exam, now):
        return MENU
    return application_due(person, application, exam, AnswerContext.of(records, exam, now))


def account_due(identity: Identity) -> State:
    """Return the state of the first missing identity item, or the confirmation."""
    missing = (
        (identity.name, Account.name),
        (identity.id_type, Account.id_type),
        (identity.id_number, Account.number),
        (identity.sex, Account.sex),
        (identity.born, Account.born),
    )
    return next((state for value, state in missing if not value), Account.confirm)


def application_due(
    person: Person, application: Application, exam: Exam, context: AnswerContext
) -> Position:
    """Return the position of the first item that a draft lacks."""
    area = exam.area(application.area)
    if area is None:
        return Position(Choose.area)
    if application.agreed != exam.terms.version:
        return Position(Choose.notice)
    unanswered = FORM.first_unanswered(application.answers, context)
    if unanswered is not None:
        return question_due(unanswered, person, context)
    if application.photo is None:
        return photo_due(person)
    if area.confirmation is Confirmation.ONLINE and not _has_all_materials(application, area):
        return Position(Materials.listing)
    return Position(Form.summary)


def correction_due(person: Person, application: Application, context: AnswerContext) -> Position:
    """Return the position of an answer that a correction left open; else the refused items."""
    lacking = FORM.first_unanswered(application.answers, context)
    if lacking is None:
        return Position(Corrections.listing)
    place = question_due(lacking, person, context)
    return Position(place.state, {**place.data, EDITED: "yes"})


_OF_AN_APPLICATION = frozenset(
    {Choose.exam, Choose.again, Choose.area, Choose.moving, Choose.kept, Choose.notice}
    | {Corrections.listing}
    | {Form.asking, Form.page, Form.summary, Materials.listing, Materials.adding}
)
"""States that ask for parts of an application; photo and records belong to the person."""
_OF_A_NEW_ACCOUNT = frozenset(
    {Account.name, Account.id_type, Account.number, Account.number_again}
    | {Account.sex, Account.born, Account.confirm, IdConflict.taken}
)
"""States that ask for an identity; it may be locked meanwhile, as by an account that moved here."""
_OF_A_LATE_CHANGE = frozenset({LateChanges.picking, LateChanges.papers, LateChanges.reasoning})


def is_answerable(position: Position, records: Records, exam: Exam, now: datetime) -> bool:
    """Return whether the question of a position can still be answered.

    Of a submitted application only refused items and those of a late change can, as long as it can
    be handed in again. A locked identity is asked for nowhere.
    """
    application, state = records.application, position.state
    if state in _OF_A_NEW_ACCOUNT:
        return records.person is None or records.person.number_hash is None
    if state in _OF_A_LATE_CHANGE:
        return late_changes.ask_denial(application, exam, now) is None
    if state not in _OF_AN_APPLICATION:
        return True
    if application is None or application.stage is Stage.DRAFT:
        return state is not Corrections.listing
    if not corrections.is_open(application, exam, now):
        return False
    if state is Form.asking:
        context = AnswerContext.of(records, exam, now)
        return corrections.may_answer(application, position.data.get("field", ""), context)
    if state is Materials.adding:
        code = position.data.get("material", "")
        return corrections.find_fault(application, Part.MATERIAL, code) is not None
    return state is Corrections.listing


def _has_all_materials(application: Application, area: Area) -> bool:
    """Return whether the candidate declared the materials complete, and none is missing now."""
    is_done = application.uploaded_at is not None
    return is_done and not materials.missing_materials(area.materials, application.materials)


def question_due(unanswered: Field, person: Person, context: AnswerContext) -> Position:
    """Return the position of a question; without education records, that of a new record."""
    if unanswered.kind is FieldKind.RECORD and (person.record is not None or not person.education):
        return record_due(person.record or {}, context)
    return Position(Form.asking, {"field": unanswered.key})


def record_due(record: Answers, context: AnswerContext) -> Position:
    """Return the position of a record's first unanswered field, or its confirmation."""
    unanswered = RECORD.first_unanswered(record, context)
    if unanswered is None:
        return Position(Education.confirm)
    return Position(Education.asking, {"field": unanswered.key})


def photo_due(person: Person) -> Position:
    """Return the position that asks for a photo, or offers one that was shown or is stored."""
    if person.photo is None or person.shown_photo:
        return photo_anew(person)
    return Position(Photo.confirm, {"portrait": person.photo})


def photo_anew(person: Person) -> Position:
    """Return the position that asks for another photo, or offers the one that was shown."""
    if person.shown_photo:
        return Position(Photo.confirm, person.shown_photo)
    return Position(Photo.waiting)


_DRAFT = frozenset(
    {Choose.notice, Form.asking, Education.asking, Education.confirm}
    | {Photo.waiting, Photo.confirm, Materials.listing, Form.summary}
)
"""The states of a draft: after a change, any later item may be the next missing one."""
_IDENTITY = frozenset({Account.name, Account.id_type, Account.number, Account.sex, Account.born})

NEXT_STATES: Mapping[State, frozenset[State]] = {
    Welcome.language: frozenset({Welcome.consent}),
    # A new version of the consent text can interrupt at any state.
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
    IdConflict.area: frozenset({IdConflict.site, IdConflict.taken, Correction.review}),
    IdConflict.site: frozenset({IdConflict.area, Home.menu}),
    Correction.item: frozenset({Correction.name, Correction.number, Home.menu}),
    Correction.name: frozenset({Correction.item, Correction.proof}),
    Correction.number: frozenset({Correction.item, Correction.number_again}),
    Correction.number_again: frozenset({Correction.number, Correction.proof}),
    Correction.proof: frozenset({Correction.item, Correction.review}),
    Correction.review: frozenset({Correction.proof, IdConflict.area, Home.menu}),
    Choose.exam: frozenset({Choose.again, Choose.area}),
    Choose.again: frozenset({Choose.area}) | _DRAFT,
    Choose.area: _DRAFT | {Choose.moving, Choose.kept},
    Choose.moving: _DRAFT | {Choose.area, Choose.kept},
    Choose.kept: _DRAFT | {Choose.area},
    Choose.notice: _DRAFT | {Choose.area},
    Form.asking: _DRAFT | {Choose.area, Form.page, Education.verifying, Corrections.listing},
    Form.page: frozenset({Form.asking, Form.summary}),
    Form.summary: _DRAFT | {Choose.area, Form.page, Education.verifying, Home.menu},
    # Records and photo belong to the person, so the profile leads to them as well.
    Education.records: frozenset({Education.asking, Education.confirm, Education.verifying})
    | {Home.menu, LateChanges.picking, Paying.proof},
    Education.asking: _DRAFT | {Education.records, Corrections.listing, Home.menu},
    Education.confirm: _DRAFT | {Education.records, Corrections.listing, Home.menu},
    Education.verifying: _DRAFT | {Education.records, Corrections.listing, Home.menu},
    Photo.waiting: _DRAFT | {Corrections.listing, Home.menu},
    Photo.confirm: _DRAFT | {Corrections.listing, Home.menu},
    Materials.listing: frozenset({Materials.adding, Photo.waiting, Form.summary}),
    Materials.adding: frozenset({Materials.listing, Corrections.listing}),
    Corrections.listing: frozenset({Form.asking, Materials.adding, Home.menu})
    | {Photo.waiting, Photo.confirm},
    LateChanges.picking: frozenset({LateChanges.papers, Home.menu}),
    LateChanges.papers: frozenset({LateChanges.picking, LateChanges.reasoning, Home.menu}),
    LateChanges.reasoning: frozenset({LateChanges.papers, Home.menu}),
    Paying.proof: frozenset({Home.menu}),
    Home.menu: frozenset(),
}
"""The states that a state's own steps lead to.

In addition, any state leads to the menu (/cancel, /start, a closed window), and the menu to
``due``. The notice of a refusal leads to ``Corrections.listing``, "I have paid" to
``Paying.proof``, a late change to ``LateChanges.picking``, the profile to ``Correction.item``.
"""
