"""What has become of an application: who decided what of it and when, and what was done about it.

Names are those that colleagues go by; they are told to colleagues only.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, about_application, staff_go
from handlers.rendering import Screen, rows
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.cases.claiming import APPLICATION, CLOSED, application_of
from handlers.update_context import Context
from states.codes import code_of
from states.staff import DESKS
from states.step_result import ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.staff import application_search, decisions, role_assignments
from storage.staff.application_search import FoundApplication
from storage.staff.decisions import Decision
from storage.staff.notes import Note
from storage.staff.scopes import OutOfScope
from storage.staff.staff_view import StaffView

SCREEN = "history"
SHOWN = 15
"""Deeds that are shown, the newest; the whole of it is the command line's."""


async def see(_update: Update, context: Context) -> StepResult:
    """The history of an application that was found."""
    by, wanted = await context.own_assignments(), application_of(context.callback.value)
    found = await application_search.outlines(context.unit.tx, by, [wanted])
    if not found:
        return menu.refuse(context, "history")
    keyring = context.envelope.services.keyring
    about = await application_search.read(context.unit.tx, keyring, by, wanted)
    context.audit_application(AuditAction.HISTORY_SEEN, about)
    return StepResult(effects=(ShowScreen(SCREEN, {APPLICATION: str(wanted)}),))


async def said(view: StaffView, decision: Decision) -> Text:
    """A decision in a line: what, by whom, when."""
    assignment = await role_assignments.of_id(view.connection, view.keyring, decision.assignment_id)
    args: dict[str, Argument] = {
        "desk": Text(f"desk-{decision.desk}"),
        "name": assignment.name if assignment else "",
        "at": decision.decided_at,
    }
    return Text("verdict-approved" if decision.refusal is None else "verdict-refused", args)


async def noted(view: StaffView, note: Note) -> Text:
    """A note in a line."""
    assignment = await role_assignments.of_id(view.connection, view.keyring, note.assignment_id)
    return Text(
        "note-line",
        {"name": assignment.name if assignment else "", "at": note.at, "words": note.words},
    )


def outline(found: FoundApplication) -> Text:
    """Where something that was found stands: nothing personal."""
    return Text(
        "found-line",
        {
            "code": code_of(found.id),
            "stage": Text(f"stage-{found.stage}"),
            "held": "yes" if found.is_claimed else "no",
        },
    )


async def render(view: StaffView) -> Screen:
    """The decisions, and the last of what was done about it."""
    wanted = application_of(view.data[APPLICATION])
    found = await application_search.outlines(view.connection, view.assignments, [wanted])
    if not found:
        return await menu.render_refused(view)
    decided = await decisions.of_applications(view.connection, view.keyring, [wanted])
    told = [await said(view, one) for one in decided] or [Text("history-undecided")]
    done = await application_search.audit_entries(view.connection, view.assignments, wanted)
    lines = [
        Text("history-line", {"at": one.at, "deed": Text(f"deed-{one.action}")})
        for one in done[-SHOWN:]
    ]
    taking = (
        (about_application(Action.TAKE, wanted, Text("button-take")),)
        if found[0].stage in DESKS
        else ()
    )
    ways = (*rows(*taking), *rows(staff_go("find"), staff_go("queue"), across=2))
    return Screen((outline(found[0]), tuple(told), tuple(lines)), ways)


async def render_closed(view: StaffView) -> Screen:
    """How a card ended: nothing of what stood on it, and no buttons."""
    wanted = application_of(view.data[APPLICATION])
    code = code_of(wanted)
    why = view.data.get("why", "")
    if why:
        return Screen((Text(f"closed-{why}", {"code": code}),))
    try:
        await application_search.read(view.connection, view.keyring, view.assignments, wanted)
    except OutOfScope:
        return Screen((Text("closed-gone", {"code": code}),))
    decided = await decisions.of_applications(view.connection, view.keyring, [wanted])
    if not decided:
        return Screen((Text("closed-gone", {"code": code}),))
    return Screen((Text("closed-decided", {"code": code}), await said(view, decided[-1])))


FEATURE = Feature(
    staff_anywhere=(pressed(Action.HISTORY, see, alone=True),),
    staff_screens={SCREEN: render, CLOSED: render_closed},
)
