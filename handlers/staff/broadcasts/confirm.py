"""The plan of a broadcast: who gets it, how it reads, when the last message goes out; then go.

The bot refuses a broadcast that cannot arrive before its deadline, and names the latest start.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button
from handlers.everyone import broadcast_message
from handlers.rendering import BACK, Inline, Paragraph, Screen, View, button, rows
from handlers.replies import ask, ask_again
from handlers.routing import Feature, pressed, text
from handlers.staff import menu
from handlers.staff.broadcasts import progress, senders, start_times
from handlers.staff.broadcasts.audience_lines import chosen_lines
from handlers.staff.broadcasts.compose import DRAFT, LOCALE, count_lines, draft_of, save
from handlers.update_context import Context
from states.broadcasts import plan
from states.broadcasts.audience import Dimension, Missing
from states.broadcasts.ledger import ALLOWED, BroadcastAct, BroadcastState
from states.broadcasts.plan import Pace, Plan
from states.exam import Exam, last_minute
from states.form.fields import joined
from states.fsm_states import Staff
from states.process.lifecycle import CORRECTED_STAGES
from states.progress.next_step import Position
from states.records import Records, Stage
from states.step_result import ShowScreen, StepResult
from states.texts import LOCALES, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.broadcasts import audiences, broadcasts, ledger
from storage.broadcasts.broadcasts import Broadcast
from storage.candidates import records
from storage.engine.database import Connection
from storage.staff.access.staff_view import StaffView
from storage.updates.outbox import replies_since

TEST, SAME = "broadcast-test", "broadcast-same"
MEASURED: Final = timedelta(minutes=10)
"""The time whose replies are reserved for."""
_WINDOWS: Final = {
    Stage.DRAFT: "registration",
    Stage.SUBMITTED: "confirmation",
    Stage.CONFIRM_REFUSED: "reupload",
    Stage.CONFIRMED: "review",
    Stage.SITE_APPROVED: "review",
    Stage.REVIEW_REFUSED: "review",
    Stage.CHANGING: "review",
    Stage.APPROVED: "payment",
    Stage.REGISTERED: "tickets",
}
"""The window that ends for people of a stage."""
_OF_DRAFT: Final = frozenset(Missing) - {Missing.PAYMENT, Missing.RESUBMISSION}


async def planned(connection: Connection, draft: Broadcast, exam: Exam, now: datetime) -> Plan:
    """Plan a draft as of now: the pace leaves room for as many replies as of late.

    Other broadcasts that send at the same time share the pace.
    """
    found = await audiences.count(connection, draft.bot_id, draft.audience, exam)
    replies = await replies_since(connection, now - MEASURED) / MEASURED.total_seconds()
    pace = Pace(replies, draft.is_paid)
    about = (
        found.total - found.unreachable,
        start_times.start_of(draft, now),
        pace,
        draft.deadline,
    )
    alone = plan.plan(*about)
    others = await ledger.others_open(connection, draft, alone.last_at)
    return plan.plan(*about, others)


def deadlines(draft: Broadcast, exam: Exam, now: datetime) -> list[datetime]:
    """Return the deadlines of an audience that are still to come, the nearest first."""
    stages = {Stage(one) for one in draft.audience.of(Dimension.STAGE) if one in _STAGES}
    if _OF_DRAFT.intersection(draft.audience.of(Dimension.MISSING)):
        stages.add(Stage.DRAFT)
    if Missing.RESUBMISSION in draft.audience.of(Dimension.MISSING):
        stages |= CORRECTED_STAGES
    names = {_WINDOWS[one] for one in stages or set(Stage) if one in _WINDOWS}
    closes = {getattr(exam.windows, name).closes for name in names}
    return sorted(one for one in closes if one > now)


_STAGES: Final = frozenset(str(one) for one in Stage)


# --- steps ---------------------------------------------------------------------------------------


async def choose_deadline(_update: Update, context: Context) -> StepResult:
    """Take the next deadline of the audience, or none after the last."""
    draft = await draft_of(context)
    if draft is None:
        return menu.deny(context, "broadcast")
    choices: list[datetime | None] = [None, *deadlines(draft, context.exam, context.now)]
    at = choices.index(draft.deadline) if draft.deadline in choices else 0
    await save(context, replace(draft, deadline=choices[(at + 1) % len(choices)]))
    return ask_again(context)


async def choose_paid(_update: Update, context: Context) -> StepResult:
    """Turn the paid way of sending on or off, where the settings allow it."""
    draft = await draft_of(context)
    if draft is None or not context.services.paid_broadcasts:
        return menu.deny(context, "broadcast")
    await save(context, replace(draft, is_paid=not draft.is_paid))
    return ask_again(context)


async def test(_update: Update, context: Context) -> StepResult:
    """Send the message to oneself in each language, filled in for somebody of the audience."""
    draft = await draft_of(context)
    if draft is None:
        return menu.deny(context, "broadcast")
    written = [one for one in LOCALES if one in draft.message.texts]
    tests = [
        ShowScreen(TEST, {progress.BROADCAST: str(draft.id), LOCALE: locale}) for locale in written
    ]
    again = ask_again(context, Text("broadcast-tested", {"count": len(tests)}))
    return replace(again, effects=(*tests, *again.effects))


async def back(_update: Update, context: Context) -> StepResult:
    """Go back to the text."""
    data = {DRAFT: context.position.data.get(DRAFT, ""), LOCALE: LOCALES[-1]}
    return ask(context, Position(Staff.writing, data))


async def to_audience(_update: Update, context: Context) -> StepResult:
    """Go back to the audience."""
    data = {DRAFT: context.position.data.get(DRAFT, "")}
    return ask(context, Position(Staff.audience, data))


async def confirm(_update: Update, context: Context) -> StepResult:
    """Freeze audience and text, and hand the broadcast to its job."""
    draft, tx, keyring = await draft_of(context), context.unit.tx, context.services.keyring
    if draft is None:
        return menu.deny(context, "broadcast")
    if draft.state is not BroadcastState.DRAFT:
        return StepResult(menu.IDLE, (progress.started(draft),))
    ready = replace(draft, is_paid=draft.is_paid and context.services.paid_broadcasts)
    problem = ready.message.too_long() or refusal(
        await planned(tx, ready, context.exam, context.now), context.now
    )
    if problem is not None or not ready.message.texts:
        return ask_again(context, problem or Problem("problem-broadcast-empty"))
    same = await broadcasts.same_begun(tx, keyring, ready, context.now)
    if same is not None:
        data = {progress.BROADCAST: str(same.id)}
        return StepResult(menu.IDLE, (ShowScreen(SAME, data),))
    begun = replace(ready, starts_at=start_times.start_of(ready, context.now), made_at=context.now)
    await broadcasts.save_draft(tx, keyring, begun)
    states = ALLOWED[BroadcastAct.CONFIRM]
    await broadcasts.move(tx, begun.id, states, BroadcastState.PLANNING)
    context.audit_as_staff(AuditAction.BROADCAST_BEGUN, str(begun.id))
    await progress.run_job(context, begun.id)
    return StepResult(menu.IDLE, (progress.started(begun),))


def refusal(made: Plan, now: datetime) -> Problem | None:
    """Return why a plan cannot begin: nobody to reach, or not in time."""
    if not made.count:
        return Problem("problem-audience-empty")
    if made.fits or made.deadline is None or made.latest_start is None:
        return None
    args = {"last": made.last_at, "deadline": last_minute(made.deadline)}
    if made.latest_start > now:
        return Problem("problem-broadcast-late", {**args, "start": made.latest_start})
    counts = {"count": made.count, "reached": made.in_time}
    return Problem("problem-broadcast-never", {**args, **counts})


# --- screens -------------------------------------------------------------------------------------


async def render_planning(view: StaffView) -> Screen:
    """Show counts, plan, price and three samples, and what can be changed."""
    draft = await senders.of_view(view, view.data[DRAFT])
    if draft is None:
        return await menu.render_refused(view)
    made = await planned(view.connection, draft, view.exam, view.now)
    problem = refusal(made, view.now)
    lines: tuple[Paragraph, ...] = (
        Text("broadcast-plan"),
        (*chosen_lines(view.exam, draft.audience), *await count_lines(view, draft)),
        _plan_lines(made, draft, view.exam),
    )
    if problem is not None:
        lines = (*lines, problem)
    samples = [await sample(view, draft, account) for account in await _accounts(view, draft)]
    gaps = [number for number, one in enumerate(samples, 1) if _has_gap(one)]
    if gaps:
        lines = (*lines, Text("broadcast-gaps", {"samples": joined([str(one) for one in gaps])}))
    spare: list[Paragraph] = []
    for number, one in enumerate(samples, 1):
        head = Text("broadcast-sample", {"number": number})
        spare.append((head, *(line for line in one.text if not isinstance(line, tuple))))
    return Screen(lines, _plan_buttons(view, draft, made, problem), spare=tuple(spare))


def _has_gap(message: Screen) -> bool:
    """Return whether a placeholder of a message has nothing to stand for."""
    inlines = (one for one in message.text if isinstance(one, Inline))
    return any(broadcast_message.NOTHING in one.pieces for one in inlines)


def _plan_lines(made: Plan, draft: Broadcast, exam: Exam) -> tuple[Text, ...]:
    minutes = max(1, round((made.last_at - made.starts_at).total_seconds() / 60))
    starts = Text("broadcast-starts", {"at": made.starts_at})
    lines = [
        starts if draft.starts_at else Text("broadcast-starts-now"),
        Text("broadcast-last", {"at": made.last_at, "minutes": minutes}),
    ]
    if not draft.starts_at:
        lines.append(
            Text("broadcast-start-how", {"example": start_times.example(exam, made.starts_at)})
        )
    if made.beside:
        lines.append(Text("broadcast-beside", {"count": made.beside}))
    if made.deadline is not None:
        lines.append(Text("broadcast-deadline", {"at": last_minute(made.deadline)}))
    if draft.is_paid:
        args = {"stars": plan.stars(made.count), "count": made.count}
        lines.append(Text("broadcast-price", args))
    if is_at_night(made, exam):
        lines.append(Text("broadcast-night"))
    return tuple(lines)


def is_at_night(made: Plan, exam: Exam) -> bool:
    """Return whether some message goes out in the quiet hours of the exam's reminders."""
    first, last = made.starts_at.astimezone(exam.tz), made.last_at.astimezone(exam.tz)
    is_long = last - first >= timedelta(hours=14)
    return is_long or any(exam.reminders.is_quiet(one.time()) for one in (first, last))


def _plan_buttons(
    view: StaffView, draft: Broadcast, made: Plan, problem: Problem | None
) -> tuple[tuple[Button, ...], ...]:
    starts = start_times.buttons(view, draft, made)
    deadline = button("broadcast-deadline", Action.PICK)
    paid = (button("broadcast-paid", Action.TOGGLE),) if view.paid_broadcasts else ()
    go = (button("broadcast-confirm", Action.CONFIRM),) if problem is None else ()
    return (
        go,
        (button("broadcast-try", Action.SEE),),
        *rows(*starts),
        (deadline, *paid),
        (button("broadcast-audience", Action.EDIT), BACK),
    )


async def _accounts(view: StaffView, draft: Broadcast) -> list[int]:
    return await audiences.samples(view.connection, view.bot_id, draft.audience, view.exam)


async def sample(view: StaffView, draft: Broadcast, account: int, locale: str = "") -> Screen:
    """Return the message as somebody of the audience will read it, without who it is.

    ``locale``: as they would in that language, instead of theirs.
    """
    found = await records.load(view.connection, view.keyring, view.exam.key, view.bot_id, [account])
    known = found.get(account, Records())
    if locale and known.person is not None:
        known = replace(known, person=replace(known.person, locale=locale))
    reader = View(known, view.exam, view.now)
    return broadcast_message.filled(reader, draft.message, masked=True)


async def render_test(view: StaffView) -> Screen:
    """Show the message as the first of the audience will read it."""
    draft = await senders.of_view(view, view.data[progress.BROADCAST])
    accounts = await _accounts(view, draft) if draft else []
    if draft is None or not accounts:
        return await menu.render_refused(view)
    return await sample(view, draft, accounts[0], view.data.get(LOCALE, ""))


async def render_same(view: StaffView) -> Screen:
    """Say that a colleague, or the reader, has begun the same broadcast already."""
    same = await senders.of_view(view, view.data[progress.BROADCAST])
    if same is None:
        return await menu.render_refused(view)
    if same.made_by == view.reader:
        told = Text("broadcast-same-own", {"at": same.made_at})
        return Screen((told, progress.head_of(same)), rows(progress.open_button(same)))
    name = await senders.name_of(view, same.made_by)
    told = Text("broadcast-same", {"name": name, "at": same.made_at})
    return Screen((told, progress.head_of(same)), rows(progress.open_button(same)))


FEATURE = Feature(
    staff_routes={
        Staff.planning: (
            pressed(Action.CONFIRM, confirm),
            pressed(Action.SEE, test),
            pressed(Action.CHOOSE, start_times.choose),
            pressed(Action.PICK, choose_deadline),
            pressed(Action.TOGGLE, choose_paid),
            pressed(Action.EDIT, to_audience),
            pressed(Action.BACK, back),
            text(start_times.take_typed),
        )
    },
    desk_screens={Staff.planning: render_planning},
    staff_screens={TEST: render_test, SAME: render_same},
)
