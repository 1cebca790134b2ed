"""Rows and records: conversions by the names of columns."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from sqlalchemy import Row, Table

T = TypeVar("T")


def row_of(table: Table, record: object, /, **values: object) -> dict[str, Any]:
    """Return a record as a row: each column has the attribute of its name.

    ``values`` replace attributes, such as those that a column keeps encrypted.
    """
    names, attributes = _columns(table, tuple(values))
    return dict(zip(names, attributes(record), strict=False)) | values


def record_of(kind: type[T], row: Any, /, **values: object) -> T:
    """Return a row as a dataclass's record: each field has the column of its name, or its value."""
    names, attributes = _fields(cast(Hashable, kind), tuple(values))
    return kind(**dict(zip(names, attributes(row), strict=False)), **values)


def part_of(row: Row[Any], table: Table, first: int = 0) -> Any:
    """Return a table's part of a joined row, which begins at the column ``first``."""
    return _row_type(table)._make(row[first : first + len(table.columns)])


Attributes = tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]
"""Names of attributes, and the function that gets them all: two at least."""


@cache
def _columns(table: Table, given: tuple[str, ...]) -> Attributes:
    return _attributes(table.columns.keys(), given)


@cache
def _fields(kind: Any, given: tuple[str, ...]) -> Attributes:
    return _attributes((field.name for field in fields(kind)), given)


def _attributes(names: Iterable[str], given: tuple[str, ...]) -> Attributes:
    others = tuple(name for name in names if name not in given)
    return others, attrgetter(*others)


@cache
def _row_type(table: Table) -> Any:
    return namedtuple(table.name, table.columns.keys())
