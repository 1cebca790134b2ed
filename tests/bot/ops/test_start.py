"""A start with a Telegram or a database that is away: it waits with a word, and asks once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.api.client import ApiError, BotApi
from bot.core.database import DatabaseAway
from bot.core.settings import Refused
from bot.ops.start import RETRY, connected, opened
from bot.updates.router import build_application
from states.texts import Text
from storage.engine.database import Unavailable
from tests.fakes.skipping_clock import SkippingClock
from tests.fakes.telegram_server import (
    Answer,
    breaks_off,
    hangs_up,
    json,
    raw,
    refuses,
    says,
    serving,
)

TOKEN = "4242:x"
ME = {"id": 4242, "is_bot": True, "first_name": "Baoming", "username": "baoming_bot"}

BAD: dict[str, Answer] = {
    "a reset": hangs_up,
    "half an answer": breaks_off,
    "500 in JSON": refuses(500, "Internal Server Error"),
    "500 in HTML": raw(b"<html>500</html>", 500),
    "a redirect": raw(b"<html>Moved</html>", 302),
    "a page": raw(b"<html>sign in</html>"),
    "429": refuses(429, "Too Many Requests", retry_after=17),
    "429 without a time": refuses(429, "Too Many Requests"),
    "429 in HTML": raw(b"<html>slow down</html>", 429),
    "a list": json({"ok": True, "result": []}),
    "nobody": json({"ok": True, "result": {"id": 4242}}),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_a_bad_answer_to_get_me_is_waited_for_and_ptb_asks_no_more(bad: Answer) -> None:
    clock = SkippingClock()
    async with serving(bad, bad, says(ME), bad) as (address, telegram):
        api = BotApi(TOKEN, address)
        with capture_logs() as logs:
            async with (
                connected(api, clock),
                build_application(TOKEN, address, api) as application,
            ):
                assert application.bot.username == "baoming_bot"
        assert [asked.path for asked in telegram.asked] == [f"/bot{TOKEN}/getMe"] * 3
    assert len(clock.slept) == 2
    assert [log["log_level"] for log in logs] == ["warning"] * 2
    assert TOKEN not in str(logs)


async def test_telegram_says_how_long_the_start_waits() -> None:
    clock = SkippingClock()
    refused = refuses(429, "Too Many Requests", retry_after=17)
    async with (
        serving(refused, says(ME)) as (address, _),
        connected(BotApi(TOKEN, address), clock),
    ):
        pass
    assert clock.slept == [17]


async def test_a_token_that_telegram_refuses_ends_the_start() -> None:
    clock = SkippingClock()
    async with serving(refuses(401, "Unauthorized")) as (address, _):
        with pytest.raises(ApiError):
            async with connected(BotApi(TOKEN, address), clock):
                pytest.fail("started")
    assert clock.slept == []


@pytest.mark.parametrize("error", [Unavailable("database: OSError"), DatabaseAway("OSError")])
async def test_a_database_that_is_away_is_waited_for(error: Exception) -> None:
    clock, errors = SkippingClock(), [error, error]

    @asynccontextmanager
    async def database() -> AsyncIterator[str]:
        if errors:
            raise errors.pop()
        yield "open"

    with capture_logs() as logs:
        async with opened(database, clock) as storage:
            assert storage == "open"
    assert len(clock.slept) == 2
    assert max(clock.slept) <= RETRY
    assert [log["reason"] for log in logs] == [str(error)] * 2


async def test_a_database_that_fails_later_is_not_opened_again() -> None:
    clock = SkippingClock()

    @asynccontextmanager
    async def database() -> AsyncIterator[None]:
        yield

    with pytest.raises(Unavailable):
        async with opened(database, clock):
            raise Unavailable("later")
    assert clock.slept == []


async def test_a_database_with_other_keys_ends_the_start() -> None:
    clock, errors = SkippingClock(), [Refused(Text("doctor-data-bad"))]

    @asynccontextmanager
    async def database() -> AsyncIterator[None]:
        if errors:
            raise errors.pop()
        yield

    with pytest.raises(Refused):
        async with opened(database, clock):
            pytest.fail("started")
    assert clock.slept == []
