"""The statistics of a scope: a chart that a phone shows, and the numbers as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from telegram import Update

from handlers.callback_data import Action, staff_go
from handlers.rendering import Bar, Chart, Paragraph, Screen, rows
from handlers.routing import Feature, command, pressed
from handlers.staff import menu
from handlers.staff.broadcasts import senders
from handlers.update_context import Context
from states.exam import Exam
from states.form.pages import FORM
from states.records import Part, Stage
from states.staff.agreement import agreement
from states.staff_roles import Desk
from states.step_result import ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.staff import statistics
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import photo_opinions, spot_checks
from storage.staff.statistics import RefusedItem

CHART, TABLE = "stats-chart", "stats"
MOST_AREAS: Final = 10
MOST_ITEMS: Final = 5
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_IN_DAYS: Final = timedelta(days=3)


async def show(_update: Update, context: Context) -> StepResult:
    """Show the chart, then the numbers."""
    if not await context.own_assignments():
        return menu.deny(context, TABLE)
    context.audit_as_staff(AuditAction.LIST_SEEN, TABLE)
    return StepResult(effects=(ShowScreen(CHART), ShowScreen(TABLE)))


async def render_chart(view: StaffView) -> Screen:
    """Draw the stages, and the submissions of the last days."""
    if not view.assignments:
        return await menu.render_refused(view)
    stages = await statistics.by_stage(view)
    days = await statistics.submissions(view)
    bars = [Bar(Text(f"stage-{one}"), stages.get(one, 0)) for one in Stage]
    for number, (day, count) in enumerate(days):
        label = Text("stats-day", {"day": view.exam.today(day)})
        bars.append(Bar(label, count, begins_group=number == 0))
    title = Text("stats-title")
    return Screen((title,), picture=Chart(title, tuple(bars)))


async def render_table(view: StaffView) -> Screen:
    """Tell the numbers: stages, areas, submissions a day, times, refusals, reach."""
    if not view.assignments:
        return await menu.render_refused(view)
    lists = (staff_go("list"),) if senders.scopes_of(view.assignments) else ()
    blocks = (
        *await _stages(view),
        *await _areas(view),
        await _days(view),
        *_block(
            "stats-times", [_time(*one) for one in (await statistics.desk_times(view)).items()]
        ),
        *await _refused_items(view),
        *await _photos(view),
        *await _agreement(view),
        *await _out_of_reach(view),
    )
    return Screen(blocks, rows(*lists, staff_go("staff"), across=2))


def _block(head: str, lines: Sequence[Text]) -> list[Paragraph]:
    """Return lines below their head; nothing without lines."""
    return [(Text(head), *lines)] if lines else []


def _line(name: Argument, count: int) -> Text:
    return Text("stats-line", {"name": name, "count": count})


async def _stages(view: StaffView) -> list[Paragraph]:
    stages = await statistics.by_stage(view)
    lines = tuple(_line(Text(f"stage-{one}"), stages[one]) for one in Stage if stages.get(one))
    head = Text("stats-head", {"count": sum(stages.values())})
    return [head, lines or Text("stats-none")]


async def _areas(view: StaffView) -> list[Paragraph]:
    """Return the areas with the most applications; nothing for a reader of one area."""
    areas = await statistics.by_area(view)
    lines = []
    for code, (count, submitted) in list(areas.items())[:MOST_AREAS]:
        area = view.exam.area(code)
        name = area.display_name(view.locale) if area else code
        lines.append(Text("stats-area", {"name": name, "count": count, "submitted": submitted}))
    return _block("stats-areas", lines) if len(areas) > 1 else []


async def _days(view: StaffView) -> Paragraph:
    found = await statistics.submissions(view)
    lines = [_line(view.exam.today(day), count) for day, count in found if count]
    return (Text("stats-days"), *lines) if lines else Text("stats-no-days")


async def _refused_items(view: StaffView) -> list[Paragraph]:
    items = await statistics.refused_items(view, MOST_ITEMS)
    lines = [_line(item_name(view.exam, one, view.locale), count) for one, count in items]
    return _block("stats-refused", lines)


async def _photos(view: StaffView) -> list[Paragraph]:
    """Return how often the staff found each check of photos right and wrong."""
    looked_at, checks = await photo_opinions.counts(view)
    if not looked_at:
        return []
    lines = [
        Text(
            "stats-photo",
            {"name": Text(f"photo-check-{check}"), "right": one.right, "wrong": one.wrong},
        )
        for check, one in checks.items()
    ]
    return [(Text("stats-photos", {"count": looked_at}), *lines)]


async def _out_of_reach(view: StaffView) -> list[Paragraph]:
    kinds = await statistics.out_of_reach(view)
    return _block("stats-reach", [_line(Text(f"why-{k}"), n) for k, n in sorted(kinds.items())])


def _time(desk: Desk, took: timedelta) -> Text:
    """Return how long a desk takes: in hours, and in days from three days on."""
    name = Text(f"desk-{desk}")
    if took >= _IN_DAYS:
        return Text("stats-time-days", {"desk": name, "days": -(-took // _DAY)})
    return Text("stats-time", {"desk": name, "hours": max(1, -(-took // _HOUR))})


async def _agreement(view: StaffView) -> list[Paragraph]:
    """Return how far two readings of one submission agree at each desk, with the interval."""
    lines: list[Text] = []
    for desk, checked in (await spot_checks.by_desk(view)).items():
        readings = checked.readings
        counts: dict[str, Argument] = {
            "desk": Text(f"desk-{desk}"),
            "count": readings.count,
            "agreed": readings.agreed,
        }
        found = agreement(readings, checked.approving)
        if found is None:
            lines.append(Text("stats-check-few", counts))
        else:
            figures = {"kappa": found.kappa, "low": found.low, "high": found.high}
            shown = {name: f"{value:.2f}" for name, value in figures.items()}
            lines.append(Text("stats-check", counts | shown))
        if checked.disputed:
            third = {"count": checked.disputed, "settled": checked.settled, "wrong": checked.wrong}
            lines.append(Text("stats-check-third", third))
    return _block("stats-checks", lines)


def item_name(exam: Exam, item: RefusedItem, locale: str) -> Text | str:
    """Return the name of a refused item with its reason; its code where form and exam lack it."""
    name: Text | str = item.code
    if item.part is Part.PHOTO:
        name = Text("item-photo")
    elif field := FORM.fields.get(item.code) if item.part is Part.FIELD else None:
        name = field.name
    elif material := exam.material(item.code):
        name = material.display_name(locale)
    if not item.reason:
        return name
    return Text("stats-item", {"item": name, "reason": Text(f"reason-{item.reason}")})


FEATURE = Feature(
    staff_anywhere=(command("stats", show), pressed(Action.GO, show, TABLE)),
    staff_screens={CHART: render_chart, TABLE: render_table},
)
