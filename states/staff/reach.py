"""Whether Telegram lets the bot write to somebody, by kind; and who has to be called instead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from states.exam import Confirmation, Exam
from states.process import time_rules
from states.records import Application, Stage
from states.staff_roles import Role, RoleAssignment

CALLED_BEFORE: Final = timedelta(days=7)
"""The time before a deadline in which those who have not seen a notice are to be called."""
CALLING: Final = frozenset({Role.POINT_CLERK, Role.SITE_REVIEWER, Role.AREA_REVIEWER})
"""The roles that call candidates, since they read their forms anyway."""


class OutOfReach(StrEnum):
    """Why Telegram refuses messages to somebody; nobody is tried again before they come back."""

    BLOCKED = "forbidden"
    DEACTIVATED = "deactivated"
    NEVER_ANSWERED = "never-answered"
    GONE = "gone"


class GroupTrouble(StrEnum):
    """Why a group that is still there takes no message; whoever bound it can mend that."""

    TOPIC_CLOSED = "topic-closed"
    TOPIC_GONE = "topic-gone"
    NO_RIGHTS = "no-rights"
    GONE = "gone-group"  # the bot is out, or the group is no more


_IN_GROUPS: Final = (
    ("TOPIC_CLOSED", GroupTrouble.TOPIC_CLOSED),
    ("topic is closed", GroupTrouble.TOPIC_CLOSED),
    ("TOPIC_DELETED", GroupTrouble.TOPIC_GONE),
    ("message thread not found", GroupTrouble.TOPIC_GONE),
    ("not enough rights", GroupTrouble.NO_RIGHTS),
    ("have no rights", GroupTrouble.NO_RIGHTS),
    ("need administrator rights", GroupTrouble.NO_RIGHTS),
    ("CHAT_WRITE_FORBIDDEN", GroupTrouble.NO_RIGHTS),
    ("CHAT_RESTRICTED", GroupTrouble.NO_RIGHTS),
    ("CHAT_SEND_", GroupTrouble.NO_RIGHTS),
    ("CHAT_ADMIN_REQUIRED", GroupTrouble.NO_RIGHTS),
)
"""Words of Telegram's refusals: those of github.com/tdlib/telegram-bot-api, and error types."""


def why_group_refuses(description: str) -> GroupTrouble | None:
    """Return what is wrong with a group; None if the refusal says nothing about it."""
    return next((trouble for words, trouble in _IN_GROUPS if words in description), None)


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


def stages_at_risk(exam: Exam, now: datetime) -> dict[Stage, datetime]:
    """Return the stages whose window ends within ``CALLED_BEFORE``, with its end.

    It is the deadline of each application that nothing has extended (``ends_soon`` knows all).
    """
    windows = exam.windows
    closes = {
        Stage.DRAFT: max(windows.registration.closes, windows.confirmation.closes),
        Stage.SUBMITTED: windows.confirmation.closes,
        Stage.APPROVED: windows.payment.closes,
    }
    return {stage: ends for stage, ends in closes.items() if ends - CALLED_BEFORE <= now < ends}


def ends_soon(application: Application, exam: Exam, now: datetime) -> datetime | None:
    """Return its own deadline, if an application is lost by silence within ``CALLED_BEFORE``.

    While it is SUBMITTED, only an application that an area confirms on site is at risk, unless its
    candidate has done their part: after a refusal, or a late change. While it is a DRAFT, only a
    withdrawn one is.
    """
    match application.stage:
        case Stage.DRAFT if not application.revision:
            return None
        case Stage.SUBMITTED if not _has_to_come(application, exam):
            return None
        case (
            Stage.DRAFT
            | Stage.SUBMITTED
            | Stage.CONFIRM_REFUSED
            | Stage.REVIEW_REFUSED
            | Stage.APPROVED
        ):
            span = time_rules.stage_span(application, exam)
            is_soon = span is not None and span.closes - CALLED_BEFORE <= now < span.closes
            return span.closes if span is not None and is_soon else None
    return None


def _has_to_come(application: Application, exam: Exam) -> bool:
    """Return whether the candidate still has to come to the confirmation."""
    area = exam.area(application.area)
    is_done = application.refusal is not None or time_rules.was_changed_late(application)
    return area is not None and area.confirmation is Confirmation.ON_SITE and not is_done


def may_call(assignments: Iterable[RoleAssignment], application: Application) -> bool:
    """Return whether one of these roles may see the telephone number of a candidate."""
    return any(
        one.role in CALLING and one.revoked_at is None and one.scope.covers(application)
        for one in assignments
    )
