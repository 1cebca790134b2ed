"""Bots and sandboxes in processes of their own, which start quickly and can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic

from tests.e2e.process_plans import BotPlan, KillPoint, Plan, SandboxPlan

ROOT = Path(__file__).parents[2]
LONGEST = 60.0
"""Seconds for what takes half of one."""


class PooledProcess:
    """A process of the pool.

    ``took`` is how long it needed to be ready, in seconds; ``was_killed_at_failpoint`` says that it
    came to the failpoint at which it was to be killed.
    """

    def __init__(
        self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, born: float
    ) -> None:
        self.pid = pid
        self.took: float | None = None
        self.address = ""
        self.was_killed_at_failpoint = False
        self._reader = reader
        self._writer = writer
        self._born = born
        self._end = asyncio.ensure_future(self._listen())
        self._ready = asyncio.Event()
        self._armed = asyncio.Event()

    async def _listen(self) -> None:
        while line := await self._reader.readline():
            word, _, said = line.decode().strip().partition(" ")
            if word == "ready":
                self.took, self.address = monotonic() - self._born, said
                self._ready.set()
            if word == "armed":
                self._armed.set()
            self.was_killed_at_failpoint = self.was_killed_at_failpoint or word == "struck"
        self._ready.set()
        self._armed.set()

    @property
    def alive(self) -> bool:
        """Whether it has not died yet."""
        return not self._end.done()

    async def ready(self) -> None:
        """Wait until it runs, or has died on the way."""
        await asyncio.wait_for(self._ready.wait(), LONGEST)

    async def wait_until_dead(self, within: float = LONGEST) -> None:
        """Wait until it has died."""
        await asyncio.wait_for(asyncio.shield(self._end), within)
        self._writer.close()

    async def kill_at(self, blow: KillPoint) -> None:
        """Have it killed at the pass of an arrow, from when this returns."""
        if self.alive:
            self._armed.clear()
            self._writer.write(blow.model_dump_json().encode() + b"\n")
            await asyncio.wait_for(self._armed.wait(), LONGEST)

    async def kill(self) -> None:
        """Signal 9, now."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
        await self.wait_until_dead()


class ProcessPool:
    """Starts processes."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def starts(self, being: BotPlan | SandboxPlan) -> PooledProcess:
        """A new process, not ready yet."""
        plan = Plan(bot=being) if isinstance(being, BotPlan) else Plan(sandbox=being)
        born = monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        told = plan.model_dump_json().encode()
        writer.write(b"%d\n%b" % (len(told), told))
        pid = int(await asyncio.wait_for(reader.readline(), LONGEST))
        return PooledProcess(pid, reader, writer, born)

    async def kills(self, plan: BotPlan, blow: KillPoint) -> None:
        """Start a bot and wait until it is killed at a pass of this arrow."""
        child = await self.starts(plan.model_copy(update={"blow": blow}))
        await child.wait_until_dead()
        assert child.was_killed_at_failpoint, f"it died of something else than {blow}"

    @asynccontextmanager
    async def runs(self, being: BotPlan | SandboxPlan) -> AsyncIterator[PooledProcess]:
        """A process that is ready; killed at the end of the block."""
        child = await self.starts(being)
        try:
            await child.ready()
            assert child.alive, "it died on its own; its output is in the log of the pool"
            yield child
        finally:
            await child.kill()


@contextmanager
def open_process_pool(log: Path) -> Iterator[ProcessPool]:
    """Open a pool; the output of its children goes into the file."""
    command = [sys.executable, "-m", "tests.e2e.process_pool_server"]
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdin is not None
        port = process.stdout.readline()
        assert port, f"the pool did not open: {log.read_text()}"
        yield ProcessPool(int(port))
        process.stdin.close()
        process.wait(LONGEST)
