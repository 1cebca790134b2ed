"""WeChat Pay and Alipay: real signatures by their libraries, against keys made for the test."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")

from bot.payments.alipay import AlipayCashier, AlipayKeys
from bot.payments.cashier import (
    BadNotification,
    Cashier,
    ProviderRefused,
    ProviderUnavailable,
    Standing,
)
from bot.payments.wechat import WeChatCashier, WeChatKeys
from states.exam import PaymentWay
from states.payment import ledger
from states.payment.orders import Charge, ChargeId, Money, Order, Source
from states.payment.refunds import Refund, RefundState
from tests.fakes.providers import FakeAlipay, FakeWeChat, new_key, private_pem, public_pem
from tests.states.payment.test_ledger import EXAM, ORDER, PAID

pytestmark = pytest.mark.row("S23")

OURS, PLATFORM = new_key(), new_key()
URL = "https://bot.example.org/payments/x"
AT = datetime(2026, 2, 5, 6, 20, tzinfo=UTC)
WECHAT = replace(ORDER, way=PaymentWay.WECHAT, payer="")
ALIPAY = replace(ORDER, way=PaymentWay.ALIPAY, payer="")
FORGERIES = 5_000
"""Of each provider."""


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> FakeWeChat:
    """WeChat's server, which nothing else is asked."""
    server = FakeWeChat(OURS, platform=PLATFORM)
    monkeypatch.setattr("wechatpayv3.core.requests", server)
    return server


@pytest.fixture
def wechat_cashier(wechat: FakeWeChat) -> WeChatCashier:
    """Our side of it."""
    keys = WeChatKeys(
        "1900000001",
        "wx0001",
        "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        private_pem(OURS),
        wechat.api_key,
        wechat.serial,
        public_pem(PLATFORM),
    )
    return WeChatCashier(keys, URL)


@pytest.fixture
def alipay(monkeypatch: pytest.MonkeyPatch) -> FakeAlipay:
    """Alipay's gateway."""
    server = FakeAlipay(OURS, platform=PLATFORM)
    monkeypatch.setattr("alipay.urlopen", server.urlopen)
    return server


@pytest.fixture
def alipay_cashier(alipay: FakeAlipay) -> AlipayCashier:
    """Our side of it."""
    keys = AlipayKeys("2021000001", "2088000001", private_pem(OURS), public_pem(PLATFORM))
    return AlipayCashier(keys, URL, lambda: AT)


def wechat_paid(**other: Any) -> dict[str, Any]:
    """What WeChat says of a paid order."""
    return {
        "mchid": "1900000001",
        "appid": "wx0001",
        "out_trade_no": "B1",
        "transaction_id": "4200001234",
        "trade_state": "SUCCESS",
        "success_time": "2026-02-05T14:20:00+08:00",
        "amount": {"total": WECHAT.amount, "currency": "CNY", "payer_total": WECHAT.amount},
        **other,
    }


def alipay_paid(**other: str) -> dict[str, str]:
    """What Alipay says of a paid order."""
    return {
        "app_id": "2021000001",
        "seller_id": "2088000001",
        "out_trade_no": "B1",
        "trade_no": "2026020522001",
        "trade_status": "TRADE_SUCCESS",
        "total_amount": f"{ALIPAY.amount / 100:.2f}",
        "gmt_payment": "2026-02-05 14:20:00",
        **other,
    }


def charge(order: Order, number: str) -> Charge:
    """Money that came in for an order twice, so that it is owed back."""
    money = replace(PAID, way=order.way, charge=number, order="unknown")
    return ledger.receive(money, None, None, EXAM, ChargeId(9), AT).charge


REFUND = Refund(1, "R9", ChargeId(9), WECHAT.amount, "twice", RefundState.ASKED, 7, AT)


async def test_wechat_makes_asks_closes_and_refunds(
    wechat: FakeWeChat, wechat_cashier: WeChatCashier
) -> None:
    wechat.answer = lambda *_: (200, {"code_url": "weixin://wxpay/bizpayurl?pr=x"})
    assert await wechat_cashier.create(WECHAT, "fee") == "weixin://wxpay/bizpayurl?pr=x"
    (_, path, body) = wechat.calls[-1]
    assert (path, body["amount"], body["out_trade_no"], body["notify_url"]) == (
        "/v3/pay/transactions/native",
        {"total": WECHAT.amount, "currency": "CNY"},
        "B1",
        URL,
    )
    wechat.answer = lambda *_: (200, wechat_paid())
    status = await wechat_cashier.query(WECHAT)
    assert status.money is not None
    assert (status.standing, status.money.at, status.money.amount) == (
        Standing.PAID,
        AT,
        WECHAT.amount,
    )
    wechat.answer = lambda *_: (404, {"code": "ORDER_NOT_EXIST"})
    assert (await wechat_cashier.query(WECHAT)).standing is Standing.UNKNOWN
    await wechat_cashier.close(WECHAT)
    wechat.answer = lambda *_: (204, {})
    await wechat_cashier.close(WECHAT)
    wechat.answer = lambda *_: (200, {"status": "SUCCESS", "refund_id": "50001"})
    assert await wechat_cashier.refund(REFUND, charge(WECHAT, "4200001234")) == "50001"
    body = wechat.calls[-1][2]
    assert (body["out_refund_no"], body["transaction_id"]) == ("R9", "4200001234")


@pytest.mark.parametrize("code", [500, 502, 503, 429])
async def test_wechat_out_of_order_is_asked_again(
    code: int, wechat: FakeWeChat, wechat_cashier: WeChatCashier
) -> None:
    wechat.answer = lambda *_: (code, {"code": "SYSTEM_ERROR"})
    with pytest.raises(ProviderUnavailable):
        await wechat_cashier.query(WECHAT)
    wechat.answer = lambda *_: (403, {"code": "NOT_ENOUGH"})
    with pytest.raises(ProviderRefused, match="NOT_ENOUGH"):
        await wechat_cashier.refund(REFUND, charge(WECHAT, "4200001234"))


async def test_a_page_in_the_place_of_wechats_answer_settles_nothing(
    wechat: FakeWeChat, wechat_cashier: WeChatCashier
) -> None:
    """Gateways answer in HTML: no order and no refund is set aside for that."""
    wechat.answer = lambda *_: (403, "<html>Forbidden</html>")
    with pytest.raises(ProviderUnavailable):
        await wechat_cashier.query(WECHAT)


async def test_an_answer_with_another_signature_settles_nothing(
    wechat: FakeWeChat, wechat_cashier: WeChatCashier
) -> None:
    wechat.platform = new_key()
    wechat.answer = lambda *_: (200, wechat_paid())
    with pytest.raises(ProviderUnavailable):
        await wechat_cashier.query(WECHAT)


def test_wechats_notification_is_read(wechat: FakeWeChat, wechat_cashier: WeChatCashier) -> None:
    money = wechat_cashier.notification(*wechat.notification(wechat_paid()))
    assert money is not None
    assert (money.charge, money.order, money.at, money.source, money.is_merchant) == (
        "4200001234",
        "B1",
        AT,
        Source.NOTIFICATION,
        True,
    )
    other = wechat_cashier.notification(*wechat.notification(wechat_paid(mchid="1")))
    assert other is not None
    assert not other.is_merchant


def test_alipays_notification_is_read(alipay: FakeAlipay, alipay_cashier: AlipayCashier) -> None:
    money = alipay_cashier.notification({}, alipay.notification(alipay_paid()))
    assert money is not None
    assert (money.charge, money.amount, money.at) == ("2026020522001", ALIPAY.amount, AT)
    other = alipay_cashier.notification({}, alipay.notification(alipay_paid(seller_id="1")))
    assert other is not None
    assert not other.is_merchant
    closed = alipay.notification(alipay_paid(trade_status="TRADE_CLOSED"))
    assert alipay_cashier.notification({}, closed) is None


def test_what_was_forged_or_altered_is_refused(
    wechat: FakeWeChat,
    wechat_cashier: WeChatCashier,
    alipay: FakeAlipay,
    alipay_cashier: AlipayCashier,
) -> None:
    chance = random.Random(7)
    told: list[tuple[Cashier, dict[str, str], bytes]] = [
        (wechat_cashier, *wechat.notification(wechat_paid())),
        (alipay_cashier, {}, alipay.notification(alipay_paid())),
    ]
    for cashier, headers, body in told:
        untouched = cashier.notification(headers, body)
        for _ in range(FORGERIES):
            altered = bytearray(body)
            altered[chance.randrange(len(body))] ^= 1 << chance.randrange(7)
            if bytes(altered) == body:
                continue
            assert reads(cashier, headers, bytes(altered)) in (None, untouched)
        for junk in (b"", b"{}", b"sign=x", b"\xff\xfe", b"[" * 5_000, b"a=1&sign=eA=="):
            with pytest.raises(BadNotification):
                cashier.notification(headers, junk)
    assert not wechat.calls
    assert not alipay.calls


def reads(cashier: Cashier, headers: dict[str, str], body: bytes) -> Money | None:
    """What is read of an altered body: nothing, or the same, as of another spelling of it."""
    try:
        return cashier.notification(headers, body)
    except BadNotification:
        return None


def test_another_serial_is_refused_without_asking_for_certificates(
    wechat: FakeWeChat, wechat_cashier: WeChatCashier
) -> None:
    headers, body = wechat.notification(wechat_paid())
    for serial in ("", "PUB_KEY_ID_2", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"):
        with pytest.raises(BadNotification):
            wechat_cashier.notification({**headers, "wechatpay-serial": serial}, body)
    assert wechat.calls == []


def test_a_serial_in_headers_that_only_the_library_knows_asks_for_none_either(
    wechat: FakeWeChat, wechat_cashier: WeChatCashier
) -> None:
    """The library would fetch certificates while the loop of the bot waits for it."""
    headers, body = wechat.notification(wechat_paid())
    foreign = {
        "HTTP_WECHATPAY_SIGNATURE": headers["wechatpay-signature"],
        "HTTP_WECHATPAY_TIMESTAMP": headers["wechatpay-timestamp"],
        "HTTP_WECHATPAY_NONCE": headers["wechatpay-nonce"],
        "HTTP_WECHATPAY_SIGNATURE_TYPE": headers["wechatpay-signature-type"],
        "HTTP_WECHATPAY_SERIAL": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        "wechatpay-serial": wechat.serial,
    }
    with pytest.raises(BadNotification):
        wechat_cashier.notification(foreign, body)
    assert wechat.calls == []


def test_a_notification_of_another_key_is_refused(
    wechat: FakeWeChat, wechat_cashier: WeChatCashier
) -> None:
    wechat.platform = new_key()
    with pytest.raises(BadNotification):
        wechat_cashier.notification(*wechat.notification(wechat_paid()))


async def test_alipay_makes_asks_closes_and_refunds(
    alipay: FakeAlipay, alipay_cashier: AlipayCashier
) -> None:
    alipay.answer = lambda *_: {"code": "10000", "qr_code": "https://qr.alipay.com/bax"}
    assert await alipay_cashier.create(ALIPAY, "fee") == "https://qr.alipay.com/bax"
    assert alipay.calls[-1][1]["total_amount"] == f"{ALIPAY.amount / 100:.2f}"
    alipay.answer = lambda *_: {
        "code": "10000",
        **alipay_paid(),
        "send_pay_date": "2026-02-05 14:20:00",
    }
    status = await alipay_cashier.query(ALIPAY)
    assert status.money is not None
    assert (status.standing, status.money.at) == (Standing.PAID, AT)
    alipay.answer = lambda *_: {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}
    assert (await alipay_cashier.query(ALIPAY)).standing is Standing.UNKNOWN
    await alipay_cashier.close(ALIPAY)
    alipay.answer = lambda *_: {"code": "20000", "sub_code": "ACQ.SYSTEM_ERROR"}
    with pytest.raises(ProviderUnavailable):
        await alipay_cashier.query(ALIPAY)
    alipay.answer = lambda *_: {"code": "10000", "trade_no": "2026020522001"}
    receipt = await alipay_cashier.refund(REFUND, charge(ALIPAY, "2026020522001"))
    assert receipt == "2026020522001"
    assert alipay.calls[-1][1]["out_request_no"] == "R9"
