"""Whatever floods the intake, each other person is answered within a second: polling and webhook.

Others write in the middle of the flood. The clock runs from the moment at which Telegram has their
update, or makes its request, until their answer is enqueued.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp
import orjson
import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.api.client import BotApi
from bot.app import tune_garbage_collector
from bot.core.runtime import BackgroundTasks, MonotonicClock, WallClock
from bot.ops.http_server import HttpServer, bind
from bot.updates.flood_gate import MOST_WAITING, FloodGate
from bot.updates.polling import Poller
from bot.updates.webhook import Webhook
from storage.engine import tables
from tests.bot.people import CHEN, LING
from tests.e2e.wait import until
from tests.fakes import router as offline
from tests.fakes.attachments import NOW
from tests.fakes.telegram_server import serving
from tests.fakes.whole_worker import Works, works

pytestmark = [pytest.mark.measured, pytest.mark.row("C2", "C3")]

SECRET = "s3cret"
LIMIT_SECONDS = 1.0
STRANGERS = 50_000


def said(number: int, who: int, text: str = "你好") -> bytes:
    """A message."""
    return orjson.dumps({"update_id": number, **offline.says(NOW, text, who)})


def tapped(number: int, data: bytes, who: int = LING) -> bytes:
    """A tap with raw bytes as its callback data."""
    head = b'{"update_id":%d,"callback_query":{"id":"1","from":{"id":%d},"data":' % (number, who)
    return head + data + b"}}"


FLOODS: dict[str, Callable[[], list[bytes]]] = {
    "bytes that are no UTF-8": lambda: [tapped(10 + n, b'"\xff\xfe"') for n in range(300)],
    "lone surrogates": lambda: [tapped(10 + n, rb'"\ud83d"') for n in range(300)],
    "updates without an id": lambda: [
        said(10 + n, LING) if n % 3 else b'{"message":{"text":"x"}}' for n in range(300)
    ],
    "unknown kinds": lambda: [
        b'{"update_id":%d,"a_kind_of_next_year":{"from":{"id":7}}}' % (10 + n) for n in range(5_000)
    ],
    "10,000 messages of one person": lambda: [said(10 + n, LING) for n in range(10_000)],
    "a backlog of 5,000": lambda: [said(10 + n, STRANGERS + n % 500) for n in range(5_000)],
    "ids that begin lower": lambda: [
        *(said(900_000 + n, LING) for n in range(100)),
        *(said(10 + n, LING) for n in range(100)),
    ],
}


@pytest.fixture(autouse=True)
def _tuned() -> Iterator[None]:
    """Collect garbage as a bot does."""
    threshold = gc.get_threshold()
    tune_garbage_collector()
    yield
    gc.set_threshold(*threshold)


@dataclass(slots=True)
class Server:
    """Telegram's side of polling: it holds a request open while nothing waits."""

    pending: list[bytes] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    given: int = 0

    def adds(self, *updates: bytes) -> None:
        """Something comes in."""
        self.pending += updates
        self.changed.set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer getUpdates: the next request confirms what the last one got."""
        asked = orjson.loads(await request.read())
        if "offset" in asked and asked["limit"]:
            del self.pending[: self.given]
        self.given = 0
        while not self.pending:
            self.changed.clear()
            await self.changed.wait()
        batch = self.pending[: asked["limit"]]
        self.given = len(batch)
        return web.Response(body=b'{"ok":true,"result":[' + b",".join(batch) + b"]}")


@dataclass(slots=True)
class Source:
    """A way into the bot. ``began_at`` is when the last update reached Telegram's side."""

    began_at: float = field(init=False, default=0.0)

    async def sends(self, *updates: bytes) -> None:
        """Telegram has these updates for the bot."""
        raise NotImplementedError


@dataclass(slots=True)
class Polled(Source):
    """By polling."""

    server: Server

    async def sends(self, *updates: bytes) -> None:
        self.began_at = time.monotonic()
        self.server.adds(*updates)


@dataclass(slots=True)
class Hooked(Source):
    """By the webhook, with as many requests at once as Telegram makes."""

    url: str
    session: aiohttp.ClientSession
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))

    async def sends(self, *updates: bytes) -> None:
        await asyncio.gather(*(self._posts(one) for one in updates))

    async def _posts(self, update: bytes) -> None:
        async with self.places:
            self.began_at = time.monotonic()
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            async with self.session.post(self.url, data=update, headers=headers) as response:
                assert response.status == 200


@asynccontextmanager
async def entered(made: Works, way: str) -> AsyncIterator[Source]:
    """A bot that receives by polling or by the webhook."""
    async with made.started() as intake:
        tasks = BackgroundTasks()
        gate = FloodGate(made.storage, WallClock(), tasks, made.queue.waiting, made.post.pull)
        intake._admits = gate.admits
        if way == "polling":
            server = Server()
            async with serving(server.answer) as (address, _), BotApi("4242:x", address) as api:
                polling = asyncio.create_task(Poller(api, intake, MonotonicClock()).run())
                try:
                    yield Polled(server)
                    assert not polling.done()
                finally:
                    polling.cancel()
                    await asyncio.gather(polling, return_exceptions=True)
            return
        api = BotApi("4242:x", "http://127.0.0.1:9")
        url = "https://bot.example.org/hook"
        hook = Webhook(api, intake, MonotonicClock(), tasks, url=url, secret=SECRET)
        async with bind("127.0.0.1:0") as listener, aiohttp.ClientSession() as session:
            port = listener.getsockname()[1]
            serves = asyncio.create_task(HttpServer(listener, hook.routes).run())
            try:
                yield Hooked(f"http://127.0.0.1:{port}/hook", session)
            finally:
                serves.cancel()
                await asyncio.gather(serves, return_exceptions=True)
                await tasks.close()


def is_answered(made: Works, who: int) -> bool:
    """Whether a message was enqueued for somebody."""
    return any(row.chat_id == who for row in made.post.handed)


@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("flood", FLOODS)
async def test_each_other_person_is_answered_within_a_second(
    tmp_path: Path, flood: str, way: str
) -> None:
    updates = FLOODS[flood]()
    async with works(tmp_path) as made, entered(made, way) as source:
        flooding = asyncio.create_task(source.sends(*updates))
        waits = []
        for number in range(5):
            await asyncio.sleep(0.1)
            who = CHEN + number * 1_000_003
            await source.sends(said(500_000 + number, who, "/start"))
            await until(partial(is_answered, made, who))
            waits.append(time.monotonic() - source.began_at)
        await flooding
        print(flood, way, [round(one, 2) for one in waits])
        assert max(waits) < LIMIT_SECONDS, [round(one, 2) for one in waits]


async def test_of_10_000_messages_of_one_person_only_so_many_wait_and_are_kept(
    tmp_path: Path,
) -> None:
    async with works(tmp_path) as made, entered(made, "polling") as source:
        await source.sends(*FLOODS["10,000 messages of one person"]())
        most = 0
        assert isinstance(source, Polled)
        while source.server.pending:
            most = max(most, made.queue.waiting(LING))
            await asyncio.sleep(0.01)
        await made.until_done()
        assert most <= MOST_WAITING + 100, "one request of updates more than the bound"
        async with made.desk.db.read() as connection:
            kept = await connection.scalar(select(func.count()).select_from(tables.inbox))
        assert kept is not None
        assert kept < 5_000
        assert LING in await everything(made), "the person is told"


async def everything(made: Works) -> Sequence[int]:
    """The chats of all messages in the table."""
    async with made.desk.db.read() as connection:
        return [*await connection.scalars(select(tables.outbox.c.chat_id))]


async def test_what_is_ignored_costs_no_row_and_no_call(tmp_path: Path) -> None:
    async with works(tmp_path) as made, entered(made, "polling") as source:
        await source.sends(*FLOODS["unknown kinds"]())
        await source.sends(said(90_000, CHEN, "/start"))
        await until(partial(is_answered, made, CHEN))
        assert [*await made.states()] == [90_000]
        assert {row.chat_id for row in made.post.handed} == {CHEN}
