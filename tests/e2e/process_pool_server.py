"""Fork bots and sandboxes off a process that has done the imports and read the locales.

``python -m tests.e2e.process_pool_server`` prints its port on loopback. Each connection is one
child process. The caller sends a ``Plan`` behind a line with its size in bytes and reads "ready"
once the child runs. The connection ends with the child. A bot's connection also takes a
``KillPoint`` at any time and answers "armed".
"""

from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import socket
import sys
import traceback
from typing import Any
from zoneinfo import ZoneInfo

import uvloop

from bot.app import Options, build
from bot.core.runtime import Failpoint
from bot.delivery.i18n import Translations, load_phrasebook, load_replies
from bot.sandbox.api.models import model_of
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.people import Person, Role
from tests.e2e import bot_settings
from tests.e2e.process_plans import BotPlan, KillPoint, Plan, SandboxPlan


class FailpointKiller:
    """Kills this very process at the appointed pass of an arrow."""

    def __init__(self, blow: KillPoint | None, line: socket.socket) -> None:
        self._blow = blow
        self._line = line
        self._left = blow.count if blow else 0

    def kill_at(self, blow: KillPoint) -> None:
        """From now on count for this one."""
        self._blow, self._left = blow, blow.count

    def failpoint(self, arrow: Failpoint, detail: str = "") -> None:
        """An arrow is being passed."""
        if self._blow is None or arrow is not self._blow.arrow:
            return
        if self._blow.detail not in ("", detail):
            return
        self._left -= 1
        if self._left == 0:
            self._line.send(b"struck\n")
            os.kill(os.getpid(), signal.SIGKILL)


async def run_bot(plan: BotPlan, line: socket.socket) -> None:
    """Run the bot until something kills it."""
    reaper = FailpointKiller(plan.blow, line.dup())
    options = Options(pacing=False, failpoint=reaper.failpoint)
    reader, writer = await asyncio.open_connection(sock=line)
    if plan.gateway:
        move_wechat(plan.gateway)
    settings = bot_settings.at(plan.data, plan.database).model_copy(update=plan.webhook)
    async with build(settings, plan.exam, plan.address, options) as bot:
        writer.write(b"ready\n")
        while blow := await reader.readline():
            reaper.kill_at(KillPoint.model_validate_json(blow))
            writer.write(b"armed\n")
        assert not bot.stopped.done()


def move_wechat(address: str) -> None:
    """Have the library call WeChat Pay at this address."""
    from wechatpayv3.core import Core

    begin = Core.__init__

    def begin_elsewhere(core: Any, *args: Any, **more: Any) -> None:
        begin(core, *args, **more)
        core._gate_way = address

    Core.__init__ = begin_elsewhere


async def run_sandbox(plan: SandboxPlan, line: socket.socket) -> None:
    """Run the sandbox until something kills it."""
    reader, writer = await asyncio.open_connection(sock=line)
    world = World(plan.path, people=[resident(p.slug, p.id) for p in plan.people], pacing=False)
    async with serving(world, plan.port) as address:
        writer.write(f"ready {address}\n".encode())
        await reader.read()
    world.close()


def resident(slug: str, number: int) -> Person:
    """Somebody invented."""
    return Person(slug, number, slug.capitalize(), f"{slug}_sandbox", Role.CANDIDATE)


def main() -> None:
    """Take connections until whoever started us is gone; each gets a child."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(door.getsockname()[1], flush=True)
        os.dup2(2, 1)
        Translations.load(ZoneInfo("UTC"))
        load_phrasebook()
        load_replies()
        # What the imports made is never looked at again, and stays shared with the children.
        gc.collect()
        gc.freeze()
        while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
            line, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _live(line)
            line.close()


def _live(line: socket.socket) -> None:
    """Run a child until it ends; this never returns into the server's loop."""
    try:
        with line.makefile("rb", buffering=0) as file:
            size = int(file.readline())
        plan = Plan.model_validate_json(line.recv(size, socket.MSG_WAITALL))
        line.sendall(f"{os.getpid()}\n".encode())
        if plan.bot is not None:
            uvloop.run(run_bot(plan.bot, line))
        if plan.sandbox is not None:
            asyncio.run(run_sandbox(plan.sandbox, line))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    model_of("getMe")  # the sandbox's models are a part of the imports that waits to be asked for
    main()
