"""The state names, which the database stores."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from states import fsm_states
from states.fsm_states import ALL, STAFF, Choose, Form, Home, Staff, State, Welcome

GOLDEN = (
    "Account:born",
    "Account:confirm",
    "Account:id_type",
    "Account:name",
    "Account:number",
    "Account:number_again",
    "Account:phone",
    "Account:sex",
    "Choose:again",
    "Choose:area",
    "Choose:exam",
    "Choose:kept",
    "Choose:moving",
    "Choose:notice",
    "Choose:site",
    "Claim:area",
    "Claim:site",
    "Claim:taken",
    "Correction:item",
    "Correction:name",
    "Correction:number",
    "Correction:number_again",
    "Correction:proof",
    "Correction:review",
    "Education:asking",
    "Education:confirm",
    "Education:records",
    "Education:verifying",
    "Form:asking",
    "Form:page",
    "Form:summary",
    "Home:menu",
    "LateChanges:papers",
    "LateChanges:picking",
    "LateChanges:reasoning",
    "Materials:adding",
    "Materials:listing",
    "Mend:listing",
    "Paying:proof",
    "Photo:confirm",
    "Photo:waiting",
    "Staff:answering",
    "Staff:area",
    "Staff:audience",
    "Staff:audience_codes",
    "Staff:card",
    "Staff:checking",
    "Staff:declining",
    "Staff:finding",
    "Staff:idle",
    "Staff:noting",
    "Staff:paying",
    "Staff:picking",
    "Staff:planning",
    "Staff:point",
    "Staff:reasoning",
    "Staff:refunding",
    "Staff:refusing",
    "Staff:reopening",
    "Staff:role",
    "Staff:sending",
    "Staff:sending_back",
    "Staff:site",
    "Staff:undoing",
    "Staff:verifying",
    "Staff:wording",
    "Staff:writing",
    "Welcome:consent",
    "Welcome:language",
)
"""Every name that was ever released. When the test below fails: a new state is added here; a name
that goes or changes stays here and gets a line in ``groups.RENAMED``, so that whoever sits in it
when the new version starts is led on and not lost."""


def test_every_name_that_was_ever_released_is_known_and_no_other() -> None:
    assert sorted(ALL.keys() | STAFF.keys() | fsm_states.RENAMED.keys()) == list(GOLDEN)


def test_a_renamed_state_has_a_state_to_go_to() -> None:
    assert set(fsm_states.RENAMED.values()) <= ALL.keys()
    assert not fsm_states.RENAMED.keys() & ALL.keys()


@pytest.mark.parametrize("name", ALL)
def test_a_state_is_found_by_the_name_that_is_kept(name: str) -> None:
    assert fsm_states.state_of(name).state == name
    assert fsm_states.state_of(name) is ALL[name]


def test_somebody_without_a_state_is_at_the_start() -> None:
    assert fsm_states.state_of(None) is Welcome.language


@pytest.mark.parametrize("name", ["Account:phone", "Choose:site"])
def test_what_the_form_asks_now_is_asked_from_the_menu_on(name: str) -> None:
    assert name in GOLDEN
    assert fsm_states.state_of(name) is Home.menu


@pytest.mark.parametrize("name", ["", "Form", "Form:gone", "form:asking", "*"])
def test_a_state_that_nobody_knows_is_the_menu(name: str) -> None:
    assert fsm_states.state_of(name) is Home.menu


@pytest.mark.parametrize(
    ("renamed", "state"),
    [
        ({"Choose:county": "Choose:area"}, Choose.area),
        ({"Choose:county": "Form:asking"}, Form.asking),
        ({"Choose:county": "Choose:gone"}, Home.menu),
    ],
)
def test_whoever_sits_in_a_renamed_state_is_led_on(
    monkeypatch: pytest.MonkeyPatch, renamed: Mapping[str, str], state: State
) -> None:
    monkeypatch.setattr(fsm_states, "RENAMED", renamed)
    assert fsm_states.state_of("Choose:county") is state


def test_names_fit_their_column_and_are_each_a_state_of_their_own() -> None:
    both = {**ALL, **STAFF}
    assert all(len(name) <= 100 for name in both)
    assert len({id(state) for state in both.values()}) == len(ALL) + len(STAFF)


@pytest.mark.parametrize("name", STAFF)
def test_the_staff_have_names_of_their_own(name: str) -> None:
    assert fsm_states.staff_state_of(name) is STAFF[name]
    assert fsm_states.state_of(name) is Home.menu


@pytest.mark.parametrize("name", [None, "Staff:gone", "Form:asking"])
def test_nothing_is_asked_of_the_staff_in_a_state_that_is_none_of_theirs(name: str | None) -> None:
    assert fsm_states.staff_state_of(name) is Staff.idle
