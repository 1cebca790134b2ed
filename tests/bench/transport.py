"""CPU of a call of both transports, in turns: ``python -m tests.bench.transport``.

A server in a process of its own answers each call at once, as Telegram answers sendMessage.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import cast

import uvloop

from bot.api.client import TRANSPORTS, HttpClient
from bot.api.dialer import Dialer
from bot.api.transport import Transport

CALLS = 8_000
"""Calls of one round."""
AT_ONCE = 64
ROUNDS = 7
BODY = b'{"chat_id":1001,"text":"' + b"x" * 400 + b'","reply_markup":{"inline_keyboard":[]}}'
RESULT = b'{"ok":true,"result":{"message_id":7,"text":"' + b"x" * 600 + b'"}}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\nDate: Sun, 01 Nov 2026 09:00:00 GMT\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n"
    b"Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
    b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
    b"Access-Control-Expose-Headers: Content-Length,Content-Type,Date,Server,Connection\r\n\r\n"
) % len(RESULT) + RESULT


class Server(asyncio.Protocol):
    """Answers each request, which ends with ``BODY``."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)
        self._received = b""

    def data_received(self, data: bytes) -> None:
        """Answer once the request is whole."""
        self._received += data
        if self._received.endswith(BODY):
            self._received = b""
            self._transport.write(ANSWER)


def serve(ready: Connection) -> None:
    """Run the server, and send its port."""

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(run())


@contextmanager
def serving() -> Iterator[int]:
    """Run the server in a process; yield its port."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


async def cost(transport: Transport, at_once: int) -> float:
    """Return the CPU of a call in microseconds."""
    left = iter(range(CALLS))

    async def caller() -> None:
        for _ in left:
            await transport.request(
                "POST",
                "/bot4242:token/sendMessage",
                BODY,
                {"Content-Type": "application/json"},
                time_limit=30,
            )

    started = time.process_time()
    await asyncio.gather(*(caller() for _ in range(at_once)))
    return (time.process_time() - started) / CALLS * 1e6


async def compare(port: int, at_once: int) -> None:
    """Measure both in turns, and print medians and the median ratio."""
    made = {name: new(Dialer(f"http://127.0.0.1:{port}")) for name, new in TRANSPORTS.items()}
    costs: dict[HttpClient, list[float]] = {name: [] for name in made}
    for _ in range(ROUNDS + 1):
        for name, transport in made.items():
            costs[name].append(await cost(transport, at_once))
    for transport in made.values():
        await transport.close()
    pool, aiohttp = (costs[name][1:] for name in ("pool", "aiohttp"))  # the first round warms up
    ratio = statistics.median(b / a for a, b in zip(pool, aiohttp, strict=True))
    print(
        f"{at_once:3} at once: pool {statistics.median(pool):.0f} µs, "
        f"aiohttp {statistics.median(aiohttp):.0f} µs, ratio {ratio:.2f}"
    )


def main() -> None:
    """Print the comparison for one caller and for many."""
    with serving() as port:
        for at_once in (1, AT_ONCE):
            uvloop.run(compare(port, at_once))


if __name__ == "__main__":
    main()
