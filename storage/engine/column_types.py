"""Types of columns: moments, which are aware and in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, TypeDecorator


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
