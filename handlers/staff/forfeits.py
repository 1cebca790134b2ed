"""An administrator decides on deadlines that wait for them, and takes a forfeiture back.

``/forfeits`` says how many wait and why (``states.deadlines``), ``/forfeits release`` lets run what
waits now. ``/reinstate CODE`` puts an application back to where it was given up.
"""

from telegram import Update

from handlers.context import Context
from handlers.route import Feature, command
from handlers.screens import Screen, View
from states import lifecycle
from states.codes import id_of
from states.deadlines import Hold
from states.lifecycle import Event, Illegal
from states.outcome import Outcome, Priority, Say
from states.records import Application
from states.staff import Role
from states.texts import Text
from storage import applications, facts, people
from storage.audit import Deed, Entry
from storage.facts import Fact

SCREEN = "forfeits"
SAID = "forfeits-said"
RELEASE = "release"


async def forfeits(_update: Update, context: Context) -> Outcome:
    """What waits; or let it run, as the clock last saw it and nothing that came later."""
    if not _is_administrator(context):
        return context.stay(Text("administrators-only"))
    as_of, _, counts = (await facts.read_within(context.unit.tx, Fact.FORFEITS) or "").partition(
        " "
    )
    if "".join(context.args or ()) != RELEASE or not counts:
        return Outcome(acts=(Say(SCREEN, _counts(counts)),))
    await facts.write(context.unit.tx, Fact.RELEASED, as_of)
    context.unit.did(Deed.FORFEITS_RELEASED, counts)
    return Outcome(acts=(Say(SAID, leads=(Text("forfeits-released"),)),))


async def reinstate(_update: Update, context: Context) -> Outcome:
    """Put back what was given up; its candidate is told, and has time of their own."""
    if not _is_administrator(context):
        return context.stay(Text("administrators-only"))
    office = context.envelope.office
    application_id = id_of("".join(context.args or ()))
    if application_id is None:
        return _said(Text("reinstate-format"))
    known = await applications.by_ids(context.unit.tx, office.keyring, [application_id])
    gone = known.get(application_id)
    if gone is None or gone.exam != context.exam.key:
        return _said(Text("reinstate-unknown"))
    own = context.unit.application
    if own is not None and own.id == gone.id:
        return _said(Text("reinstate-own"))
    try:
        event, by = Event.REINSTATE, Role.ADMINISTRATOR
        back = lifecycle.move(gone, event, context.exam, context.now, by=by)
    except Illegal as illegal:
        return _said(illegal.text)
    await applications.keep_move(context.unit.tx, office.keyring, gone, back)
    _note(context, back)
    account = await people.account_of(context.unit.tx, back.person_id)
    told = Say(lifecycle.TABLE[gone.stage, event].notice, priority=Priority.NOTICE)
    context.unit.will(told, chat_id=account)
    return _said(Text("reinstate-done", {"stage": Text(f"stage-{back.stage}")}))


def _said(text: Text) -> Outcome:
    return Outcome(acts=(Say(SAID, leads=(text,)),))


def _note(context: Context, back: Application) -> None:
    unit = context.unit
    unit.deeds.append(
        Entry(
            id=unit.new_id(),
            at=context.now,
            actor=unit.row.lane,
            deed=Deed.REINSTATED,
            person_id=back.person_id,
            application_id=back.id,
            detail=back.stage,
        )
    )


def _is_administrator(context: Context) -> bool:
    return context.unit.row.lane in context.envelope.office.administrators


def _counts(kept: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in kept.split())


def draw(view: View) -> Screen:
    """How many wait, and why; how they are let run, and that each can be taken back."""
    why = tuple(
        Text(f"forfeits-{hold}", {"count": view.at[hold]}) for hold in Hold if hold in view.at
    )
    if not why:
        return Screen((Text("forfeits-none"),))
    return Screen((Text("forfeits-head"), why, Text("forfeits-how")))


def draw_said(_view: View) -> Screen:
    """What has been done stands above; how to go on."""
    return Screen((Text("forfeits-ways"),))


FEATURE = Feature(
    everyone=(
        command("forfeits", forfeits, alone=True),
        command("reinstate", reinstate, alone=True),
    ),
    screens={SCREEN: draw, SAID: draw_said},
)
