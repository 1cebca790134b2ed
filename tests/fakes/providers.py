"""Two providers as their documents describe them: they check our signatures and sign with keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Answer = Callable[[str, str, dict[str, Any]], tuple[int, dict[str, Any] | str]]
"""The status and the JSON of an answer; a text is a page of somebody between."""


def new_key() -> rsa.RSAPrivateKey:
    """A key pair."""
    return rsa.generate_private_key(65537, 2048)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """The private key as a file has it."""
    kind, style = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(kind, style, serialization.NoEncryption()).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    """The public key as a file has it."""
    style = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, style).decode()


def signed(key: rsa.RSAPrivateKey, text: str) -> str:
    """A signature in base64."""
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode()


def is_signed(key: rsa.RSAPrivateKey, text: str, signature: str) -> bool:
    """Whether a signature is this key's."""
    try:
        key.public_key().verify(
            base64.b64decode(signature), text.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True


@dataclass(slots=True)
class FakeWeChat:
    """WeChat Pay's server, in the place of ``requests``: https://pay.weixin.qq.com/doc/v3."""

    merchant: rsa.RSAPrivateKey
    answer: Answer = lambda _method, _path, _body: (200, {})
    platform: rsa.RSAPrivateKey = field(default_factory=new_key)
    serial: str = "PUB_KEY_ID_0000000000000000000000000001"
    api_key: str = "k" * 32
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def get(self, url: str, headers: dict[str, str], **_more: object) -> FakeResponse:
        """A GET."""
        return self._take("GET", url, headers, None)

    def post(
        self, url: str, headers: dict[str, str], json: Any = None, **_more: object
    ) -> FakeResponse:
        """A POST."""
        return self._take("POST", url, headers, json)

    def _take(self, method: str, url: str, headers: dict[str, str], body: Any) -> FakeResponse:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.calls.append((method, path, body or {}))
        scheme, _, given = headers["Authorization"].partition(" ")
        values = {
            name: value.strip('"')
            for name, _, value in (part.partition("=") for part in given.split(","))
        }
        sent = json.dumps(body) if body else ""
        text = f"{method}\n{path}\n{values['timestamp']}\n{values['nonce_str']}\n{sent}\n"
        assert scheme == "WECHATPAY2-SHA256-RSA2048"
        assert is_signed(self.merchant, text, values["signature"]), "our signature is wrong"
        code, content = self.answer(method, path, body or {})
        if isinstance(content, str):
            return FakeResponse(code, content, {"Content-Type": "text/html"})
        answered = json.dumps(content) if content else ""
        return FakeResponse(code, answered, self.headers(answered))

    def headers(self, body: str, serial: str = "") -> dict[str, str]:
        """The signature of an answer or a notification."""
        return {
            "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
            "wechatpay-serial": serial or self.serial,
            "wechatpay-timestamp": "1770000000",
            "wechatpay-nonce": "n0nce",
            "wechatpay-signature": signed(self.platform, f"1770000000\nn0nce\n{body}\n"),
            "Content-Type": "application/json",
        }

    def notification(self, paid: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """The headers and the body in which a payment is reported."""
        sealed = AESGCM(self.api_key.encode()).encrypt(
            b"0123456789ab", json.dumps(paid).encode(), b"transaction"
        )
        resource = {
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "nonce": "0123456789ab",
            "associated_data": "transaction",
        }
        told = {
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "resource": resource,
        }
        body = json.dumps(told)
        return self.headers(body), body.encode()


@dataclass(slots=True)
class WeChatOrders:
    """The orders and refunds of a merchant there; so many ``errors`` answer refunds first."""

    server: FakeWeChat
    errors: int = 0
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.answer = self.answer

    def answer(self, _method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The server's answer to a request."""
        match path.partition("?")[0].split("/")[2:]:
            case ["pay", "transactions", "native"]:
                number = body["out_trade_no"]
                self.orders[number] = {
                    "mchid": body["mchid"],
                    "appid": body["appid"],
                    "out_trade_no": number,
                    "trade_state": "NOTPAY",
                    "amount": body["amount"],
                }
                return 200, {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"}
            case ["pay", "transactions", "out-trade-no", number, "close"]:
                if number not in self.orders:
                    return 404, {"code": "ORDER_NOT_EXIST"}
                if self.orders[number]["trade_state"] == "NOTPAY":
                    self.orders[number]["trade_state"] = "CLOSED"
                return 204, {}
            case ["pay", "transactions", "out-trade-no", number]:
                known = self.orders.get(number)
                return (200, known) if known else (404, {"code": "ORDER_NOT_EXIST"})
            case ["refund", "domestic", "refunds"]:
                if self.errors:
                    self.errors -= 1
                    return 500, {"code": "SYSTEM_ERROR"}
                number = body["out_refund_no"]
                self.refunds.setdefault(number, body["amount"]["refund"])
                return 200, {"status": "SUCCESS", "refund_id": f"5{number}"}
        raise AssertionError(path)

    def pay(self, number: str, at: datetime, charge: str) -> tuple[dict[str, str], bytes]:
        """Somebody scans the code and pays; return the notification of it."""
        order = self.orders[number]
        assert order["trade_state"] != "CLOSED", "its code is dead"
        paid = {"transaction_id": charge, "success_time": at.isoformat(timespec="seconds")}
        order.update(trade_state="SUCCESS", **paid)
        return self.server.notification(order)


@dataclass(frozen=True, slots=True)
class FakeResponse:
    """An answer as ``requests`` gives it."""

    status_code: int
    text: str
    headers: dict[str, str]

    @property
    def content(self) -> bytes:
        """The body."""
        return self.text.encode()


@dataclass(slots=True)
class FakeAlipay:
    """Alipay's gateway, in the place of ``urlopen``: https://opendocs.alipay.com/common/02kf5q."""

    app: rsa.RSAPrivateKey
    answer: Callable[[str, dict[str, Any]], dict[str, Any]] = lambda _method, _content: {}
    platform: rsa.RSAPrivateKey = field(default_factory=new_key)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def urlopen(self, url: str, timeout: float) -> FakeStream:
        """A call: its query is signed, and so is the answer."""
        query = dict(parse_qsl(urlsplit(url).query))
        signature = query.pop("sign")
        text = "&".join(f"{name}={value}" for name, value in sorted(query.items()))
        assert is_signed(self.app, text, signature), "our signature is wrong"
        method, content = query["method"], json.loads(query["biz_content"])
        self.calls.append((method, content))
        answer = json.dumps(self.answer(method, content))
        name = method.replace(".", "_") + "_response"
        sign = signed(self.platform, answer)
        return FakeStream(f'{{"{name}":{answer},"sign":"{sign}"}}')

    def notification(self, told: dict[str, str]) -> bytes:
        """The body in which a payment is reported."""
        from urllib.parse import urlencode

        text = "&".join(f"{name}={value}" for name, value in sorted(told.items()))
        sign = signed(self.platform, text)
        return urlencode({**told, "sign_type": "RSA2", "sign": sign}).encode()


@dataclass(frozen=True, slots=True)
class FakeStream:
    """A body to read."""

    text: str

    def read(self) -> bytes:
        """The body."""
        return self.text.encode()


@dataclass(slots=True)
class AlipayOrders:
    """The orders of an app there; it knows one once somebody has scanned its code."""

    server: FakeAlipay
    codes: dict[str, str] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.answer = self.answer

    def answer(self, method: str, content: dict[str, Any]) -> dict[str, Any]:
        """The gateway's answer to a request."""
        number = content["out_trade_no"]
        if method == "alipay.trade.precreate":
            self.codes[number] = content["total_amount"]
            return {"code": "10000", "qr_code": f"https://qr.alipay.com/{number}"}
        known = self.orders.get(number)
        if known is None:
            return {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        if method == "alipay.trade.close":
            known["trade_status"] = "TRADE_CLOSED"
        return {"code": "10000", **known}

    def pay(self, number: str, china: str, charge: str) -> dict[str, str]:
        """Somebody scans the code and pays at this time of China; return what is reported."""
        told = {
            "out_trade_no": number,
            "trade_no": charge,
            "trade_status": "TRADE_SUCCESS",
            "total_amount": self.codes[number],
        }
        self.orders[number] = {**told, "send_pay_date": china}
        return {**told, "gmt_payment": china}
