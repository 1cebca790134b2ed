"""No bytes that one person sends stop the intake, by polling or by the webhook."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.api.client import ApiError, BotApi, Unreachable, Unreadable
from bot.api.decoding import Undecodable, decode, find_update_id
from bot.core.loops import BackgroundTasks
from bot.ops.http_server import HttpServer, bind
from bot.updates.intake import STAND_IN, Intake
from bot.updates.polling import Poller
from bot.updates.webhook import Webhook
from storage.engine.ids import HIGHEST
from storage.updates.inbox import ReceivedUpdate
from tests.bot.people import BOT
from tests.e2e.wait import until
from tests.fakes.clocks import FakeMonotonicClock, FakeWallClock
from tests.fakes.inbox import FakeInbox
from tests.fakes.telegram_server import raw, serving

LING, CHEN = 1001, 1002
SECRET = "s3cret"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def tap(number: int, data: bytes = b'"x"', person: int = LING) -> bytes:
    """A tap with this callback data, as the Bot API server writes it."""
    head = b'{"update_id":%d,"callback_query":{"id":"1","from":{"id":%d},"data":' % (number, person)
    return head + data + b"}}"


DEEP = b"[" * 100_000 + b"]" * 100_000
READABLE = {
    "bytes that are no UTF-8": b'"\xff\xfe"',
    "half a character": b'"\xe5\x88"',
    "an encoded surrogate": b'"\xed\xa0\xbd"',
    "a lone high surrogate": rb'"\ud83d"',
    "a lone low surrogate": rb'"\udc00 a"',
    "surrogates in the wrong order": rb'"\udc00\ud83d"',
    "a lone surrogate as a key": rb'{"\ud83d": {"\udc00": ["\ud83d"]}}',
    "bytes as a key": b'{"\xff": 1}',
    "a control character": b'"\x00\x01"',
    "NaN": b"NaN",
    "infinity": b"[-Infinity, 1e999]",
    "a huge number": b"9" * 10_000,
    "a number of 65 bits": b"18446744073709551616",
    "a key twice": b'"\xff", "data": "y"',
}
UNREADABLE = {
    "a bottomless list": DEEP,
    "a list that orjson cannot read": b"[" * 2_000 + b"]" * 2_000,
    "a list that orjson cannot write": b"[" * 500 + b"]" * 500,
    "no JSON": b"undefined",
    "an open text": b'"abc',
}


# --- decoding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE.keys())
def test_an_update_is_read_whatever_its_callback_data(data: bytes) -> None:
    update = decode(tap(5, data))
    assert (update["update_id"], update["callback_query"]["from"]["id"]) == (5, LING)
    assert orjson.loads(orjson.dumps(update)) == update


def test_a_whole_surrogate_pair_beside_a_lone_one_is_kept() -> None:
    assert decode(rb'"\ud83d\ude00 \ud83d"') == "😀 \ufffd"


@given(st.binary())
def test_any_bytes_in_a_text_are_read_or_refused(content: bytes) -> None:
    try:
        assert orjson.dumps(decode(tap(5, b'"' + content + b'"'))) is not None
    except Undecodable:
        assert find_update_id(tap(5, content)) == 5


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_any_json_of_python_is_read_and_can_be_written(value: Any) -> None:
    assert orjson.dumps(decode(json.dumps(value).encode())) is not None


def test_a_persons_text_is_not_taken_for_an_update_id() -> None:
    typed = json.dumps('"update_id": 99').encode()
    assert find_update_id(b'{"message":{"text":' + typed + b'},"update_id":5,"x":') == 5


# --- the client ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"ok":true,"result":[' + DEEP + b"]}", Unreadable),
        (b"<html>" + DEEP + b"</html>", Unreachable),
        (b'{"ok":true,"result":[{"update_id":5', Unreachable),
        (b"", Unreachable),
        (b"[]", Unreachable),
    ],
    ids=["a list", "a proxy's page", "half an answer", "nothing", "no object"],
)
async def test_only_a_whole_list_of_telegram_counts_as_unreadable(
    body: bytes, error: type[Exception]
) -> None:
    async with serving(raw(body)) as (address, _), BotApi("4242:x", address) as api:
        with pytest.raises(Unreachable) as raised:
            await api.call("getUpdates")
        assert type(raised.value) is error


@pytest.mark.parametrize("seconds", [b'"soon"', b"[]", b"true", b"null"])
async def test_a_retry_after_that_is_no_number_counts_as_none(seconds: bytes) -> None:
    body = b'{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":%b}}'
    async with serving(raw(body % seconds, 429)) as (address, _), BotApi("4242:x", address) as api:
        with pytest.raises(ApiError) as raised:
            await api.call("getUpdates")
        assert raised.value.retry_after is None


# --- polling -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Server:
    """A Bot API server that holds updates as bytes and forgets those below the offset."""

    pending: list[tuple[int, bytes]]
    offsets: list[int | None] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer ``getUpdates``; without updates it holds the request open."""
        asked = orjson.loads(await request.read())
        offset = asked.get("offset")
        self.offsets.append(offset)
        if offset is not None:
            self.pending = [one for one in self.pending if one[0] >= offset]
        if not self.pending:
            await asyncio.Event().wait()
        updates = b",".join(body for _, body in self.pending[: asked["limit"]])
        return web.Response(body=b'{"ok":true,"result":[' + updates + b"]}")


@dataclass(slots=True)
class Kept:
    """An intake, and the updates that it committed."""

    shelf: FakeInbox = field(default_factory=FakeInbox)
    rows: list[ReceivedUpdate] = field(default_factory=list)
    monotonic: FakeMonotonicClock = field(default_factory=FakeMonotonicClock)

    async def take(self, rows: Sequence[ReceivedUpdate]) -> int:
        """Commit updates as the worker does; they are written like the inbox writes them."""
        for row in rows:
            assert orjson.loads(orjson.dumps(row.raw)) == row.raw
        kept = await self.shelf.keep(rows)
        self.rows += kept
        return len(kept)

    def intake(self) -> Intake:
        """Return the intake."""
        return Intake(self.shelf, BOT, self.take, now=FakeWallClock(self.monotonic).now)

    @property
    def read(self) -> list[int]:
        """The updates that came with their content."""
        return [row.update_id for row in self.rows if STAND_IN not in row.raw]

    @property
    def set_aside(self) -> list[int]:
        """The updates that came as a stand-in, which has nothing of their content."""
        found = [row for row in self.rows if STAND_IN in row.raw]
        assert all(row.raw.keys() == {"update_id", STAND_IN} for row in found)
        return [row.update_id for row in found]


@asynccontextmanager
async def polled(server: Server) -> AsyncIterator[Kept]:
    """A poller at work on a server."""
    kept = Kept()
    async with serving(server.answer) as (address, _), BotApi("4242:x", address) as api:
        polling = asyncio.create_task(Poller(api, kept.intake(), kept.monotonic).run())
        try:
            yield kept
            assert not polling.done(), "the poller stopped"
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE.keys())
async def test_the_poller_reads_a_batch_with_hostile_data(data: bytes) -> None:
    async with polled(Server([(5, tap(5, data)), (6, tap(6, person=CHEN))])) as kept:
        await until(lambda: kept.read == [5, 6])
        assert kept.set_aside == []


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_the_poller_steps_over_an_update_that_cannot_be_read(data: bytes) -> None:
    pending = [(n, tap(n, data if n in (6, 8) else b'"x"')) for n in range(5, 10)]
    server = Server(pending)
    async with polled(server) as kept:
        await until(lambda: server.offsets[-1:] == [10])
        assert (kept.read, kept.set_aside) == ([5, 7, 9], [6, 8])
        assert kept.monotonic.slept == []


NO_ID = {
    "none": b"{}",
    "a word": b'{"update_id":"5"}',
    "null": b'{"update_id":null}',
    "true": b'{"update_id":true}',
    "a fraction": b'{"update_id":5.0}',
    "below zero": b'{"update_id":-5}',
    "more than a table holds": b'{"update_id":%d}' % (HIGHEST + 1),
    "huge": b'{"update_id":%d}' % 10**400,
    "an object": b'{"update_id":{"update_id":5}}',
    "a list": b"[]",
    "a text": b'"update_id"',
    "a number": b"5",
    "nothing": b"null",
    "no text": b'{"update_id":[],"x":"\xff"}',
}


@pytest.mark.parametrize("body", NO_ID.values(), ids=NO_ID.keys())
async def test_the_poller_steps_over_an_update_without_an_id(body: bytes) -> None:
    server = Server([(5, tap(5)), (6, body), (7, tap(7))])
    async with polled(server) as kept:
        await until(lambda: server.offsets[-1:] == [8])
        assert kept.read == [5, 7]
        (number,) = kept.set_aside
        assert number < 0


@pytest.mark.parametrize("body", [*NO_ID.values(), b'{"x":' + DEEP + b"}"], ids=[*NO_ID, "deep"])
async def test_an_update_without_an_id_alone_is_stepped_over_after_a_wait(body: bytes) -> None:
    server = Server([(5, tap(5)), (6, body)])
    async with polled(server) as kept:
        async with asyncio.timeout(10):
            while server.offsets[-1:] != [7]:
                await kept.monotonic.forward(30)
                await asyncio.sleep(0.01)
        assert kept.read == [5]
        (number,) = kept.set_aside
        assert number < 0
        assert kept.monotonic.slept == [0.5]


async def test_a_first_answer_without_any_id_is_waited_out() -> None:
    server = Server([(5, b"{}")])
    async with polled(server) as kept:
        for _ in range(5):
            await until(lambda: kept.monotonic.slept != [])
            await kept.monotonic.forward(30)
        assert set(server.offsets) == {None}
        server.pending.append((6, tap(6)))
        async with asyncio.timeout(10):
            while kept.read != [6]:
                await kept.monotonic.forward(30)
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("result", [b"{}", b"true", b'"x"', b"7"])
async def test_a_result_that_is_no_list_is_waited_out(result: bytes) -> None:
    kept = Kept()
    body = b'{"ok":true,"result":' + result + b"}"
    async with serving(raw(body)) as (address, _), BotApi("4242:x", address) as api:
        polling = asyncio.create_task(Poller(api, kept.intake(), kept.monotonic).run())
        await until(lambda: kept.monotonic.slept == [0.5])
        assert not polling.done()
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    assert kept.rows == []


# --- the webhook ---------------------------------------------------------------------------------


@asynccontextmanager
async def hooked() -> AsyncIterator[tuple[Kept, str]]:
    """A webhook at work, and its URL."""
    kept, tasks = Kept(), BackgroundTasks()
    url = "https://bot.example.org/hook"
    api = BotApi("4242:x", "http://127.0.0.1:9")
    hook = Webhook(api, kept.intake(), kept.monotonic, tasks, url=url, secret=SECRET)
    async with bind("127.0.0.1:0") as listener:
        port = listener.getsockname()[1]
        server = asyncio.create_task(HttpServer(listener, hook.routes).run())
        try:
            yield kept, f"http://127.0.0.1:{port}/hook"
        finally:
            server.cancel()
            await asyncio.gather(server, return_exceptions=True)
            await tasks.close()


async def posts(url: str, body: bytes) -> int:
    """Post an update as Telegram does; return the status."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=HEADERS) as response,
    ):
        return response.status


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE.keys())
async def test_the_webhook_reads_hostile_data(data: bytes) -> None:
    async with hooked() as (kept, url):
        assert await posts(url, tap(5, data)) == 200
        assert (kept.read, kept.set_aside) == ([5], [])


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_the_webhook_accepts_an_update_that_cannot_be_read(data: bytes) -> None:
    async with hooked() as (kept, url):
        assert await posts(url, tap(6, data)) == 200
        assert await posts(url, tap(6, data)) == 200
        assert await posts(url, tap(7)) == 200
        assert (kept.read, kept.set_aside) == ([7], [6])


@pytest.mark.parametrize(
    "body", [*NO_ID.values(), b"update_id=5", b'{"update'], ids=[*NO_ID, "a form", "half of it"]
)
async def test_the_webhook_accepts_an_update_without_an_id(body: bytes) -> None:
    async with hooked() as (kept, url):
        for _ in range(3):
            assert await posts(url, body) == 200
        (number,) = kept.set_aside
        assert number < 0, "an alert an hour is enough"
        assert kept.read == []
