"""A row that was changed without the keys gets no right MAC by a later change."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Table

from storage.engine import row_macs
from storage.engine.row_macs import BOUND, RowChanged
from tests.storage.staff_members import KEYS

COLUMNS = [
    (table, mac, column)
    for table, macs in BOUND.items()
    for mac, columns in macs.items()
    for column in columns
]


def as_read(row: dict[str, Any]) -> Any:
    """Return a row as a query returns it."""
    return SimpleNamespace(**row)


def sound(table: Table) -> dict[str, Any]:
    """Return a row with its MACs; its columns hold their own names."""
    return row_macs.bind(KEYS, table, {column.key: column.key for column in table.columns})


@pytest.mark.parametrize("table", BOUND, ids=lambda table: table.name)
def test_a_sound_row_is_bound_again_with_what_changed(table: Table) -> None:
    (first, *_) = (column for macs in BOUND[table].values() for column in macs if column != "id")
    found = row_macs.rebound(KEYS, table, as_read(sound(table)), {first: "another"})
    assert found[first] == "another"
    assert row_macs.is_right(KEYS, table, found)


@pytest.mark.parametrize(
    ("table", "mac", "column"), COLUMNS, ids=[f"{t.name}-{m}-{c}" for t, m, c in COLUMNS]
)
def test_a_changed_row_is_not_bound_again(table: Table, mac: str, column: str) -> None:
    row = sound(table) | {column: "forged"}
    with pytest.raises(RowChanged):
        row_macs.rebound(KEYS, table, as_read(row), {mac: None})
