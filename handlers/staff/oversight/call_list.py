"""The people to call: they lose an application soon and have not seen the notice; with sheets.

Telephone numbers are shown to the roles that read the forms anyway. Each look at a sheet and each
call is audited.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, application_of, number_of, staff_button, staff_go
from handlers.everyone.broadcast_message import mask
from handlers.rendering import Cell, Paragraph, Screen, Sheet, SheetFormat, rows
from handlers.replies import edit_source, show_screen
from handlers.routing import Feature, command, pressed
from handlers.staff import menu
from handlers.update_context import Context
from states.exam import last_minute
from states.identity import readable_phone
from states.records import Application, Stage
from states.staff.reach import may_call
from states.step_result import StepResult
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff import application_search, reach
from storage.staff.access.scopes import OutOfScope
from storage.staff.access.staff_view import StaffView
from storage.staff.reach import UnseenCandidate

SCREEN: Final = "reach"
SHEETS: Final = {f"reach-{one}": one for one in (SheetFormat.PDF, SheetFormat.XLSX)}
AFTER: Final = "after"
"""The key of a screen's data for the last application of the part before."""
SHOWN: Final = 6
AT_ONCE: Final = 50
MOBILE: Final = "mobile"
"""The field of the form with the telephone number."""
COLUMNS: Final = ("code", "name", "phone", "site", "stage", "ends", "reach", "called", "notes")


async def show(_update: Update, context: Context) -> StepResult:
    """Show whom to call."""
    if not await context.own_assignments():
        return menu.deny(context, SCREEN)
    context.audit_as_staff(AuditAction.LIST_SEEN, SCREEN)
    return show_screen(SCREEN)


async def show_more(_update: Update, context: Context) -> StepResult:
    """Note a call, or show the next part of the list, in the same message."""
    staff = await context.staff_access()
    what, _, value = context.callback.value.partition(".")
    if not staff.assignments:
        return menu.deny(context, SCREEN)
    after, _, number = value.partition(".")
    data = {AFTER: str(number_of(after))}
    if what == "after":
        return edit_source(context, SCREEN, data=data)
    try:
        application = await application_search.read(staff, application_of(number))
    except OutOfScope:
        return menu.deny(context, SCREEN)
    if not may_call(staff.assignments, application) or what not in ("yes", "no"):
        return menu.deny(context, SCREEN)
    unit, reached = context.unit, what == "yes"
    call_id, by = unit.new_id(), unit.row.queue_key
    await reach.note_call(unit.tx, call_id, application.id, by, context.now, reached=reached)
    context.audit_application(AuditAction.CALLED, application, what)
    noted = Text(f"reach-noted-{what}", {"code": code_of(application.id)})
    return edit_source(context, SCREEN, noted, data=data)


async def take_sheet(_update: Update, context: Context) -> StepResult:
    """Send the list as a file."""
    if not await context.own_assignments():
        return menu.deny(context, SCREEN)
    context.audit_as_staff(AuditAction.LIST_TAKEN, context.callback.value)
    return show_screen(context.callback.value)


async def render(view: StaffView) -> Screen:
    """Show the counts, and the next candidates to call."""
    if not view.assignments:
        return await menu.render_refused(view)
    counted = await reach.summary(view)
    if not counted.total:
        return Screen((Text("reach-nobody"),), rows(staff_go("staff")))
    lines: list[Text] = [
        Text("reach-total", {"count": counted.total}),
        Text("reach-seen", {"count": counted.seen}),
        Text("reach-called", {"count": counted.called}),
        Text("reach-open", {"count": counted.open}),
        *(
            Text("reach-kind", {"why": Text(f"why-{kind}"), "count": count})
            for kind, count in sorted(counted.unreachable.items())
        ),
    ]
    after = number_of(view.data.get(AFTER, "0"))
    found = await reach.unseen(view, after, SHOWN + 1)
    shown = found[:SHOWN]
    named: tuple[Paragraph, ...] = tuple(_line(view, one) for one in shown)
    buttons = [button for one in shown for button in _buttons(view, one, after)]
    more = (_more(shown[-1].application),) if len(found) > SHOWN else ()
    files = tuple(staff_go(name) for name in SHEETS)
    text: tuple[Paragraph, ...] = (Text("reach-head"), tuple(lines), *named)
    return Screen(
        text, (*rows(*buttons, across=2), more, *rows(*files, staff_go("staff"), across=2))
    )


def _line(view: StaffView, one: UnseenCandidate) -> Text:
    application = one.application
    name = one.person.identity.name
    may = may_call(view.assignments, application)
    args = {
        "code": code_of(application.id),
        "name": name if may else mask(name),
        "phone": phone_of(application) if may else Text("reach-no-phone"),
        "stage": _stage(application),
        "ends": last_minute(one.ends),
    }
    if one.called_at is None:
        return Text("reach-line", args)
    return Text("reach-line-called", {**args, "called": one.called_at})


def _stage(application: Application) -> Text:
    """Return the stage; a draft on this list was withdrawn."""
    is_withdrawn = application.stage is Stage.DRAFT
    return Text("stage-withdrawn" if is_withdrawn else f"stage-{application.stage}")


def phone_of(application: Application) -> str:
    """Return the mobile number as people read it; empty before it is given."""
    phone = application.answers.get(MOBILE, "")
    return readable_phone(phone) if phone else ""


def _buttons(view: StaffView, one: UnseenCandidate, after: int) -> tuple[Button, ...]:
    if not may_call(view.assignments, one.application):
        return ()
    number, code = one.application.id, {"code": code_of(one.application.id)}
    return tuple(
        staff_button(Text(f"button-reach-{how}", code), Action.CALLED, f"{how}.{after}.{number}")
        for how in ("yes", "no")
    )


def _more(last: Application) -> Button:
    return staff_button(Text("button-reach-more"), Action.CALLED, f"after.{last.id}")


async def render_sheet(file_format: SheetFormat, view: StaffView) -> Screen:
    """Send the list to call as a file."""
    if not view.assignments:
        return await menu.render_refused(view)
    columns = tuple(Text(f"column-{key}") for key in COLUMNS)
    title = Text("reach-sheet-title", {"at": view.now})
    return Screen((title,), document=Sheet("calls", title, file_format, columns, _rows))


async def _rows(view: StaffView) -> AsyncIterator[Sequence[Sequence[Cell]]]:
    after = 0
    while found := await reach.unseen(view, after, AT_ONCE):
        after = found[-1].application.id
        yield [_row(view, one) for one in found]


def _row(view: StaffView, one: UnseenCandidate) -> tuple[Cell, ...]:
    application, person = one.application, one.person
    may = may_call(view.assignments, application)
    site = view.exam.site(application.area, application.site)
    return (
        code_of(application.id),
        person.identity.name if may else mask(person.identity.name),
        phone_of(application) if may else "",
        site.display_name(view.locale) if site else "",
        _stage(application),
        last_minute(one.ends),
        Text(f"why-{person.unreachable or 'forbidden'}") if person.blocked_at else "",
        one.called_at,
        "",
    )


FEATURE = Feature(
    staff_anywhere=(
        command("reach", show),
        pressed(Action.GO, show, SCREEN),
        *(pressed(Action.GO, take_sheet, name) for name in SHEETS),
        pressed(Action.CALLED, show_more),
    ),
    desk_screens={SCREEN: render},
    staff_screens={
        **{name: partial(render_sheet, one) for name, one in SHEETS.items()},
    },
)
