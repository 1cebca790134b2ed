"""The workdays of China, for the linter of exams and for rehearsals."""

from __future__ import annotations

from datetime import date

import chinese_calendar  # type: ignore[import-untyped]  # it has no stubs


def is_workday(day: date) -> bool | None:
    """Return whether offices work on a day; None where the year's holidays are not published."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
