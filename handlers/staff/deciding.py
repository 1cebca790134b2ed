"""The decision: approve, or send the refusal that was put together; and take it back in time.

Until the undo window ends only the verdict's own row knows of it; the clock does the rest
(``bot/settling.py``). What is judged by a window is the moment of the decision.
"""

from __future__ import annotations

from telegram import Update

from handlers.buttons import Verb, desk, on
from handlers.context import Context
from handlers.route import Feature, pressed
from handlers.screens import BACK, Screen, View, button, rows
from handlers.staff import menu
from handlers.staff.holding import (
    APPLICATION,
    application_of,
    holding,
    lost,
    show,
)
from handlers.staff.refusing import begin, drawn, fault_line
from states import lifecycle
from states.codes import code_of
from states.desks import last_minute
from states.drafts import Draft
from states.exam import Exam
from states.groups import Staff
from states.lifecycle import DECISIONS, Illegal
from states.outcome import Edit, Outcome
from states.records import Refusal
from states.review import mendable_until, refused
from states.staff import DESKS
from states.texts import Text
from storage import applications, claims, verdicts
from storage.audit import Deed
from storage.cards import card_slot
from storage.claims import Held, Lost, NotHeld, seal_draft
from storage.look import Look

DECIDED = "card-decided"


@holding
async def approve(context: Context, held: Held) -> Outcome:
    """All of it is right."""
    return await _decide(context, held, None)


@holding
async def look_over(context: Context, held: Held) -> Outcome:
    """The refusal as its candidate will read it."""
    lacking = _lacking(context, held)
    if lacking is not None:
        return await show(context, held, Staff.refusing, lacking)
    return await show(context, held, Staff.sending)


@holding
async def send(context: Context, held: Held) -> Outcome:
    """Refuse."""
    lacking = _lacking(context, held)
    if lacking is not None:
        return await show(context, held, Staff.refusing, lacking)
    draft = held.draft
    refusal = refused(
        held.application, held.desk, draft.faults, draft.words, context.exam, context.now
    )
    return await _decide(context, held, refusal)


def _lacking(context: Context, held: Held) -> Text | None:
    """What the refusal does not say yet (``states.review.refused``); None where it can be sent."""
    if held.draft.is_empty:
        return Text("refusing-nothing")
    until = mendable_until(held.application, held.desk, context.exam, context.now)
    if until is not None and not held.draft.faults:
        return Text("refusing-needs-item")
    return None


async def _decide(context: Context, held: Held, refusal: Refusal | None) -> Outcome:
    """One row decides; an illegal one is refused aloud and changes nothing."""
    application, office, unit = held.application, context.envelope.office, context.unit
    event = DECISIONS[held.desk, refusal is None]
    try:
        lifecycle.find(application, event, context.exam, context.now, held.seat.role)
    except Illegal as illegal:
        return await show(context, held, Staff.card, illegal.text)
    await verdicts.decide(
        unit.tx, office.keyring, held, unit.new_id(), refusal, context.now, office.pace
    )
    context.did_about(Deed.DECIDED, application, f"{event} {application.revision}")
    at = {APPLICATION: str(application.id), "seconds": str(int(office.pace.undo.total_seconds()))}
    how = "approved" if refusal is None else "refused"
    shown = Edit(DECIDED, card_slot(application.id), {**at, "how": how})
    return Outcome(menu.IDLE, (shown,), toast=Text(f"toast-{how}"))


async def take_back(_update: Update, context: Context) -> Outcome:
    """Not so after all: the row goes, and what was written of a refusal is there again."""
    by, wanted = await context.own_seats(), application_of(context.press.value)
    if not by:
        return menu.refuse(context, "undo")
    office, tx = context.envelope.office, context.unit.tx
    verdict = await verdicts.take_back(tx, office.keyring, by, wanted, context.now)
    if verdict is None:
        return lost(context, wanted, Lost.DECIDED)
    refusal = verdict.refusal
    draft = Draft(refusal.faults, refusal.words) if refusal else Draft()
    about = (await applications.by_ids(tx, office.keyring, [wanted]))[wanted]
    context.did_about(Deed.TAKEN_BACK, about, f"{verdict.desk} {verdict.revision}")
    try:
        sealed = seal_draft(office.keyring, wanted, draft)
        await claims.take(tx, by, wanted, context.now, office.pace, sealed)
        held = await claims.read(tx, office.keyring, by, wanted, context.now, office.pace)
    except NotHeld as refused_:
        return lost(context, wanted, refused_.why)
    return await show(context, held, Staff.card, Text("decision-taken-back"))


def draw_sending(view: View, held: Held) -> Screen:
    """Every word that its candidate will read; until when they can mend it, whither it returns."""
    draft = held.draft
    if draft.is_empty:
        return Screen((Text("refusing-nothing"),), ((BACK,),))
    lines = tuple(fault_line(view, one) for one in draft.faults)
    about = (Text("refusing-words", {"words": draft.words}),) if draft.words else ()
    refusal = refused(held.application, held.desk, draft.faults, draft.words, view.exam, view.now)
    return Screen(
        (Text("sending-head"), *([lines] if lines else []), *about, follows(view.exam, refusal)),
        ((button("send-refusal", Verb.SUBMIT),), (BACK,)),
    )


def follows(exam: Exam, refusal: Refusal) -> Text:
    """What a refusal leads to."""
    if refusal.until is None:
        return Text("sending-final")
    desk = Text(f"desk-{DESKS[refusal.returns_to]}")
    return Text("sending-until", {"until": last_minute(refusal.until), "desk": desk})


async def draw_decided(look: Look) -> Screen:
    """What was decided, how long it can be taken back, and the next one."""
    wanted = application_of(look.at[APPLICATION])
    args = {"code": code_of(wanted), "seconds": look.at["seconds"]}
    ways = (on(Verb.UNDO, wanted, Text("button-undo")), desk("queue-next"), desk("queue"))
    return Screen((Text(f"decided-{look.at['how']}", args),), rows(*ways))


FEATURE = Feature(
    staff_anywhere=(pressed(Verb.UNDO, take_back, alone=True),),
    staff_routes={
        Staff.card: (pressed(Verb.CONFIRM, approve, alone=True),),
        Staff.refusing: (pressed(Verb.SEE, look_over, alone=True),),
        Staff.sending: (
            pressed(Verb.SUBMIT, send, alone=True),
            pressed(Verb.BACK, begin, alone=True),
        ),
    },
    staff_screens={
        Staff.sending: drawn(draw_sending),
        DECIDED: draw_decided,
    },
)
