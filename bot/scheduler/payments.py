"""The jobs of payments: one for each order and each refund at a provider, and a daily check.

A provider is called before the transaction of a run, and its numbers are fixed: a run that died
after the call is repeated without harm. A provider that is away for a day costs no attempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.delivery.i18n import Translations
from bot.payments.cashier import Cashier, ProviderRefused, ProviderUnavailable, Standing
from bot.payments.receiving import Receiver
from bot.scheduler.scheduler import JobRun
from handlers.candidate.pay import AMOUNT, LINK, ORDER, TOLD, URL, WAY
from handlers.staff.desks.payments import WAY_REFUSED
from states.exam import Exam, PaymentWay
from states.payment import ledger
from states.payment.orders import LONGEST, Bucket, Order, OrderId, OrderState
from states.payment.refunds import RefundState
from states.records import CURRENCY, Application, Bill, BillState, Stage
from states.step_result import Priority, ShowScreen
from states.texts import DEFAULT_LOCALE, Text
from storage.candidates import applications, people
from storage.engine.database import Connection
from storage.engine.jobs import JobKind
from storage.payments import charges, orders, refunds, settling
from storage.payments.charges import EventKind

SOONEST: Final = timedelta(minutes=1)
LATEST: Final = timedelta(hours=1)
"""The pause between two questions about one order or refund: half its age, within these."""
MORNING: Final = 9
"""The hour of the daily check, in the exam's zone."""

log = structlog.get_logger("payments")

Cashiers = Mapping[PaymentWay, Cashier]


def next_look(since: datetime, now: datetime) -> datetime:
    """Return when to ask again about what began at ``since``."""
    return now + min(max((now - since) / 2, SOONEST), LATEST)


def last_moment(order: Order, standing: Standing, now: datetime) -> datetime:
    """Return from when nobody can pay an ended order.

    Alipay cannot close a code that nobody has scanned: it stays payable for its life.
    """
    is_code_about = standing is Standing.UNKNOWN and bool(order.link)
    return max(now, order.made_at + LONGEST[order.way]) if is_code_about else now


class OrderJob:
    """Makes an order at its provider, asks about it, and ends it; its key is the order's id."""

    kind = JobKind.ORDER

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        cashiers: Cashiers,
        translations: Translations,
        administrators: Iterable[int],
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._cashiers = cashiers
        self._administrators = tuple(administrators)
        self._receiver = Receiver(storage, exam)
        self._subject = translations.label(Text("invoice-title"), DEFAULT_LOCALE)

    async def run(self, run: JobRun) -> None:
        """Take the order one step on; the job is done once no money can come in for it."""
        async with self._storage.db.read_autocommit() as connection:
            keyring, wanted = self._storage.keyring, OrderId(int(run.job.key))
            order = await orders.by_id(connection, keyring, wanted)
            if order is None or not order.is_open:
                return
            application = await self._application(connection, order)
        cashier = self._cashiers.get(order.way)
        if cashier is None:  # its keys are gone; nobody is given up meanwhile
            run.again(run.now + LATEST)
            return
        try:
            await self._step(run, cashier, order, application)
        except ProviderUnavailable as error:
            log.warning("provider did not answer", way=order.way, reason=str(error))
            run.again(next_look(order.made_at, run.now))
        except ProviderRefused as refused:
            log.warning("provider refused an order", way=order.way, code=refused.code)
            await self._refused(run, order, refused.code)

    async def _application(self, connection: Connection, order: Order) -> Application | None:
        wanted = order.application_id
        return (await applications.by_ids(connection, self._storage.keyring, [wanted])).get(wanted)

    async def _refused(self, run: JobRun, order: Order, code: str) -> None:
        """End an order that was never payable; ask about any other again. Tell it once a day."""
        async with run.write() as connection:
            data = {WAY: order.way, "code": code}
            notice = ShowScreen(WAY_REFUSED, data, priority=Priority.NOTICE)
            dedup = f"refused:{order.way}:{code[:40]}:{self._exam.today(run.now)}"
            messages = self._storage.outgoing_to_each(self._administrators, notice, run.now, dedup)
            await self._storage.outbox.add(connection, messages)
            if order.state is OrderState.CREATED:
                await self._ended(run, connection, order, run.now, "way-refused")
            else:
                run.again(run.now + LATEST)

    async def _step(
        self, run: JobRun, cashier: Cashier, order: Order, application: Application | None
    ) -> None:
        is_wanted = application is not None and application.stage is Stage.APPROVED
        if is_wanted and run.now < order.closes_at and order.state is OrderState.CREATED:
            await self._make(run, cashier, order)
            return
        status = await cashier.query(order)
        if status.standing is Standing.OPEN and (not is_wanted or run.now >= order.closes_at):
            await cashier.close(order)
            status = await cashier.query(order)
        async with run.write() as connection:
            if status.money is not None:
                await self._receiver.receive(connection, status.money, run.now)
            elif status.standing is Standing.OPEN or (
                is_wanted and run.now < order.closes_at and status.standing is Standing.UNKNOWN
            ):
                await self._still_open(run, connection, order)
            else:
                ended_at = last_moment(order, status.standing, run.now)
                await self._ended(run, connection, order, ended_at)

    async def _make(self, run: JobRun, cashier: Cashier, order: Order) -> None:
        link = await cashier.create(order, self._subject)
        async with run.write() as connection:
            keyring = self._storage.keyring
            asked = OrderState.ASKED
            if not await orders.change(connection, keyring, order, asked, link=link):
                return  # it has ended meanwhile, and nobody sees its code
            await self._receiver.ledger(connection, run.now).note(EventKind.ASKED, order.number)
            data = {
                ORDER: order.number,
                AMOUNT: str(order.amount),
                WAY: order.way,
                URL: link,
            }
            await self._tell(connection, order, ShowScreen(LINK, data), run.now, "link")
            run.again(min(next_look(order.made_at, run.now), order.closes_at))

    async def _still_open(self, run: JobRun, connection: Connection, order: Order) -> None:
        """Ask again later, or at once if the candidate has chosen another way meanwhile.

        Who said that they had paid is told that nothing has come.
        """
        application = await self._application(connection, order)
        bill = _bill_of(application, order)
        if application is not None and bill is not None and bill.state is BillState.CHECKING:
            asked = ShowScreen(TOLD, {"text": "asked-nothing", WAY: order.way})
            cause = f"nothing:{int(run.now.timestamp())}"
            await self._tell(connection, order, asked, run.now, cause)
            asked_again = replace(application, bill=replace(bill, state=BillState.ASKED))
            await applications.save_transition(
                connection, self._storage.keyring, application, asked_again
            )
        present = await orders.by_id(connection, self._storage.keyring, order.id)
        if present is not None and present.closes_at < order.closes_at:
            run.again(run.now)
            return
        later = next_look(order.made_at, run.now)
        run.again(min(later, order.closes_at) if run.now < order.closes_at else later)

    async def _ended(
        self,
        run: JobRun,
        connection: Connection,
        order: Order,
        ended_at: datetime,
        text: str = "way-ended",
    ) -> None:
        keyring, closed = self._storage.keyring, OrderState.CLOSED
        if not await orders.change(connection, keyring, order, closed, ended_at=ended_at):
            return  # it has ended meanwhile, with its own news
        await self._receiver.ledger(connection, run.now).note(EventKind.CLOSED, order.number)
        application = await self._application(connection, order)
        if application is not None and application.stage is Stage.APPROVED:
            ended = ShowScreen(TOLD, {"text": text, WAY: order.way})
            await self._tell(connection, order, ended, run.now, "ended")
            if _bill_of(application, order) is not None:
                freed = ledger.end_order(application, self._exam)
                await applications.save_transition(connection, keyring, application, freed)

    async def _tell(
        self, connection: Connection, order: Order, screen: ShowScreen, now: datetime, cause: str
    ) -> None:
        account = await people.account_of(connection, self._storage.keyring, order.person_id)
        message = self._storage.outgoing(account, screen, now, f"order:{order.id}:{cause}")
        await self._storage.outbox.add(connection, [message])


def _bill_of(application: Application | None, order: Order) -> Bill | None:
    """Return the bill of an order; None once its candidate has chosen another way."""
    bill = application.bill if application else None
    return bill if bill is not None and bill.order == order.number else None


class RefundJob:
    """Has a provider send one charge back; its key is the refund's id."""

    kind = JobKind.REFUND

    def __init__(
        self, storage: Storage, exam: Exam, cashiers: Cashiers, administrators: Iterable[int]
    ) -> None:
        self._storage = storage
        self._cashiers = cashiers
        self._administrators = tuple(administrators)
        self._receiver = Receiver(storage, exam)

    async def run(self, run: JobRun) -> None:
        """Ask until the provider has sent it, or says that it never will."""
        async with self._storage.db.read_autocommit() as connection:
            keyring = self._storage.keyring
            refund = await refunds.by_id(connection, keyring, int(run.job.key))
            charge = await charges.by_id(connection, keyring, refund.charge_id) if refund else None
        if refund is None or charge is None or refund.state is not RefundState.ASKED:
            return
        cashier = self._cashiers.get(charge.way)
        try:
            if cashier is None:
                raise ProviderUnavailable("no keys")
            receipt = await cashier.refund(refund, charge)
        except ProviderUnavailable as error:
            log.warning("provider did not answer", way=charge.way, reason=str(error))
            run.again(next_look(refund.asked_at, run.now))
            return
        except ProviderRefused as refused:
            async with run.write() as connection:
                ledger = self._receiver.ledger(connection, run.now)
                await refunds.change(connection, keyring, refund, RefundState.BY_HAND)
                await ledger.note(
                    EventKind.REFUND_REFUSED, charge.order, charge=charge, detail=refused.code
                )
                data = {"code": refused.code, "refund": refund.number}
                notice = ShowScreen("refund-refused", data, priority=Priority.NOTICE)
                messages = self._storage.outgoing_to_each(
                    self._administrators, notice, run.now, f"refund:{refund.id}"
                )
                await self._storage.outbox.add(connection, messages)
            return
        async with run.write() as connection:
            ledger = self._receiver.ledger(connection, run.now)
            settled = await settling.sent_back(ledger, charge, refund, receipt)
            if settled is not None:
                await self._receiver.tell(connection, [settled], run.now)


class Differences:
    """Tells the administrators each morning how much money is owed back and for how long."""

    kind = JobKind.DIFFERENCES

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        administrators: Iterable[int],
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._administrators = tuple(administrators)

    async def run(self, run: JobRun) -> None:
        """Count what is owed back, and tell where there is some."""
        async with run.write() as connection:
            owed = await charges.in_bucket(connection, self._storage.keyring, Bucket.OWED)
            if owed:
                known = await refunds.of_charges(
                    connection, self._storage.keyring, [charge.id for charge in owed]
                )
                looks = [r for r in known.values() if r.state is RefundState.SECOND_LOOK]
                data = {
                    "count": str(len(owed)),
                    "looks": str(len(looks)),
                    "amount": str(sum(one.amount for one in owed if one.currency == CURRENCY)),
                    "since": min(charge.heard_at for charge in owed).isoformat(),
                }
                notice = ShowScreen("payment-differences", data, priority=Priority.NOTICE)
                dedup = f"differences:{self._exam.today(run.now)}"
                messages = self._storage.outgoing_to_each(
                    self._administrators, notice, run.now, dedup
                )
                await self._storage.outbox.add(connection, messages)
            run.again(self._next_morning(run.now))

    def _next_morning(self, now: datetime) -> datetime:
        today = now.astimezone(self._exam.tz).replace(hour=MORNING, minute=0, second=0)
        return today if today > now else today + timedelta(days=1)
