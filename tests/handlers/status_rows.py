"""A candidate in every case of ``states.progress``: stage, moment, area, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from states.changes.late_changes import NAMED
from states.exam import Payment
from states.process.lifecycle import REFUSED_STAGES
from states.process.time_rules import TimeSpan
from states.progress.next_step import MENU
from states.progress.outlook import Moment, outlook
from states.records import (
    Application,
    Bill,
    BillState,
    Fault,
    LateChange,
    LateChangeState,
    Part,
    Person,
    Records,
    Refusal,
    Stage,
)
from tests.handlers.people import (
    ANSWERS,
    COMPLETE,
    EXAM,
    OPEN,
    PORTRAIT,
    WAITING,
    Standing,
    application,
    online,
    person,
)

Rows = Iterator[tuple[str, Standing]]
WINDOWS = EXAM.windows
FAULTS = (Fault(Part.PHOTO, "", "background"),)
HERE = next(area for area in EXAM.areas if area.ways)
"""An area that takes the fee here."""
FREE = next(area for area in EXAM.areas if area.payment is Payment.NONE)
PRICED = next(
    area
    for area in EXAM.areas
    if not area.fee.sample and area.payment is not Payment.NONE and not area.ways
)
"""An area that has published its fee and takes it elsewhere."""


def status_rows(locale: str) -> Rows:
    """Yield every case by its name, in the order of the process."""
    ling = person(locale, photo=PORTRAIT)
    here, there = application(photo=PORTRAIT), online(photo=PORTRAIT, materials=COMPLETE)
    there = replace(there, uploaded_at=OPEN)
    yield from _at_each("nothing begun", ling, None)
    yield from _drafts(ling, here, there)
    yield from _submitted(ling, here, there)
    yield from _approved(ling, here, there)
    yield from _refused(ling, here)
    yield from _changing(ling, here)
    yield from _expired(ling, here)


def _drafts(ling: Person, here: Application, there: Application) -> Rows:
    begun = replace(here, answers={"site": here.site})
    lacking = {
        "form": begun,
        "photo": replace(here, photo=None),
        "papers": replace(there, materials={}, uploaded_at=None),
        "submission": here,
    }
    unchecked = replace(ling, education=(WAITING,))
    yield "draft, check missing, open", _standing(unchecked, here, OPEN)
    for missing, draft in lacking.items():
        yield f"draft, {missing} missing, open", _standing(ling, draft, OPEN)
    yield from _at_each("draft", ling, here, Moment.EARLY, Moment.OVER)
    withdrawn = replace(here, revision=1, since=OPEN)
    yield from _at_each("draft, withdrawn", ling, withdrawn)


def _submitted(ling: Person, here: Application, there: Application) -> Rows:
    for name, draft in (("on site", here), ("online", there)):
        done = _done(draft, Stage.SUBMITTED)
        yield from _at_each(f"submitted, {name}", ling, done)
        again = replace(done, revision=2, refusal=_refusal(Stage.SUBMITTED))
        yield from _at_each(f"submitted again, {name}", ling, again)
        yield f"submitted twice, {name}", _standing(ling, replace(done, revision=2), OPEN)
    back = replace(_done(here, Stage.SUBMITTED), expired_from=Stage.SUBMITTED)
    late = WINDOWS.confirmation.closes + timedelta(days=1)
    yield "submitted, on site, reinstated", _standing(ling, replace(back, since=late), late)
    for stage in (Stage.CONFIRMED, Stage.SITE_APPROVED):
        yield from _at_each(stage, ling, _done(here, stage))


def _approved(ling: Person, here: Application, there: Application) -> Rows:
    site = PRICED.sites[0].code
    priced = replace(here, area=PRICED.code, answers={**ANSWERS, "site": site, "point": ""})
    for name, draft in (
        ("fee not published", here),
        ("fee published", priced),
        ("at a computer", there),
    ):
        yield from _at_each(f"approved, {name}", ling, _done(draft, Stage.APPROVED))
    back = replace(_done(here, Stage.APPROVED), expired_from=Stage.APPROVED)
    late = WINDOWS.payment.closes + timedelta(days=1)
    yield "approved, reinstated", _standing(ling, replace(back, since=late), late)
    paid_here = replace(here, area=HERE.code, answers={**ANSWERS, "site": HERE.sites[0].code})
    waiting = _done(paid_here, Stage.APPROVED)
    yield from _at_each("approved, paid here", ling, waiting)
    for state in BillState:
        yield from _at_each(f"approved, bill {state}", ling, replace(waiting, bill=_bill(state)))
        if state is BillState.CLAIMED:  # it is over with the decision about it
            continue
        done = replace(waiting, stage=Stage.REGISTERED, bill=_bill(state))
        yield from _at_each(f"registered, bill {state}", ling, done)
    both = replace(waiting, bill=replace(_bill(BillState.OWED), claimed_at=late))
    yield "approved, money owed, payment claimed", _standing(ling, both, late)
    lapsed = replace(waiting, stage=Stage.EXPIRED, expired_from=Stage.APPROVED)
    lapsed = replace(lapsed, bill=_bill(BillState.CLAIMED))
    yield "expired at approved, payment claimed", _standing(ling, lapsed, late)
    undone = Refusal(late, words="证书不符", refused_at=Stage.SITE_APPROVED)
    owed = replace(waiting, stage=Stage.REVIEW_REFUSED, refusal=undone, bill=_bill(BillState.OWED))
    yield "approval undone", _standing(ling, owed, late)
    free = replace(here, area=FREE.code, answers={**ANSWERS, "site": FREE.sites[0].code})
    for name, draft in (("paid", here), ("fee not paid online", free)):
        yield from _at_each(f"registered, {name}", ling, _done(draft, Stage.REGISTERED))


def _bill(state: BillState) -> Bill:
    """The payment in short, at its longest."""
    verdict = "late" if state in (BillState.OWED, BillState.SENT_BACK) else ""
    at = WINDOWS.payment.opens
    if state is BillState.CLAIMED:
        return Bill(state, "", "", 26_000, at, claimed_at=at)
    return Bill(state, "telegram", "B1", 26_000, at, "charge-0123456789", verdict)


def _refused(ling: Person, here: Application) -> Rows:
    for refused_at in (Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED):
        is_confirmation = refused_at is Stage.SUBMITTED
        stage = Stage.CONFIRM_REFUSED if is_confirmation else Stage.REVIEW_REFUSED
        refusal = _refusal(refused_at)
        refused = replace(_done(here, stage), refusal=refusal)
        yield from _at_each(f"refused at {refused_at}", ling, refused)
        final = replace(refused, refusal=replace(refusal, until=None))
        yield f"refused at {refused_at}, for good", _standing(ling, final, WINDOWS.review.opens)
        definite = replace(refusal, until=None, definite=True)
        out = replace(_done(here, Stage.REJECTED), refusal=definite)
        yield f"rejected at {refused_at}", _standing(ling, out, WINDOWS.review.opens)


def _changing(ling: Person, here: Application) -> Rows:
    faults = (Fault(Part.FIELD, "employer", NAMED),)
    waits = LateChange(1, 1, LateChangeState.ASKED, WINDOWS.review.opens, faults)
    confirmed = _done(here, Stage.CONFIRMED)
    asked = replace(confirmed, change=waits)
    yield "late change asked", _standing(ling, asked, WINDOWS.review.opens)
    until = WINDOWS.review.opens + timedelta(days=3)
    opened = replace(
        waits,
        state=LateChangeState.OPEN,
        until=until,
        opened_at=Stage.CONFIRMED,
        returns_to=Stage.CONFIRMED,
    )
    changing = replace(confirmed, stage=Stage.CHANGING, change=opened)
    yield from _at_each("late change open", ling, changing)
    done = replace(waits, state=LateChangeState.DONE)
    again = replace(_done(here, Stage.SUBMITTED), change=done, revision=2)
    yield "late change handed in, to be confirmed again", _standing(ling, again, until)


def _expired(ling: Person, here: Application) -> Rows:
    for stage in (Stage.SUBMITTED, Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED, Stage.APPROVED):
        refusal = None
        if stage in REFUSED_STAGES:
            is_review = stage is Stage.REVIEW_REFUSED
            refusal = _refusal(Stage.CONFIRMED if is_review else Stage.SUBMITTED)
        gone = replace(_done(here, Stage.EXPIRED), expired_from=stage, refusal=refusal)
        late = WINDOWS.payment.closes
        yield f"expired at {stage}", _standing(ling, replace(gone, since=late), late)


def _at_each(name: str, ling: Person, known: Application | None, *moments: Moment) -> Rows:
    """Yield the case before its time, in it and after it, or at these moments only."""
    time = outlook(Records(ling, known), EXAM, OPEN).time
    assert time is not None
    for moment in moments or Moment:
        yield f"{name}, {moment}", _standing(ling, known, _moment(time, moment))


def _moment(time: TimeSpan, moment: Moment) -> datetime:
    match moment:
        case Moment.EARLY:
            return time.opens - timedelta(hours=1)
        case Moment.OPEN:
            return time.closes - timedelta(hours=30)
    return time.closes + timedelta(hours=1)


def _done(draft: Application, stage: Stage) -> Application:
    return replace(draft, stage=stage, revision=1, submitted_at=OPEN, since=OPEN)


def _refusal(refused_at: Stage) -> Refusal:
    window = WINDOWS.reupload if refused_at is Stage.SUBMITTED else WINDOWS.review
    return Refusal(OPEN, FAULTS, "", window.closes, Stage.SUBMITTED, refused_at)


def _standing(ling: Person, known: Application | None, now: datetime) -> Standing:
    return Standing(MENU, Records(ling, known), now)
