"""Money as the staff of an area see it: both figures, also where the currency is another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.callback_data import Action
from states.exam import PaymentWay
from states.payment.orders import Money, Order, OrderId, OrderState, Source, amount_due
from states.records import Stage
from storage.engine.ids import RowIds
from storage.payments import charges, orders, settling
from storage.payments.settling import Ledger
from tests.factories import EXAM
from tests.fakes.batch_router import batch_router
from tests.storage.process import StorageProcess
from tests.storage.staff_members import ALL, AREA, KEYS, come, grant_all, waiting

pytestmark = pytest.mark.row("S23", "S25")

SUBJECTS = {"subjects": " ".join(one.code for one in EXAM.subjects)}
APPROVED = replace(
    waiting(1, Stage.APPROVED), answers={**waiting(1, Stage.APPROVED).answers, **SUBJECTS}
)
OPENS = EXAM.windows.payment.opens
DUE = amount_due(APPROVED, EXAM)
ORDER = Order(
    OrderId(10),
    "B10",
    APPROVED.id,
    APPROVED.person_id,
    1,
    PaymentWay.WECHAT,
    DUE,
    OPENS,
    EXAM.windows.payment.closes,
    OrderState.ASKED,
)


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"currency": "USD"}, f"{DUE} USD（最小单位，不是人民币）（应缴 260 元）"),
        ({"amount": DUE - 100}, "259 元（应缴 260 元）"),
        ({"is_merchant": False}, "260 元（应缴 260 元）"),
        ({"at": EXAM.windows.payment.closes}, "260 元（应缴 260 元）"),
    ],
    ids=["currency", "amount", "merchant", "late"],
)
async def test_money_that_differs_is_in_the_list_with_both_figures(
    process: StorageProcess, changed: dict[str, object], shown: str
) -> None:
    paid = Money(PaymentWay.WECHAT, "c1", "B10", DUE, "CNY", OPENS, Source.QUERY)
    async with batch_router(process) as router:
        await grant_all(process.db, *ALL)
        await process.work.refresh_staff()
        await come(process.db, APPROVED)
        router.now = OPENS + timedelta(days=1)
        async with process.db.write() as connection:
            await orders.add(connection, KEYS, ORDER)
            books = Ledger(connection, KEYS, EXAM, router.now, RowIds().next)
            money = replace(paid, **changed)  # type: ignore[arg-type]
            settled = await settling.receive(books, money)
        assert settled is not None
        assert settled.application is not None
        assert settled.application.stage is Stage.APPROVED
        listed = await router.drawn(await router.run(router.says(AREA.telegram_id, "/payments")))
        assert shown in listed
        is_foreign = "currency" in changed
        assert ("不是人民币，没有计入" in listed) is is_foreign
        assert ("应退：1 笔" in listed) is not is_foreign
        async with process.db.read() as connection:
            (charge,) = await charges.owed(connection, KEYS, [AREA], 0, 10)
        about = router.goes(AREA.telegram_id, Action.MONEY, f"o{charge.id}")
        card = await router.drawn(await router.run(about))
        assert shown in card.replace("<b>", "").replace("</b>", "")
        assert "c1" in card


async def test_a_long_list_of_money_is_leafed_through(process: StorageProcess) -> None:
    wrong = Money(PaymentWay.WECHAT, "c", "B10", DUE - 100, "CNY", OPENS, Source.QUERY)
    async with batch_router(process) as router:
        await grant_all(process.db, *ALL)
        await process.work.refresh_staff()
        await come(process.db, APPROVED)
        router.now, ids = OPENS + timedelta(days=1), RowIds()
        async with process.db.write() as connection:
            await orders.add(connection, KEYS, ORDER)
            books = Ledger(connection, KEYS, EXAM, router.now, ids.next)
            for number in range(12):
                await settling.receive(books, replace(wrong, charge=f"c{number}"))
        listed = await router.drawn(await router.run(router.says(AREA.telegram_id, "/payments")))
        assert "应退的钱（12 笔）" in listed
        assert "10. " in listed
        assert "11. " not in listed
        on = await router.drawn(
            await router.run(router.goes(AREA.telegram_id, Action.PART, "payments:10"))
        )
        assert "12. " in on
        assert "10. " not in on
        beyond = await router.run(router.goes(AREA.telegram_id, Action.PART, "payments:900"))
        assert "1. " in await router.drawn(beyond)
