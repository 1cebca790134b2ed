"""Buttons fit into Telegram's 64 bytes, mean one thing each, and can be typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.buttons import LIMIT, Button, Press, Verb, mark_of
from handlers.table import SCREENS
from states.groups import ALL, Account, Form
from states.texts import bare
from tests.handlers.candidates import LOCALES, Standing, standings
from tests.handlers.offline import WORDS, buttons_of, screen_of
from tests.handlers.screens import ANYWHERE as SHOWN_BY_NAME

MARK = "0123abcd"


def shown() -> list[tuple[str, str, list[Button]]]:
    """Every screen in every case and language: a name, the language, its buttons."""
    found = []
    for locale in LOCALES:
        for name, standing in standings(locale).items():
            found.append((f"{locale}: {name}", locale, buttons_of(standing)))
            for screen in SHOWN_BY_NAME:
                buttons = [b for row in screen_of(standing, screen).buttons for b in row]
                found.append((f"{locale}: {name}, {screen}", locale, buttons))
            if name.startswith("menu, submitted"):
                todo = [b for row in screen_of(standing, "todo").buttons for b in row]
                found.append((f"{locale}: {name}, todo", locale, todo))
    return found


SHOWN = shown()
every_screen = pytest.mark.parametrize(
    ("locale", "buttons"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN]
)


def test_every_screen_was_drawn() -> None:
    drawn = {str(s.place.state.state) for s in standings("en").values()}
    assert drawn | set(SHOWN_BY_NAME) | {"todo", "alert", "export-photo"} == set(SCREENS)


@every_screen
def test_callback_data_is_one_to_sixty_four_bytes(locale: str, buttons: list[Button]) -> None:
    for button in buttons:
        packed = button.press.marked(MARK).pack()
        assert 1 <= len(packed.encode()) <= LIMIT
        assert Press.parse(packed) == button.press.marked(MARK)


@pytest.mark.row("B20")
@every_screen
def test_labels_differ_so_that_typing_is_never_ambiguous(
    locale: str, buttons: list[Button]
) -> None:
    """In the reader's language, and against the labels of other buttons in the other language."""
    said = [WORDS.labels(button.label) for button in buttons]
    for number, labels in enumerate(said):
        assert bare(WORDS.label(buttons[number].label, locale)), "a label without a letter"
        others = frozenset().union(*said[:number], *said[number + 1 :])
        assert not labels & others


@every_screen
def test_a_keyboard_is_one_that_a_phone_can_show(locale: str, buttons: list[Button]) -> None:
    """A message takes 100 buttons; a phone shows some 45 letters of one that has the whole row."""
    assert len(buttons) <= 100
    for button in buttons:
        assert 1 <= len(WORDS.label(button.label, locale)) <= 60


presses = st.builds(
    Press,
    st.sampled_from(Verb),
    st.text(max_size=20),
    st.text(st.characters(exclude_characters=":"), max_size=10),
)


@given(presses)
@example(Press(Verb.CHOOSE, "a:b:c", MARK))
def test_what_is_packed_is_read_again(press: Press) -> None:
    assert Press.parse(press.pack()) == press


@pytest.mark.parametrize(
    "forged", [None, "", ":", "c", "c:", "c:mark", "q:mark:value", "choose:mark:value", "C:m:v"]
)
def test_what_we_never_made_is_no_press(forged: str | None) -> None:
    assert Press.parse(forged) is None


@given(st.text(max_size=64))
def test_any_data_is_read_or_refused(data: str) -> None:
    press = Press.parse(data)
    assert press is None or press.pack() == data


def test_a_mark_names_one_question() -> None:
    standing: list[Standing] = list(standings("en").values())
    questions = {(s.place.state, s.place.at.get("field", "")) for s in standing}
    marks = {mark_of(state, {"field": field}) for state, field in questions}
    assert len(marks) == len(questions) >= len(ALL)
    assert all(len(mark) == 8 and int(mark, 16) >= 0 for mark in marks)


def test_a_mark_does_not_change_with_what_was_typed() -> None:
    """The hash of the first number is part of the place, but not of the question."""
    assert mark_of(Account.number_again, {"first": "e" * 64}) == mark_of(Account.number_again, {})
    one, other = ({"field": field} for field in ("employer", "department"))
    assert mark_of(Form.asking, one) != mark_of(Form.asking, other)


def test_a_button_that_has_a_mark_keeps_it() -> None:
    press = Press(Verb.GO, "menu", "*")
    assert press.marked(MARK) == press
    assert replace(press, mark="").marked(MARK).mark == MARK
