"""A broadcast on python-telegram-bot: ``python -m … ADDRESS FIRST COUNT TEXT``.

One task for each chat, paced by ``AIORateLimiter``, all defaults but retries after a 429.
"""

import asyncio
import sys

from telegram.ext import AIORateLimiter, Application

TOKEN = "4242:sandbox"
RETRIES = 5


async def main(address: str, first: int, count: int, text: str) -> None:
    """Send the text to each chat."""
    limiter = AIORateLimiter(max_retries=RETRIES)
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{address}/bot")
        .rate_limiter(limiter)
        .updater(None)
        .build()
    )
    async with application:
        sends = (application.bot.send_message(chat, text) for chat in range(first, first + count))
        await asyncio.gather(*sends, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
