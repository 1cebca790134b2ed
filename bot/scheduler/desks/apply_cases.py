"""CaseDecisions tells the staff of one case, and applies its decision when the undo window ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import JobRun
from handlers.candidate.case_desk import case_outcome
from handlers.candidate.case_desk.place_of_case import news_of
from handlers.case_messages import departure_messages
from handlers.staff.desks import case_desk, duplicates
from states.exam import Exam
from states.staff.cases import CaseKind, CaseOutcome, can_decide
from states.staff.timings import StaffTimings
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import EditScreen, Priority, ShowScreen
from storage.candidates import cases, people
from storage.candidates.cases import Case
from storage.engine.database import Connection
from storage.engine.jobs import JobKind, StoredJob
from storage.payments.charges import PAYMENT_ROLES
from storage.staff.access import role_assignments
from storage.staff.cases import claims
from storage.staff.cases.case_effects import AppliedCase, CaseEffects
from storage.staff.cases.merges import MergeEffects
from storage.updates import fsm


class CaseDecisions:
    """Applies one decision in a transaction, and tells both accounts.

    News of an undecided case goes to those who can decide. A reader with a claimed application gets
    it after that one, so that it never comes below the card.
    """

    kind = JobKind.CASE

    def __init__(self, storage: Storage, exam: Exam, timings: StaffTimings) -> None:
        self._storage = storage
        self._exam = exam
        self._idle = timings.idle

    async def run(self, run: JobRun) -> None:
        """Apply the decision; nothing if it was taken back, or its candidate has gone."""
        keyring = self._storage.keyring
        async with run.write() as tx:
            case = await cases.of_id(tx, keyring, int(run.job.key))
            if case is None or case.closed_at is not None:
                return
            if case.outcome is None:
                if run.payload and await self._tell_staff(tx, case, run.now):
                    run.again(run.next_tick)
                return
            if case.effective_at is not None and case.effective_at > run.now:
                run.again(case.effective_at)
                return
            role = await role_assignments.of_id(tx, keyring, case.decided_by or 0)
            decider = role.telegram_id if role else 0
            kind = MergeEffects if case.kind is CaseKind.DUPLICATE else CaseEffects
            effects = kind(tx, keyring, self._exam, run.now, self._storage.ids.next, decider)
            applied = await effects.apply(case)
            if case.kind is CaseKind.IDENTITY:  # with other items, other accounts may be alike
                number = case.person_id
                search = StoredJob(JobKind.LIKENESS, str(number), run.now, person_id=number)
                await self._storage.jobs.enqueue(tx, [search])
            made = f"case:{case.id}:{int(run.now.timestamp())}"
            if case.kind is CaseKind.ACCOUNT_MOVED and applied.other_account is not None:
                await fsm.forget(tx, fsm.candidate_key(self._storage.bot_id, applied.other_account))
            messages = [
                self._storage.outgoing(chat, screen, run.now, f"{made}:{number}")
                for number, (chat, screen) in enumerate(_told(applied, decider))
            ]
            asker = await role_assignments.of_id(tx, keyring, case.asked_by or 0)
            if asker is not None:  # of a merge, which somebody else agreed to
                notice = duplicates.told(case, "void" if applied.problem else "agreed")
                messages.append(self._storage.outgoing(asker.telegram_id, notice, run.now))
            if applied.left is not None:
                told = departure_messages(applied.left)
                messages += [self._storage.outgoing(*one, run.now) for one in told]
            await self._storage.outbox.add(tx, messages)

    async def _tell_staff(self, tx: Connection, case: Case, now: datetime) -> bool:
        """Tell each of those who can decide once; return whether one still has a card in hand."""
        storage = self._storage
        active = await role_assignments.within(
            tx, storage.keyring, storage.bot_id, Scope(case.area)
        )
        ids = [one for one in (case.person_id, case.other_id) if one is not None]
        parties = (await people.by_ids(tx, storage.keyring, ids)).values()
        accounts = _deciding(case, active, {one.telegram_id for one in parties})
        busy = accounts & await claims.busy(tx, storage.bot_id, case.opened_at, now, self._idle)
        key = f"case-news:{case.id}"
        await storage.outbox.add(
            tx, storage.outgoing_to_each(sorted(accounts - busy), news_of(case), now, key)
        )
        return bool(busy)


def _deciding(case: Case, active: Iterable[RoleAssignment], parties: set[int]) -> set[int]:
    """Return the accounts of those who decide; a payment's are its area's reviewers, if any."""
    others = [one for one in active if one.telegram_id not in parties]
    if case.kind is not CaseKind.PAYMENT:
        return {one.telegram_id for one in others if can_decide([one], case.area, case.site)}
    place = Scope(case.area, case.site)
    able = [one for one in others if one.role in PAYMENT_ROLES and one.scope.contains(place)]
    reviewers = [one for one in able if one.role is Role.AREA_REVIEWER]
    return {one.telegram_id for one in reviewers or able}


def _told(applied: AppliedCase, decider: int) -> Iterator[tuple[int, ShowScreen | EditScreen]]:
    """Yield each account that hears of it, with its screen; the decider's message ends, too."""
    case = applied.case
    if decider:
        yield decider, case_desk.applied(case, _how(applied))
    if applied.problem is not None:
        data = {"case": str(case.id), "problem": str(applied.problem), "kind": str(case.kind)}
        yield decider, _notice(case_outcome.VOID, data)
        return
    if case.kind is CaseKind.DUPLICATE:
        yield from _told_of_pair(applied)
        return
    data = {"kind": str(case.kind), "words": case.answer, "area": case.area, "site": case.site}
    is_agreed = case.outcome is CaseOutcome.AGREED
    yield applied.account, _notice(f"told-case-{case.outcome}", data)
    if is_agreed and applied.other_account is not None:
        is_moved = case.kind is CaseKind.ACCOUNT_MOVED
        screen = case_outcome.ACCOUNT_LEFT if is_moved else case_outcome.NUMBER_RELEASED
        yield applied.other_account, _notice(screen, {**data, "locale": applied.other_locale})


def _how(applied: AppliedCase) -> str:
    """Return the end of a case, as the message of its decider names it."""
    if applied.problem is not None:
        return "void"
    is_agreed = applied.case.outcome is CaseOutcome.AGREED
    if applied.case.kind is CaseKind.DUPLICATE:
        return "merged" if is_agreed else "apart"
    return "agreed" if is_agreed else "declined"


def _told_of_pair(applied: AppliedCase) -> Iterator[tuple[int, ShowScreen]]:
    """Yield both accounts of a merge; nobody hears of two that were told apart."""
    case = applied.case
    if case.outcome is CaseOutcome.AGREED and applied.other_account is not None:
        data = {"area": case.area, "site": case.site}
        yield applied.account, _notice(case_outcome.ACCOUNT_KEPT, data)
        yield applied.other_account, _notice(case_outcome.ACCOUNT_CLOSED, data)


def _notice(screen: str, data: dict[str, str]) -> ShowScreen:
    return ShowScreen(screen, data, priority=Priority.NOTICE)
