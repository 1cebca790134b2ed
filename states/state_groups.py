"""Where a person can be: aiogram states, one group a matter; the last one is the staff's.

The names are kept in the database while people sit in these states: a golden list in the tests
guards them, and a rename goes through ``RENAMED`` so that nobody in the middle is stranded.
"""

from aiogram.fsm.state import State, StatesGroup

__all__ = [
    "ALL",
    "RENAMED",
    "STAFF",
    "Account",
    "Choose",
    "Education",
    "Form",
    "Home",
    "IdConflict",
    "Materials",
    "Mend",
    "Photo",
    "Staff",
    "State",
    "Welcome",
    "staff_state_of",
    "state_of",
]


class Welcome(StatesGroup):
    """Before anything is kept: the language, then the consent to keep data at all."""

    language = State()
    consent = State()


class Account(StatesGroup):
    """Who the candidate is; locked once confirmed (guide: these items cannot be changed)."""

    name = State()
    id_type = State()
    number = State()
    number_again = State()
    sex = State()
    born = State()
    confirm = State()


class IdConflict(StatesGroup):
    """The ID number has an account already: the candidate chooses the site that examines the case.

    The database stores the group under its first name, ``Claim``.
    """

    taken = State(group_name="Claim")
    area = State(group_name="Claim")
    site = State(group_name="Claim")


class Choose(StatesGroup):
    """Which exam; the same as last time; in which area, on which terms."""

    exam = State()
    again = State()
    area = State()
    notice = State()


class Form(StatesGroup):
    """The pages of the registration form, asked by the form engine, and the look over them."""

    asking = State()
    page = State()
    summary = State()


class Education(StatesGroup):
    """The education records that are kept: all of them, a new one, and how far a check has come."""

    records = State()
    asking = State()
    confirm = State()
    verifying = State()


class Photo(StatesGroup):
    """The portrait: waiting for a picture, then showing what was made of it."""

    waiting = State()
    confirm = State()


class Materials(StatesGroup):
    """The papers of an area that confirms online: what there is, and the files of one kind."""

    listing = State()
    adding = State()


class Mend(StatesGroup):
    """What was refused, thing by thing, to be looked at and handed in again."""

    listing = State()


class Home(StatesGroup):
    """Nothing is being asked: the menu."""

    menu = State()


class Staff(StatesGroup):
    """What somebody of the staff is asked as such: nothing; a role or a group and its scope; what
    they decide of an application that they hold, what is wrong with it and why; whom they seek.

    Kept under a key of its own, so that whoever is a candidate as well is in two places at once.
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


RENAMED: dict[str, str] = {"Account:phone": "Home:menu", "Choose:site": "Home:menu"}
"""Old state name to new one, for rows written by earlier versions. The phone and the site are asked
by the form now; from the menu, going on leads there."""


def _named(*all_groups: type[StatesGroup]) -> dict[str, State]:
    return {
        state.state: state
        for group in all_groups
        for state in group.__all_states__
        if state.state is not None
    }


ALL = _named(Welcome, Account, IdConflict, Choose, Form, Education, Photo, Materials, Mend, Home)
"""The states of candidates by name."""

STAFF = _named(Staff)
"""The states of the staff by name."""


def state_of(name: str | None) -> State:
    """The state kept under this name; someone without one, or with an unknown one, is at the start.

    >>> of("Home:menu") is Home.menu
    True
    """
    if name is None:
        return Welcome.language
    return ALL.get(RENAMED.get(name, name), Home.menu)


def staff_state_of(name: str | None) -> State:
    """The state of somebody of the staff; nothing is asked without one, or in an unknown one.

    >>> staff_of(None) is Staff.idle
    True
    """
    return STAFF.get(RENAMED.get(name, name), Staff.idle) if name else Staff.idle
