"""Long lists of the staff: each row has one part, and the buttons lead through all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.callback_data import Action, Button
from handlers.staff import list_parts

COUNTS, PARTS = st.integers(0, 60), st.integers(1, 12)


class At:
    """A view of the staff with nothing but a screen's data."""

    def __init__(self, first: object) -> None:
        self.data = {list_parts.FIRST: str(first)}


def shown(first: object, most: int, count: int) -> range:
    view: Any = At(first)
    begin = list_parts.first_of(view, most, count)
    return range(begin, min(begin + most, count))


def leading(first: int, most: int, count: int) -> dict[str, int]:
    found: tuple[Button, ...] = list_parts.part_buttons(Action.MONEY, first, most, count)
    return {str(one.label): int(one.callback.value.removeprefix(list_parts.PART)) for one in found}


@given(COUNTS, PARTS)
def test_each_row_is_shown_once_on_the_way_through_and_on_the_way_back(
    count: int, most: int
) -> None:
    rows, first = [*shown(0, most, count)], 0
    begins = [0]
    while (on := leading(first, most, count).get("→")) is not None:
        first = on
        begins.append(first)
        rows += shown(first, most, count)
    assert rows == [*range(count)]
    while (back := leading(first, most, count).get("←")) is not None:
        begins.pop()
        first = back
        assert first == begins[-1]
    assert first == 0


@given(st.one_of(st.integers(), st.text(max_size=5)), COUNTS, PARTS)
def test_whatever_a_button_names_a_part_is_shown(first: object, count: int, most: int) -> None:
    rows = shown(first, most, count)
    assert rows.start % most == 0
    assert bool(rows) is bool(count)
