"""Each fault strikes as configured, and no more often."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.world import World
from bot.sandbox.world.faults import FaultKind, Faults
from bot.sandbox.world.people import Person
from tests.sandbox.caller import Caller

pytestmark = pytest.mark.row("B22")

BROKEN = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError)


@pytest.fixture
def send(world: World, ling: Person) -> dict[str, Any]:
    """The parameters of a valid call."""
    world.says(ling, "/start")
    return {"method": "sendMessage", "chat_id": ling.id, "text": "a"}


class TestCalls:
    async def test_429(self, world: World, bot: Caller, send: dict[str, Any]) -> None:
        world.faults.add("429", seconds=7)
        reply = await bot(**send)
        assert reply.refusal == (429, "Too Many Requests: retry after 7")
        assert reply.body["parameters"] == {"retry_after": 7}
        assert len(world.chat(world.by_slug["ling"])) == 1
        assert (await bot(**send)).result

    async def test_500(self, world: World, bot: Caller, send: dict[str, Any]) -> None:
        world.faults.add("500", times=2)
        for _ in range(2):
            assert (await bot(**send)).refusal == (500, "Internal Server Error")
        assert (await bot(**send)).result
        assert len(world.chat(world.by_slug["ling"])) == 2

    async def test_timeout_does_it_and_never_answers(
        self, world: World, bot: Caller, send: dict[str, Any]
    ) -> None:
        world.faults.add("timeout", seconds=0.01)
        with pytest.raises(BROKEN):
            await bot(**send)
        assert len(world.chat(world.by_slug["ling"])) == 2

    async def test_timeout_ends_when_the_bot_has_had_enough(
        self, world: World, bot: Caller, send: dict[str, Any]
    ) -> None:
        world.faults.add("timeout", seconds=3600)
        timeout = aiohttp.ClientTimeout(total=0.2)
        url = f"{bot.base}/bot4242:sandbox/{send.pop('method')}"
        with pytest.raises(TimeoutError):
            await bot.session.post(url, json=send, timeout=timeout)
        assert len(world.chat(world.by_slug["ling"])) == 2

    async def test_refuse_closes_before_anything_is_done(
        self, world: World, bot: Caller, send: dict[str, Any]
    ) -> None:
        world.faults.add("refuse")
        with pytest.raises(BROKEN):
            await bot(**send)
        assert len(world.chat(world.by_slug["ling"])) == 1
        assert world.log() == []

    async def test_delay_does_it_late(
        self, world: World, bot: Caller, send: dict[str, Any]
    ) -> None:
        world.faults.add("delay", seconds=0.05)
        assert (await bot(**send)).result
        assert world.faults.active() == ()

    async def test_over_http(self, world: World, bot: Caller, send: dict[str, Any]) -> None:
        url = f"{bot.base}/sandbox/faults"
        fault = {"kind": "500", "method": "sendMessage", "times": None, "chat_id": 1001}
        async with bot.session.post(url, json=fault) as response:
            assert (await response.json())[0]["times"] is None
        assert (await bot("getMe")).result
        for _ in range(3):
            assert (await bot(**send)).refusal[0] == 500
        async with bot.session.delete(url) as response:
            assert await response.json() == []
        assert (await bot(**send)).result


class TestDelivery:
    async def test_redelivers_what_was_confirmed(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        for text in "123":
            world.says(ling, text)
        updates = (await bot("getUpdates")).result
        after = updates[-1]["update_id"] + 1
        await bot("getUpdates", offset=after)
        world.faults.add("redeliver")
        world.says(ling, "4")
        again = (await bot("getUpdates", offset=after)).result
        assert again[:3] == updates
        assert again[3]["message"]["text"] == "4"
        assert len((await bot("getUpdates", offset=after)).result) == 1

    async def test_shuffles_what_is_pending(self, world: World, bot: Caller, ling: Person) -> None:
        for text in "12345":
            world.says(ling, text)
        world.faults.add("shuffle")
        ids = [update["update_id"] for update in (await bot("getUpdates")).result]
        assert ids != sorted(ids)
        again = [update["update_id"] for update in (await bot("getUpdates")).result]
        assert again == sorted(ids)


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "struck"),
        [
            ({}, {"sendMessage", "getMe"}),
            ({"method": "sendmessage"}, {"sendMessage"}),
            ({"method": "getUpdates"}, {"getUpdates"}),
            ({"chat_id": 1}, {"sendMessage"}),
            ({"chat_id": 2}, set()),
        ],
    )
    def test_filters(self, fault: dict[str, Any], struck: set[str]) -> None:
        faults = Faults()
        faults.add(FaultKind.INTERNAL, times=None, **fault)
        calls = {"sendMessage": 1, "getMe": None, "getUpdates": None}
        assert {name for name, chat in calls.items() if faults.take_for_call(name, chat)} == struck

    @pytest.mark.parametrize("wrong", [{"times": 0}, {"seconds": -1}])
    def test_nonsense_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="must"):
            Faults().add("500", **wrong)

    def test_one_kind_can_be_switched_off(self) -> None:
        faults = Faults()
        faults.add("500")
        faults.add("delay")
        faults.clear("500")
        assert [fault.kind for fault in faults.active()] == [FaultKind.DELAY]
