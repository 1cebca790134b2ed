"""Steps of stories about the fee: an approved candidate of an area that takes it here."""

from __future__ import annotations

from sqlalchemy import select

from bot.core.database import read_keys
from states.exam import Exam, PaymentWay
from states.payment.orders import OPEN, Bucket
from states.staff_roles import Role, Scope
from storage.engine.tables import payment_orders
from storage.payments import charges
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person
from tests.e2e.staff import AREA, SITE, grant_role, undo_window_ends
from tests.e2e.stories.test_staff_review import takes_and_approves


def paying_here(*ways: PaymentWay) -> Exam:
    """The exam in which Qinghai takes the fee in these ways."""
    areas = tuple(
        one.model_copy(update={"ways": ways}) if one.code == "qinghai" else one
        for one in EXAM.areas
    )
    return EXAM.model_copy(update={"areas": areas})


HERE = paying_here(PaymentWay.TELEGRAM)


async def is_approved(harness: Harness, ling: Person, admin: Person) -> None:
    """Ling has registered, and both reviews are passed."""
    site, area = harness.person("site"), harness.person("area")
    await scenes.meets_the_bot(admin)
    await scenes.registers(ling)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
    await grant_role(harness, AREA, Role.AREA_REVIEWER, Scope("qinghai"))
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await takes_and_approves(site, "报名确认")
    await undo_window_ends(harness, admin)
    await admin.says("/clock +15d")
    await admin.sees("12月19日")
    await takes_and_approves(site, "考点审核")
    await undo_window_ends(harness, admin)
    await takes_and_approves(area, "考区审核")
    await undo_window_ends(harness, admin)


async def comes_to_pay(ling: Person) -> None:
    """From the status to the ways of paying."""
    await ling.says("/status")
    await ling.sees("现在轮到您了：请缴费")
    await ling.presses("去缴费")
    await ling.sees("请先核对，再付款")


async def buckets(harness: Harness) -> dict[Bucket, int]:
    """How many payments are in each bucket."""
    keys = read_keys(harness.settings)
    async with opened(harness.settings.database) as db, db.read() as connection:
        found = [charge.bucket for charge in await charges.all_of(connection, keys)]
    return {bucket: found.count(bucket) for bucket in set(found)}


async def open_orders(harness: Harness) -> list[str]:
    """The numbers of the orders that can be paid."""
    query = select(payment_orders.c.number).where(payment_orders.c.state.in_(OPEN))
    async with opened(harness.settings.database) as db, db.read() as connection:
        return [number for (number,) in await connection.execute(query)]


async def cashier(harness: Harness, outcome: str) -> None:
    """The sandbox's cashier does this to the next payments."""
    url = f"{harness.address}/sandbox/cashier"
    async with harness.http.post(url, json={"outcome": outcome}) as response:
        assert response.status == 200, await response.text()


async def delivers(harness: Harness, ago: float = 0.0) -> None:
    """The cashier sends what it held back; it was paid so many seconds before."""
    url = f"{harness.address}/sandbox/cashier/deliver"
    async with harness.http.post(url, json={"ago": ago}) as response:
        assert response.status == 200, await response.text()
