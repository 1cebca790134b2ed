"""A bot with accounts at WeChat Pay and Alipay: key files, the two servers, their notifications."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.e2e.bot import Harness
from tests.e2e.reverse_proxy import free_port
from tests.fakes.providers import (
    AlipayOrders,
    FakeAlipay,
    FakeWeChat,
    WeChatOrders,
    new_key,
    private_pem,
    public_pem,
)

WECHAT = {
    "mchid": "1900000001",
    "appid": "wx0001",
    "serial": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
    "api_key": "k" * 32,
    "public_key_id": "PUB_KEY_ID_0000000000000000000000000001",
}
ALIPAY = {"app_id": "2021000001", "seller": "2088000001"}
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(slots=True)
class Merchant:
    """The two accounts, where the bot listens to their providers, and the bot's settings."""

    wechat: WeChatOrders
    alipay: AlipayOrders
    listen: str
    settings: dict[str, str]

    async def posts(self, harness: Harness, way: str, headers: dict[str, str], body: bytes) -> str:
        """A provider reports; what it reads as the answer."""
        url = f"http://{self.listen}/payments/{way}"
        async with harness.http.post(url, data=body, headers=headers) as response:
            return f"{response.status} {await response.text()}"

    async def wechat_is_paid(self, harness: Harness, number: str, at: datetime, charge: str) -> str:
        """Somebody pays an order by WeChat, and WeChat reports it."""
        return await self.posts(harness, "wechat", *self.wechat.pay(number, at, charge))

    async def alipay_is_paid(self, harness: Harness, number: str, at: datetime, charge: str) -> str:
        """Somebody pays an order by Alipay, and Alipay reports it."""
        told = self.alipay.pay(number, f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}", charge)
        ours = {"app_id": ALIPAY["app_id"], "seller_id": ALIPAY["seller"]}
        body = self.alipay.server.notification({**told, **ours})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.posts(harness, "alipay", form, body)


def connect(harness: Harness, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Merchant:
    """Give the harness's bot keys for both, and put the servers behind the libraries."""
    ours, platform = new_key(), new_key()
    wechat, alipay = FakeWeChat(ours, platform=platform), FakeAlipay(ours, platform=platform)
    monkeypatch.setattr("wechatpayv3.core.requests", wechat)
    monkeypatch.setattr("alipay.urlopen", alipay.urlopen)
    listen = f"127.0.0.1:{free_port()}"
    paths = write_keys(folder, ours, platform)
    more = {**paths, "payments_url": "https://bot.example.org", "listen": listen}
    harness.settings = harness.settings.model_copy(update=more)
    return Merchant(WeChatOrders(wechat), AlipayOrders(alipay), listen, more)


@asynccontextmanager
async def gateway(wechat: FakeWeChat) -> AsyncIterator[str]:
    """WeChat Pay's server over HTTP, for a bot in a process of its own; its address."""

    async def answers(request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        headers = {**request.headers}
        if request.method == "GET":
            answer = wechat.get(str(request.url), headers)
        else:
            answer = wechat.post(str(request.url), headers, body)
        return web.Response(status=answer.status_code, text=answer.text, headers=answer.headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def write_keys(
    folder: Path, ours: rsa.RSAPrivateKey, platform: rsa.RSAPrivateKey
) -> dict[str, str]:
    """Write the key files that docs/operating.md describes; return the settings that name them."""
    (folder / "ours.pem").write_text(private_pem(ours))
    (folder / "theirs.pem").write_text(public_pem(platform))
    for name, entries in (("wechat", WECHAT), ("alipay", ALIPAY)):
        keys = {**entries, "private_key": "ours.pem", "public_key": "theirs.pem"}
        lines = (f'{key} = "{value}"\n' for key, value in keys.items())
        (folder / f"{name}.toml").write_text("".join(lines))
    return {"wechat_pay": str(folder / "wechat.toml"), "alipay": str(folder / "alipay.toml")}
