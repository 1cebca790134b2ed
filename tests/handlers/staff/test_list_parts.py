"""Long lists of the staff: each row has one part, and the buttons lead through all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.staff import list_parts

COUNTS, PARTS = st.integers(0, 60), st.integers(1, 12)


class At:
    """A view of the staff with nothing but a screen's data."""

    def __init__(self, first: object) -> None:
        self.data = {list_parts.FIRST: str(first)}


def part(first: object, most: int, count: int) -> tuple[range, dict[str, int]]:
    """Return the rows of the part that a button leads to, and where its own buttons lead."""
    view: Any = At(first)
    begin, turns = list_parts.part_of(view, "cases", most, count)
    leading = {str(one.label): int(one.callback.value.removeprefix("cases:")) for one in turns}
    return range(begin, min(begin + most, count)), leading


@given(COUNTS, PARTS)
def test_each_row_is_shown_once_on_the_way_through_and_on_the_way_back(
    count: int, most: int
) -> None:
    shown, leading = part(0, most, count)
    rows, begins = [*shown], [0]
    while (on := leading.get("→")) is not None:
        begins.append(on)
        shown, leading = part(on, most, count)
        rows += shown
    assert rows == [*range(count)]
    while (back := leading.get("←")) is not None:
        begins.pop()
        assert back == begins[-1]
        _, leading = part(back, most, count)
    assert begins == [0]


@given(st.one_of(st.integers(), st.text(max_size=5)), COUNTS, PARTS)
def test_whatever_a_button_names_a_part_is_shown(first: object, count: int, most: int) -> None:
    rows, _ = part(first, most, count)
    assert rows.start % most == 0
    assert bool(rows) is bool(count)
