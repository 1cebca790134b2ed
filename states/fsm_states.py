"""The aiogram states of a conversation, one group per topic; ``Staff`` has those of the staff.

The database stores the names. A golden list in the tests guards them; a renamed state needs an
entry in ``RENAMED``.
"""

from aiogram.fsm.state import State as State
from aiogram.fsm.state import StatesGroup


class Welcome(StatesGroup):
    """The language, then the consent to store personal data."""

    language = State()
    consent = State()


class Account(StatesGroup):
    """The candidate's identity; locked once confirmed (guide: these items cannot be changed)."""

    name = State()
    id_type = State()
    number = State()
    number_again = State()
    sex = State()
    born = State()
    confirm = State()


class IdConflict(StatesGroup):
    """The conflict of two accounts with one ID number: the site that settles it.

    The database stores the group under its first name, ``Claim``.
    """

    taken = State(group_name="Claim")
    area = State(group_name="Claim")
    site = State(group_name="Claim")


class Correction(StatesGroup):
    """A candidate applies for the correction of a locked item (domain §1.1)."""

    item = State()
    name = State()
    number = State()
    number_again = State()
    proof = State()
    review = State()


class Choose(StatesGroup):
    """The exam, last year's answers, the area, its change and what holds after it, the terms."""

    exam = State()
    again = State()
    area = State()
    moving = State()
    kept = State()
    notice = State()


class Form(StatesGroup):
    """The questions of the registration form, one of its pages, and the summary."""

    asking = State()
    page = State()
    summary = State()


class Education(StatesGroup):
    """The education records: the list, a new record, and the result of a verification."""

    records = State()
    asking = State()
    confirm = State()
    verifying = State()


class Photo(StatesGroup):
    """The photo: waiting for a picture, then confirming the portrait made of it."""

    waiting = State()
    confirm = State()


class Materials(StatesGroup):
    """The materials of an area that confirms online: the list, and the files of one material."""

    listing = State()
    adding = State()


class Corrections(StatesGroup):
    """The refused items, for the candidate to correct. The database has the name ``Mend``."""

    listing = State(group_name="Mend")


class LateChanges(StatesGroup):
    """A candidate asks to change answers after the time: which, with which papers, and why."""

    picking = State()
    papers = State()
    reasoning = State()


class Paying(StatesGroup):
    """A candidate who has paid and is not registered gives a proof."""

    proof = State()


class Home(StatesGroup):
    """The menu, without a question."""

    menu = State()


class Staff(StatesGroup):
    """The questions for the staff: a role and its scope, a decision, a refusal, a search.

    The FSM storage has a separate key for them: a member of the staff can be a candidate too.
    """

    idle = State()
    role = State()
    area = State()
    site = State()
    point = State()
    card = State()
    noting = State()
    refusing = State()
    picking = State()
    reasoning = State()
    wording = State()
    sending = State()
    finding = State()
    paying = State()
    audience = State()
    audience_codes = State()
    writing = State()
    planning = State()
    reopening = State()
    refunding = State()
    sending_back = State()
    undoing = State()
    declining = State()
    answering = State()
    checking = State()
    verifying = State()


ABOUT = ("item", "field", "page", "material", "record", "charge", "case", "check", "sorted")
"""The keys of position data that tell the questions of one state apart; a position has one."""

RENAMED: dict[str, str] = {"Account:phone": "Home:menu", "Choose:site": "Home:menu"}
"""New state name by old one, for rows of earlier versions. The form asks phone and site now."""


def _named(*all_groups: type[StatesGroup]) -> dict[str, State]:
    return {
        state.state: state
        for group in all_groups
        for state in group.__all_states__
        if state.state is not None
    }


ALL = _named(
    *(Welcome, Account, IdConflict, Correction, Choose, Form, Education, Photo, Materials),
    *(Corrections, LateChanges, Paying, Home),
)
"""States of candidates by name."""

STAFF = _named(Staff)
"""States of the staff by name."""


def state_of(name: str | None) -> State:
    """Return the candidate's state of this name: the first without a name, the menu if unknown.

    >>> state_of("Home:menu") is Home.menu
    True
    """
    if name is None:
        return Welcome.language
    return ALL.get(RENAMED.get(name, name), Home.menu)


def staff_state_of(name: str | None) -> State:
    """Return the staff state of this name; ``Staff.idle`` without a name, or for an unknown one.

    >>> staff_state_of(None) is Staff.idle
    True
    """
    return STAFF.get(RENAMED.get(name, name), Staff.idle) if name else Staff.idle
