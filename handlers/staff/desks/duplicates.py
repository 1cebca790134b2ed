"""Two accounts that may be one person's: the staff see both, masked, and merge or tell them apart.

Two of the staff decide where a merge costs somebody a registration. The bot never hints again at a
pair that was told apart. A closed account keeps its content, and the desk can open it again.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, number_of, staff_button, staff_go
from handlers.candidate.case_desk.case_outcome import ACCOUNT_REOPENED
from handlers.case_lines import place_name
from handlers.rendering import ComparedPhotos, Paragraph, Screen, rows
from handlers.replies import show_screen
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.desks.duplicate_lines import code_within, open_button, pair_lines
from handlers.update_context import Context
from states.records import Application, PersonId
from states.staff import cases as rules
from states.staff.cases import CASE_ROLES, CaseKind, CaseOutcome
from states.staff_roles import RoleAssignment, Scope
from states.step_result import EditScreen, Priority, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import cases
from storage.candidates.cases import Case
from storage.engine.jobs import JobKind, StoredJob
from storage.staff.access import role_assignments
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import merges
from storage.staff.cases.cards import case_slot
from storage.staff.cases.merges import Pair

CARD, PHOTOS, DECIDED = "duplicate-card", "duplicate-photos", "duplicate-decided"
ASKED, TOLD = "duplicate-asked", "duplicate-told"
CASE: Final = "case"
"""The key of a screen's data for the case."""
FIRST, SECOND, APART, LOOK = "1", "2", "x", "p"
AGREE, DISAGREE, TAKE_BACK, UNDO, REOPEN = "y", "n", "b", "u", "r"
"""The first sign of a button's value; the rest is the number of the case."""


async def act(_update: Update, context: Context) -> StepResult:
    """Do what a button says about a pair."""
    verb, number = context.callback.value[:1], number_of(context.callback.value[1:])
    found = await decidable(context, number, {CaseKind.DUPLICATE})
    if found is None:
        return menu.deny(context, "duplicate")
    case, role = found
    if verb == REOPEN:
        return await _reopen(context, case, role)
    if verb == UNDO:
        return await _undo(context, case)
    if verb == LOOK:
        context.audit_as_staff(AuditAction.CASE_SEEN, f"{case.kind} {case.id}")
        return show_screen(PHOTOS, data=_about(case))
    if case.closed_at is not None or case.outcome is not None:
        return _card(context, case)
    if case.asked_by is not None:
        return await _answer(context, case, role, verb)
    if verb in (FIRST, SECOND):
        return await _merge(context, case, role, verb)
    if verb == APART:
        return await _decide(context, case, role, CaseOutcome.DECLINED)
    return _card(context, case)


async def decidable(
    context: Context, number: int, kinds: Container[CaseKind]
) -> tuple[Case, RoleAssignment] | None:
    """Return a case of these kinds, and the role that decides on it; never on one's own account."""
    case = await cases.of_id(context.unit.tx, context.services.keyring, number)
    if case is None or case.kind not in kinds:
        return None
    role = rules.can_decide(list(await context.own_assignments()), case.area, case.site)
    own = context.unit.person
    if role is None or (own is not None and own.id in (case.person_id, case.other_id)):
        return None
    return case, role


def _about(case: Case) -> dict[str, str]:
    return {CASE: str(case.id)}


def _card(context: Context, case: Case, *header_lines: Text) -> StepResult:
    """Show the card in its place; after a message without it, below."""
    screen, about, slot = CARD, _about(case), case_slot(case.id)
    if context.envelope.source_message is None:
        return StepResult(menu.IDLE, (ShowScreen(screen, about, header_lines, slot),))
    return StepResult(menu.IDLE, (EditScreen(screen, slot, about, header_lines),))


# --- merging and telling apart -------------------------------------------------------------------


async def _merge(context: Context, case: Case, role: RoleAssignment, verb: str) -> StepResult:
    """Close one account, or ask a second person to agree where an application would end."""
    both = await merges.pair_of(context.unit.tx, context.services.keyring, context.exam, case)
    kept = case.person_id if verb == FIRST else case.other_id
    if kept is None or not _covers(role, both.other(kept).application):
        return menu.deny(context, "duplicate")
    if (problem := both.problem(kept)) is not None:
        return _card(context, case, Text(f"duplicate-cannot-{problem}"))
    wanted = replace(case, kept_id=kept)
    if not rules.needs_second_person(both.other(kept).application):
        return await _decide(context, wanted, role, CaseOutcome.AGREED)
    others = await _others(context, case, both)
    if not others:
        return _card(context, case, Text("duplicate-nobody"))
    unit = context.unit
    asked = replace(wanted, asked_by=role.id, asked_at=context.now)
    await cases.save(unit.tx, context.services.keyring, asked)
    context.audit_as_staff(AuditAction.MERGE_ASKED, f"{case.id}")
    for account in others:
        notice = ShowScreen(ASKED, _about(case), priority=Priority.NOTICE)
        unit.enqueue(notice, chat_id=account)
    return _card(context, case)


def _covers(role: RoleAssignment, application: Application | None) -> bool:
    """Return whether the role reaches the account that would be closed."""
    return application is None or role.scope.contains(Scope(application.area, application.site))


async def _others(context: Context, case: Case, both: Pair) -> list[int]:
    """Return the accounts of those who can agree: neither the asker nor the two candidates."""
    unit = context.unit
    active = await role_assignments.within(
        unit.tx, context.services.keyring, unit.row.bot_id, Scope(case.area)
    )
    deciding = {o.telegram_id for o in active if rules.can_decide([o], case.area, case.site)}
    parties = {both.first.person.telegram_id, both.second.person.telegram_id}
    return sorted(deciding - parties - {unit.row.queue_key})


async def _answer(context: Context, case: Case, role: RoleAssignment, verb: str) -> StepResult:
    """Let a second person agree or not, and the first one take the request back."""
    unit, keyring = context.unit, context.services.keyring
    asker = await role_assignments.of_id(unit.tx, keyring, case.asked_by or 0)
    is_asker = asker is not None and asker.telegram_id == unit.row.queue_key
    if verb == AGREE and not is_asker and case.kept_id is not None:
        both = await merges.pair_of(unit.tx, keyring, context.exam, case)
        if not _covers(role, both.other(case.kept_id).application):
            return menu.deny(context, "duplicate")
        if (problem := both.problem(case.kept_id)) is not None:
            return _card(context, case, Text(f"duplicate-cannot-{problem}"))
        return await _decide(context, case, role, CaseOutcome.AGREED)
    if verb not in (DISAGREE, TAKE_BACK) or is_asker is not (verb == TAKE_BACK):
        return _card(context, case)
    await cases.save(unit.tx, keyring, case.unasked)
    action = AuditAction.MERGE_TAKEN_BACK if is_asker else AuditAction.MERGE_DECLINED
    context.audit_as_staff(action, f"{case.id}")
    if asker is not None and not is_asker:
        unit.enqueue(told(case, "refused"), chat_id=asker.telegram_id)
    return _card(context, case, Text("duplicate-taken-back" if is_asker else "duplicate-refused"))


async def _decide(
    context: Context, case: Case, role: RoleAssignment, outcome: CaseOutcome
) -> StepResult:
    """Store the decision; it takes effect at the end of the undo window."""
    unit, keyring = context.unit, context.services.keyring
    ends = context.now + context.services.timings.undo
    decided = replace(
        case, outcome=outcome, decided_by=role.id, decided_at=context.now, effective_at=ends
    )
    await cases.save(unit.tx, keyring, decided)
    if outcome is CaseOutcome.AGREED:
        await merges.mark(unit.tx, keyring, context.exam, decided, context.now)
    unit.jobs.append(StoredJob(JobKind.CASE, str(case.id), ends))
    context.audit_as_staff(AuditAction.CASE_DECIDED, f"{case.kind} {case.id} {outcome}")
    seconds = str(int(context.services.timings.undo.total_seconds()))
    data = {**_about(case), "how": str(outcome), "seconds": seconds}
    shown = EditScreen(DECIDED, case_slot(case.id), data)
    return StepResult(menu.IDLE, (shown,), toast=Text(f"toast-duplicate-{outcome}"))


async def _undo(context: Context, case: Case) -> StepResult:
    """Take the decision back within its window; a request of two waits for the second again."""
    mine = {one.id for one in await context.own_assignments()}
    ends = case.effective_at
    is_late = case.closed_at is not None or ends is None or ends <= context.now
    if case.decided_by not in mine or is_late:
        return show_screen(CARD, Text("case-undo-late"), data=_about(case))
    unit, keyring = context.unit, context.services.keyring
    await merges.unmark(unit.tx, keyring, case)
    await cases.save(unit.tx, keyring, case.undecided if case.asked_by else case.unasked)
    context.audit_as_staff(AuditAction.CASE_UNDONE, f"{case.kind} {case.id}")
    return _card(context, case, Text("case-undone"))


async def _reopen(context: Context, case: Case, role: RoleAssignment) -> StepResult:
    """Open an account again that was closed by mistake; the two are told apart from now on."""
    unit, keyring = context.unit, context.services.keyring
    if case.closed_at is None or case.outcome is not CaseOutcome.AGREED:
        return show_screen(CARD, data=_about(case))
    both = await merges.pair_of(unit.tx, keyring, context.exam, case)
    side = both.side(case.closing_id)
    if not _covers(role, side.application):
        return menu.deny(context, "duplicate")
    await merges.unmark(unit.tx, keyring, case)
    apart = replace(case, outcome=CaseOutcome.DECLINED, decided_by=role.id, decided_at=context.now)
    await cases.save(unit.tx, keyring, apart)
    context.audit_as_staff(AuditAction.ACCOUNT_REOPENED, f"{case.kind} {case.id}")
    data = {"area": case.area, "site": case.site}
    told = ShowScreen(ACCOUNT_REOPENED, data, priority=Priority.NOTICE)
    unit.enqueue(told, chat_id=side.person.telegram_id)
    return show_screen(CARD, Text("duplicate-reopened"), data=_about(case))


def reopen_buttons(view: StaffView, person_id: PersonId, known: list[Case]) -> tuple[Button, ...]:
    """Return the button that opens the closed account of a person again."""
    return tuple(
        staff_button(Text("button-account-reopen"), Action.DUPLICATE, f"{REOPEN}{one.id}")
        for one in known
        if one.closed_at is not None
        and one.outcome is CaseOutcome.AGREED
        and one.closing_id == person_id
        and rules.can_decide(list(view.assignments), one.area, one.site)
    )


# --- screens -------------------------------------------------------------------------------------


async def case_of(view: StaffView) -> Case | None:
    """Return the pair of the screen, if the reader may see it."""
    number = number_of(view.data.get(CASE, ""))
    case = await cases.of_id(view.connection, view.keyring, number)
    if case is None or case.kind is not CaseKind.DUPLICATE:
        return None
    return case if rules.can_decide(list(view.assignments), case.area, case.site) else None


async def render_card(view: StaffView) -> Screen:
    """Show both accounts, masked, what they have alike, and what can be decided."""
    case = await case_of(view)
    if case is None:
        return await menu.render_refused(view)
    if case.closed_at is not None:
        return Screen((Text(f"duplicate-closed-{case.outcome}"),), rows(staff_go("cases")))
    both = await merges.pair_of(view.connection, view.keyring, view.exam, case)
    place: dict[str, Argument] = {
        "place": place_name(view.exam, case.area, case.site, view.locale),
        "at": case.opened_at,
    }
    lines: tuple[Paragraph, ...] = (Text("duplicate-head", place), *pair_lines(view, case, both))
    if case.outcome is not None:
        return Screen((*lines, Text("case-is-decided")), rows(staff_go("cases")))
    photos = _photo_button(case, both)
    if case.asked_by is not None:
        asked, buttons = await _asked(view, case, both)
        return Screen((*lines, asked), rows(*buttons, *photos, staff_go("cases")))
    buttons = (*_merge_buttons(view, case, both), _button("button-duplicate-apart", APART, case))
    return Screen((*lines, Text("duplicate-ask")), rows(*buttons, *photos, staff_go("cases")))


def _button(label: str, verb: str, case: Case, **args: str) -> Button:
    return staff_button(Text(label, args), Action.DUPLICATE, f"{verb}{case.id}")


def _photo_button(case: Case, both: Pair) -> tuple[Button, ...]:
    filed = (both.first.application, both.second.application)
    has_both = all(one is not None and one.photo for one in filed)
    return (_button("button-duplicate-photos", LOOK, case),) if has_both else ()


def _merge_buttons(view: StaffView, case: Case, both: Pair) -> tuple[Button, ...]:
    """Return a button for each account that can stay, where the reader reaches the other."""
    found = []
    for verb, kept in ((FIRST, case.person_id), (SECOND, case.other_id)):
        if kept is None or both.problem(kept) is not None:
            continue
        closing = both.other(kept).application
        role = rules.can_decide(list(view.assignments), case.area, case.site)
        if role is not None and _covers(role, closing):
            number = {"kept": verb, "closed": SECOND if verb == FIRST else FIRST}
            found.append(_button("button-duplicate-merge", verb, case, **number))
    return tuple(found)


async def _asked(view: StaffView, case: Case, both: Pair) -> tuple[Text, tuple[Button, ...]]:
    """Return who asks to merge, and the buttons of the second person, or of the first."""
    asker = await role_assignments.of_id(view.connection, view.keyring, case.asked_by or 0)
    kept = FIRST if case.kept_id == both.first.person.id else SECOND
    closed = SECOND if kept == FIRST else FIRST
    name = asker.name if asker else ""
    line = Text("duplicate-is-asked", {"name": name, "kept": kept, "closed": closed})
    if asker is not None and asker.telegram_id == view.reader:
        return line, (_button("button-duplicate-back", TAKE_BACK, case),)
    agree = _button("button-duplicate-agree", AGREE, case, closed=closed)
    return line, (agree, _button("button-duplicate-disagree", DISAGREE, case))


async def render_photos(view: StaffView) -> Screen:
    """Show both portraits side by side."""
    case = await case_of(view)
    if case is None or case.closed_at is not None:
        return await menu.render_refused(view)
    both = await merges.pair_of(view.connection, view.keyring, view.exam, case)
    first, second = (_photo(side.application) for side in (both.first, both.second))
    one, two = (Text("duplicate-photo", {"number": number}) for number in (FIRST, SECOND))
    codes = {
        key: await code_within(view, side.person.id)
        for key, side in (("first", both.first), ("second", both.second))
    }
    return Screen(
        (Text("duplicate-photos", codes),), picture=ComparedPhotos(first, second, (one, two))
    )


def _photo(application: Application | None) -> str:
    """Return the portrait.

    Raises:
        LookupError: the account has none any more.
    """
    if application is None or not application.photo:
        raise LookupError("no photo")
    return application.photo


async def render_decided(view: StaffView) -> Screen:
    """Show the decision, the time to undo it, and the queue."""
    undo = staff_button(Text("button-undo"), Action.DUPLICATE, f"{UNDO}{view.data[CASE]}")
    text = Text(f"duplicate-decided-{view.data['how']}", {"seconds": view.data["seconds"]})
    return Screen((text,), rows(undo, *await next_button(view), staff_go("cases")))


async def next_button(view: StaffView) -> tuple[Button, ...]:
    """Return the button that opens the oldest case that waits for the reader; none without one."""
    roles = [one for one in view.assignments if one.role in CASE_ROLES and one.revoked_at is None]
    scopes = [one.scope for one in roles]
    found = await cases.waiting(view.connection, view.keyring, scopes, 0, 1)
    return tuple(open_button(Text("button-case-next"), one.id) for one in found)


async def _with_opening(view: StaffView, key: str) -> Screen:
    """Show one line about a pair, and the button that opens it."""
    case = await case_of(view)
    if case is None:
        return await menu.render_refused(view)
    place = {"place": place_name(view.exam, case.area, case.site, view.locale)}
    opening = open_button(Text("button-case-open"), case.id)
    return Screen((Text(key, place),), rows(opening, staff_go("cases"), across=2))


async def render_asked(view: StaffView) -> Screen:
    """Tell a colleague that a merge waits for their agreement."""
    return await _with_opening(view, "duplicate-news-asked")


async def render_told(view: StaffView) -> Screen:
    """Tell the first person what became of the merge that they asked for."""
    return await _with_opening(view, f"duplicate-news-{view.data.get('how', 'refused')}")


def told(case: Case, how: str) -> ShowScreen:
    """Return the notice to the person who asked for a merge: refused, agreed or void."""
    return ShowScreen(TOLD, {**_about(case), "how": how}, priority=Priority.NOTICE)


FEATURE = Feature(
    staff_anywhere=(pressed(Action.DUPLICATE, act),),
    desk_screens={CARD: render_card},
    staff_screens={
        PHOTOS: render_photos,
        DECIDED: render_decided,
        ASKED: render_asked,
        TOLD: render_told,
    },
)
