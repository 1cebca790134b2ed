"""A broadcast on aiogram: ``python -m … ADDRESS FIRST COUNT TEXT``.

As its broadcast example does it: a sleep of 50 ms after each message, and one retry after a 429
(https://docs.aiogram.dev/en/v2.25.1/examples/broadcast_example.html).
"""

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter

TOKEN = "4242:sandbox"
APART = 0.05


async def send(bot: Bot, chat: int, text: str) -> None:
    """Send one message, and once more after a 429."""
    try:
        await bot.send_message(chat, text)
    except TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        await send(bot, chat, text)
    except TelegramAPIError as error:
        print(type(error).__name__, file=sys.stderr)


async def main(address: str, first: int, count: int, text: str) -> None:
    """Send the text to each chat."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(TOKEN, session=session) as bot:
        for chat in range(first, first + count):
            await send(bot, chat, text)
            await asyncio.sleep(APART)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
