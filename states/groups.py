"""Where a person can be: aiogram states, one group a matter.

The names are kept in the database while people sit in these states: a golden list in the tests
guards them, and a rename goes through ``RENAMED`` so that nobody in the middle is stranded.
"""

from aiogram.fsm.state import State, StatesGroup

__all__ = ["ALL", "RENAMED", "Account", "Choose", "Form", "Home", "Photo", "State", "Welcome", "of"]


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
    phone = State()
    confirm = State()


class Choose(StatesGroup):
    """Which exam, in which area, on which terms, at which site."""

    exam = State()
    area = State()
    notice = State()
    site = State()


class Form(StatesGroup):
    """The pages of the registration form, asked by the form engine, and the look over it all."""

    asking = State()
    summary = State()


class Photo(StatesGroup):
    """The portrait: waiting for a picture, then showing what was made of it."""

    waiting = State()
    confirm = State()


class Home(StatesGroup):
    """Nothing is being asked: the menu."""

    menu = State()


RENAMED: dict[str, str] = {}
"""Old state name to new one, for rows written by earlier versions."""

ALL: dict[str, State] = {
    state.state: state
    for group in (Welcome, Account, Choose, Form, Photo, Home)
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
