"""The defaults of step results, and an edit without an old message."""

from __future__ import annotations

from dataclasses import fields

import pytest

from states.fsm_states import Home
from states.progress.next_step import MENU
from states.step_result import (
    EditScreen,
    Priority,
    ShowScreen,
    StepResult,
)
from states.texts import Problem, Text, normalize_label


def test_replies_come_before_notices_and_notices_before_bulk() -> None:
    order = [Priority.REPLY, Priority.NOTICE, Priority.BULK, Priority.PAID]
    assert sorted(Priority) == order
    assert ShowScreen("x").priority is EditScreen("x", "status").priority is Priority.REPLY


@pytest.mark.parametrize("message_id", [None, 7])
def test_an_edit_sent_anew_shows_the_same_and_keeps_its_slot(message_id: int | None) -> None:
    edit = EditScreen("todo", "status", {"a": "b"}, (Text("lead"),), Priority.NOTICE, message_id)
    anew = edit.as_new()
    assert isinstance(anew, ShowScreen)
    # The one message that was meant is gone; all else is the same.
    assert {f.name: getattr(anew, f.name) for f in fields(ShowScreen)} == {
        f.name: getattr(edit, f.name) for f in fields(EditScreen) if f.name != "message_id"
    }


def test_a_step_that_decides_nothing_leaves_everything() -> None:
    assert StepResult() == StepResult(position=None, effects=(), toast=None, clock=None)


def test_the_menu_is_a_place_without_a_matter() -> None:
    assert (MENU.state, MENU.data) == (Home.menu, {})


def test_a_problem_is_a_text_and_never_taken_for_one() -> None:
    assert isinstance(Problem("x"), Text)
    assert Problem("x") != Text("x")


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("⬅️ Go back", "go BACK"),
        ("✅ 同意，开始", "同意开始"),
        ("ＯＫ", "ok"),
        ("下一步 ▶", " 下一步 "),
        ("🙂", "…"),
    ],
)
def test_a_label_is_recognised_by_its_letters_and_digits(label: str, typed: str) -> None:
    assert normalize_label(label) == normalize_label(typed)
