"""Buttons fit into Telegram's 64 bytes, mean one thing each, and can be typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.callback_data import LIMIT, Action, Button, CallbackData, question_hash_of
from handlers.candidate.filling.profile import EXPORT_LISTS
from handlers.candidate.progress.status import NOTICES
from handlers.candidate.reminders import REMINDER, REMINDERS
from handlers.everyone.notices import EXAM_CHANGE_REFUSED, EXAM_CHANGED
from handlers.registry import SCREENS
from handlers.rendering import Overtaken
from states.exam.data import MAX_PLACES
from states.fsm_states import ALL, Account, Form
from states.texts import normalize_label
from tests.fakes.router import TRANSLATIONS, buttons_of, screen_of
from tests.handlers.all_screens import (
    ALERTS,
    CASES,
    MONEY,
    REFUSED,
    cases_of,
    files_of,
    prints_of,
    reminders_of,
)
from tests.handlers.all_screens import ANYWHERE as SHOWN_BY_NAME
from tests.handlers.people import LOCALES, Standing
from tests.handlers.standings import standings

MARK = "0123abcd"
MOST_BUTTONS, LONGEST_LABEL = 100, 60


def shown() -> list[tuple[str, str, list[Button]]]:
    """Every keyboard once: where it stands, the language, its buttons."""
    found: dict[str, tuple[str, str, list[Button]]] = {}
    for locale in LOCALES:
        for name, standing in standings(locale).items():
            drawn: dict[str | None, Standing] = dict.fromkeys((None, *SHOWN_BY_NAME), standing)
            if name.startswith("menu, submitted"):
                drawn["todo"] = standing
            drawn[REMINDERS] = standing
            for reminded in reminders_of(standing)[:1]:
                drawn[REMINDER] = reminded
            for printed in prints_of(standing)[:1]:
                drawn["print"] = printed
            for looking in files_of(standing)[:1]:
                drawn["material-file"] = looking
            drawn |= {screen: at for at, screen in cases_of(standing)}
            if "measures" in standing.position.data:
                drawn |= dict.fromkeys(("photo-marked", "photo-as-file"), standing)
            for screen, at in drawn.items():
                try:
                    buttons = [button for row in screen_of(at, screen).buttons for button in row]
                except Overtaken:
                    continue
                told = f"{locale}: {name}, {screen or 'asked'}"
                found.setdefault(f"{locale} {buttons}", (told, locale, buttons))
    return list(found.values())


SHOWN = shown()


def test_every_screen_was_drawn() -> None:
    drawn = {str(s.position.state.state) for s in standings("en").values()}
    others = {
        "todo",
        REMINDER,
        REMINDERS,
        *ALERTS,
        "audit-head",
        "export-photo",
        "material-file",
        "lost",
        "asked-several",
        *REFUSED,
        "print",
    }
    others |= {*CASES, "photo-marked", "photo-as-file"}
    others |= {"paper-turned", "paper-turned-done", "paper-over", "paper-said", "paper-closed"}
    others |= {"record-paper-none", EXPORT_LISTS, EXAM_CHANGED, EXAM_CHANGE_REFUSED}
    others |= {*MONEY} | {f"told-{what}" for what in NOTICES}
    assert drawn | set(SHOWN_BY_NAME) | others == set(SCREENS)
    assert len(SHOWN) > 300


def test_callback_data_is_one_to_sixty_four_bytes() -> None:
    for name, _locale, buttons in SHOWN:
        for button in buttons:
            packed, own = button.callback.pack(MARK), button.callback.question_hash
            assert 1 <= len(packed.encode()) <= LIMIT, name
            shown = replace(button.callback, question_hash=own or MARK)
            assert CallbackData.parse(packed) == shown, name


@pytest.mark.row("B20")
def test_labels_differ_so_that_typing_is_never_ambiguous() -> None:
    """In the reader's language, and against the labels of other buttons in the other language."""
    for name, locale, buttons in SHOWN:
        said: dict[str, Button] = {}
        for button in buttons:
            assert normalize_label(TRANSLATIONS.label(button.label, locale)), (
                f"{name}: a label without a letter"
            )
            for label in TRANSLATIONS.labels(button.label):
                assert said.setdefault(label, button) is button, f"{name}: {label} stands twice"


def test_a_keyboard_is_one_that_a_phone_can_show() -> None:
    """A message takes 100 buttons; a phone shows some 45 letters of one that has the whole row."""
    for name, locale, buttons in SHOWN:
        assert len(buttons) <= MOST_BUTTONS, name
        for button in buttons:
            assert 1 <= len(TRANSLATIONS.label(button.label, locale)) <= LONGEST_LABEL, name


def test_a_list_as_long_as_an_exam_may_have_still_leaves_room_for_the_other_buttons() -> None:
    """96 places, the way back, and the help for who has been wrong too often."""
    for name in ("area, wrong 3", "area, found", "claim area, wrong 3"):
        others = [
            b for b in buttons_of(standings("en")[name]) if b.callback.action is not Action.CHOOSE
        ]
        assert MAX_PLACES + len(others) <= MOST_BUTTONS


presses = st.builds(
    CallbackData,
    st.sampled_from(Action),
    st.text(max_size=20),
    st.text(st.characters(exclude_characters=":"), max_size=10),
)


@given(presses)
@example(CallbackData(Action.CHOOSE, "a:b:c", MARK))
def test_what_is_packed_is_read_again(callback: CallbackData) -> None:
    assert CallbackData.parse(callback.pack()) == callback


@pytest.mark.parametrize(
    "forged", [None, "", ":", "c", "c:", "c:mark", "z:mark:value", "choose:mark:value", "+:m:v"]
)
def test_what_we_never_made_is_no_press(forged: str | None) -> None:
    assert CallbackData.parse(forged) is None


@given(st.text(max_size=64))
def test_any_data_is_read_or_refused(data: str) -> None:
    press = CallbackData.parse(data)
    assert press is None or press.pack() == data


def test_a_mark_names_one_question() -> None:
    about = ("field", "page", "material", "record")
    questions = {
        (
            one.position.state,
            next((one.position.data[key] for key in about if key in one.position.data), ""),
        )
        for one in standings("en").values()
    }
    marks = {question_hash_of(state, {"field": key}) for state, key in questions}
    assert len(marks) == len(questions) >= len(ALL)
    assert all(len(mark) == 8 and int(mark, 16) >= 0 for mark in marks)


def test_a_mark_does_not_change_with_what_was_typed() -> None:
    """The hash of the first number is part of the place, but not of the question."""
    assert question_hash_of(Account.number_again, {"first": "e" * 64}) == question_hash_of(
        Account.number_again, {}
    )
    of_list = {"field": "specialty", "leaf": "12", "found": "303", "wrong": "2"}
    assert question_hash_of(Form.asking, of_list) == question_hash_of(
        Form.asking, {"field": "specialty"}
    )
    one, other = ({"field": field} for field in ("employer", "department"))
    assert question_hash_of(Form.asking, one) != question_hash_of(Form.asking, other)


def test_a_button_that_has_a_mark_keeps_it() -> None:
    press = CallbackData(Action.GO, "menu", "*")
    assert press.pack(MARK) == press.pack()
    assert replace(press, question_hash="").pack(MARK) == f"g:{MARK}:menu"
