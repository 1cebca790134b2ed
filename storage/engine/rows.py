"""Rows and records: conversions by the names of columns, and moments as stored values."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

from sqlalchemy import DateTime, Dialect, Row, Table, TypeDecorator

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


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC.

    Raises:
        ValueError: the value is naive.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime names no moment")
        return value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None]:
        """Return what reads a value: one call a value, since each row has several."""
        read = self.impl_instance.result_processor(dialect, coltype)

        def moment(value: Any) -> datetime | None:
            if value is None:
                return None
            try:
                kept: Any = value if read is None else read(value)
                found: datetime = kept.replace(tzinfo=kept.tzinfo or UTC).astimezone(UTC)
            except (ValueError, TypeError, OverflowError):
                return NO_MOMENT
            return min(found, NO_MOMENT)

        return moment


NO_MOMENT: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""A value that is no moment, or PostgreSQL's infinity: somebody wrote it by hand.

No row has the MAC of it, and each zone has its hour.
"""
