"""``baoming run`` runs the bot, and without a token also the sandbox, in its own process."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from bot.cli import console
from bot.core.settings import Refused, Settings
from states.texts import Text

SANDBOX_LIBRARIES = ("aiohttp", "fastapi", "nicegui")
"""The libraries of the extra ``sandbox``; the bot imports none of them."""


def run() -> int:
    """启动机器人，没有 BOT_TOKEN 时连同沙盒 · start the bot; without BOT_TOKEN the sandbox too."""
    settings = console.settings()
    if not settings.in_sandbox:
        return _run_bot(settings, settings.bot_api_url, "cli-running-telegram")
    require_sandbox()
    console.say("cli-starting")
    with _sandbox(settings) as address:
        return _run_bot(settings, address, "cli-running-sandbox") if address else 1


def require_sandbox() -> None:
    """Check that the extra ``sandbox`` is installed, without an import.

    Raises:
        Refused: a library of the extra is missing.
    """
    if not all(map(find_spec, SANDBOX_LIBRARIES)):
        raise Refused(Text("cli-sandbox-missing"), code=2)


def _run_bot(settings: Settings, address: str, ready: str) -> int:
    import structlog
    import uvloop

    from bot import app as bot

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )

    async def serve() -> None:
        # The runner turns Ctrl-C into a cancelled task; SIGTERM does the same.
        if me := asyncio.current_task():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
        async with bot.build(settings, exam, address) as running:
            console.say(ready, address=address)
            if not exam.windows.registration.holds(running.clocks.wall.now()):
                console.say("cli-closed", exam=exam.name)
            await running.stopped  # raises the error of a failed loop

    exam = console.exam(settings)
    try:
        uvloop.run(serve())
    except (asyncio.CancelledError, KeyboardInterrupt):
        console.say("cli-stopped")
    except Refused:
        raise
    except bot.REFUSALS as error:
        raise Refused(Text("cli-refused", {"reason": str(error)}), code=2) from None
    return 0


@contextmanager
def _sandbox(settings: Settings) -> Iterator[str]:
    """Run the sandbox in its own process; yield its address, empty if it did not start."""
    port = str(settings.sandbox_port)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--until-eof", "--port", port],
        # The sandbox ends with its input, however this process ends.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C must not reach the sandbox before the bot has stopped.
        start_new_session=True,
    ) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()
