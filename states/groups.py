"""Where a person can be: aiogram states, one group a matter.

The names are kept in the database while people sit in these states: a golden list in the tests
guards them, and a rename goes through ``RENAMED`` so that nobody in the middle is stranded.
"""

from aiogram.fsm.state import State, StatesGroup

__all__ = [
    "ALL",
    "RENAMED",
    "Account",
    "Choose",
    "Claim",
    "Education",
    "Form",
    "Home",
    "Materials",
    "Mend",
    "Photo",
    "State",
    "Welcome",
    "of",
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


class Claim(StatesGroup):
    """The ID number is somebody else's account: the candidate says where this is to be settled."""

    taken = State()
    area = State()
    site = State()


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


RENAMED: dict[str, str] = {"Account:phone": "Home:menu", "Choose:site": "Home:menu"}
"""Old state name to new one, for rows written by earlier versions. The phone and the site are asked
by the form now; from the menu, going on leads there."""

ALL: dict[str, State] = {
    state.state: state
    for group in (Welcome, Account, Claim, Choose, Form, Education, Photo, Materials, Mend, Home)
    for state in group.__all_states__
    if state.state is not None
}


def of(name: str | None) -> State:
    """The state kept under this name; someone without one, or with an unknown one, is at the start.

    >>> of("Home:menu") is Home.menu
    True
    """
    if name is None:
        return Welcome.language
    return ALL.get(RENAMED.get(name, name), Home.menu)
