"""Refusing: the quick reasons that staff choose from, and the refusal that is made of them.

A refusal names what is wrong, item by item, so that its candidate can mend just that. Whether they
may, until when, and where it returns to, is the area's configuration (guide, part 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from states.exam import Area, Exam
from states.records import Application, Fault, Part, Refusal
from states.staff import Desk

REASONS: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.FIELD: (
        "wrong",
        "contradicts-papers",
        "unclear",
        "not-eligible",
    ),
    Part.MATERIAL: (
        "blurred",
        "wrong-paper",
        "missing-page",
        "missing-seal",
        "expired",
        "contradicts-form",
    ),
    Part.PHOTO: (
        "background",
        "face",
        "old-photo",
        "edited-photo",
        "not-the-candidate",
    ),
}
"""Codes of the quick reasons by what they are said of, each unique; the words are ``reason-CODE``.

A rule of ours: the guide names none. What is none of them is said in words.
"""


def build_refusal(
    application: Application,
    desk: Desk,
    faults: Sequence[Fault],
    words: str,
    exam: Exam,
    now: datetime,
) -> Refusal:
    """The refusal of an application at a desk, decided at ``now``.

    It is final where the area lets nothing be supplemented, or the time for that is over. One that
    is not names something to be mended: words alone leave its candidate nothing to open.

    Raises:
        ValueError: nothing says why, or what is to be mended.
        LookupError: the exam has no such area.
    """
    until = resubmit_until(application, desk, exam, now)
    if not faults and (until is not None or not words.strip()):
        raise ValueError("a refusal says why, and what is to be mended")
    return Refusal(
        at=now,
        faults=tuple(faults),
        words=words,
        until=until,
        returns_to=_area(application, exam).refusals.returns_to(desk),
        refused_at=application.stage,
    )


def resubmit_until(
    application: Application, desk: Desk, exam: Exam, now: datetime
) -> datetime | None:
    """Until when what a desk refused now could be handed in again; None: it would be final.

    Raises:
        LookupError: the exam has no such area.
    """
    window = exam.windows.reupload if desk is Desk.CONFIRMATION else exam.windows.review
    is_allowed = _area(application, exam).refusals.at(desk).allowed
    return window.closes if is_allowed and now < window.closes else None


def _area(application: Application, exam: Exam) -> Area:
    area = exam.area(application.area)
    if area is None:
        raise LookupError(f"no such area: {application.area}")
    return area
