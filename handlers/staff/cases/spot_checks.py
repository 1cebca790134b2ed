"""Spot checks: a colleague reads a decided case again, without its answer; a third one settles.

The reading changes no decision, and candidates never hear of it. A reader tells the desk of a wrong
decision, and it opens the case again (``reopen``).
"""

from __future__ import annotations

from typing import Final

from telegram import Update

from handlers.callback_data import Action, about_application, number_of, staff_button, staff_go
from handlers.rendering import BACK, Paragraph, Screen, rows
from handlers.replies import ask, ask_again, replace_message, show_screen
from handlers.routing import Feature, command, pressed, text
from handlers.staff import menu
from handlers.staff.cases import spot_check_lines as lines
from handlers.staff.cases.albums import NUMBER, album_items, albums
from handlers.update_context import Context
from states.fsm_states import Staff
from states.progress.next_step import Position
from states.staff.refusals import MAX_COMMENT_LENGTH
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import DeleteMessage, Effect, Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications
from storage.staff.access import role_assignments
from storage.staff.access.scopes import StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import spot_checks
from storage.staff.cases.cards import MOST_ALBUMS
from storage.staff.cases.spot_checks import DESKS, SpotCheck

SCREEN, CARD, ALBUM = "checks", "check-card", "check-album"
DONE, RESULT = "check-done", "check-result"
CHECK: Final = "check"
"""The key of position data for the spot check."""
NEXT, APPROVE, REFUSE, PUT_BACK, UNDO = "next", "a", "r", "b", "u"
"""The first sign of a button's value; the rest is the number of the check."""


async def home(_update: Update, context: Context) -> StepResult:
    """Show how many wait."""
    if not _reads(await context.own_assignments()):
        return menu.deny(context, SCREEN)
    return StepResult(menu.IDLE, (ShowScreen(SCREEN, slot=SCREEN),))


def _reads(assignments: tuple[RoleAssignment, ...]) -> bool:
    return any(one.revoked_at is None and DESKS[one.role] for one in assignments)


async def take_next(_update: Update, context: Context) -> StepResult:
    """Take the next one, or open the one in hand: its files, then its card."""
    staff = await context.staff_access()
    if not _reads(tuple(staff.assignments)):
        return menu.deny(context, SCREEN)
    check = await spot_checks.take_next(staff)
    if check is None:
        return StepResult(menu.IDLE, (ShowScreen(SCREEN, slot=SCREEN),))
    await _audit(context, AuditAction.SPOT_CHECK_TAKEN, check)
    read = await lines.reading(staff, check)
    data = {CHECK: str(check.id)}
    shown: list[Effect] = []
    for number in range(len(albums(read.application)) if read else 0):
        slot = _album_slot(check.id, number)
        shown += replace_message(ShowScreen(ALBUM, {**data, NUMBER: str(number)}, slot=slot))
    shown += replace_message(ShowScreen(CARD, data, slot=_slot(check.id)))
    return StepResult(menu.IDLE, tuple(shown))


async def act(_update: Update, context: Context) -> StepResult:
    """Do what a button says about a check: its first sign says what."""
    verb, number = context.callback.value[:1], number_of(context.callback.value[1:])
    staff = await context.staff_access()
    if verb == UNDO:
        return await _undo(context, staff, number)
    check = await spot_checks.in_hand(staff, number)
    if check is None:
        return show_screen(SCREEN, Text("check-not-yours"))
    if verb == APPROVE:
        return await _answer(context, staff, check, approving=True)
    if verb == REFUSE:
        return ask(context, Position(Staff.checking, {CHECK: str(check.id)}))
    await spot_checks.put_back(staff, check)
    return StepResult(menu.IDLE, (*_gone(check.id), ShowScreen(SCREEN, slot=SCREEN)))


async def take_reason(_update: Update, context: Context) -> StepResult:
    """Take the reason of a reader who would refuse."""
    staff = await context.staff_access()
    check = await spot_checks.in_hand(staff, number_of(context.position.data.get(CHECK, "")))
    if check is None:
        return StepResult(menu.IDLE, (ShowScreen(SCREEN, header_lines=(Text("check-not-yours"),)),))
    if not (words := context.words_within(MAX_COMMENT_LENGTH)):
        return ask_again(context, Problem("problem-check-words", {"limit": MAX_COMMENT_LENGTH}))
    return await _answer(context, staff, check, words, approving=False)


async def _answer(
    context: Context, staff: StaffAccess, check: SpotCheck, words: str = "", *, approving: bool
) -> StepResult:
    """Store the reading; a third one that finds the first one wrong is told to the desk."""
    by = next(one for one in staff.assignments if one.id == check.taken_by)
    answered = await spot_checks.answer(staff, check, by, words, approving=approving)
    is_third = answered.third_id is not None
    action = AuditAction.SPOT_CHECK_SETTLED if is_third else AuditAction.SPOT_CHECK_ANSWERED
    await _audit(context, action, check)
    if is_third and answered.was_wrong:
        await _tell_desk(context, staff, answered)
    data = {CHECK: str(check.id), "how": "third" if is_third else "second"}
    data["seconds"] = str(int(context.services.timings.undo.total_seconds()))
    return StepResult(menu.IDLE, (*_gone(check.id), ShowScreen(DONE, data)))


async def _undo(context: Context, staff: StaffAccess, number: int) -> StepResult:
    check = await spot_checks.undo(staff, number)
    if check is None:
        return show_screen(SCREEN, Text("check-undo-late"))
    await _audit(context, AuditAction.SPOT_CHECK_UNDONE, check)
    shown = ShowScreen(CARD, {CHECK: str(check.id)}, (Text("check-undone"),), _slot(check.id))
    return StepResult(menu.IDLE, (shown,))


async def _audit(context: Context, action: AuditAction, check: SpotCheck) -> None:
    known = await applications.by_ids(
        context.unit.tx, context.services.keyring, [check.application_id]
    )
    context.audit_application(action, known[check.application_id], f"{check.desk} {check.revision}")


async def _tell_desk(context: Context, staff: StaffAccess, check: SpotCheck) -> None:
    """Tell the colleagues of the desk, who may open its decision again; of a refusal the area, too.

    The area decides where it is too late to open it.
    """
    unit, keyring = context.unit, staff.keyring
    known = await applications.by_ids(unit.tx, keyring, [check.application_id])
    application = known[check.application_id]
    active = await role_assignments.within(
        unit.tx, keyring, unit.row.bot_id, Scope(application.area)
    )
    told = {
        one.telegram_id
        for one in active
        if one.scope.covers(application) and check.desk in DESKS[one.role] and _hears(one, check)
    }
    for account in sorted(told):
        notice = ShowScreen(RESULT, {CHECK: str(check.id)}, priority=Priority.NOTICE)
        unit.enqueue(notice, chat_id=account)


def _hears(assignment: RoleAssignment, check: SpotCheck) -> bool:
    is_of_desk = assignment.id == check.first_id or DESKS[assignment.role][-1] is check.desk
    return is_of_desk or (not check.approving and assignment.role is Role.AREA_REVIEWER)


def _slot(check_id: int) -> str:
    return f"check:{check_id}"


def _album_slot(check_id: int, number: int) -> str:
    return f"check-album:{check_id}:{number}"


def _gone(check_id: int) -> tuple[Effect, ...]:
    """Return the effects that delete the card and the files of a check from this chat."""
    files = (DeleteMessage(slot=_album_slot(check_id, number)) for number in range(MOST_ALBUMS))
    return (*files, DeleteMessage(slot=_slot(check_id)))


# --- screens -------------------------------------------------------------------------------------


async def lines_of_count(view: StaffView) -> tuple[Text, ...]:
    """Return how many checks wait for the reader; nothing without one."""
    if not _reads(tuple(view.assignments)):
        return ()
    count = await spot_checks.count(view)
    return (Text("queue-checks", {"count": count}),) if count else ()


async def render_home(view: StaffView) -> Screen:
    """Say how many wait, and what a check is."""
    if not _reads(tuple(view.assignments)):
        return await menu.render_refused(view)
    count = await spot_checks.count(view)
    taking = (staff_button(Text("button-check-next"), Action.CHECK, NEXT),) if count else ()
    head = Text("checks-head", {"count": count}) if count else Text("checks-none")
    return Screen((head, Text("checks-about")), rows(*taking, staff_go("queue"), staff_go("staff")))


async def render_card(view: StaffView) -> Screen:
    """Show the submission that was decided on, without the decision; a third reader sees both."""
    check = await spot_checks.in_hand(view, number_of(view.data.get(CHECK, "")))
    read = await lines.reading(view, check) if check else None
    if check is None or read is None:
        return Screen((Text("check-not-yours"),), rows(staff_go(SCREEN)))
    both: tuple[Paragraph, ...] = ()
    if check.is_disputed:
        both = await lines.both_readings(view, check, read)
    approve = staff_button(Text("button-check-approve"), Action.CHECK, f"{APPROVE}{check.id}")
    refuse = staff_button(Text("button-check-refuse"), Action.CHECK, f"{REFUSE}{check.id}")
    back = staff_button(Text("button-check-back"), Action.CHECK, f"{PUT_BACK}{check.id}")
    head = (*lines.head(view, check, read), *both)
    return Screen(head, rows(approve, refuse, back), spare=await lines.pages(view, check, read))


async def render_album(view: StaffView) -> Screen:
    """Send an album of the submission.

    Raises:
        LookupError: its files are gone.
    """
    check = await spot_checks.in_hand(view, number_of(view.data.get(CHECK, "")))
    read = await lines.reading(view, check) if check else None
    if read is None:
        return await menu.render_refused(view)
    shown = albums(read.application)
    number = number_of(view.data.get(NUMBER, ""))
    if number >= len(shown):
        raise LookupError("no such album")
    return Screen((), album=await album_items(view, read.view(view), shown[number]))


async def render_asking(view: StaffView) -> Screen:
    """Ask for the reason."""
    return Screen((Text("check-ask", {"limit": MAX_COMMENT_LENGTH}),), ((BACK,),))


async def render_done(view: StaffView) -> Screen:
    """Say that the reading is kept, and offer the next one."""
    if (check := view.data.get(CHECK)) is None:
        return await menu.render_refused(view)
    is_third = view.data.get("how") == "third"
    key = "check-done-third" if is_third else "check-done-second"
    undo = staff_button(Text("button-undo"), Action.CHECK, f"{UNDO}{check}")
    following = staff_button(Text("button-check-next"), Action.CHECK, NEXT)
    seconds = {} if is_third else {"seconds": view.data["seconds"]}
    buttons = (following, staff_go("queue")) if is_third else (undo, following, staff_go("queue"))
    return Screen((Text(key, seconds),), rows(*buttons))


async def render_result(view: StaffView) -> Screen:
    """Tell the desk that a third reading finds its decision wrong, and what it can do."""
    check = await spot_checks.of_reader(view, number_of(view.data.get(CHECK, "")))
    if check is None or not check.was_wrong:
        return await menu.render_refused(view)
    about: dict[str, Argument] = {
        "code": code_of(check.application_id),
        "desk": Text(f"desk-{check.desk}"),
    }
    key = "check-wrong-approval" if check.approving else "check-wrong-refusal"
    words = check.second_words if check.approving else ""
    reasons = (Text("check-words", {"words": words}),) if words else ()
    history = about_application(Action.HISTORY, check.application_id, Text("button-check-history"))
    return Screen((Text(key, about), *reasons, Text("check-wrong-then")), rows(history))


FEATURE = Feature(
    staff_anywhere=(
        command(SCREEN, home),
        pressed(Action.GO, home, SCREEN),
        pressed(Action.CHECK, take_next, NEXT),
        pressed(Action.CHECK, act),
    ),
    staff_routes={
        Staff.checking: (pressed(Action.BACK, home), text(take_reason)),
    },
    desk_screens={SCREEN: render_home, CARD: render_card, Staff.checking: render_asking},
    staff_screens={ALBUM: render_album, DONE: render_done, RESULT: render_result},
)
