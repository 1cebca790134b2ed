"""Update delivery by getUpdates and by a webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.people import Person
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import Watched

pytestmark = pytest.mark.row("B22")


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


@pytest.fixture
def waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """The events of a call that waits for an update."""
    waiting = Watched(world.updates.wait)
    monkeypatch.setattr(world.updates, "wait", waiting)
    return waiting


class TestGetUpdates:
    @pytest.fixture
    def said(self, world: World, ling: Person) -> list[int]:
        """The ids of five updates, with texts "1" to "5"."""
        for text in "12345":
            world.says(ling, text)
        return [update_id for update_id, _ in world.updates.oldest(100)]

    async def test_offset_confirms_what_is_below(self, bot: Caller, said: list[int]) -> None:
        assert texts((await bot("getUpdates")).result) == list("12345")
        assert texts((await bot("getUpdates", offset=said[2])).result) == list("345")
        assert texts((await bot("getUpdates", offset=said[0])).result) == list("345")
        assert texts((await bot("getUpdates", offset=0)).result) == list("345")
        assert (await bot("getUpdates", offset=said[-1] + 1)).result == []
        assert (await bot("getUpdates")).result == []

    async def test_negative_offset_keeps_the_newest(self, bot: Caller, said: list[int]) -> None:
        assert texts((await bot("getUpdates", offset=-2)).result) == list("45")
        assert texts((await bot("getUpdates")).result) == list("45")

    @pytest.mark.parametrize(("limit", "got"), [(2, "12"), (1000, "12345"), (-3, "1")])
    async def test_limit(self, bot: Caller, said: list[int], limit: int, got: str) -> None:
        assert texts((await bot("getUpdates", limit=limit)).result) == list(got)

    async def test_at_most_100_at_once(self, world: World, bot: Caller, ling: Person) -> None:
        for number in range(101):
            world.says(ling, str(number))
        assert len((await bot("getUpdates")).result) == 100

    async def test_waits_until_somebody_says_something(
        self, world: World, bot: Caller, ling: Person, waiting: Watched
    ) -> None:
        async def says_once_the_bot_waits() -> None:
            await waiting.began.wait()
            world.says(ling, "在吗")

        reply, _ = await asyncio.gather(bot("getUpdates", timeout=50), says_once_the_bot_waits())
        assert texts(reply.result) == ["在吗"]

    async def test_only_the_kinds_asked_for_are_made(
        self, world: World, bot: Caller, ling: Person
    ) -> None:
        await bot("getUpdates", allowed_updates=["edited_message"])
        world.says(ling, "1")
        world.edits(ling, 1, "2")
        [update] = (await bot("getUpdates")).result
        assert update["edited_message"]["text"] == "2"

    async def test_a_newer_call_ends_the_one_that_waits(
        self, bot: Caller, waiting: Watched
    ) -> None:
        async def another() -> None:
            await waiting.began.wait()
            assert (await bot("getUpdates")).result == []

        first, _ = await asyncio.gather(bot("getUpdates", timeout=50), another())
        assert first.refusal == (
            409,
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        )

    async def test_a_bot_that_hung_up_takes_nothing_along(
        self, world: World, bot: Caller, ling: Person, waiting: Watched
    ) -> None:
        gone = asyncio.create_task(bot("getUpdates", timeout=50))
        await waiting.began.wait()
        gone.cancel()
        await waiting.ended.wait()
        world.says(ling, "1")
        assert texts((await bot("getUpdates")).result) == ["1"]

    @pytest.mark.parametrize("how", ["query", "form", "json"])
    async def test_parameters_come_in_every_form(
        self, world: World, bot: Caller, said: list[int], how: str
    ) -> None:
        params = {"offset": str(said[3]), "limit": "1", "allowed_updates": '["message"]'}
        if how == "query":
            reply = await bot.query("getUpdates", **params)
        elif how == "form":
            reply = await bot.form("getUpdates", params)
        else:
            reply = await bot("getUpdates", **params)
        assert texts(reply.result) == ["4"]
        assert world.updates.allowed == ["message"]


class Hook:
    """A webhook that records updates and gives prepared answers."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[dict[str, Any], str | None]] = asyncio.Queue()
        self.statuses: list[int] = []
        self.answer: dict[str, Any] = {}
        self.hold = asyncio.Event()
        self.hold.set()

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.got.put_nowait((await request.json(), secret))
        await self.hold.wait()
        return web.json_response(self.answer, status=self.statuses.pop(0) if self.statuses else 200)

    async def texts(self, count: int) -> list[str]:
        return [(await self.got.get())[0]["message"]["text"] for _ in range(count)]


@asynccontextmanager
async def listening(hook: Hook) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}/hook"
    hook.hold.set()
    await runner.cleanup()


class TestWebhook:
    @pytest.fixture
    async def hook(self) -> Hook:
        return Hook()

    @pytest.fixture
    async def url(self, hook: Hook) -> AsyncIterator[str]:
        async with listening(hook) as url:
            yield url

    @pytest.fixture
    async def bot(self, world: World, url: str) -> AsyncIterator[Caller]:
        async with (
            serving(world, webhook_pause=0.01) as base,
            aiohttp.ClientSession() as session,
        ):
            yield Caller(session, base)

    async def test_brings_what_waited_and_what_comes(
        self, world: World, bot: Caller, hook: Hook, url: str, ling: Person
    ) -> None:
        world.says(ling, "1")
        assert (await bot("setWebhook", url=url, secret_token="s-3")).result is True
        update, secret = await hook.got.get()
        assert (update["message"]["text"], secret) == ("1", "s-3")
        world.says(ling, "2")
        assert await hook.texts(1) == ["2"]

    async def test_getting_updates_is_a_conflict_meanwhile(
        self, world: World, bot: Caller, url: str, ling: Person, waiting: Watched
    ) -> None:
        async def sets() -> None:
            await waiting.began.wait()
            await bot("setWebhook", url=url)

        ended, _ = await asyncio.gather(bot("getUpdates", timeout=50), sets())
        assert ended.refusal == (409, "Conflict: terminated by setWebhook request")
        assert (await bot("getUpdates")).refusal == (
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
        await bot("deleteWebhook")
        world.says(ling, "1")
        assert texts((await bot("getUpdates")).result) == ["1"]

    async def test_tries_again_until_taken(
        self, world: World, bot: Caller, hook: Hook, url: str, ling: Person
    ) -> None:
        hook.statuses = [503, 500, 302]
        await bot("setWebhook", url=url)
        world.says(ling, "1")
        assert await hook.texts(4) == ["1"] * 4
        await self.taken(world)
        info = (await bot("getWebhookInfo")).result
        assert info["url"] == url
        assert info["pending_update_count"] == 0
        assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"

    async def test_at_most_max_connections_at_once(
        self, world: World, bot: Caller, hook: Hook, url: str, ling: Person
    ) -> None:
        hook.hold.clear()
        await bot("setWebhook", url=url, max_connections=2)
        for text in "1234":
            world.says(ling, text)
        assert sorted(await hook.texts(2)) == ["1", "2"]
        assert (await bot("getWebhookInfo")).result["pending_update_count"] == 4
        assert hook.got.empty()
        hook.hold.set()
        assert sorted(await hook.texts(2)) == ["3", "4"]

    async def test_the_answer_may_carry_a_call(
        self, world: World, bot: Caller, hook: Hook, url: str, ling: Person
    ) -> None:
        hook.answer = {"method": "sendMessage", "chat_id": ling.id, "text": "您好"}
        await bot("setWebhook", url=url)
        world.says(ling, "1")
        seen = world.version(ling)
        await world.changed(ling, seen, 10)
        assert [message["text"] for message in world.chat(ling)] == ["1", "您好"]

    async def test_pending_updates_are_dropped_only_when_asked(
        self, world: World, bot: Caller, hook: Hook, url: str, ling: Person
    ) -> None:
        world.says(ling, "1")
        await bot("setWebhook", url=url, drop_pending_updates=True)
        world.says(ling, "2")
        assert await hook.texts(1) == ["2"]

    @pytest.mark.parametrize(
        ("params", "why"),
        [
            ({"url": "ftp://127.0.0.1/"}, "invalid webhook URL specified"),
            (
                {"url": "https://example.org/hook"},
                "bad webhook: the sandbox delivers to this computer only",
            ),
            (
                {"url": "http://127.0.0.1/", "secret_token": "张"},
                "secret token contains unallowed characters",
            ),
        ],
    )
    async def test_wrong_webhook(self, bot: Caller, params: dict[str, Any], why: str) -> None:
        assert (await bot("setWebhook", **params)).refusal == (400, f"Bad Request: {why}")
        assert (await bot("getWebhookInfo")).result["url"] == ""

    async def test_survives_a_restart_of_the_server(
        self, world: World, bot: Caller, hook: Hook, url: str, ling: Person
    ) -> None:
        await bot("setWebhook", url=url, secret_token="again")
        async with serving(world):
            world.says(ling, "1")
            _, secret = await hook.got.get()
        assert secret == "again"

    @staticmethod
    async def taken(world: World) -> None:
        """Wait until no update is pending."""
        while len(world.updates):
            await world.updates.wait(1)


class TestSmallServer:
    METHODS = frozenset(
        {"getMe", "getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery"}
    )

    async def test_knows_only_what_it_was_given(self, world: World, ling: Person) -> None:
        world.says(ling, "/start")
        async with (
            serving(world, methods=self.METHODS) as base,
            aiohttp.ClientSession() as session,
        ):
            bot = Caller(session, base)
            assert (await bot("getMe")).result["id"] == 4242
            assert (await bot("sendMessage", chat_id=ling.id, text="a")).result
            for method in ("deleteMessage", "setMyCommands", "deleteWebhook", "sendPhoto"):
                assert (await bot(method)).refusal == (404, "Not Found: method not found")

    async def test_cannot_be_given_what_is_not_there(self, world: World) -> None:
        with pytest.raises(ValueError, match="sendVenue"):
            async with serving(world, methods=frozenset({"getMe", "sendVenue"})):
                pass
