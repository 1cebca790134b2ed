"""Values that the type checker freezes: equal, hashed and copied like frozen dataclasses."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Mapping
from dataclasses import field, replace

import pytest

from states.progress.next_step import Position
from states.step_result import DeleteMessage, EditScreen, LeaveChat, ShowScreen, StepResult
from states.texts import Text
from states.values import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """A value as the product has them."""

    key: str
    count: int = 0
    more: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    """The same, frozen by the program."""

    key: str
    count: int = 0
    more: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Itself:
    """A value that is equal to itself only."""

    key: str


def test_it_has_the_slots_the_hash_and_the_text_of_a_frozen_dataclass() -> None:
    value, frozen = Value("a", more={"b": "c"}), Frozen("a", more={"b": "c"})
    assert hash(value) == hash(frozen)
    assert repr(value) == repr(frozen).replace("Frozen", "Value")
    assert (value.__slots__, value.__match_args__) == (frozen.__slots__, frozen.__match_args__)
    assert not hasattr(value, "__dict__")


def test_it_is_compared_copied_and_pickled_like_one() -> None:
    value = Value("a", 1, {"b": "c"})
    assert value == Value("a", 1) != replace(value, count=2)
    assert replace(value, count=2).more == {"b": "c"}
    assert pickle.loads(pickle.dumps(value)).more == {"b": "c"}
    assert {value: "x"}[Value("a", 1)] == "x"


def test_a_value_without_equality_is_hashed_by_what_it_is() -> None:
    one = Itself("a")
    assert one != Itself("a")
    assert len({one, one, Itself("a")}) == 2


def test_what_cannot_be_hashed_says_so() -> None:
    with pytest.raises(TypeError):
        hash(Text("key", {"a": "b"}))


def changes(
    position: Position,
    shown: ShowScreen,
    edited: EditScreen,
    deleted: DeleteMessage,
    left: LeaveChat,
    result: StepResult,
    value: Value,
) -> None:
    """Change a decision afterwards: each line is an error to the type checker.

    mypy tells of an ``ignore`` that nothing needs, so ``make check`` fails once one is allowed.
    """
    position.data = {}  # type: ignore[misc]
    shown.screen = ""  # type: ignore[misc]
    edited.screen = ""  # type: ignore[misc]
    deleted.message_id = 0  # type: ignore[misc]
    left.chat_id = 0  # type: ignore[misc]
    result.position = None  # type: ignore[misc]
    value.key = ""  # type: ignore[misc]
