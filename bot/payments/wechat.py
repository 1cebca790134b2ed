"""WeChat Pay v3, native payments: https://pay.weixin.qq.com/doc/v3/merchant/4012791874.

``wechatpayv3`` signs, verifies and decrypts. The platform's public key comes from the settings: no
certificate is ever fetched, least of all while a notification waits for its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import orjson
import requests
from wechatpayv3 import WeChatPay, WeChatPayType

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

TIMEOUT: Final = (5.0, 15.0)
"""Seconds to connect and to read."""
_SERIAL: Final = "wechatpay-serial"
_SIGNED: Final = (
    _SERIAL,
    "wechatpay-signature-type",
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-signature",
)
"""The headers of a signature. The library also obeys others, which name another serial."""
_SUCCESS: Final = "SUCCESS"
_STANDINGS: Final = {
    "SUCCESS": Standing.PAID,
    "REFUND": Standing.PAID,
    "NOTPAY": Standing.OPEN,
    "USERPAYING": Standing.OPEN,
    "CLOSED": Standing.CLOSED,
    "REVOKED": Standing.CLOSED,
    "PAYERROR": Standing.OPEN,
}
"""The trade states of the provider."""
_NO_SUCH_ORDER: Final = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"}
_ALREADY_ENDED: Final = {"ORDER_CLOSED", "ORDERCLOSED", "ORDERPAID"}


@dataclass(frozen=True, slots=True)
class WeChatKeys:
    """A merchant's account: ids, serials and keys as PEM text."""

    mchid: str
    appid: str
    serial: str
    private_key: str
    api_key: str
    public_key_id: str
    public_key: str


class WeChatCashier:
    """Takes the fee by a code that WeChat scans."""

    way = PaymentWay.WECHAT

    def __init__(self, keys: WeChatKeys, notify_url: str) -> None:
        self._keys = keys
        self._client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=keys.mchid,
            private_key=keys.private_key,
            cert_serial_no=keys.serial,
            appid=keys.appid,
            apiv3_key=keys.api_key,
            notify_url=notify_url,
            timeout=TIMEOUT,
            public_key=keys.public_key,
            public_key_id=keys.public_key_id,
        )

    async def create(self, order: Order, subject: str) -> str:
        """Make the order payable; return the ``code_url``."""
        answer = await self._call(
            self._client.pay,
            description=subject,
            out_trade_no=order.number,
            amount={"total": order.amount, "currency": order.currency},
            time_expire=order.closes_at.astimezone().isoformat(timespec="seconds"),
        )
        return str(answer["code_url"])

    async def query(self, order: Order) -> OrderStatus:
        """Ask how an order stands."""
        try:
            answer = await self._call(self._client.query, out_trade_no=order.number)
        except ProviderRefused as refused:
            if refused.code in _NO_SUCH_ORDER:
                return OrderStatus(Standing.UNKNOWN)
            raise
        standing = _STANDINGS.get(answer["trade_state"], Standing.OPEN)
        money = self._money(answer, Source.QUERY) if standing is Standing.PAID else None
        return OrderStatus(standing, money)

    async def close(self, order: Order) -> None:
        """Let nobody pay an order any more."""
        try:
            await self._call(self._client.close, out_trade_no=order.number)
        except ProviderRefused as refused:
            if refused.code not in _NO_SUCH_ORDER | _ALREADY_ENDED:
                raise

    async def refund(self, refund: Refund, charge: Charge) -> str:
        """Send a charge back."""
        amount = {"refund": refund.amount, "total": charge.amount, "currency": charge.currency}
        answer = await self._call(
            self._client.refund,
            out_refund_no=refund.number,
            transaction_id=charge.number,
            amount=amount,
        )
        if answer["status"] == "PROCESSING":
            answer = await self._call(self._client.query_refund, out_refund_no=refund.number)
        if answer["status"] == "PROCESSING":
            raise ProviderUnavailable("the refund is under way")
        if answer["status"] != _SUCCESS:
            raise ProviderRefused(str(answer["status"]))
        return str(answer["refund_id"])

    def notification(self, headers: Mapping[str, str], body: bytes) -> Money | None:
        """Return the money of a notification.

        The library fetches certificates for a serial that it does not know; such a notification
        is refused before.
        """
        if headers.get(_SERIAL) != self._keys.public_key_id:
            raise BadNotification("another serial")
        try:
            told = self._client.callback({name: headers.get(name, "") for name in _SIGNED}, body)
        except Exception as error:  # the library raises what its parsers raise
            raise BadNotification(type(error).__name__) from None
        if not told:
            raise BadNotification("signature")
        paid = told["resource"]
        if told.get("event_type") != "TRANSACTION.SUCCESS" or paid.get("trade_state") != _SUCCESS:
            return None
        return self._money(paid, Source.NOTIFICATION)

    def acknowledgement(self) -> tuple[bytes, str]:
        """Return the answer to a notification."""
        return orjson.dumps({"code": _SUCCESS, "message": ""}), "application/json"

    def _money(self, paid: Mapping[str, Any], source: Source) -> Money:
        ours = (self._keys.mchid, self._keys.appid)
        return Money(
            PaymentWay.WECHAT,
            str(paid["transaction_id"]),
            str(paid["out_trade_no"]),
            int(paid["amount"]["total"]),
            str(paid["amount"].get("currency", CURRENCY)),
            datetime.fromisoformat(paid["success_time"]),
            source,
            is_merchant=(paid.get("mchid"), paid.get("appid")) == ours,
        )

    async def _call(self, method: Callable[..., Any], **given: object) -> Mapping[str, Any]:
        """Call the provider in a thread, as the library blocks."""
        try:
            code, content = await in_thread(method, **given)
        except requests.RequestException as error:
            raise ProviderUnavailable(type(error).__name__) from None
        except Exception as error:  # the library raises bare exceptions, as for a bad signature
            if type(error) is not Exception:
                raise
            raise ProviderUnavailable("unverified answer") from None
        if code >= HTTPStatus.INTERNAL_SERVER_ERROR or code == HTTPStatus.TOO_MANY_REQUESTS:
            raise ProviderUnavailable(f"HTTP {code}")
        try:
            answer = orjson.loads(content) if content else {}
        except orjson.JSONDecodeError:  # a gateway's page in its place
            raise ProviderUnavailable(f"HTTP {code}, unreadable") from None
        if code >= HTTPStatus.BAD_REQUEST:
            raise ProviderRefused(str(answer.get("code", code)))
        found: Mapping[str, Any] = answer
        return found
