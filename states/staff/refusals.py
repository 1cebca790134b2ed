"""Refusals: the quick reasons of the staff, the draft they put together, and the refusal itself.

A refusal names each refused item, so that the candidate corrects exactly those. The area's
configuration says whether, until when and to which stage it can be handed in again (guide, part 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from states.exam import Area, Exam
from states.records import Application, Fault, Part, Refusal
from states.staff_roles import Desk

REASONS: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.FIELD: (
        "wrong",
        "contradicts-papers",
        "unclear",
        "not-eligible",
    ),
    Part.MATERIAL: (
        "not-uploaded",
        "blurred",
        "wrong-paper",
        "missing-page",
        "missing-seal",
        "expired",
        "contradicts-form",
        "false-paper",
    ),
    Part.PHOTO: (
        "background",
        "face",
        "old-photo",
        "edited-photo",
        "not-the-candidate",
    ),
}
"""Codes of the quick reasons, each unique; its text is ``reason-CODE``. The guide names none."""

_NOT_UPLOADED: Final = "not-uploaded"
_EXPIRED: Final = "expired"
DEFINITE_REASONS: Final = frozenset({"not-eligible", "false-paper", "not-the-candidate"})
"""The quick reasons that no correction can remove; only they refuse for good."""
MAX_COMMENT_LENGTH: Final = 200
"""Characters of a comment: a whole to-do has to fit into one message of 4096 characters."""
MAX_FAULTS: Final = 12
"""Items that one refusal names; a form with more mistakes is better filled in anew."""


@dataclass(frozen=True, slots=True)
class RefusalDraft:
    """The unfinished refusal of an application: each item at most once, each with its reason."""

    faults: tuple[Fault, ...] = ()
    words: str = ""

    def fault(self, part: Part, code: str) -> Fault | None:
        """Return the entry of this item; None if the draft does not refuse it."""
        return next((one for one in self.faults if (one.part, one.code) == (part, code)), None)

    @property
    def is_full(self) -> bool:
        """Whether the draft already names as many items as it can."""
        return len(self.faults) >= MAX_FAULTS

    @property
    def is_empty(self) -> bool:
        """Whether the draft gives no reason yet, and so cannot be sent."""
        return not self.faults and not self.words

    def with_fault(
        self, part: Part, code: str, *, reason: str = "", words: str = ""
    ) -> RefusalDraft:
        """Return the draft with this reason or comment for an item; the other one stays.

        Raises:
            ValueError: the call gives neither, or names one item too many.
        """
        known = self.fault(part, code)
        if not reason and not words:
            raise ValueError("an item is refused for a reason")
        if known is None and self.is_full:
            raise ValueError("too many items")
        fault = known or Fault(part, code)
        fault = replace(fault, reason=reason or fault.reason, words=words or fault.words)
        if known is None:
            return replace(self, faults=(*self.faults, fault))
        return replace(self, faults=tuple(fault if one is known else one for one in self.faults))

    def without_fault(self, part: Part, code: str) -> RefusalDraft:
        """Return the draft that no longer refuses this item."""
        known = self.fault(part, code)
        return replace(self, faults=tuple(one for one in self.faults if one is not known))


def reasons_for(
    part: Part, code: str, area: Area | None, application: Application
) -> tuple[str, ...]:
    """Return the quick reasons of an item that can be true.

    A material without a file was not uploaded, and no other one was; some never expire.
    """
    if part is not Part.MATERIAL:
        return REASONS[part]
    if not application.materials.get(code):
        return (_NOT_UPLOADED,)
    asked = area.materials if area is not None else ()
    never = {one.code for one in asked if not one.expires}
    untrue = {_NOT_UPLOADED, *((_EXPIRED,) if code in never else ())}
    return tuple(one for one in REASONS[part] if one not in untrue)


def build_refusal(
    application: Application,
    desk: Desk,
    faults: Sequence[Fault],
    words: str,
    exam: Exam,
    now: datetime,
    *,
    definite: bool = False,
) -> Refusal:
    """Return the refusal of an application by a desk at ``now``.

    A refusal is final if it is ``definite``, the area allows no correction, or its time is over.
    Any other has to name at least one item: with a comment alone the candidate would find nothing
    to correct.

    Raises:
        ValueError: the refusal gives no reason, names nothing to correct, or may not be definite.
        LookupError: the exam has no such area.
    """
    if definite and not may_be_definite(application, desk, faults, exam):
        raise ValueError("this desk cannot refuse for good for these reasons")
    until = None if definite else resubmit_until(application, desk, exam, now)
    if not faults and (until is not None or not words.strip()):
        raise ValueError("a refusal says why, and what is to be mended")
    return Refusal(
        at=now,
        faults=tuple(faults),
        words=words,
        until=until,
        returns_to=_area(application, exam).refusals.returns_to(desk),
        refused_at=application.stage,
        definite=definite,
    )


def may_reject(application: Application, desk: Desk, exam: Exam) -> bool:
    """Return whether the exam file lets a desk refuse an application for good.

    Raises:
        LookupError: the exam has no such area.
    """
    return _area(application, exam).refusals.at(desk).definite


def may_be_definite(
    application: Application, desk: Desk, faults: Sequence[Fault], exam: Exam
) -> bool:
    """Return whether a refusal for these faults may be definite: a reason has to be one of those.

    Raises:
        LookupError: the exam has no such area.
    """
    has_reason = any(fault.reason in DEFINITE_REASONS for fault in faults)
    return has_reason and may_reject(application, desk, exam)


def resubmit_until(
    application: Application, desk: Desk, exam: Exam, now: datetime
) -> datetime | None:
    """Return until when a candidate could hand in again after a refusal now; None if it is final.

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
