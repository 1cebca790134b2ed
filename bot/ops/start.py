"""The patience of a start: it waits for a Telegram and a database that are away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import TypeVar

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.database import DatabaseAway
from bot.core.runtime import Backoff, MonotonicClock
from storage.engine.database import Unavailable

RETRY = 5.0
"""The most seconds between two attempts, unless Telegram asks for more."""
JITTER = 0.2
"""The random share of that delay, so that bots do not retry in step."""

T = TypeVar("T")

log = structlog.get_logger("start")


async def until_available(call: Callable[[], Awaitable[T]], monotonic: MonotonicClock) -> T:
    """Repeat a call that the start depends on until Telegram and the database answer it.

    Raises:
        ApiError: Telegram refused the call, and not by 429.
    """
    backoff = Backoff(RETRY, RETRY, jitter=JITTER)
    while True:
        try:
            return await call()
        except Unreachable as error:
            seconds = backoff.next()
            log.warning("telegram cannot be reached; trying again", reason=str(error))
        except ApiError as error:
            if error.code != HTTPStatus.TOO_MANY_REQUESTS:
                raise
            seconds = backoff.next(error.retry_after or 0.0)
            log.warning("telegram wants us to wait", seconds=seconds)
        except (Unavailable, DatabaseAway) as error:
            seconds = backoff.next()
            log.warning("the database cannot be reached; trying again", reason=str(error))
        await monotonic.sleep(seconds)


@asynccontextmanager
async def opened(
    context: Callable[[], AbstractAsyncContextManager[T]], monotonic: MonotonicClock
) -> AsyncIterator[T]:
    """Enter a context that may be away at first; the block runs once."""
    async with AsyncExitStack() as stack:
        yield await until_available(lambda: stack.enter_async_context(context()), monotonic)


@asynccontextmanager
async def connected(api: BotApi, monotonic: MonotonicClock) -> AsyncIterator[None]:
    """Open the API, and wait until Telegram says who the bot is; close it when the block ends."""
    await api.initialize()
    try:
        await until_available(api.identify, monotonic)
        yield
    finally:
        await api.shutdown()
