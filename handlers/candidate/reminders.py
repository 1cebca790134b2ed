"""Reminders as their reader sees them: the message, an own time, and turning them off and on.

The text is made when it is sent, from what this person still lacks at that moment.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telegram import Update

from handlers.callback_data import Action, Button, go, number_of
from handlers.candidate.changes import correct
from handlers.candidate.progress.open_items import OPEN_ITEMS, gap_lines, when_buttons
from handlers.candidate.progress.status import body, ways
from handlers.case_lines import case_lines
from handlers.everyone.seen import with_seen_button
from handlers.outlook_lines import session_lines
from handlers.rendering import Overtaken, Paragraph, Screen, View, rows
from handlers.replies import show_screen
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.exam import Duty, last_minute
from states.reminders.planning import (
    Deadline,
    ReminderHistory,
    ReminderKind,
    deadline_of,
    keep_promise,
    own_sessions,
)
from states.reminders.times import Calendar
from states.step_result import StepResult
from states.texts import Text
from storage.candidates import reminders

REMINDER = "told-reminder"
REMINDERS = "reminders"
OFF = go("reminders-off")
ON = go("reminders-on")
MUTED, PROMISED = "muted", "promised"
"""Keys of position data: whether reminders are off, and the own reminder in ISO 8601."""


def render_reminder(view: View) -> Screen:
    """Name the gap, its consequence and its end, and ask when the candidate will do it.

    Raises:
        Overtaken: it is done, over, or another deadline is the next one.
    """
    deadline = deadline_of(view.records, view.exam, view.now)
    kind = view.data.get("kind")
    if deadline is None or kind is None or view.data.get("name") != deadline.name:
        raise Overtaken
    if view.now >= deadline.closes or (view.now < deadline.opens and kind != ReminderKind.MOVED):
        raise Overtaken
    times = when_buttons(view)
    asks = (Text("remind-question"),) if times else ()
    is_named = deadline.duty in _NAMED and kind == ReminderKind.SCHEDULED
    first = Text(f"remind-{deadline.duty if is_named else kind}")
    text = (first, *_gaps(view, deadline), *case_lines(view), *asks)
    places = (
        ways(view) if deadline.duty is not Duty.CASE else rows(go("todo"), go("help"), across=2)
    )
    return Screen(text, (*places, *times, (OFF,)))


_NAMED = (Duty.WITHDRAWN, Duty.PAYMENT_CLAIMED)
"""The duties whose scheduled reminders begin with words of their own."""


def _gaps(view: View, deadline: Deadline) -> tuple[Paragraph, ...]:
    """Return what is open; of a correction its items, and before the exam what to take along."""
    match deadline.duty:
        case Duty.BEGIN:
            return (Text("remind-begin"), *body(view))
        case Duty.CASE:
            return (Text("remind-case", {"closes": last_minute(deadline.closes)}),)
        case Duty.CORRECTION:
            return correct.render_refusal(view).text
        case Duty.CHANGE:
            return correct.render_opened(view).text[1:]
        case Duty.TICKET:
            return _exam(view)
    return (*gap_lines(view), *body(view))


def _exam(view: View) -> tuple[Paragraph, ...]:
    """Return the eve, the ticket, and one's own sessions that are still to come."""
    days = view.exam.windows.exam_days.dates
    sessions = own_sessions(view.records.application, view.exam)
    lines = session_lines(view)
    first = sessions[0].day if sessions else days[0]
    is_begun = view.exam.today(view.now) >= first
    next_day = next((one.day for one in sessions if one.day > view.exam.today(view.now)), first)
    is_eve = view.exam.today(view.now) == next_day - timedelta(days=1)
    eve = (Text("remind-exam-next" if is_begun else "remind-exam-eve"),) if is_eve else ()
    now = lines if is_begun else body(view)
    if lines:
        return (*eve, *now, Text("remind-exam-bring"))
    return (*eve, *now, Text("remind-exam", {"first": days[0], "last": days[-1]}))


async def show(_update: Update, context: Context) -> StepResult:
    """Show whether reminders are on, and the own one."""
    return _shown(await _history(context))


async def mute(_update: Update, context: Context) -> StepResult:
    """Turn reminders off; the own one goes with them."""
    history = replace(await _history(context), muted=True, promised_at=None)
    return await _keep(context, history, Text("remind-off-done"))


async def unmute(_update: Update, context: Context) -> StepResult:
    """Turn reminders on again."""
    history = replace(await _history(context), muted=False)
    return await _keep(context, history, Text("remind-on-done"))


async def promise(_update: Update, context: Context) -> StepResult:
    """Keep the time at which the candidate wants to be reminded, in place of an earlier one."""
    records, exam, now = context.unit.records, context.exam, context.now
    deadline = deadline_of(records, exam, now)
    at = datetime.fromtimestamp(number_of(context.callback.value) * 60 % _LAST, UTC)
    if deadline is None or now >= deadline.closes:
        return show_screen(OPEN_ITEMS, Text("remind-nothing"))
    area = records.application.area if records.application else ""
    is_quiet = Calendar.of(exam, area).is_quiet(at)
    if not max(now, deadline.opens) <= at < deadline.closes or is_quiet:
        return show_screen(OPEN_ITEMS, Text("remind-too-late"))
    history = keep_promise(await _history(context), deadline, at, now)
    return await _keep(context, history, Text("remind-promised", {"at": at}))


_LAST = 2**35
"""Seconds from 1970 that any calendar has; a made-up button may say more."""


async def _history(context: Context) -> ReminderHistory:
    person_id, keyring = context.person.id, context.services.keyring
    return (await reminders.histories(context.unit.tx, keyring, [person_id]))[person_id]


async def _keep(context: Context, history: ReminderHistory, said: Text) -> StepResult:
    """Store a wish; the job looks at the person again."""
    person_id, keyring = context.person.id, context.services.keyring
    await reminders.keep(context.unit.tx, keyring, person_id, history, context.now)
    return _shown(history, said)


def _shown(history: ReminderHistory, *said: Text) -> StepResult:
    promised = history.promised_at.isoformat() if history.promised_at else ""
    data = {MUTED: "yes" if history.muted else "", PROMISED: promised}
    return show_screen(REMINDERS, *said, data=data)


def render_reminders(view: View) -> Screen:
    """Say whether reminders are on, when they come, and why some notices cannot be turned off."""
    is_muted, promised = bool(view.data.get(MUTED)), view.data.get(PROMISED)
    own = (Text("remind-own-at", {"at": datetime.fromisoformat(promised)}),) if promised else ()
    state = Text("remind-is-off" if is_muted else "remind-is-on")
    switch: Button = ON if is_muted else OFF
    return Screen(
        (state, *own, Text("remind-statutory")), rows(switch, go("todo"), go("menu"), across=2)
    )


FEATURE = Feature(
    anywhere=(
        command("reminders", show, exclusive=True),
        pressed(Action.GO, show, "reminders", exclusive=True),
        pressed(Action.GO, mute, "reminders-off", exclusive=True),
        pressed(Action.GO, unmute, "reminders-on", exclusive=True),
        pressed(Action.REMIND, promise, exclusive=True),
    ),
    buttons=(go("reminders"), OFF, ON),
    screens={REMINDER: with_seen_button(render_reminder), REMINDERS: render_reminders},
)
