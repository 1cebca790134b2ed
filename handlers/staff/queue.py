"""Somebody who decides wants to know what waits, and to take the next of it.

Before something is taken there is nothing personal to be seen, only counts.
"""

from __future__ import annotations

from telegram import Update

from handlers.buttons import Link, Verb, desk
from handlers.context import Context
from handlers.route import Feature, command, pressed
from handlers.screens import Screen, rows
from handlers.staff import menu, places
from handlers.staff.holding import APPLICATION, application_of, closing, holding, lost
from states import desks
from states.codes import code_of
from states.flow import Place
from states.groups import Staff
from states.outcome import Edit, Outcome, Say
from states.records import ApplicationId
from states.staff import Role
from states.texts import Argument, Text
from storage import applications, cards, claims, groups, queue
from storage.audit import Deed
from storage.cards import card_slot
from storage.claims import Held, NotHeld
from storage.look import Look
from storage.queue import PACE_OF, Line

SCREEN = "queue"
NEWS = "queue-news"
GROUP_NEWS = "group-news"
SLOT = "queue"


async def show(_update: Update, context: Context) -> Outcome:
    """How much waits, leaving them where they are."""
    if not await context.own_seats():
        return menu.refuse(context, "queue")
    return Outcome(acts=(Say(SCREEN, slot=SLOT),))


async def take_next(_update: Update, context: Context) -> Outcome:
    """The next one, or what they hold already."""
    by = await context.own_seats()
    if not by:
        return menu.refuse(context, "queue")
    office = context.envelope.office
    found = await claims.take_next(context.unit.tx, office.exam, by, context.now, office.pace)
    if found is None:
        return Outcome(acts=(Edit(SCREEN, SLOT),), toast=Text("toast-queue-empty"))
    return await _opened(context, found)


async def take(_update: Update, context: Context) -> Outcome:
    """A certain one, found by a search."""
    by = await context.own_seats()
    if not by:
        return menu.refuse(context, "queue")
    wanted, office = application_of(context.press.value), context.envelope.office
    try:
        await claims.take(context.unit.tx, by, wanted, context.now, office.pace)
    except NotHeld as refused:
        return lost(context, wanted, refused.why)
    return await _opened(context, wanted)


async def _opened(context: Context, application_id: ApplicationId) -> Outcome:
    keyring, tx = context.envelope.office.keyring, context.unit.tx
    taken = (await applications.by_ids(tx, keyring, [application_id]))[application_id]
    context.did_about(Deed.CASE_TAKEN, taken, taken.stage)
    place = Place(Staff.card, {APPLICATION: str(application_id)})
    shown = Say(Staff.card.state or "", place.at, slot=card_slot(application_id))
    return Outcome(place, (shown,))


@holding
async def put_back(context: Context, held: Held) -> Outcome:
    """Back into the queue, where it stood; what was shown of it goes."""
    application, tx, chat = held.application, context.unit.tx, context.unit.row.lane
    await claims.release(tx, [held.seat], application.id)
    context.did_about(Deed.CASE_RETURNED, application)
    shown = [one for one in await cards.shown(tx, application.id) if one.chat_id == chat]
    await cards.forget(tx, application.id, chat)
    acts = tuple(closing(one, application.id, "returned") for one in shown)
    return Outcome(menu.IDLE, (*acts, Say(SCREEN, slot=SLOT)))


async def draw(look: Look) -> Screen:
    """Desk by desk: how much, since when, by when, and when it will end at this pace."""
    if all(seat.role is Role.ADMINISTRATOR for seat in look.seats):
        return await menu.draw_refused(look)
    found = await queue.lines(look.connection, look.exam, look.seats, look.now, look.pace)
    mine = await claims.in_hands(look.connection, look.seats, look.now, look.pace)
    in_hand = tuple(Text("queue-yours", {"code": code_of(one)}) for one in mine)
    said = tuple(_said(look, line) for line in found) or (Text("queue-nothing"),)
    open_now = desks.by_urgency(look.exam, look.now)
    is_there = mine or any(line.desk in open_now and line.waiting > line.held for line in found)
    ways = (desk("queue-next"),) if is_there else ()
    return Screen((Text("queue-head"), *said, *in_hand), rows(*ways, desk("find"), desk("staff")))


def _said(look: Look, line: Line) -> tuple[Text, ...]:
    opens, ends = desks.opens(line.desk, look.exam), desks.deadline(line.desk, look.exam)
    closes = desks.last_minute(ends)
    head = Text(
        "queue-line",
        {"desk": Text(f"desk-{line.desk}"), "waiting": line.waiting, "held": line.held},
    )
    since = (Text("queue-since", {"since": line.since}),) if line.since else ()
    if look.now < opens:
        return (head, *since, Text("queue-opens", {"opens": opens}))
    if look.now >= ends:
        return (head, *since, Text("queue-closed", {"closed": closes}))
    return (head, *since, Text("queue-closes", {"closes": closes}), _pace(look, line))


def _pace(look: Look, line: Line) -> Text:
    ends = desks.ends_on(line.waiting, line.decided, PACE_OF.days, look.now)
    if ends is None:
        return Text("queue-no-pace", {"days": PACE_OF.days, "fewest": desks.FEWEST})
    day = look.exam.today(ends)
    args: dict[str, Argument] = {"ends": day, "count": line.decided, "days": PACE_OF.days}
    is_late = ends >= desks.deadline(line.desk, look.exam)
    return Text("queue-ends-late" if is_late else "queue-ends", args)


async def draw_news(look: Look) -> Screen:
    """Something came, or has waited long: counts only, for this may be read by anybody near."""
    found = await queue.lines(look.connection, look.exam, look.seats, look.now, look.pace)
    said = tuple(_said(look, line)[:2] for line in found) or (Text("queue-nothing"),)
    return Screen((Text("queue-news-head"), *said), rows(desk("queue")))


async def draw_group_news(look: Look) -> Screen:
    """The same for all of what a group is for, to be read by whoever is in it.

    Raises:
        LookupError: the group is bound to nothing any more.
    """
    scope = await groups.scope_of(look.connection, look.bot_id, look.reader)
    if scope is None:
        raise LookupError("not bound")
    found = await queue.lines_within(look.connection, look.exam, scope, look.now, look.pace)
    said = tuple(_said(look, line)[:2] for line in found) or (Text("queue-nothing-here"),)
    where = {"scope": places.called(look.exam, scope, look.locale)}
    return Screen(
        (Text("group-news-head", where), *said), link=Link(Text("button-privately"), "queue")
    )


FEATURE = Feature(
    staff_anywhere=(
        command("queue", show, alone=True),
        pressed(Verb.GO, show, "queue", alone=True),
        pressed(Verb.GO, take_next, "queue-next", alone=True),
        pressed(Verb.TAKE, take, alone=True),
    ),
    staff_routes={Staff.card: (pressed(Verb.REMOVE, put_back, alone=True),)},
    staff_screens={SCREEN: draw, NEWS: draw_news, GROUP_NEWS: draw_group_news},
)
