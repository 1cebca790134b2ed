"""Settling: money and acts about it change charges, orders and applications in one transaction.

Updates, notifications, queries and files all report money through ``receive``. The same report
again changes nothing, so that each may come as often as it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.payment import ledger, refunds
from states.payment.ledger import Account
from states.payment.orders import (
    ANSWERS_QUERIES,
    Bucket,
    Charge,
    ChargeId,
    Money,
    Order,
    OrderState,
)
from states.payment.refunds import Refund, RefundState
from states.process import lifecycle
from states.process.lifecycle import Event, TransitionNotAllowed
from states.records import Application, ApplicationId, BillState, Refusal, Stage
from states.staff_roles import RoleAssignment
from states.step_result import Priority, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import applications, cases, people
from storage.engine import jobs
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind
from storage.payments import charges, orders
from storage.payments import refunds as stored_refunds
from storage.payments.charges import EventKind, PaymentEvent

TOLD_PAID: Final = "told-paid"
TOLD_OWED: Final = "told-money-owed"
TOLD_SENT_BACK: Final = "told-money-back"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in an open transaction: where it stands, when, and how new rows get their ids."""

    connection: AsyncConnection
    keyring: Keyring
    exam: Exam
    now: datetime
    new_id: Callable[[], int]

    async def note(
        self,
        kind: EventKind,
        order: str,
        at: datetime | None = None,
        charge: Charge | None = None,
        detail: str = "",
    ) -> None:
        """Add an event."""
        event = PaymentEvent(
            self.new_id(),
            kind,
            order,
            at or self.now,
            self.now,
            charge.id if charge else None,
            charge.amount if charge else None,
            detail,
        )
        await charges.note(self.connection, self.keyring, event)

    async def audit(
        self, action: AuditAction, application: Application | None, detail: str, actor: int = CLOCK
    ) -> None:
        """Add an audit entry; ``detail`` has codes and amounts only."""
        entry = AuditEntry(
            self.new_id(),
            self.now,
            actor,
            action,
            application.person_id if application else None,
            application.id if application else None,
            detail,
        )
        await audit_log.add(self.connection, self.keyring, [entry])


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled charge: the charge, the application after it, and the notice to its account.

    ``dedup`` names the cause of the notice.
    """

    charge: Charge
    application: Application | None = None
    account: int | None = None
    notice: ShowScreen | None = None
    dedup: str = ""


async def receive(ledger_at: Ledger, money: Money, implied: Order | None = None) -> Settled | None:
    """Store money that a provider reports, and register the application if it is the fee.

    Returns None where the money is known already. ``implied`` is the order of an area's own
    platform, which has none here.
    """
    connection, keyring = ledger_at.connection, ledger_at.keyring
    if await charges.known(connection, keyring, money) is not None:
        return None
    order = implied or await orders.by_number(connection, keyring, money.order)
    account = await _account(ledger_at, order)
    got = ledger.receive(
        money, order, account, ledger_at.exam, ChargeId(ledger_at.new_id()), ledger_at.now
    )
    charge = got.charge
    await charges.add(connection, keyring, charge)
    await ledger_at.note(EventKind.RECEIVED, money.order, money.at, charge, charge.verdict)
    is_fee = charge.bucket is Bucket.FEE
    action = AuditAction.PAID if is_fee else AuditAction.MONEY_OWED
    stage = got.application.stage if got.application else ""
    detail = f"{money.way} {money.amount} {charge.verdict} {stage}".strip()
    await ledger_at.audit(action, got.application, detail)
    if order is not None and order.is_open and money.is_merchant:
        await orders.change(connection, keyring, order, OrderState.PAID, ended_at=money.at)
    if account is None or got.application is None:
        return Settled(charge)
    await applications.save_transition(connection, keyring, account.application, got.application)
    if is_fee:
        await close_open(ledger_at, got.application.id)
        await close_claim(ledger_at, got.application)
        if account.application.stage is got.application.stage:  # it was marked and told before
            return Settled(charge, got.application)
    return await _told(
        ledger_at, charge, got.application, TOLD_PAID if is_fee else TOLD_OWED, "received"
    )


async def close_open(ledger_at: Ledger, application_id: ApplicationId) -> list[Order]:
    """End the open orders of an application; return those that their provider has to end.

    The job of such an order becomes due. Nobody has seen the code of one that is not asked yet.
    """
    connection, asked = ledger_at.connection, []
    for order in await orders.open_of(connection, ledger_at.keyring, application_id):
        if order.way in ANSWERS_QUERIES and order.state is OrderState.ASKED:
            await orders.close_at(connection, order, ledger_at.now)
            await jobs.advance(connection, JobKind.ORDER, ledger_at.now, str(order.id))
            asked.append(order)
        else:
            await orders.change(
                connection, ledger_at.keyring, order, OrderState.CLOSED, ended_at=ledger_at.now
            )
            await ledger_at.note(EventKind.CLOSED, order.number)
    return asked


async def close_claim(ledger_at: Ledger, application: Application) -> bool:
    """Close the case of somebody who says that they have paid; return False without one."""
    connection, keyring = ledger_at.connection, ledger_at.keyring
    if application.claimed_at is not None:
        ended = ledger.end_claim(application)
        await applications.save_transition(connection, keyring, application, ended)
    return await cases.close_payment(connection, keyring, application.person_id, ledger_at.now)


async def _account(ledger_at: Ledger, order: Order | None) -> Account | None:
    if order is None:
        return None
    return await account_of(ledger_at, order.application_id)


async def account_of(ledger_at: Ledger, application_id: int) -> Account | None:
    """Return an application with its money; None if it was erased."""
    wanted = ApplicationId(application_id)
    known = await applications.by_ids(ledger_at.connection, ledger_at.keyring, [wanted])
    if wanted not in known:
        return None
    return Account(
        known[wanted], await charges.of_application(ledger_at.connection, ledger_at.keyring, wanted)
    )


async def _told(
    ledger_at: Ledger, charge: Charge, application: Application, screen: str, cause: str
) -> Settled:
    account = await people.account_of(
        ledger_at.connection, ledger_at.keyring, application.person_id
    )
    data = {
        "amount": str(charge.amount),
        "currency": charge.currency,
        "charge": charge.number,
        "verdict": charge.verdict,
    }
    notice = ShowScreen(screen, data, priority=Priority.NOTICE)
    return Settled(charge, application, account, notice, f"money:{charge.id}:{cause}")


async def accept(ledger_at: Ledger, charge: Charge, assignment: RoleAssignment) -> Settled | None:
    """Count late money as the fee, and register the application; None where that may not be."""
    if charge.application_id is None:
        return None
    account = await account_of(ledger_at, charge.application_id)
    if account is None or not ledger.may_accept(charge, account, ledger_at.exam):
        return None
    if await stored_refunds.of_charge(ledger_at.connection, ledger_at.keyring, charge.id):
        return None
    before, accepted = account.application, ledger.accept(charge)
    try:
        moved = lifecycle.apply_event(
            before, Event.MARK_PAID, ledger_at.exam, ledger_at.now, by=assignment.role
        )
    except TransitionNotAllowed:
        return None
    bill = before.bill and replace(before.bill, state=BillState.PAID, verdict="", claimed_at=None)
    after = replace(moved, bill=bill)
    await charges.move(ledger_at.connection, ledger_at.keyring, charge, accepted)
    await ledger_at.note(EventKind.ACCEPTED, charge.order, charge=accepted)
    await applications.save_transition(ledger_at.connection, ledger_at.keyring, before, after)
    await close_open(ledger_at, after.id)
    await close_claim(ledger_at, after)
    detail = f"{charge.way} {charge.amount} {charge.verdict} {after.stage}"
    actor = assignment.telegram_id
    await ledger_at.audit(AuditAction.MONEY_ACCEPTED, after, detail, actor)
    return await _told(ledger_at, accepted, after, TOLD_PAID, "accepted")


async def undo_approval(
    ledger_at: Ledger, before: Application, reason: str, assignment: RoleAssignment
) -> list[Settled]:
    """Refuse an approved or registered application after all; its fee is owed back.

    Raises:
        TransitionNotAllowed: it is at another stage, or the role may not do it.
    """
    refusal = Refusal(ledger_at.now, words=reason, refused_at=Stage.SITE_APPROVED)
    after = lifecycle.apply_event(
        before,
        Event.UNDO_APPROVAL,
        ledger_at.exam,
        ledger_at.now,
        by=assignment.role,
        refusal=refusal,
    )
    told = []
    for charge in await charges.of_application(ledger_at.connection, ledger_at.keyring, before.id):
        if charge.bucket is Bucket.FEE:
            undone = ledger.undo(charge)
            await charges.move(ledger_at.connection, ledger_at.keyring, charge, undone)
            await ledger_at.note(EventKind.UNDONE, charge.order, charge=undone)
            bill = after.bill and replace(after.bill, state=BillState.OWED, verdict=undone.verdict)
            after = replace(after, bill=bill)
            told.append(await _told(ledger_at, undone, after, TOLD_OWED, "undone"))
    await applications.save_transition(ledger_at.connection, ledger_at.keyring, before, after)
    await ledger_at.audit(
        AuditAction.APPROVAL_UNDONE, after, f"{before.stage} {after.stage}", assignment.telegram_id
    )
    return told


async def ask_refund(ledger_at: Ledger, charge: Charge, reason: str, account: int) -> Refund | None:
    """Ask for the refund of money that is owed back; None if there is one or nothing is owed."""
    known = await stored_refunds.of_charge(ledger_at.connection, ledger_at.keyring, charge.id)
    if known is not None or not refunds.may_refund(charge):
        return None
    refund = Refund(
        ledger_at.new_id(),
        refunds.number_of(charge.id),
        charge.id,
        charge.amount,
        reason,
        refunds.first_state(charge, ledger_at.exam),
        account,
        ledger_at.now,
    )
    await stored_refunds.add(ledger_at.connection, ledger_at.keyring, refund)
    await ledger_at.note(EventKind.REFUND_ASKED, charge.order, charge=charge, detail=refund.state)
    await _audit_refund(ledger_at, AuditAction.REFUND_ASKED, charge, account)
    return refund


async def agree(ledger_at: Ledger, charge: Charge, refund: Refund, account: int) -> Refund | None:
    """Give the second look; None if this account may not, or somebody was faster."""
    if not refunds.may_agree(refund, account):
        return None
    state = refunds.sending_state(charge)
    if not await stored_refunds.change(
        ledger_at.connection, ledger_at.keyring, refund, state, agreed_by=account
    ):
        return None
    await ledger_at.note(EventKind.REFUND_AGREED, charge.order, charge=charge, detail=state)
    await _audit_refund(ledger_at, AuditAction.REFUND_AGREED, charge, account)
    return replace(refund, state=state, agreed_by=account)


async def sent_back(
    ledger_at: Ledger, charge: Charge, refund: Refund, receipt: str, actor: int = CLOCK
) -> Settled | None:
    """Note that money went back, once; the candidate is told."""
    connection, sent = ledger_at.connection, RefundState.SENT
    if not await stored_refunds.change(
        connection, ledger_at.keyring, refund, sent, done_at=ledger_at.now, receipt=receipt
    ):
        return None
    after = ledger.send_back(charge)
    await charges.move(ledger_at.connection, ledger_at.keyring, charge, after)
    await ledger_at.note(EventKind.SENT_BACK, charge.order, charge=after, detail=receipt)
    await _audit_refund(ledger_at, AuditAction.REFUNDED, charge, actor)
    account = await account_of(ledger_at, charge.application_id or 0)
    if account is None:
        return Settled(after)
    application = account.application
    bill = application.bill
    if bill is not None and bill.charge == charge.number and bill.state is BillState.OWED:
        application = replace(application, bill=replace(bill, state=BillState.SENT_BACK))
        before, keyring = account.application, ledger_at.keyring
        await applications.save_transition(connection, keyring, before, application)
    return await _told(ledger_at, after, application, TOLD_SENT_BACK, "sent-back")


async def _audit_refund(ledger_at: Ledger, action: AuditAction, charge: Charge, actor: int) -> None:
    account = await account_of(ledger_at, charge.application_id or 0)
    detail = f"{charge.way} {charge.amount} {charge.verdict}"
    await ledger_at.audit(action, account.application if account else None, detail, actor)
