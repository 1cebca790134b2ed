"""The details of audit entries in words: codes of stages, desks, places and fields have names.

A detail is a row of codes, divided by blanks. ``WORDS`` says what each of them means, by action. A
code that is unknown, perhaps a forged one, stands as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.cli.console import plain
from states.exam import Exam, PaymentWay
from states.form.education import RECORD
from states.form.fields import joined
from states.form.pages import FORM
from states.payment.verdicts import Verdict
from states.process.lifecycle import Event
from states.records import LateChangeState, Stage
from states.staff.cases import CaseKind, CaseOutcome
from states.staff_roles import Desk
from states.texts import Text
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates.papers import Said

Word = Callable[[str, Exam, str], Text | str]
"""Names a code in the exam and the language of the reader; an unknown one stays."""


def words_of(entry: AuditEntry, exam: Exam, locale: str) -> Text | str:
    """Return the detail of an entry in words; empty without one."""
    codes = entry.detail.split()
    if not codes:
        return ""
    words = WORDS.get(entry.action, ()) if isinstance(entry.action, AuditAction) else ()
    if words and words[-1] is _field:  # as many as were named
        words = (_field,) * len(codes)
    each = (*words, *(_as_it_is,) * len(codes))
    return joined([word(code, exam, locale) for code, word in zip(codes, each, strict=False)])


def _as_it_is(code: str, _exam: Exam, _locale: str) -> str:
    return plain(code)


def _of(codes: Iterable[str], key: str) -> Word:
    """Return a word for these codes, whose texts begin with ``key``."""
    known = frozenset(map(str, codes))

    def word(code: str, exam: Exam, locale: str) -> Text | str:
        return Text(f"{key}-{code}") if code in known else _as_it_is(code, exam, locale)

    return word


def _number(key: str) -> Word:
    def word(code: str, exam: Exam, locale: str) -> Text | str:
        is_number = code.isascii() and code.isdecimal()
        return Text(key, {"number": code}) if is_number else _as_it_is(code, exam, locale)

    return word


def _field(code: str, exam: Exam, locale: str) -> Text | str:
    field = FORM.fields.get(code) or RECORD.fields.get(code)
    return field.name if field else _as_it_is(code, exam, locale)


def _place(code: str, exam: Exam, locale: str) -> Text | str:
    area, _, site = code.partition("/")
    where = (exam.site(area, site) if site else None) or exam.area(area)
    return where.display_name(locale) if where else _as_it_is(code, exam, locale)


def _yuan(code: str, exam: Exam, locale: str) -> Text | str:
    if not (code.isascii() and code.isdecimal()):
        return _as_it_is(code, exam, locale)
    return Text("audit-yuan", {"yuan": f"{int(code) / 100:.2f}"})


_submission, _record = _number("audit-submission"), _number("audit-record")
_case, _request = _number("audit-case"), _number("audit-request")
_stage, _desk, _event = _of(Stage, "stage"), _of(Desk, "desk"), _of(Event, "audit-event")
_kind, _outcome = _of(CaseKind, "audit-kind"), _of(CaseOutcome, "audit-outcome")
_way, _verdict = _of(PaymentWay, "way"), _of(Verdict, "audit-money")
_said, _state = _of(Said, "audit-said"), _of(LateChangeState, "audit-late-change")
_money: Final = (_way, _yuan, _verdict, _stage)
_about_desk: Final = (_desk, _submission)
_moved: Final = (_stage, _stage)

WORDS: Final[Mapping[AuditAction, tuple[Word, ...]]] = {
    AuditAction.SUBMITTED: (_submission,),
    AuditAction.WITHDRAWN: (_submission,),
    AuditAction.RECORD_KEPT: (_record,),
    AuditAction.RECORD_VERIFIED: (_record,),
    AuditAction.AREA_CHANGED: (_place, _place),
    AuditAction.AREA_RESTORED: (_place, _place),
    AuditAction.PAPER_SAID: (_field, _said),
    AuditAction.CASE_OPENED: (_kind, _place),
    AuditAction.CASE_SEEN: (_kind, _case),
    AuditAction.CASE_DECIDED: (_kind, _case, _outcome),
    AuditAction.CASE_UNDONE: (_kind, _case),
    AuditAction.CASE_APPLIED: (_kind, _outcome),
    AuditAction.CASE_VOID: (_kind, _case),
    AuditAction.CASE_CLOSED: (_kind,),
    AuditAction.CASE_TAKEN: (_stage,),
    AuditAction.PHOTO_OPINION: (_of(("photo-fine", "photo-bad"), "audit"),),
    AuditAction.DECIDED: (_event, _submission),
    AuditAction.TAKEN_BACK: _about_desk,
    AuditAction.DECISION_APPLIED: _about_desk,
    AuditAction.DECISION_VOID: _about_desk,
    AuditAction.SECOND_LOOK_ASKED: _about_desk,
    AuditAction.SECOND_LOOK_DECLINED: _about_desk,
    AuditAction.SECOND_LOOK_TAKEN_BACK: _about_desk,
    AuditAction.SPOT_CHECK_TAKEN: _about_desk,
    AuditAction.SPOT_CHECK_ANSWERED: _about_desk,
    AuditAction.SPOT_CHECK_SETTLED: _about_desk,
    AuditAction.SPOT_CHECK_UNDONE: _about_desk,
    AuditAction.MARKED_PAID: _moved,
    AuditAction.UNMARKED_PAID: _moved,
    AuditAction.REOPENED: _moved,
    AuditAction.APPROVAL_UNDONE: _moved,
    AuditAction.PAID: _money,
    AuditAction.MONEY_OWED: _money,
    AuditAction.MONEY_ACCEPTED: _money,
    AuditAction.REFUND_ASKED: _money,
    AuditAction.REFUND_AGREED: _money,
    AuditAction.REFUNDED: _money,
    AuditAction.ACCOUNT_CLOSED: (_stage,),
    AuditAction.IDENTITY_CORRECTED: (_submission,),
    AuditAction.NUMBER_RELEASED: (_stage,),
    AuditAction.LATE_CHANGE_ASKED: (_field,),
    AuditAction.LATE_CHANGE_SEEN: (_request,),
    AuditAction.LATE_CHANGE_DECLINED: (_request,),
    AuditAction.LATE_CHANGE_OPENED: _moved,
    AuditAction.LATE_CHANGE_CLOSED: _moved,
    AuditAction.LATE_CHANGE_ENDED: (_state,),
    AuditAction.EXPIRED: (_stage,),
    AuditAction.REINSTATED: (_stage,),
    AuditAction.CALLED: (_of(("yes", "no"), "audit-called"),),
}
"""The words for the codes of a detail, in their order; other codes are versions and ids."""
