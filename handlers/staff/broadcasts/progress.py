"""A broadcast under way: its progress in one edited message, its acts, and its final report."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, staff_button, staff_go
from handlers.rendering import Cell, Paragraph, Screen, Sheet, SheetFormat, rows
from handlers.replies import replace_message, show_screen
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.broadcasts import senders
from handlers.staff.broadcasts.audience_lines import chosen_lines
from handlers.update_context import Context
from states.broadcasts import plan
from states.broadcasts.ledger import ALLOWED, BroadcastAct, BroadcastState, Counts, Outcome
from states.broadcasts.message import BroadcastMessage, Placeholder
from states.exam import last_minute
from states.records import ApplicationId
from states.step_result import DeleteMessage, EditScreen, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import DEFAULT_LOCALE, Argument, Text
from storage.audit.audit_log import AuditAction
from storage.broadcasts import broadcasts, ledger
from storage.broadcasts.broadcasts import Broadcast
from storage.engine import jobs
from storage.engine.ids import milliseconds_of
from storage.engine.jobs import JobKind, StoredJob
from storage.staff.access.staff_view import StaffView

SCREEN, REPORT, ASK, LIST = (
    "broadcast-progress",
    "broadcast-report",
    "broadcast-ask",
    "broadcast-list",
)
BROADCAST: Final = "broadcast"
"""The key of a screen's data for the broadcast."""
UNSENT: Final = tuple(one for one in Outcome if one is not Outcome.SENT)
NAMED: Final = 20
"""The most unknown recipients that the report names; the list as a file has all."""
AT_ONCE: Final = 200
EXCERPT: Final = 40
"""The most characters of a text by which a broadcast is recognised."""
ELLIPSIS: Final = "…"
_SHOW, _ASK_CANCEL, _FILE = "show", "ask", "file"
_TO: Final = {
    BroadcastAct.PAUSE: (BroadcastState.PAUSED, AuditAction.BROADCAST_PAUSED),
    BroadcastAct.RESUME_REST: (BroadcastState.RUNNING, AuditAction.BROADCAST_RESUMED),
    BroadcastAct.RESUME_FAILED: (BroadcastState.RUNNING, AuditAction.BROADCAST_RESUMED),
    BroadcastAct.CANCEL: (BroadcastState.CANCELLED, AuditAction.BROADCAST_CANCELLED),
}


def slot_of(broadcast_id: int) -> str:
    """Return the slot of the progress message."""
    return f"broadcast-{broadcast_id}"


def _ask_slot(broadcast_id: int) -> str:
    """Return the slot of the question whether to cancel; its answer deletes it."""
    return f"broadcast-ask-{broadcast_id}"


async def act(_update: Update, context: Context) -> StepResult:
    """Pause, resume or cancel a broadcast, or show one of its screens."""
    wanted, _, number = context.callback.value.partition(".")
    broadcast = await senders.of_step(context, number)
    if broadcast is None:
        return menu.deny(context, "broadcast")
    data = {BROADCAST: str(broadcast.id)}
    asked = ShowScreen(ASK, data, slot=_ask_slot(broadcast.id))
    if wanted == _SHOW:
        shown = ShowScreen(SCREEN, data, slot=slot_of(broadcast.id))
        return StepResult(effects=(DeleteMessage(slot=asked.slot), shown))
    if wanted == _ASK_CANCEL:
        return StepResult(effects=replace_message(asked))
    if wanted == _FILE:
        context.audit_as_staff(AuditAction.LIST_TAKEN, f"broadcast {broadcast.id}")
        return show_screen(LIST, data=data)
    known = next((one for one in _TO if one == wanted), None)
    if known is None:
        return menu.deny(context, "broadcast")
    changed = await _change(context, broadcast, known)
    return replace(changed, effects=(DeleteMessage(slot=asked.slot), *changed.effects))


async def _change(context: Context, broadcast: Broadcast, wanted: BroadcastAct) -> StepResult:
    """Change the state in this transaction: no call begins after its commit that it forbids."""
    tx, shown = context.unit.tx, EditScreen(SCREEN, slot_of(broadcast.id), _data(broadcast))
    to, action = _TO[wanted]
    values: dict[str, object] = {}
    if to is BroadcastState.RUNNING:
        done = (await ledger.counts(tx, broadcast.id)).done
        if wanted is BroadcastAct.RESUME_FAILED:
            done -= await ledger.plan_refused(tx, broadcast.id)
        values = {
            "round": broadcast.round + 1,
            "went_on_at": context.now,
            "done_before": done,
            "ended_at": None,
        }
        if broadcast.starts_at is not None and broadcast.starts_at > context.now:
            to = BroadcastState.SCHEDULED
    if not await broadcasts.move(tx, broadcast.id, ALLOWED[wanted], to, **values):
        return StepResult(effects=(shown,), toast=Text("toast-broadcast-over"))
    if to in (BroadcastState.PAUSED, BroadcastState.CANCELLED):
        await ledger.take_back(tx, broadcast.id)
    context.audit_as_staff(action, f"{broadcast.id} {wanted}")
    await run_job(context, broadcast.id)
    return StepResult(effects=(shown,), toast=Text(f"toast-broadcast-{wanted}"))


async def run_job(context: Context, broadcast_id: int) -> None:
    """Make the job of a broadcast due with this commit."""
    kind, key = JobKind.BROADCAST, str(broadcast_id)
    context.unit.jobs.append(StoredJob(kind, key, context.now))
    await jobs.advance(context.unit.tx, kind, context.now, key)


def _data(broadcast: Broadcast) -> dict[str, str]:
    return {BROADCAST: str(broadcast.id)}


REPORTED: Final = "reported"
"""The key of position data of a progress whose final report is a message below it."""


async def render_progress(view: StaffView) -> Screen:
    """Show the state, the outcomes, the expected end, and what can be done."""
    broadcast = await senders.of_view(view, view.data[BROADCAST])
    if broadcast is None:
        return await menu.render_refused(view)
    if REPORTED in view.data and broadcast.ended_at is not None:
        below = (head_of(broadcast), Text("broadcast-report-below"))
        return Screen(below, rows(staff_go("broadcasts")))
    counts = await ledger.counts(view.connection, broadcast.id)
    acts = [
        act_button(one, broadcast)
        for one in (BroadcastAct.PAUSE, BroadcastAct.RESUME_REST, BroadcastAct.RESUME_FAILED)
        if _is_useful(one, broadcast, counts)
    ]
    if broadcast.state in ALLOWED[BroadcastAct.CANCEL]:
        acts.append(_button(_ASK_CANCEL, broadcast))
    about = await listed_line(view, broadcast)
    to = chosen_lines(view.exam, broadcast.audience)
    return Screen(
        (about, to, outcome_lines(counts), *_expected(view.now, broadcast, counts)),
        rows(*acts, staff_go("broadcasts"), across=2),
    )


async def render_ask(view: StaffView) -> Screen:
    """Ask whether to cancel for good."""
    broadcast = await senders.of_view(view, view.data[BROADCAST])
    if broadcast is None:
        return await menu.render_refused(view)
    counts = await ledger.counts(view.connection, broadcast.id)
    asked = Text("broadcast-cancel-ask", {"left": counts.open, "sent": counts[Outcome.SENT]})
    return Screen(
        (asked,), rows(act_button(BroadcastAct.CANCEL, broadcast), _button(_SHOW, broadcast))
    )


async def render_report(view: StaffView) -> Screen:
    """Tell the outcome of all recipients, and name those of unknown outcome."""
    broadcast = await senders.of_view(view, view.data[BROADCAST])
    if broadcast is None:
        return await menu.render_refused(view)
    counts = await ledger.counts(view.connection, broadcast.id)
    unknown = await ledger.outcomes(view.connection, broadcast.id, [Outcome.UNKNOWN], 0, NAMED)
    codes = " ".join(code_of(ApplicationId(one[1])) for one in unknown if one[1] is not None)
    named: tuple[Paragraph, ...] = ()
    if unknown:
        named = (Text("broadcast-unknown", {"count": counts[Outcome.UNKNOWN], "codes": codes}),)
    failed = _is_useful(BroadcastAct.RESUME_FAILED, broadcast, counts)
    others = (
        *((act_button(BroadcastAct.RESUME_FAILED, broadcast),) if failed else ()),
        *((_button(_FILE, broadcast),) if counts.total > counts[Outcome.SENT] else ()),
    )
    return Screen(
        (head_of(broadcast), outcome_lines(counts), *named),
        rows(*others, staff_go("broadcasts")),
    )


async def render_list(view: StaffView) -> Screen:
    """Send who did not get the message, and why, as a table."""
    broadcast = await senders.of_view(view, view.data[BROADCAST])
    if broadcast is None:
        return await menu.render_refused(view)
    columns = tuple(Text(f"column-{key}") for key in ("code", "outcome", "why"))
    number = broadcast.id

    async def unsent(reader: StaffView) -> AsyncIterator[Sequence[Sequence[Cell]]]:
        after = 0
        while found := await ledger.outcomes(reader.connection, number, UNSENT, after, AT_ONCE):
            after = found[-1][0]
            yield [
                (
                    code_of(ApplicationId(application)) if application else None,
                    Text(f"outcome-{outcome}"),
                    why_text(why),
                )
                for _, application, outcome, why in found
            ]

    title = Text("broadcast-list-title")
    sheet = Sheet(f"broadcast-{number}", title, SheetFormat.XLSX, columns, unsent)
    return Screen((title,), document=sheet)


async def listed_line(view: StaffView, broadcast: Broadcast) -> Text:
    """Return the line of a list: number, state, time, sender, and how the text begins."""
    args: dict[str, Argument] = {
        "head": head_of(broadcast),
        "at": broadcast.made_at,
        "name": await senders.name_of(view, broadcast.made_by),
        "words": excerpt(broadcast.message, DEFAULT_LOCALE),
    }
    return Text("broadcast-listed", args)


def excerpt(message: BroadcastMessage, locale: str) -> str:
    """Return the beginning of the text in one line; an ellipsis stands for each placeholder."""
    pieces = message.pieces(locale)
    whole = "".join(ELLIPSIS if isinstance(one, Placeholder) else one for one in pieces)
    words = " ".join(whole.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT]}{ELLIPSIS}"


def head_of(broadcast: Broadcast) -> Text:
    """Return the line with the number and the state."""
    state = str(broadcast.state)
    if broadcast.state is BroadcastState.CANCELLED and broadcast.ended_at is None:
        state = "cancelling"
    named = Text(f"broadcast-state-{state}")
    return Text("broadcast-head", {"number": number_of(broadcast), "state": named})


def number_of(broadcast: Broadcast) -> str:
    """Return how the staff name a broadcast: four digits of the moment of its id.

    The lowest bits of an id count within a millisecond, and are nearly always the same.
    """
    return f"{milliseconds_of(broadcast.id) % 10_000:04}"


def outcome_lines(counts: Counts) -> tuple[Text, ...]:
    """Return a line for all recipients, and one for each outcome and each reason that occurs."""
    lines = [Text("broadcast-total", {"count": counts.total, "done": counts.done})]
    for outcome in Outcome:
        if counts[outcome]:
            named = Text(f"outcome-{outcome}")
            args: dict[str, Argument] = {"outcome": named, "count": counts[outcome]}
            lines.append(Text("broadcast-outcome", args))
        if outcome is Outcome.REFUSED:
            lines += [
                Text("broadcast-why", {"why": why_text(why), "count": count})
                for why, count in sorted(counts.why.items())
            ]
    return tuple(lines)


_WHYS: Final = frozenset({"forbidden", "deactivated", "never-answered", "gone", "erased", "late"})


def why_text(why: str) -> Text | str:
    """Return the reason of an outcome; Telegram's code where it has no name."""
    if why in _WHYS:
        return Text(f"why-{why}")
    return Text("why-code", {"code": why}) if why else ""


def _expected(now: datetime, broadcast: Broadcast, counts: Counts) -> tuple[Paragraph, ...]:
    """Return when the last message goes out at the measured pace, and the deadline."""
    lines: list[Text] = []
    if broadcast.state is BroadcastState.SCHEDULED and broadcast.starts_at:
        lines.append(Text("broadcast-starts", {"at": broadcast.starts_at}))
    left = ends_in(now, broadcast, counts)
    if left is not None:
        lines.append(left)
    if broadcast.deadline and broadcast.state not in (
        BroadcastState.FINISHED,
        BroadcastState.CANCELLED,
    ):
        lines.append(Text("broadcast-deadline", {"at": last_minute(broadcast.deadline)}))
    return (tuple(lines),) if lines else ()


def ends_in(now: datetime, broadcast: Broadcast, counts: Counts) -> Text | None:
    """Return the expected end of a broadcast that runs; None while nothing is measured."""
    if broadcast.state is not BroadcastState.RUNNING or broadcast.went_on_at is None:
        return None
    done, total = counts.done - broadcast.done_before, counts.total - broadcast.done_before
    left = plan.remaining(done, total, now - broadcast.went_on_at)
    return Text("broadcast-ends", {"at": now + left}) if left is not None else None


def _is_useful(wanted: BroadcastAct, broadcast: Broadcast, counts: Counts) -> bool:
    if broadcast.state not in ALLOWED[wanted]:
        return False
    return wanted is not BroadcastAct.RESUME_FAILED or counts[Outcome.REFUSED] > 0


def act_button(wanted: BroadcastAct, broadcast: Broadcast) -> Button:
    """Return the button of an act."""
    return _button(str(wanted), broadcast)


def _button(what: str, broadcast: Broadcast) -> Button:
    return staff_button(
        Text(f"button-broadcast-{what}"), Action.BROADCAST, f"{what}.{broadcast.id}"
    )


def open_button(broadcast: Broadcast) -> Button:
    """Return the button that opens the progress of a broadcast."""
    label = Text("button-broadcast-open", {"number": number_of(broadcast)})
    return replace(_button(_SHOW, broadcast), label=label)


FEATURE = Feature(
    staff_anywhere=(pressed(Action.BROADCAST, act),),
    desk_screens={ASK: render_ask, LIST: render_list},
    staff_screens={SCREEN: render_progress, REPORT: render_report},
)


def started(broadcast: Broadcast) -> ShowScreen:
    """Return the progress of a broadcast that was just confirmed, as a new message."""
    return ShowScreen(SCREEN, _data(broadcast), slot=slot_of(broadcast.id))
