"""Whether Telegram lets the bot write to somebody, by kind; and who has to be called instead."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from states import time_rules
from states.exam import Exam
from states.records import Application

CALLED_BEFORE: Final = timedelta(days=7)
"""The time before a deadline in which those who have not seen a notice are to be called."""


class OutOfReach(StrEnum):
    """Why Telegram refuses messages to somebody; nobody is tried again before they come back."""

    BLOCKED = "forbidden"
    DEACTIVATED = "deactivated"
    NEVER_ANSWERED = "never-answered"
    GONE = "gone"


def why_unreachable(code: int, description: str) -> OutOfReach | None:
    """Return the kind of a refusal by Telegram; None if it is not about the person.

    The descriptions are those of github.com/tdlib/telegram-bot-api.
    """
    if "chat not found" in description:
        return OutOfReach.GONE
    if code != 403:
        return None
    if "deactivated" in description:
        return OutOfReach.DEACTIVATED
    if "can't initiate" in description:
        return OutOfReach.NEVER_ANSWERED
    return OutOfReach.BLOCKED


def is_at_risk(application: Application, exam: Exam, now: datetime) -> bool:
    """Return whether an application expires within ``CALLED_BEFORE`` if nobody acts."""
    ends = time_rules.deadline(application, exam)
    return ends is not None and ends - CALLED_BEFORE <= now < ends
