"""The cases desk: matters beside the form wait in a queue of their own, and are decided like forms.

Site and area see the ID document (domain §1.1), so they decide whose number it is. They also decide
whether an account moves to another Telegram account, and whether a locked item is corrected. The
candidate's word about a payment stands here, too; the area settles it with its money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, number_of, staff_button, staff_go
from handlers.candidate.case_desk.case_outcome import VOID
from handlers.candidate.case_desk.place_of_case import GONE, NEWS
from handlers.case_lines import identity_changes, place_name
from handlers.rendering import BACK, Paper, Paragraph, Portrait, Screen, rows
from handlers.replies import ask, ask_again, replace_message
from handlers.routing import Feature, command, pressed, text
from handlers.staff import list_parts, menu
from handlers.staff.desks import duplicates, payments
from handlers.staff.desks.duplicate_lines import OPEN, alike, open_button
from handlers.update_context import Context
from states.fsm_states import Staff
from states.identity import mask_name
from states.progress.next_step import Position
from states.records import PDF, ApplicationId, MaterialFile, PersonId
from states.staff import cases as rules
from states.staff.cases import CASE_ROLES, MAX_REASON, CaseKind, CaseOutcome, IdentityChange
from states.staff_roles import RoleAssignment
from states.step_result import DeleteMessage, EditScreen, Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import cases, people
from storage.candidates.cases import Case
from storage.engine.jobs import JobKind, StoredJob
from storage.payments.charges import PAYMENT_ROLES
from storage.staff import application_search
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import cards, case_effects
from storage.staff.cases.cards import case_slot, proof_slot
from storage.staff.cases.case_effects import CaseParties

SCREEN = "cases"
CARD, PROOF, DECIDED, APPLIED = "case-card", "case-proof", "case-decided", "case-applied"
CASE: Final = "case"
"""The key of position data for the case."""
SHOWN: Final = 10
_KINDS: Final = rules.DESK_KINDS | {CaseKind.DUPLICATE}
AGREE, DECLINE, UNDO = "a", "d", "u"
"""The first letter of a button's value, besides ``OPEN``; the rest is the number of the case."""


def _roles(assignments: tuple[RoleAssignment, ...]) -> list[RoleAssignment]:
    return [one for one in assignments if one.revoked_at is None and one.role in CASE_ROLES]


def _may_enter(assignments: tuple[RoleAssignment, ...]) -> bool:
    """Return whether one of these roles has anything to do here."""
    return any(
        one.revoked_at is None and (one.role in CASE_ROLES or one.role in PAYMENT_ROLES)
        for one in assignments
    )


async def home(_update: Update, context: Context) -> StepResult:
    """Show what waits."""
    if not _may_enter(await context.own_assignments()):
        return menu.deny(context, SCREEN)
    return StepResult(menu.IDLE, (ShowScreen(SCREEN, slot=SCREEN),))


async def act(_update: Update, context: Context) -> StepResult:
    """Do what a button says about a case: its first letter says what."""
    verb, number = context.callback.value[:1], number_of(context.callback.value[1:])
    found = await duplicates.decidable(context, number, _KINDS)
    if found is None:
        return menu.deny(context, SCREEN)
    case, role = found
    if verb == OPEN:
        return await _open(context, case)
    if case.kind is CaseKind.DUPLICATE:  # its card has buttons of its own
        return menu.deny(context, SCREEN)
    if verb == AGREE:
        return await _decide(context, case, role, CaseOutcome.AGREED)
    if verb == DECLINE:
        return ask(context, Position(Staff.answering, {CASE: str(case.id)}))
    if verb == UNDO:
        return await _undo(context, case, role)
    return menu.deny(context, SCREEN)


async def _open(context: Context, case: Case) -> StepResult:
    """Show the card, with the scan of the document above it."""
    about = {CASE: str(case.id)}
    context.audit_as_staff(AuditAction.CASE_SEEN, f"{case.kind} {case.id}")
    if case.kind is CaseKind.DUPLICATE:
        shown = ShowScreen(duplicates.CARD, about, slot=case_slot(case.id))
        return StepResult(menu.IDLE, replace_message(shown))
    has_proof = case.closed_at is None and _proof(case) is not None
    scan = ShowScreen(PROOF, about, slot=proof_slot(case.id))
    proof = replace_message(scan) if has_proof else ()
    card = ShowScreen(CARD, about, slot=case_slot(case.id))
    return StepResult(menu.IDLE, (*proof, *replace_message(card)))


async def _close_elsewhere(context: Context, case: Case) -> None:
    """Delete the cards of a decided case from the chats of all others who can decide it.

    They show the name, the whole ID number and the scan of a document.
    """
    unit = context.unit
    for slot in (proof_slot(case.id), case_slot(case.id)):
        for chat_id in sorted(await cards.chats_with(unit.tx, [slot]) - {unit.row.queue_key}):
            unit.enqueue(DeleteMessage(slot=slot), chat_id=chat_id)


def _proof(case: Case) -> MaterialFile | None:
    return IdentityChange.parse(case.words).proof if case.kind is CaseKind.IDENTITY else None


async def back(_update: Update, context: Context) -> StepResult:
    """Return from the question for a reason to the card of the case."""
    number = number_of(context.position.data.get(CASE, ""))
    found = await duplicates.decidable(context, number, _KINDS)
    return await _open(context, found[0]) if found else menu.deny(context, SCREEN)


async def take_reason(_update: Update, context: Context) -> StepResult:
    """Decline with the typed reason, which the candidate reads."""
    number = number_of(context.position.data.get(CASE, ""))
    found = await duplicates.decidable(context, number, rules.DESK_KINDS)
    if found is None:
        return menu.deny(context, SCREEN)
    if not (words := context.words_within(MAX_REASON)):
        return ask_again(context, Problem("problem-case-words", {"limit": MAX_REASON}))
    return await _decide(context, *found, CaseOutcome.DECLINED, words)


async def _decide(
    context: Context, case: Case, role: RoleAssignment, outcome: CaseOutcome, words: str = ""
) -> StepResult:
    """Store the decision; it takes effect at the end of the undo window."""
    unit, keyring = context.unit, context.services.keyring
    if case.outcome is not None or case.closed_at is not None:
        return _card_again(case)
    if outcome is CaseOutcome.AGREED:
        both = await case_effects.parties(unit.tx, keyring, context.exam, case)
        if (problem := both.problem(case, keyring)) is not None:
            return _card_again(case, Text(f"case-cannot-{problem}"))
    ends = context.now + context.services.timings.undo
    decided = replace(
        case,
        outcome=outcome,
        decided_by=role.id,
        decided_at=context.now,
        effective_at=ends,
        answer=words,
    )
    await cases.save(unit.tx, keyring, decided)
    unit.jobs.append(StoredJob(JobKind.CASE, str(case.id), ends))
    await _close_elsewhere(context, case)
    context.audit_as_staff(AuditAction.CASE_DECIDED, f"{case.kind} {case.id} {outcome}")
    seconds = str(int(context.services.timings.undo.total_seconds()))
    data = {CASE: str(case.id), "how": str(outcome), "seconds": seconds}
    is_tapped, slot = context.envelope.source_message is not None, case_slot(case.id)
    told = EditScreen(DECIDED, slot, data) if is_tapped else ShowScreen(DECIDED, data, slot=slot)
    scan = (DeleteMessage(slot=proof_slot(case.id)),) if _proof(case) else ()
    card = () if is_tapped else (DeleteMessage(slot=slot),)
    return StepResult(menu.IDLE, (*scan, *card, told), toast=Text(f"toast-case-{outcome}"))


def _card_again(case: Case, *why: Text) -> StepResult:
    """Show the card of a case that cannot be decided now in a new message, below the reason."""
    shown = ShowScreen(CARD, {CASE: str(case.id)}, why, case_slot(case.id))
    return StepResult(menu.IDLE, replace_message(shown))


async def _undo(context: Context, case: Case, role: RoleAssignment) -> StepResult:
    """Take the decision back within its window; the case waits again."""
    is_mine = case.decided_by == role.id or case.decided_by in {
        one.id for one in await context.own_assignments()
    }
    ends = case.effective_at
    if not is_mine or case.closed_at is not None or ends is None or ends <= context.now:
        shown = ShowScreen(
            CARD, {CASE: str(case.id)}, (Text("case-undo-late"),), case_slot(case.id)
        )
        return StepResult(effects=replace_message(shown))
    await cases.save(context.unit.tx, context.services.keyring, case.undecided)
    context.audit_as_staff(AuditAction.CASE_UNDONE, f"{case.kind} {case.id}")
    again = EditScreen(CARD, case_slot(case.id), {CASE: str(case.id)}, (Text("case-undone"),))
    return StepResult(menu.IDLE, (again,))


# --- screens -------------------------------------------------------------------------------------


async def render_home(view: StaffView) -> Screen:
    """List the oldest cases, and those about payments."""
    if not _may_enter(tuple(view.assignments)):
        return await menu.render_refused(view)
    roles = _roles(tuple(view.assignments))
    scopes = [one.scope for one in roles]
    count = await cases.count_waiting(view.connection, scopes)
    first, turns = list_parts.part_of(view, SCREEN, SHOWN, count)
    found = await cases.waiting(view.connection, view.keyring, scopes, first, SHOWN)
    listed = [*enumerate(found, first + 1)]
    lines = await _lines(view, listed)
    opens = [open_button(Text("button-case", {"number": str(n)}), one.id) for n, one in listed]
    claims, claim_buttons = await payments.claims_of(view)
    head: tuple[Paragraph, ...] = (Text("cases-head", {"count": count}), lines)
    if not found:
        head = (Text("cases-none"),)
    paying = (claims,) if claims else ()
    others = rows(staff_go("queue"), staff_go("staff"), across=2)
    return Screen((*head, *paying), (*rows(*opens, across=2), turns, *claim_buttons, *others))


async def lines_of_count(view: StaffView) -> tuple[Text, ...]:
    """Return how many cases wait for the reader, and since when; nothing without one."""
    scopes = [one.scope for one in _roles(tuple(view.assignments))]
    since = await cases.oldest_waiting(view.connection, scopes) if scopes else None
    if since is None:
        return ()
    count = await cases.count_waiting(view.connection, scopes)
    # A hint at a second account keeps nobody from registering.
    blocking = await cases.count_waiting(view.connection, scopes, without=CaseKind.DUPLICATE)
    return (Text("queue-cases", {"count": count, "since": since, "blocking": blocking}),)


async def _lines(view: StaffView, listed: Sequence[tuple[int, Case]]) -> tuple[Text, ...]:
    """Return a line for each numbered case: the codes of its applications, else a masked name."""
    ids = {one for _, case in listed for one in (case.person_id, case.other_id) if one}
    known = await people.by_ids(view.connection, view.keyring, ids)
    filed = await application_search.of_people(view, ids)
    codes: dict[PersonId, Argument] = {one: code_of(filed[one].id) for one in filed}
    names: dict[PersonId, Argument] = {one: mask_name(known[one].identity.name) for one in known}
    return tuple(_line(view, number, case, {**names, **codes}) for number, case in listed)


def _line(view: StaffView, number: int, case: Case, called: Mapping[PersonId, Argument]) -> Text:
    other = case.other_id
    args: dict[str, Argument] = {
        "number": str(number),
        "kind": Text(f"case-kind-{case.kind}"),
        "whose": called.get(case.person_id, ""),
        "place": place_name(view.exam, case.area, case.site, view.locale),
        "at": case.opened_at,
    }
    if other is None:
        return Text("cases-line", args)
    return Text("cases-line-pair", {**args, "other": called.get(other, ""), "what": alike(case)})


async def _case_of(view: StaffView) -> Case | None:
    """Return the case of the screen, if the reader may see it."""
    number = number_of(view.data.get(CASE, ""))
    case = await cases.of_id(view.connection, view.keyring, number)
    if case is None or rules.can_decide(list(view.assignments), case.area, case.site) is None:
        return None
    return case


async def render_card(view: StaffView) -> Screen:
    """Show one case: what is asked for, what the account says, and what can be decided."""
    case = await _case_of(view)
    if case is None:
        return await menu.render_refused(view)
    if case.closed_at is not None:
        return Screen((Text("case-closed"),), rows(staff_go(SCREEN)))
    if case.outcome is not None:  # nobody needs the names any more
        return Screen((Text("case-is-decided"),), rows(staff_go(SCREEN)))
    both = await case_effects.parties(view.connection, view.keyring, view.exam, case)
    lines = (_head(view, case, both), *_about(case, both))
    problem = both.problem(case, view.keyring)
    cannot = () if problem is None else (Text(f"case-cannot-{problem}"),)
    agree = Text(f"button-case-agree-{case.kind}")
    agreeing = () if problem else (staff_button(agree, Action.CASE, f"{AGREE}{case.id}"),)
    decline = staff_button(Text("button-case-decline"), Action.CASE, f"{DECLINE}{case.id}")
    return Screen((*lines, *cannot), rows(*agreeing, decline, staff_go(SCREEN)))


def _head(view: StaffView, case: Case, both: CaseParties) -> Text:
    args: dict[str, Argument] = {
        "kind": Text(f"case-kind-{case.kind}"),
        "place": place_name(view.exam, case.area, case.site, view.locale),
        "at": case.opened_at,
        "name": both.person.identity.name,
        "number": both.person.identity.id_number,
    }
    return Text("case-card-head", args)


def _about(case: Case, both: CaseParties) -> tuple[Paragraph, ...]:
    """Return old → new of a correction, else how far the account with the number is."""
    if case.kind is CaseKind.IDENTITY:
        change = IdentityChange.parse(case.words)
        application = both.application
        stage = _stage(application.id, application.stage) if application else Text("case-no-form")
        proof = Text("case-with-scan" if change.proof else "case-with-original")
        return (identity_changes(both.person.identity, change.identity), proof, stage)
    owner = both.owner
    if owner is None:
        return ()
    same = rules.agrees_with(owner.identity, both.person.identity)
    owned = both.owned
    stage = _stage(owned.id, owned.stage) if owned else Text("case-no-form")
    return ((Text("case-same-person" if same else "case-other-person"), stage),)


def _stage(application_id: ApplicationId, stage: str) -> Text:
    return Text("case-stage", {"code": code_of(application_id), "stage": Text(f"stage-{stage}")})


async def render_proof(view: StaffView) -> Screen:
    """Send the scan of the document, to compare."""
    case = await _case_of(view)
    if case is None:
        return await menu.render_refused(view)
    proof = _proof(case)
    if proof is None or case.closed_at is not None:
        return Screen((Text("case-closed"),), rows(staff_go(SCREEN)))
    caption = Text("case-proof")
    if proof.kind == PDF:
        return Screen((caption,), document=Paper(proof.blob, caption))
    return Screen((caption,), picture=Portrait(proof.blob))


async def render_declining(view: StaffView) -> Screen:
    """Ask for the reason."""
    return Screen((Text("case-decline-ask", {"limit": MAX_REASON}),), ((BACK,),))


async def render_decided(view: StaffView) -> Screen:
    """Show the decision, the time to undo it, and the queue."""
    undo = staff_button(Text("button-undo"), Action.CASE, f"{UNDO}{view.data[CASE]}")
    text = Text(f"case-decided-{view.data['how']}", {"seconds": view.data["seconds"]})
    return Screen((text,), rows(undo, *await duplicates.next_button(view), staff_go(SCREEN)))


async def render_applied(view: StaffView) -> Screen:
    """Say how the case ended, once its decision can no more be undone."""
    case = await _case_of(view)
    if case is None:
        return await menu.render_refused(view)
    args: dict[str, Argument] = {
        "kind": Text(f"case-kind-{case.kind}"),
        "place": place_name(view.exam, case.area, case.site, view.locale),
        "how": Text(f"case-how-{view.data['how']}"),
    }
    return Screen((Text("case-applied", args),))


def applied(case: Case, how: str) -> EditScreen:
    """Return the edit of the decider's message that says how a case ended."""
    return EditScreen(
        APPLIED, case_slot(case.id), {CASE: str(case.id), "how": how}, priority=Priority.NOTICE
    )


async def render_news(view: StaffView) -> Screen:
    """Tell a colleague that a case came."""
    case = await _case_of(view)
    if case is None:
        return await menu.render_refused(view)
    args: dict[str, Argument] = {
        "kind": Text(f"case-kind-{case.kind}"),
        "place": place_name(view.exam, case.area, case.site, view.locale),
    }
    opening: tuple[Button, ...] = (open_button(Text("button-case-open"), case.id),)
    return Screen((Text("case-news", args),), rows(*opening, staff_go(SCREEN), across=2))


async def render_void(view: StaffView) -> Screen:
    """Tell the decider that the case could not be agreed to any more."""
    about = "duplicate" if view.data.get("kind") == CaseKind.DUPLICATE else "case"
    why = Text(f"{about}-cannot-{view.data.get('problem', '')}")
    return Screen((Text("case-void"), why), rows(staff_go(SCREEN)))


async def render_gone(view: StaffView) -> Screen:
    """Say that the candidate has erased everything, and with it the case."""
    if not _may_enter(tuple(view.assignments)) or "kind" not in view.data:
        return await menu.render_refused(view)
    args: dict[str, Argument] = {
        "kind": Text(f"case-kind-{view.data['kind']}"),
        "place": place_name(view.exam, view.data["area"], view.data["site"], view.locale),
    }
    return Screen((Text("case-gone", args),), rows(staff_go(SCREEN)))


FEATURE = Feature(
    staff_anywhere=(
        command(SCREEN, home),
        pressed(Action.GO, home, SCREEN),
        pressed(Action.CASE, act),
    ),
    staff_routes={
        Staff.answering: (pressed(Action.BACK, back), text(take_reason)),
    },
    desk_screens={SCREEN: render_home, CARD: render_card, Staff.answering: render_declining},
    staff_screens={
        PROOF: render_proof,
        DECIDED: render_decided,
        APPLIED: render_applied,
        NEWS: render_news,
        VOID: render_void,
        GONE: render_gone,
    },
)
