"""The webhook: who may call, what they may send, and that "200" means kept."""

from __future__ import annotations

import asyncio
import hmac
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import orjson
import pytest

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.runtime import BackgroundTasks
from bot.ops import http_server
from bot.ops.http_server import CannotListen, HttpServer, bind
from bot.updates import webhook
from bot.updates.intake import ALLOWED, Intake
from bot.updates.webhook import BODY_SECONDS, CHECK_SECONDS, CONNECTIONS, LARGEST, Webhook
from storage.updates.inbox import ReceivedUpdate
from tests.e2e.wait import until
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock, settle
from tests.fakes.inbox import BOT, FakeInbox

PATH = "/telegram/hook"
URL = f"https://bot.example.org{PATH}"
SECRET = "s3cret_-" * 8
SAID = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Line(BotApi):
    """Telegram's side: ``info`` is what it tells of the webhook, ``refusal`` why it will not."""

    def __init__(self) -> None:
        super().__init__("4242:line", "http://127.0.0.1:9")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.info: dict[str, Any] = {"url": URL, "pending_update_count": 0}
        self.refusal: Exception | None = None

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        time_limit: float = 30.0,
    ) -> Any:
        self.calls.append((method, dict(params or {})))
        if self.refusal is not None:
            raise self.refusal
        return self.info if method == "getWebhookInfo" else True


@dataclass(slots=True)
class House:
    """A webhook that is served, and what stands around it."""

    line: Line = field(default_factory=Line)
    shelf: FakeInbox = field(default_factory=FakeInbox)
    monotonic: FakeMonotonicClock = field(default_factory=FakeMonotonicClock)
    tasks: BackgroundTasks = field(default_factory=BackgroundTasks)
    put: list[int] = field(default_factory=list)
    port: int = 0

    async def take(self, rows: Sequence[ReceivedUpdate]) -> int:
        """Take the updates as the worker does."""
        kept = await self.shelf.keep(rows)
        self.put += [row.update_id for row in kept]
        return len(kept)

    def hook(self, heard: datetime | None = None) -> tuple[Webhook, Intake]:
        """A webhook, and its intake."""
        now = FakeWallClock(self.monotonic).now
        intake = Intake(self.shelf, BOT, self.take, now=now, synced_until=heard)
        made = Webhook(self.line, intake, self.monotonic, self.tasks, url=URL, secret=SECRET)
        return made, intake

    @property
    def address(self) -> str:
        """The listener's address."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def served(house: House) -> AsyncIterator[asyncio.Task[None]]:
    """The webhook, served; the listener's task."""
    async with bind("127.0.0.1:0") as door:
        house.port = door.getsockname()[1]
        serving = asyncio.create_task(HttpServer(door, house.hook()[0].routes).run())
        try:
            yield serving
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await house.tasks.close()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    async with served(house):
        yield house


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


def update(number: int, person: int = 1001) -> bytes:
    """An update as Telegram sends it."""
    return orjson.dumps({"update_id": number, "message": {"from": {"id": person}}})


async def calls(
    http: aiohttp.ClientSession, house: House, body: Any, headers: Mapping[str, str] = SAID
) -> int:
    """Call the webhook; the status."""
    async with http.post(f"{house.address}{PATH}", data=body, headers=headers) as response:
        assert await response.read() == b""
        return response.status


# --- what is answered ----------------------------------------------------------------------------


async def test_an_update_is_kept_and_put_before_the_answer(
    house: House, http: aiohttp.ClientSession
) -> None:
    house.shelf.gate.clear()
    calling = asyncio.create_task(calls(http, house, update(5)))
    await until(lambda: bool(house.shelf.commits))
    assert not calling.done()
    house.shelf.gate.set()
    assert await calling == 200
    assert house.put == house.shelf.kept == [5]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_post_is_a_call(house: House, http: aiohttp.ClientSession, method: str) -> None:
    async with http.request(method, f"{house.address}{PATH}", headers=SAID) as response:
        assert response.status == 405


@pytest.mark.parametrize("path", ["/", "/telegram", f"{PATH}/", f"{PATH}/x", "/healthz"])
async def test_other_paths_are_not_ours(
    house: House, http: aiohttp.ClientSession, path: str
) -> None:
    url = f"{house.address}{path}"
    async with http.post(url, data=update(5), headers=SAID, allow_redirects=False) as response:
        assert response.status == 404
    assert house.shelf.commits == []


WRONG = {
    "none": {},
    "empty": {"X-Telegram-Bot-Api-Secret-Token": ""},
    "another": {"X-Telegram-Bot-Api-Secret-Token": SECRET[:-1] + "x"},
    "half": {"X-Telegram-Bot-Api-Secret-Token": SECRET[:20]},
    "not ASCII": {"X-Telegram-Bot-Api-Secret-Token": "密" + SECRET},
    "elsewhere": {"Authorization": SECRET},
    "said by a proxy": {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"},
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG.keys())
async def test_without_the_secret_nothing_is_read_or_told(
    house: House, http: aiohttp.ClientSession, headers: Mapping[str, str]
) -> None:
    assert await calls(http, house, update(5), headers) == 403
    assert house.shelf.commits == []


async def test_the_secret_is_compared_in_constant_time(
    house: House, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert await calls(http, house, update(5)) == 200
    assert await calls(http, house, update(6), {}) == 403
    assert compared == [(SECRET.encode(), SECRET.encode()), (b"", SECRET.encode())]


async def test_a_body_that_was_lost_is_refused(house: House, http: aiohttp.ClientSession) -> None:
    assert await calls(http, house, b"") == 400
    assert house.shelf.commits == []
    assert await calls(http, house, update(6)) == 200


async def test_a_body_of_just_the_limit_is_read(house: House, http: aiohttp.ClientSession) -> None:
    assert await calls(http, house, update(5).ljust(LARGEST)) == 200


async def test_a_body_that_says_it_is_too_large_is_not_read(house: House) -> None:
    assert await raw(house, SAID, f"Content-Length: {LARGEST + 1}", b"") == 413


async def test_a_body_without_a_length_is_bounded_too(house: House) -> None:
    assert await raw(house, SAID, "Transfer-Encoding: chunked", chunks(LARGEST + 1)) == 413
    assert house.shelf.commits == []


async def test_a_body_in_chunks_is_an_update(house: House, http: aiohttp.ClientSession) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for sign in update(5):
            yield bytes([sign])

    assert await calls(http, house, slowly()) == 200
    assert house.shelf.kept == [5]


async def test_a_body_that_does_not_come_is_not_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "BODY_SECONDS", BODY_SECONDS / 100)
    assert await raw(house, SAID, "Content-Length: 50", b'{"update') == 408


@pytest.mark.parametrize("sent", [b"", b"POST /telegram/hook HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(sent)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()


async def test_who_hangs_up_in_the_middle_leaves_nothing(
    house: House, http: aiohttp.ClientSession
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(head(SAID, "Content-Length: 50") + b'{"update')
    await writer.drain()
    writer.close()
    assert await calls(http, house, update(6)) == 200
    assert house.shelf.kept == [6]


def head(headers: Mapping[str, str], framing: str) -> bytes:
    """The head of a call."""
    lines = [f"POST {PATH} HTTP/1.1", "Host: x", framing]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def chunks(size: int) -> bytes:
    """A body of blanks in one chunk, and no end."""
    return f"{size:x}\r\n".encode() + b" " * size + b"\r\n"


async def raw(house: House, headers: Mapping[str, str], framing: str, body: bytes) -> int:
    """A call that no client would make; its status. The connection must be closed after it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(head(headers, framing) + body)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


# --- commits -------------------------------------------------------------------------------------


async def test_what_comes_during_a_commit_shares_the_next(
    house: House, http: aiohttp.ClientSession
) -> None:
    house.shelf.gate.clear()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(calls(http, house, update(9)))
        await until(lambda: bool(house.shelf.commits))
        others = [group.create_task(calls(http, house, update(n))) for n in (8, 3, 5, 4, 7, 6)]
        await asyncio.sleep(0.1)
        assert house.shelf.commits == [[9]]
        assert not any(task.done() for task in (first, *others))
        house.shelf.gate.set()
    assert [task.result() for task in (first, *others)] == [200] * 7
    assert len(house.shelf.commits) == 2
    assert sorted(house.shelf.commits[1]) == [3, 4, 5, 6, 7, 8]


async def test_an_update_that_comes_twice_at_once_is_put_once(
    house: House, http: aiohttp.ClientSession
) -> None:
    answers = await asyncio.gather(*(calls(http, house, update(5)) for _ in range(10)))
    assert answers == [200] * 10
    assert house.put == [5]


async def test_a_database_that_is_gone_is_told_to_all_who_shared_the_commit(
    house: House, http: aiohttp.ClientSession
) -> None:
    house.shelf.gone = 1
    house.shelf.gate.clear()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(calls(http, house, update(5)))
        await until(lambda: bool(house.shelf.commits))
        second = group.create_task(calls(http, house, update(6)))
        await asyncio.sleep(0.05)
        house.shelf.gate.set()
    assert (first.result(), second.result()) == (503, 200)
    assert await calls(http, house, update(5)) == 200
    assert house.put == [6, 5]


async def test_calls_under_way_are_finished_at_a_stop(http: aiohttp.ClientSession) -> None:
    house = House()
    async with served(house) as serving:
        house.shelf.gate.clear()
        calling = asyncio.create_task(calls(http, house, update(5)))
        await until(lambda: bool(house.shelf.commits))
        serving.cancel()
        await asyncio.sleep(0.05)
        with pytest.raises(aiohttp.ClientConnectionError):
            await calls(http, house, update(6))
        house.shelf.gate.set()
        assert await calling == 200
        await asyncio.gather(serving, return_exceptions=True)
    assert house.put == [5]


# --- with Telegram -------------------------------------------------------------------------------


async def test_telegram_is_told_whom_to_call_and_to_forget_nothing() -> None:
    house = House()
    await house.hook()[0].begin()
    ((method, params),) = house.line.calls
    assert method == "setWebhook"
    assert params == {
        "url": URL,
        "secret_token": SECRET,
        "allowed_updates": ALLOWED,
        "max_connections": CONNECTIONS,
        "drop_pending_updates": False,
    }


async def test_a_webhook_that_is_refused_is_named_by_its_setting() -> None:
    house = House()
    house.line.refusal = ApiError(400, "Bad Request: bad webhook: HTTPS url must be provided")
    with pytest.raises(ApiError, match="WEBHOOK_URL was refused: Bad Request: bad webhook"):
        await house.hook()[0].begin()


@asynccontextmanager
async def looking(house: House, heard: datetime | None = None) -> AsyncIterator[Intake]:
    """The webhook's loop, which asks Telegram how it goes; what has come in."""
    hook, intake = house.hook(heard)
    loop = asyncio.create_task(hook.run())
    try:
        await settle()
        yield intake
        assert not loop.done(), "the loop ended"
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)


LOOK = timedelta(seconds=CHECK_SECONDS)


def telegram_says(house: House, *, waiting: int = 0, failed: datetime | None = None) -> None:
    """Set the answer that the next check gets."""
    house.line.info = {"url": URL, "pending_update_count": waiting}
    if failed is not None:
        house.line.info |= {"last_error_date": int(failed.timestamp())}


async def test_while_nothing_waits_at_telegram_nothing_is_missed() -> None:
    house = House()
    async with looking(house) as intake:
        assert intake.synced_until == START
        await house.monotonic.forward(3 * CHECK_SECONDS)
        assert intake.synced_until == START + 3 * LOOK
    assert house.shelf.gaps == []


async def test_the_time_the_bot_was_down_is_a_gap() -> None:
    house = House()
    async with looking(house, heard=START - timedelta(hours=2)) as intake:
        assert house.shelf.gaps == [(START - timedelta(hours=2), START)]
        assert intake.synced_until == START


async def test_what_is_under_way_is_not_missed() -> None:
    house = House()
    async with looking(house) as intake:
        telegram_says(house, waiting=3)
        await house.monotonic.forward(CHECK_SECONDS)
        telegram_says(house, waiting=3, failed=START - timedelta(minutes=5))
        await house.monotonic.forward(CHECK_SECONDS)
        assert intake.synced_until == START + 2 * LOOK
    assert house.shelf.gaps == []


async def test_what_cannot_be_delivered_is_a_gap_that_lasts_until_nothing_waits() -> None:
    house = House()
    async with looking(house) as intake:
        telegram_says(house, waiting=1, failed=START + LOOK / 2)
        await house.monotonic.forward(4 * CHECK_SECONDS)
        assert intake.synced_until == START
        telegram_says(house, failed=START + LOOK / 2)
        await house.monotonic.forward(CHECK_SECONDS)
        assert intake.synced_until == START + 5 * LOOK
    assert house.shelf.gaps == [(START, START + 5 * LOOK)]


async def test_a_heap_that_waits_is_not_here_yet() -> None:
    house = House()
    telegram_says(house, waiting=CONNECTIONS + 1)
    async with looking(house, heard=START) as intake:
        await house.monotonic.forward(CHECK_SECONDS)
        assert intake.synced_until == START


@pytest.mark.parametrize("trouble", [Unreachable("TimeoutError"), ApiError(404, "Not Found")])
async def test_a_look_that_fails_tells_nothing(trouble: Exception) -> None:
    house = House()
    async with looking(house) as intake:
        house.line.refusal = trouble
        await house.monotonic.forward(3 * CHECK_SECONDS)
        assert intake.synced_until == START
        house.line.refusal = None
        await house.monotonic.forward(CHECK_SECONDS)
        assert house.shelf.gaps == [(START, START + 4 * LOOK)]


async def test_a_webhook_that_somebody_took_away_is_set_again() -> None:
    house = House()
    house.line.info["url"] = ""
    async with looking(house, heard=None) as intake:
        assert [method for method, _ in house.line.calls] == ["getWebhookInfo", "setWebhook"]
        assert intake.synced_until is None


# --- the listener --------------------------------------------------------------------------------


async def test_a_port_that_somebody_has_is_a_reason_not_to_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(CannotListen, match=f"{address} EADDRINUSE"):
            async with bind(address):
                pass


async def test_an_address_of_another_computer_is_a_reason_not_to_start() -> None:
    with pytest.raises(CannotListen, match=r"192\.0\.2\.1:8080 EADDRNOTAVAIL"):
        async with bind("192.0.2.1:8080"):
            pass


async def test_the_newer_protocol_is_listened_to_as_well() -> None:
    async with bind("[::1]:0") as door:
        assert door.getsockname()[0] == "::1"
