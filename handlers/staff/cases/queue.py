"""Somebody who decides wants to know what waits, and to take the next of it.

Before something is taken there is nothing personal to be seen, only counts.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, Link, staff_go
from handlers.rendering import Screen, rows
from handlers.routing import Feature, command, pressed
from handlers.staff import menu
from handlers.staff.administration import places
from handlers.staff.cases.claiming import (
    APPLICATION,
    application_of,
    claim_lost,
    closing,
    requires_claim,
)
from handlers.update_context import Context
from states import staff_timings
from states.codes import code_of
from states.flow import Position
from states.records import ApplicationId
from states.staff import Role
from states.state_groups import Staff
from states.step_result import EditScreen, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications
from storage.staff import cards, claims, review_queue, staff_groups
from storage.staff.cards import card_slot
from storage.staff.claims import ClaimedCase, NotClaimed
from storage.staff.review_queue import PACE_OF, QueueSummary
from storage.staff.staff_view import StaffView

SCREEN = "queue"
NEWS = "queue-news"
GROUP_NEWS = "group-news"
SLOT = "queue"


async def show(_update: Update, context: Context) -> StepResult:
    """How much waits, leaving them where they are."""
    if not await context.own_assignments():
        return menu.refuse(context, "queue")
    return StepResult(effects=(ShowScreen(SCREEN, slot=SLOT),))


async def take_next(_update: Update, context: Context) -> StepResult:
    """The next one, or what they hold already."""
    by = await context.own_assignments()
    if not by:
        return menu.refuse(context, "queue")
    services = context.envelope.services
    found = await claims.take_next(
        context.unit.tx, services.exam, by, context.now, services.timings
    )
    if found is None:
        return StepResult(effects=(EditScreen(SCREEN, SLOT),), toast=Text("toast-queue-empty"))
    return await _opened(context, found)


async def take(_update: Update, context: Context) -> StepResult:
    """A certain one, found by a search."""
    by = await context.own_assignments()
    if not by:
        return menu.refuse(context, "queue")
    wanted, services = application_of(context.callback.value), context.envelope.services
    try:
        await claims.take(context.unit.tx, by, wanted, context.now, services.timings)
    except NotClaimed as refused:
        return claim_lost(context, wanted, refused.why)
    return await _opened(context, wanted)


async def _opened(context: Context, application_id: ApplicationId) -> StepResult:
    keyring, tx = context.envelope.services.keyring, context.unit.tx
    taken = (await applications.by_ids(tx, keyring, [application_id]))[application_id]
    context.audit_application(AuditAction.CASE_TAKEN, taken, taken.stage)
    place = Position(Staff.card, {APPLICATION: str(application_id)})
    shown = ShowScreen(Staff.card.state or "", place.data, slot=card_slot(application_id))
    return StepResult(place, (shown,))


@requires_claim
async def put_back(context: Context, claimed: ClaimedCase) -> StepResult:
    """Back into the queue, where it stood; what was shown of it goes."""
    application, tx, chat = claimed.application, context.unit.tx, context.unit.row.queue_key
    await claims.release(tx, [claimed.assignment], application.id)
    context.audit_application(AuditAction.CASE_RETURNED, application)
    shown = [one for one in await cards.shown(tx, application.id) if one.chat_id == chat]
    await cards.forget(tx, application.id, chat)
    effects = tuple(closing(one, application.id, "returned") for one in shown)
    return StepResult(menu.IDLE, (*effects, ShowScreen(SCREEN, slot=SLOT)))


async def render(view: StaffView) -> Screen:
    """Desk by desk: how much, since when, by when, and when it will end at this pace."""
    if all(assignment.role is Role.ADMINISTRATOR for assignment in view.assignments):
        return await menu.render_refused(view)
    found = await review_queue.summaries(
        view.connection, view.exam, view.assignments, view.now, view.timings
    )
    mine = await claims.claimed_by(view.connection, view.assignments, view.now, view.timings)
    in_hand = tuple(Text("queue-yours", {"code": code_of(one)}) for one in mine)
    said = tuple(_said(view, line) for line in found) or (Text("queue-nothing"),)
    open_now = staff_timings.by_urgency(view.exam, view.now)
    is_there = mine or any(line.desk in open_now and line.waiting > line.claimed for line in found)
    ways = (staff_go("queue-next"),) if is_there else ()
    return Screen(
        (Text("queue-head"), *said, *in_hand), rows(*ways, staff_go("find"), staff_go("staff"))
    )


def _said(view: StaffView, line: QueueSummary) -> tuple[Text, ...]:
    opens, ends = (
        staff_timings.opens(line.desk, view.exam),
        staff_timings.deadline(line.desk, view.exam),
    )
    closes = staff_timings.last_minute(ends)
    head = Text(
        "queue-line",
        {"desk": Text(f"desk-{line.desk}"), "waiting": line.waiting, "held": line.claimed},
    )
    since = (Text("queue-since", {"since": line.since}),) if line.since else ()
    if view.now < opens:
        return (head, *since, Text("queue-opens", {"opens": opens}))
    if view.now >= ends:
        return (head, *since, Text("queue-closed", {"closed": closes}))
    return (head, *since, Text("queue-closes", {"closes": closes}), _timings(view, line))


def _timings(view: StaffView, line: QueueSummary) -> Text:
    ends = staff_timings.ends_on(line.waiting, line.decided, PACE_OF.days, view.now)
    if ends is None:
        return Text("queue-no-pace", {"days": PACE_OF.days, "fewest": staff_timings.FEWEST})
    day = view.exam.today(ends)
    args: dict[str, Argument] = {"ends": day, "count": line.decided, "days": PACE_OF.days}
    is_late = ends >= staff_timings.deadline(line.desk, view.exam)
    return Text("queue-ends-late" if is_late else "queue-ends", args)


async def render_news(view: StaffView) -> Screen:
    """Something came, or has waited long: counts only, for this may be read by anybody near."""
    found = await review_queue.summaries(
        view.connection, view.exam, view.assignments, view.now, view.timings
    )
    said = tuple(_said(view, line)[:2] for line in found) or (Text("queue-nothing"),)
    return Screen((Text("queue-news-head"), *said), rows(staff_go("queue")))


async def render_group_news(view: StaffView) -> Screen:
    """The same for all of what a group is for, to be read by whoever is in it.

    Raises:
        LookupError: the group is bound to nothing any more.
    """
    scope = await staff_groups.scope_of(view.connection, view.bot_id, view.reader)
    if scope is None:
        raise LookupError("not bound")
    found = await review_queue.summaries_within(
        view.connection, view.exam, scope, view.now, view.timings
    )
    said = tuple(_said(view, line)[:2] for line in found) or (Text("queue-nothing-here"),)
    where = {"scope": places.called(view.exam, scope, view.locale)}
    return Screen(
        (Text("group-news-head", where), *said), link=Link(Text("button-privately"), "queue")
    )


FEATURE = Feature(
    staff_anywhere=(
        command("queue", show, alone=True),
        pressed(Action.GO, show, "queue", alone=True),
        pressed(Action.GO, take_next, "queue-next", alone=True),
        pressed(Action.TAKE, take, alone=True),
    ),
    staff_routes={Staff.card: (pressed(Action.REMOVE, put_back, alone=True),)},
    staff_screens={SCREEN: render, NEWS: render_news, GROUP_NEWS: render_group_news},
)
