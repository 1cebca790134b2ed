"""Candidates after they handed in: at every stage, refused, given up, reinstated, too late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta

from states.changes.corrections import FOLLOWS
from states.changes.late_changes import NAMED
from states.fsm_states import Corrections, Form, LateChanges, Materials, Photo
from states.process.lifecycle import REFUSED_STAGES
from states.progress.next_step import EDITED, MENU, Position
from states.records import (
    Application,
    Fault,
    LateChange,
    LateChangeState,
    Part,
    Person,
    Records,
    Refusal,
    Stage,
)
from states.staff_roles import DESK_BY_STAGE
from tests.handlers.people import (
    ANSWERS,
    COMPLETE,
    EXAM,
    OPEN,
    PORTRAIT,
    Standing,
    application,
    online,
    person,
)

HALF = OPEN.astimezone(UTC)
REVIEWED = EXAM.windows.review.opens.astimezone(UTC)
"""Confirmation is over, and what was refused can still be mended."""
FREE = EXAM.area("shanxi").sites[0].code  # type: ignore[union-attr]
"""A site where nothing is paid online."""
FAULTS = (
    Fault(Part.FIELD, "department", "wrong", "请写全称"),
    Fault(Part.FIELD, "address", "", "请写到门牌号"),
    Fault(Part.FIELD, "category", FOLLOWS),
    Fault(Part.PHOTO, "", "background"),
    Fault(Part.MATERIAL, "degree", "blurred"),
)
REFUSAL = Refusal(HALF, FAULTS, "请在截止前改好", EXAM.windows.review.closes, Stage.SUBMITTED)
WAITING = (*DESK_BY_STAGE, Stage.APPROVED, Stage.REGISTERED)


def handed_in(locale: str) -> Iterator[tuple[str, Standing]]:
    """At every stage after handing in: in time, and for whom it is too late."""
    ling = person(locale, photo=PORTRAIT)
    for where, whole in (
        ("on site", application(photo=PORTRAIT)),
        ("online", online(photo=PORTRAIT, materials=COMPLETE, uploaded_at=HALF)),
        ("free", application(area="shanxi", answers={**ANSWERS, "site": FREE}, photo=PORTRAIT)),
    ):
        submitted = replace(whole, revision=1, submitted_at=HALF, since=HALF)
        for stage in WAITING:
            known = replace(submitted, stage=stage)
            yield f"menu, at {stage} {where}", Standing(MENU, Records(ling, known), REVIEWED)
        withdrawn = Records(ling, replace(submitted, stage=Stage.DRAFT))
        yield f"menu, withdrawn {where}", Standing(MENU, withdrawn, HALF)
        early = EXAM.windows.registration.opens - timedelta(hours=1)
        yield f"menu, withdrawn {where}, closed", Standing(MENU, withdrawn, early)
        yield f"summary, withdrawn {where}", Standing(Position(Form.summary), withdrawn, HALF)
        for stage in (Stage.SUBMITTED, Stage.APPROVED, *REFUSED_STAGES):
            gone = replace(submitted, stage=Stage.EXPIRED, expired_from=stage, refusal=REFUSAL)
            yield f"menu, gave up {stage} {where}", Standing(MENU, Records(ling, gone), REVIEWED)
            back = Records(ling, replace(gone, stage=stage, since=REVIEWED))
            yield f"menu, back at {stage} {where}", Standing(MENU, back, REVIEWED)
        yield from _late_changes(where, ling, replace(submitted, stage=Stage.CONFIRMED))
        for stage in DESK_BY_STAGE:
            yield from _refused(f"{stage} {where}", ling, replace(submitted, stage=stage))


def _late_changes(where: str, ling: Person, known: Application) -> Iterator[tuple[str, Standing]]:
    """Asking for a late change, waiting for it, changing, declined, and asked too often."""
    picked = {"picked": "mobile employer"}
    papers = {**picked, "papers": f"{'b' * 64}:scan-image:200000:JPG:1:1200:1600:200000"}
    for state, at in (
        (LateChanges.picking, {}),
        (LateChanges.picking, picked),
        (LateChanges.papers, picked),
        (LateChanges.papers, papers),
        (LateChanges.reasoning, papers),
    ):
        place = Position(state, at)
        yield f"{state.state} {len(at)}, {where}", Standing(place, Records(ling, known), REVIEWED)
    faults = (Fault(Part.FIELD, "mobile", NAMED), Fault(Part.FIELD, "department", FOLLOWS))
    change = LateChange(9, 1, LateChangeState.ASKED, REVIEWED, faults)
    for change_state in LateChangeState:
        number = EXAM.late_changes_in(known.area).most
        ended = replace(change, state=change_state, words="证明上没有公章" * 40, number=number)
        asked = replace(known, change=ended)
        if change_state is LateChangeState.OPEN:
            continue
        yield f"menu, change {change_state} {where}", Standing(MENU, Records(ling, asked), REVIEWED)
    opened = replace(
        change,
        state=LateChangeState.OPEN,
        until=REVIEWED + timedelta(days=3),
        opened_at=Stage.CONFIRMED,
        returns_to=Stage.CONFIRMED,
    )
    changing = replace(known, stage=Stage.CHANGING, change=opened)
    listing = Position(Corrections.listing)
    yield f"changing, {where}", Standing(listing, Records(ling, changing), REVIEWED)
    seen = tuple(replace(one, looked_at=True) for one in faults)
    done = replace(changing, change=replace(opened, faults=seen))
    yield f"changed, {where}", Standing(listing, Records(ling, done), REVIEWED)
    asking = Position(Form.asking, {"field": "mobile", EDITED: "yes"})
    yield f"changing mobile, {where}", Standing(asking, Records(ling, done), REVIEWED)
    late = REVIEWED + timedelta(days=4)
    yield f"changing, {where}, over", Standing(MENU, Records(ling, changing), late)


def _refused(name: str, ling: Person, waiting: Application) -> Iterator[tuple[str, Standing]]:
    """At what was refused: nothing looked at yet, everything, too late, and for good."""
    stage = Stage.CONFIRM_REFUSED if waiting.stage is Stage.SUBMITTED else Stage.REVIEW_REFUSED
    faults = FAULTS if waiting.materials else FAULTS[:-1]
    refusal = replace(REFUSAL, refused_at=waiting.stage, faults=faults)
    known = replace(waiting, stage=stage, refusal=refusal)
    listing = Position(Corrections.listing)
    yield f"refused, {name}", Standing(listing, Records(ling, known), REVIEWED)
    seen = replace(refusal, faults=tuple(replace(one, looked_at=True) for one in faults))
    looked_at = Records(ling, replace(known, refusal=seen))
    yield f"refused, {name}, looked at", Standing(listing, looked_at, REVIEWED)
    long = tuple(replace(one, words="说" * 900) for one in faults)
    wordy = replace(refusal, faults=long, words="总" * 900)
    yield (
        f"refused, {name}, wordy",
        Standing(listing, Records(ling, replace(known, refusal=wordy)), REVIEWED),
    )
    late = EXAM.windows.tickets.opens
    yield f"refused, {name}, too late", Standing(MENU, Records(ling, known), late)
    final = replace(known, refusal=replace(refusal, until=None))
    yield f"refused, {name}, for good", Standing(MENU, Records(ling, final), REVIEWED)
    definite = replace(refusal, until=None, definite=True)
    rejected = replace(known, stage=Stage.REJECTED, refusal=definite)
    yield f"rejected, {name}", Standing(MENU, Records(ling, rejected), REVIEWED)
    for one in faults:
        yield (
            f"mending {one.part} {one.code}, {name}",
            Standing(_place_of(one), Records(ling, replace(known, refusal=seen)), REVIEWED),
        )


def _place_of(fault: Fault) -> Position:
    match fault.part:
        case Part.FIELD:
            return Position(Form.asking, {"field": fault.code, EDITED: "yes"})
        case Part.MATERIAL:
            return Position(Materials.adding, {"material": fault.code})
    return Position(Photo.waiting)
