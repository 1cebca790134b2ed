"""The review queue: a staff member sees how much waits, and takes the next case.

Before they take a case they see only counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, Link, about_application, application_of, staff_go
from handlers.rendering import Paragraph, Screen, rows
from handlers.routing import Feature, command, pressed
from handlers.staff import menu, scopes
from handlers.staff.cases import late_changes, spot_checks
from handlers.staff.cases.claimed_case import (
    claim_lost,
    close_case,
    requires_claim,
    show_taken,
)
from handlers.staff.desks import case_desk, payments
from handlers.update_context import Context
from states.form.fields import joined
from states.fsm_states import Staff
from states.records import ApplicationId
from states.staff import timings
from states.staff_roles import Role, Scope
from states.step_result import ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.staff.access import invites, staff_groups
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import claims, review_queue
from storage.staff.cases.claims import ClaimedCase, NotClaimed, TakenCase
from storage.staff.cases.review_queue import PACE_OF, QueueSummary

SCREEN = "queue"
NEWS = "queue-news"
GROUP_NEWS = "group-news"
SLOT = "queue"
HELD_SHOWN = 6
"""The most cases in hand with a button."""


async def show(_update: Update, context: Context) -> StepResult:
    """Show how much waits."""
    if not await context.own_assignments():
        return menu.deny(context, "queue")
    return StepResult(effects=(ShowScreen(SCREEN, slot=SLOT),))


async def take_next(_update: Update, context: Context) -> StepResult:
    """Take the next case, or open the one already held."""
    staff = await context.staff_access()
    if not staff.assignments:
        return menu.deny(context, "queue")
    taken = await claims.take_next(staff)
    if taken is None:
        shown = ShowScreen(SCREEN, slot=SLOT)
        return StepResult(effects=(shown,), toast=Text("toast-queue-empty"))
    return await open_taken(context, taken)


async def take(_update: Update, context: Context) -> StepResult:
    """Take a case that a search has found."""
    staff, wanted = await context.staff_access(), application_of(context.callback.value)
    if not staff.assignments:
        return menu.deny(context, "queue")
    try:
        taken = await claims.take(staff, wanted)
    except NotClaimed as not_claimed:
        return await claim_lost(context, wanted, not_claimed.why)
    return await open_taken(context, taken)


async def open_taken(context: Context, taken: TakenCase) -> StepResult:
    """Show a case that was just taken, and audit it."""
    context.audit_application(AuditAction.CASE_TAKEN, taken.application, taken.application.stage)
    return await show_taken(context, taken)


@requires_claim
async def put_back(context: Context, claimed: ClaimedCase) -> StepResult:
    """Return the case to its place in the queue, and close its messages."""
    await claims.release(context.unit.tx, [claimed.assignment], claimed.application.id)
    context.audit_application(AuditAction.CASE_RETURNED, claimed.application)
    await close_case(context, claimed.application.id)
    returned = Text("queue-returned", {"code": code_of(claimed.application.id)})
    return StepResult(menu.IDLE, (ShowScreen(SCREEN, header_lines=(returned,), slot=SLOT),))


async def render(view: StaffView) -> Screen:
    """Show each desk: how much waits, since when, until when, and the expected end."""
    if all(assignment.role is Role.ADMINISTRATOR for assignment in view.assignments):
        return await menu.render_refused(view)
    found = await _desks(view)
    mine = await claims.claimed_by(view)
    codes = [code_of(one) for one in mine]
    in_hand = (Text("queue-yours", {"count": len(mine), "codes": joined(codes)}),) if mine else ()
    lines = tuple((*_desk_lines(view, *one), *_expected_end(view, one[1])) for one in found) or (
        Text("queue-nothing"),
    )
    changes = await late_changes.lines_of_count(view)
    checks = await spot_checks.lines_of_count(view)
    cases, claimed = await case_desk.lines_of_count(view), await payments.lines_of_count(view)
    open_now = timings.desks_by_urgency(view.exam, view.now)
    is_there = any(one.desk in open_now and one.waiting > one.claimed for _, one in found)
    buttons = rows(
        *(_held(mine) or ((staff_go("queue-next"),) if is_there else ())),
        *((staff_go("changes"),) if changes else ()),
        *((staff_go("cases"),) if cases else ()),
        *((staff_go("payments"),) if claimed else ()),
        *((staff_go("checks"),) if checks else ()),
        staff_go("find"),
        staff_go("staff"),
    )
    return Screen(
        (Text("queue-head"), *lines, *in_hand, *changes, *cases, *claimed, *checks), buttons
    )


def _held(mine: Sequence[ApplicationId]) -> tuple[Button, ...]:
    """Return the buttons back to the cases in hand; of several each names its own."""
    if len(mine) == 1:
        return (staff_go("queue-next", Text("button-queue-held")),)
    return tuple(
        about_application(Action.TAKE, one, Text("button-queue-held-one", {"code": code_of(one)}))
        for one in mine[:HELD_SHOWN]
    )


async def _desks(view: StaffView) -> list[tuple[Scope, QueueSummary]]:
    """Return the queues of each role with its scope: 2 queries a role that decides."""
    return [
        (assignment.scope, summary)
        for assignment in view.assignments
        if assignment.role is not Role.ADMINISTRATOR
        for summary in await review_queue.summaries(replace(view, assignments=(assignment,)))
    ]


def _desk_lines(view: StaffView, scope: Scope, summary: QueueSummary) -> tuple[Text, ...]:
    """Return the desk with its place, how much waits there, since when and until when."""
    window = timings.desk_window(summary.desk, view.exam)
    opens, ends, closes = window.opens, window.closes, window.last_minute
    head = Text(
        "queue-line",
        {
            "desk": Text(f"desk-{summary.desk}"),
            "place": scopes.called(view.exam, scope, view.locale),
            "waiting": summary.waiting,
            "held": summary.claimed,
        },
    )
    how = str(summary.desk)
    since = (Text("queue-since", {"since": summary.since, "how": how}),) if summary.since else ()
    if view.now < opens:
        return (head, *since, Text("queue-opens", {"opens": opens}))
    if view.now >= ends:
        over: dict[str, Argument] = {"count": summary.overdue, "closed": closes}
        return (
            head,
            *since,
            *((Text("queue-closed", {"closed": closes}),) if summary.waiting else ()),
            *((Text("queue-overdue", over),) if summary.overdue else ()),
        )
    left = timings.days_left(summary.desk, view.exam, view.now)
    key = {0: "queue-closes-today", 1: "queue-closes-tomorrow"}.get(left, "queue-closes")
    return (head, *since, Text(key, {"closes": closes}))


def _expected_end(view: StaffView, summary: QueueSummary) -> tuple[Text, ...]:
    """Return the line about the expected end; none outside the desk's window."""
    if not timings.desk_window(summary.desk, view.exam).holds(view.now):
        return ()
    ends = timings.estimated_end(summary.waiting, summary.decided, PACE_OF.days, view.now)
    if ends is None:  # too few decisions to tell
        return ()
    day = view.exam.today(ends)
    args: dict[str, Argument] = {"ends": day, "count": summary.decided, "days": PACE_OF.days}
    is_late = ends >= timings.desk_window(summary.desk, view.exam).closes
    return (Text("queue-ends-late" if is_late else "queue-ends", args),)


async def render_news(view: StaffView) -> Screen:
    """Tell a staff member what came, waits long or ends soon: only counts, as others may see it."""
    found = await _desks(view)
    lines = tuple(_desk_lines(view, *one) for one in found if one[1].waiting)
    invited, changes = await _invitations(view), await late_changes.lines_of_count(view)
    cases, claimed = await case_desk.lines_of_count(view), await payments.lines_of_count(view)
    head = Text("queue-news-head" if lines or not invited else "invites-news-head")
    text: tuple[Paragraph, ...] = (*lines, *changes, *cases, *claimed, *invited) or (
        Text("queue-nothing"),
    )
    others = (
        *((staff_go("changes"),) if changes else ()),
        *((staff_go("cases"),) if cases else ()),
        *((staff_go("payments"),) if claimed else ()),
        *((staff_go("invites"),) if invited else ()),
    )
    return Screen((head, *text), rows(staff_go("queue"), *others))


async def _invitations(view: StaffView) -> tuple[Text, ...]:
    """Return how many invitations of the reader wait, and when the first one ends."""
    sent = await invites.unended(view.connection, view.keyring, view.bot_id, [view.reader])
    ends = [invite.ends_at for invite in sent if invite.ends_at > view.now]
    return (Text("invites-wait", {"count": len(ends), "ends": min(ends)}),) if ends else ()


async def render_group_news(view: StaffView) -> Screen:
    """Tell a group the counts of its scope.

    Raises:
        LookupError: the group has no scope any more.
    """
    scope = await staff_groups.scope_of(view.connection, view.bot_id, view.reader)
    if scope is None:
        raise LookupError("not bound")
    found = await review_queue.summaries_within(view, scope)
    waiting = (_desk_lines(view, scope, one) for one in found if one.waiting)
    lines = tuple(waiting) or (Text("queue-nothing-here"),)
    head = Text("group-news-head", {"scope": scopes.called(view.exam, scope, view.locale)})
    return Screen((head, *lines), link=Link(Text("button-privately"), "queue"))


FEATURE = Feature(
    staff_anywhere=(
        command("queue", show),
        pressed(Action.GO, show, "queue"),
        pressed(Action.GO, take_next, "queue-next"),
        pressed(Action.TAKE, take),
    ),
    staff_routes={Staff.card: (pressed(Action.REMOVE, put_back),)},
    desk_screens={SCREEN: render},
    staff_screens={NEWS: render_news, GROUP_NEWS: render_group_news},
)
