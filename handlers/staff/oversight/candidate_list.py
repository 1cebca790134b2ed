"""The list of candidates as a file: the people of a composed audience, row by row.

Names and telephone numbers are in it for the roles that read the forms anyway. The conditions are
composed as those of a broadcast, which a list may become.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

from telegram import Update

from handlers.callback_data import Action
from handlers.candidate.filling.profile import ONLY_STAFF
from handlers.everyone.broadcast_message import mask
from handlers.rendering import Cell, Screen, Sheet, SheetFormat
from handlers.replies import show_screen
from handlers.routing import Feature, command, pressed
from handlers.staff import menu
from handlers.staff.broadcasts import compose, senders
from handlers.staff.oversight.call_list import phone_of
from handlers.update_context import Context
from states.fsm_states import Staff
from states.records import Records
from states.staff.reach import may_call
from states.step_result import StepResult
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.broadcasts import audiences
from storage.broadcasts.broadcasts import Broadcast
from storage.candidates import records
from storage.staff.access.staff_view import StaffView

BROADCAST: Final = "broadcast"
FORMATS: Final = {f"list-{one}": one for one in (SheetFormat.XLSX, SheetFormat.CSV)}
AT_ONCE: Final = 50
COLUMNS: Final = (
    "code",
    "name",
    "phone",
    "stage",
    "area",
    "site",
    "point",
    "specialty",
    "submitted",
    "revision",
    "reach",
)


async def take(_update: Update, context: Context) -> StepResult:
    """Send the list of the composed conditions as a file."""
    draft = await compose.draft_of(context)
    name = f"list-{context.callback.value}"
    if draft is None or name not in FORMATS:
        return menu.deny(context, "list")
    return _sent(context, draft, name)


async def export(update: Update, context: Context) -> StepResult:
    """Send the list of the composed conditions, or of the whole scope if a format is named.

    Without both, ask for the conditions first. Staff who have no list get what ``/profile`` says.
    """
    own = await context.own_assignments()
    if not senders.scopes_of(own):
        return show_screen(ONLY_STAFF) if own else menu.deny(context, "list")
    name = f"list-{''.join(context.args or ()).casefold()}"
    draft = await compose.draft_of(context)
    if name not in FORMATS and draft is None:
        return await compose.begin_list(update, context)
    wanted = draft or await compose.new_draft(context)
    if wanted is None:
        return menu.deny(context, "list")
    return _sent(context, wanted, name if name in FORMATS else f"list-{SheetFormat.XLSX}")


def _sent(context: Context, draft: Broadcast, name: str) -> StepResult:
    context.audit_as_staff(AuditAction.LIST_TAKEN, f"{FORMATS[name]} {draft.id}")
    return show_screen(name, data={BROADCAST: str(draft.id)})


async def render(file_format: SheetFormat, view: StaffView) -> Screen:
    """Send the people who meet the conditions now."""
    draft = await senders.of_view(view, view.data[BROADCAST])
    if draft is None:
        return await menu.render_refused(view)
    columns = tuple(Text(f"column-{key}") for key in COLUMNS)
    title = Text("list-title", {"at": view.now})
    read = partial(_rows, draft)
    return Screen((title,), document=Sheet("candidates", title, file_format, columns, read))


async def _rows(draft: Broadcast, view: StaffView) -> AsyncIterator[Sequence[Sequence[Cell]]]:
    after = 0
    while found := await audiences.accounts(
        view.connection, view.bot_id, draft.audience, view.exam, after, AT_ONCE
    ):
        after = found[-1][0]
        ids = [account for _, account in found]
        known = await records.load(view.connection, view.keyring, view.exam.key, view.bot_id, ids)
        yield [_row(view, known[one]) for one in ids if known[one].person is not None]


def _row(view: StaffView, known: Records) -> tuple[Cell, ...]:
    person, application = known.person, known.application
    assert person is not None
    reach = Text(f"why-{person.unreachable or 'forbidden'}") if person.blocked_at else ""
    if application is None:
        return ("", mask(person.identity.name), "", Text("stage-none"), *[""] * 6, reach)
    may = may_call(view.assignments, application)
    area = view.exam.area(application.area)
    site = view.exam.site(application.area, application.site)
    point = site.point(application.point) if site else None
    specialty = view.exam.specialty(application.specialty)
    places = [
        one.display_name(view.locale) if one else "" for one in (area, site, point, specialty)
    ]
    return (
        code_of(application.id),
        person.identity.name if may else mask(person.identity.name),
        phone_of(application) if may else "",
        Text(f"stage-{application.stage}"),
        *places,
        application.submitted_at,
        application.revision,
        reach,
    )


FEATURE = Feature(
    staff_anywhere=(
        command("list", compose.begin_list),
        command("export", export),
        pressed(Action.GO, compose.begin_list, "list"),
    ),
    staff_routes={Staff.audience: (pressed(Action.SEE, take),)},
    staff_screens={name: partial(render, one) for name, one in FORMATS.items()},
)
