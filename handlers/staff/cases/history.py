"""The history of an application: its decisions, and the audit entries about it.

Colleagues read the names that staff members go by; candidates never do.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, about_application, application_of, staff_go
from handlers.case_messages import CLOSED, WHY
from handlers.eligibility_lines import explained
from handlers.rendering import Paragraph, Screen, View, rows
from handlers.replies import show_screen
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.cases import reopen
from handlers.staff.cases.second_look_lines import look_lines
from handlers.staff.desks import duplicates, record_payment
from handlers.update_context import Context
from states.records import Application, Person, PersonId, Records
from states.step_result import StepResult
from states.submissions.application_codes import code_of
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import cases, submissions
from storage.staff import application_search
from storage.staff.access.scopes import OutOfScope
from storage.staff.access.staff_view import StaffView
from storage.staff.application_search import FoundApplication
from storage.staff.cases import decisions, notes, second_looks
from storage.staff.cases.cards import APPLICATION
from storage.staff.cases.decisions import Decision
from storage.staff.cases.notes import Note

SCREEN = "history"
SHOWN = 15
"""The most audit entries shown, the newest; the command line shows all."""
NOTES = 3
"""The most notes shown, the newest; one may hold the number of a receipt."""


async def see(_update: Update, context: Context) -> StepResult:
    """Show the history of an application that a search has found."""
    staff, wanted = await context.staff_access(), application_of(context.callback.value)
    if not await application_search.outlines(staff, [wanted]):
        return menu.deny(context, "history")
    about = await application_search.read(staff, wanted)
    context.audit_application(AuditAction.HISTORY_SEEN, about)
    return show_screen(SCREEN, data={APPLICATION: str(wanted)})


def decision_line(decision: Decision) -> Text:
    """Return a decision in a line: what, by whom, when."""
    args: dict[str, Argument] = {
        "desk": Text(f"desk-{decision.desk}"),
        "name": decision.name,
        "at": decision.decided_at,
    }
    if decision.is_definite:
        return Text("verdict-rejected", args)
    return Text("verdict-approved" if decision.refusal is None else "verdict-refused", args)


def note_line(note: Note) -> Text:
    """Return a note in a line."""
    return Text("note-line", {"name": note.name, "at": note.at, "words": note.words})


def stage_line(found: FoundApplication) -> Text:
    """Return the code and stage of a found application: nothing personal."""
    return Text(
        "found-line",
        {
            "code": code_of(found.id),
            "stage": Text(f"stage-{found.stage_key}"),
            "held": "yes" if found.is_claimed else "no",
        },
    )


def is_free(found: FoundApplication) -> bool:
    """Return whether the reader could take it: it waits for them, and nobody holds it."""
    return found.waits and not found.is_claimed


async def render(view: StaffView) -> Screen:
    """Show the decisions, and the last audit entries."""
    wanted = application_of(view.data[APPLICATION])
    found = await application_search.outlines(view, [wanted])
    if not found:
        return await menu.render_refused(view)
    decided = await decisions.of_applications(view.connection, view.keyring, [wanted])
    decision_lines = [decision_line(one) for one in decided]
    looks = await second_looks.of_applications(view.connection, view.keyring, [wanted])
    entries = await application_search.audit_entries(view, wanted)
    noted = await notes.of_applications(view.connection, view.keyring, [wanted])
    note_lines = (tuple(note_line(one) for one in noted[-NOTES:]),) if noted else ()
    entry_lines = tuple(
        Text("history-line", {"at": entry.at, "deed": Text(entry.label)})
        for entry in entries[-SHOWN:]
    )
    take = about_application(Action.TAKE, wanted, Text("button-take"))
    about = await application_search.read(view, wanted)
    pairs = await cases.duplicates_of(view.connection, view.keyring, about.person_id)
    opening = duplicates.reopen_buttons(view, about.person_id, pairs)
    return Screen(
        (
            stage_line(found[0]),
            (*decision_lines, *look_lines(looks, about)) or (Text("history-undecided"),),
            *await _assessed(view, about),
            *note_lines,
            entry_lines,
        ),
        (
            *(((take,),) if is_free(found[0]) else ()),
            *rows(*record_payment.buttons(view, found[0]), *reopen.buttons(view, found[0])),
            *rows(*opening),
            *rows(staff_go("find"), staff_go("queue"), across=2),
        ),
    )


async def _assessed(view: StaffView, application: Application) -> tuple[Paragraph, ...]:
    """Return the assessment of the last submission by the rules of that day, in the lines' words.

    Only its outcome and facts stand there: neither name nor number.
    """
    then = await submissions.assessment(
        view.connection, view.keyring, application.id, application.revision
    )
    if then is None:
        return ()
    reader = Person(PersonId(0), 0, 0, locale=view.locale)
    lines = explained(View(Records(reader, application), view.exam, view.now), then)
    return (lines,) if lines else ()


async def render_closed(view: StaffView) -> Screen:
    """Say how a card ended, without its content and buttons."""
    wanted = application_of(view.data[APPLICATION])
    code = code_of(wanted)
    why, _, hand = view.data.get(WHY, "").partition("-")
    if why:
        own = (Text(f"closed-as-{hand}"),) if hand else ()
        return Screen(((Text(f"closed-{why}", {"code": code}), *own),))
    try:
        await application_search.read(view, wanted)
    except OutOfScope:
        return Screen((Text("closed-gone", {"code": code}),))
    decided = await decisions.of_applications(view.connection, view.keyring, [wanted])
    if not decided:
        return Screen((Text("closed-gone", {"code": code}),))
    return Screen((Text("closed-decided", {"code": code}), decision_line(decided[-1])))


FEATURE = Feature(
    staff_anywhere=(pressed(Action.HISTORY, see),),
    staff_screens={SCREEN: render, CLOSED: render_closed},
)
