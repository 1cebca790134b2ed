"""Alipay, a code to scan: https://opendocs.alipay.com/open/8ad49e4a_alipay.trade.precreate.

``python-alipay-sdk`` signs and verifies. The provider's times are China's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from alipay.utils import AliPayConfig

from bot.payments.cashier import (
    BadNotification,
    OrderStatus,
    ProviderRefused,
    ProviderUnavailable,
    Standing,
    in_thread,
)
from states.exam import PaymentWay
from states.payment.orders import Charge, Money, Order, Source
from states.payment.refunds import Refund
from states.records import CURRENCY

TIMEOUT: Final = 15
CHINA: Final = ZoneInfo("Asia/Shanghai")
_FORMAT: Final = "%Y-%m-%d %H:%M:%S"
_UNSETTLED: Final = (URLError, OSError, ValueError)
_OK: Final = "10000"
_TRY_AGAIN: Final = {"20000", "ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error"}
_NO_SUCH_ORDER: Final = "ACQ.TRADE_NOT_EXIST"
_ENDED: Final = {_NO_SUCH_ORDER, "ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID"}
_PAID: Final = {"TRADE_SUCCESS", "TRADE_FINISHED"}
_STANDINGS: Final = {
    **dict.fromkeys(_PAID, Standing.PAID),
    "WAIT_BUYER_PAY": Standing.OPEN,
    "TRADE_CLOSED": Standing.CLOSED,
}


@dataclass(frozen=True, slots=True)
class AlipayKeys:
    """An app's account: its ids and keys as PEM text. ``seller`` is the account that is paid."""

    app_id: str
    seller: str
    private_key: str
    public_key: str


class AlipayCashier:
    """Takes the fee by a code that Alipay scans.

    Args:
        now: returns the real time, which each call carries.
    """

    way = PaymentWay.ALIPAY

    def __init__(self, keys: AlipayKeys, notify_url: str, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._notify_url = notify_url
        self._now = now
        self._client = AliPay(
            appid=keys.app_id,
            app_private_key_string=keys.private_key,
            alipay_public_key_string=keys.public_key,
            config=AliPayConfig(timeout=TIMEOUT),
        )

    async def create(self, order: Order, subject: str) -> str:
        """Make the order payable; return the address in the code."""
        answer = await self._call(
            "alipay.trade.precreate",
            {
                "subject": subject,
                "out_trade_no": order.number,
                "total_amount": _yuan(order.amount),
                "time_expire": order.closes_at.astimezone(CHINA).strftime(_FORMAT),
            },
            notify_url=self._notify_url,
        )
        return str(answer["qr_code"])

    async def query(self, order: Order) -> OrderStatus:
        """Ask how an order stands; Alipay knows it once somebody has scanned its code."""
        try:
            answer = await self._call("alipay.trade.query", {"out_trade_no": order.number})
        except ProviderRefused as refused:
            if refused.code == _NO_SUCH_ORDER:
                return OrderStatus(Standing.UNKNOWN)
            raise
        standing = _STANDINGS.get(answer["trade_status"], Standing.OPEN)
        if standing is not Standing.PAID:
            return OrderStatus(standing)
        paid_at = _moment(answer["send_pay_date"])
        return OrderStatus(standing, self._money(answer, paid_at, Source.QUERY, is_merchant=True))

    async def close(self, order: Order) -> None:
        """Let nobody pay an order any more."""
        try:
            await self._call("alipay.trade.close", {"out_trade_no": order.number})
        except ProviderRefused as refused:
            if refused.code not in _ENDED:
                raise

    async def refund(self, refund: Refund, charge: Charge) -> str:
        """Send a charge back; the same ``out_request_no`` sends it once."""
        answer = await self._call(
            "alipay.trade.refund",
            {
                "trade_no": charge.number,
                "refund_amount": _yuan(refund.amount),
                "out_request_no": refund.number,
            },
        )
        return str(answer["trade_no"])

    def notification(self, headers: Mapping[str, str], body: bytes) -> Money | None:
        """Return the money of a notification; the signature covers its decoded fields."""
        try:
            told = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            signature = told.pop("sign")
            is_signed = self._client.verify(dict(told), signature)
        except Exception as error:  # of the library's parsers too
            raise BadNotification(type(error).__name__) from None
        if not is_signed:
            raise BadNotification("signature")
        if told.get("trade_status") not in _PAID or "refund_fee" in told:
            return None
        ours = (self._keys.app_id, self._keys.seller)
        is_merchant = (told.get("app_id"), told.get("seller_id")) == ours
        paid_at = _moment(told["gmt_payment"])
        return self._money(told, paid_at, Source.NOTIFICATION, is_merchant=is_merchant)

    def acknowledgement(self) -> tuple[bytes, str]:
        """Return the answer to a notification: these seven characters."""
        return b"success", "text/plain"

    def _money(
        self, paid: Mapping[str, Any], at: datetime, source: Source, *, is_merchant: bool
    ) -> Money:
        return Money(
            PaymentWay.ALIPAY,
            str(paid["trade_no"]),
            str(paid["out_trade_no"]),
            _fen(paid["total_amount"]),
            CURRENCY,
            at,
            source,
            is_merchant=is_merchant,
        )

    async def _call(self, method: str, content: dict[str, str], **more: str) -> Mapping[str, Any]:
        """Call the provider in a thread, as the library blocks."""
        at = self._now().astimezone(CHINA).strftime(_FORMAT)
        try:
            answer: Mapping[str, Any] = await in_thread(
                self._client.server_api, method, content, timestamp=at, **more
            )
        except (*_UNSETTLED, AliPayException, AliPayValidationError) as error:
            raise ProviderUnavailable(type(error).__name__) from None
        if answer.get("code") == _OK:
            return answer
        code = str(answer.get("sub_code") or answer.get("code"))
        if code in _TRY_AGAIN or answer.get("code") == "20000":
            raise ProviderUnavailable(code)
        raise ProviderRefused(code)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _fen(yuan: str) -> int:
    """Return whole fen of an amount in yuan.

    Raises:
        ValueError: it is no amount of whole fen.
    """
    try:
        fen = Decimal(yuan) * 100
        if fen != fen.to_integral_value():
            raise ValueError(yuan)
    except InvalidOperation:
        raise ValueError(yuan) from None
    return int(fen)


def _moment(china: str) -> datetime:
    return datetime.strptime(china, _FORMAT).replace(tzinfo=CHINA)
