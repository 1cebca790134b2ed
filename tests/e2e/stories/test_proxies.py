"""A whole bot behind a proxy: it asks, sends, fetches files and uploads pictures through it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import scenes
from tests.e2e.bot import open_harness
from tests.fakes.proxies import (
    SIGNED_IN,
    HttpProxy,
    Proxy,
    SocksProxy,
    Way,
    listening,
)

NOWHERE = "http://localhost:9"
"""The address that the bot is given: only the proxy knows the way from there."""


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_person_registers_with_a_bot_behind_a_proxy(scheme: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, "") as harness:
        sandbox = harness.address
        ling = harness.person("ling")
        way = Way(int(sandbox.rpartition(":")[2]))
        make: type[HttpProxy] | type[SocksProxy] = HttpProxy if scheme == "http" else SocksProxy
        proxy: Proxy = make(way, asks=True)
        async with listening(proxy) as port:
            through = {"telegram_proxy": f"{scheme}://{SIGNED_IN}127.0.0.1:{port}"}
            harness.settings = harness.settings.model_copy(update=through)
            harness.address = NOWHERE
            await harness.starts()
            await scenes.registers(ling)
            await harness.settles()
            await harness.stops()
        assert set(proxy.seen) == {("localhost", 9)}
        done = {call.method for call in harness.world.log() if call.ok}
    assert {"getMe", "getUpdates", "getFile", "sendMessage", "sendPhoto"} <= done
