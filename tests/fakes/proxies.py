"""Real proxies on loopback: HTTP as RFC 9110 has it, SOCKS5 (RFC 1928, 1929), SOCKS4 and 4a.

Our own, since the one proxy of that kind on PyPI has had no release since January 2024, and those
of Debian would have to be installed as root. What they were asked for is in ``seen``.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Talk = Callable[[Reader, Writer], Awaitable[None]]

USER, PASSWORD = "baoming", "a-password-that-nobody-may-see"
SIGNED_IN = f"{USER}:{PASSWORD}@"


class Proxy(Protocol):
    """The base of all proxies. ``seen``: the requested hosts and ports, in order."""

    seen: list[tuple[str, int]]

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        """One connection."""


@asynccontextmanager
async def listening(
    talk: Talk, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """A TCP server for a while; its port. Its conversations end with it."""
    talks: set[asyncio.Task[None]] = set()

    async def talked(reader: Reader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            talks.discard(task)
            writer.close()

    server = await asyncio.start_server(talked, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@dataclass(slots=True)
class Way:
    """How a proxy passes bytes on.

    ``to``: the port that it really connects to, on this computer, whatever it was asked for; so
    that nothing but a proxy finds the way. It dies after ``bytes`` from the other side, and waits
    for ``seconds`` before it says anything.
    """

    to: int
    bytes: int | None = None
    seconds: float = 0.0

    async def opens(self) -> tuple[Reader, Writer]:
        """A connection to the other side."""
        await asyncio.sleep(self.seconds)
        return await asyncio.open_connection("127.0.0.1", self.to)

    async def between(self, here: tuple[Reader, Writer], there: tuple[Reader, Writer]) -> None:
        """Pass everything on until either side has had enough."""
        back = asyncio.ensure_future(_pipe(there[0], here[1], self.bytes))
        forth = asyncio.ensure_future(_pipe(here[0], there[1], None))
        try:
            await asyncio.wait((back, forth), return_when=asyncio.FIRST_COMPLETED)
        finally:
            there[1].close()
            back.cancel()
            forth.cancel()
            await asyncio.gather(back, forth, return_exceptions=True)


async def _pipe(source: Reader, target: Writer, most: int | None) -> None:
    passed = 0
    while most is None or passed < most:
        data = await source.read(65536 if most is None else min(65536, most - passed))
        if not data:
            return
        passed += len(data)
        target.write(data)
        await target.drain()


@dataclass(slots=True)
class HttpProxy:
    """Forwards plain HTTP, one request a connection, and tunnels what asks for CONNECT.

    ``status``: it refuses with this. ``asks``: it wants ``USER`` and ``PASSWORD``, else 407.
    """

    way: Way
    status: int | None = None
    asks: bool = False
    seen: list[tuple[str, int]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        """One connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        request, *lines = head.strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        method, target, version = request.split(" ")
        address = target.removeprefix("http://")
        host, _, path = address.partition("/")
        name, _, port = host.partition(":")
        self.seen.append((name, int(port or 80)))
        self.methods.append(method)
        signed = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.asks and headers.pop("Proxy-Authorization", "") != f"Basic {signed}":
            self.status = 407
        if self.status is not None:
            writer.write(f"HTTP/1.1 {self.status} No\r\nContent-Length: 0\r\n\r\n".encode())
            return
        there = await self.way.opens()
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            headers["Connection"] = "close"
            told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            there[1].write(f"{method} /{path} {version}\r\n{told}\r\n".encode())
        await self.way.between((reader, writer), there)


@dataclass(slots=True)
class SocksProxy:
    """SOCKS5. ``reply`` is its answer to CONNECT, 0 for success; ``asks`` as above."""

    way: Way
    reply: int = 0
    asks: bool = False
    seen: list[tuple[str, int]] = field(default_factory=list)

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        """One connection."""
        _version, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = 2 if self.asks else 0
        if wanted not in methods:
            writer.write(b"\x05\xff")
            return
        writer.write(bytes([5, wanted]))
        if self.asks:
            await reader.readexactly(1)
            given = (await _counted(reader), await _counted(reader))
            is_right = given == (USER.encode(), PASSWORD.encode())
            writer.write(b"\x01\x00" if is_right else b"\x01\x01")
            if not is_right:
                return
        kind = (await reader.readexactly(4))[3]
        if kind == 3:
            host = (await _counted(reader)).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        self.seen.append((host, int.from_bytes(await reader.readexactly(2))))
        there = None if self.reply else await self.way.opens()
        writer.write(bytes([5, self.reply, 0, 1]) + b"\0" * 6)
        if there is not None:
            await self.way.between((reader, writer), there)


@dataclass(slots=True)
class Socks4Proxy:
    """SOCKS4, and 4a where the address is 0.0.0.x and a name follows."""

    way: Way
    granted: bool = True
    seen: list[tuple[str, int]] = field(default_factory=list)

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        """One connection."""
        head = await reader.readexactly(8)
        await reader.readuntil(b"\0")
        host = ".".join(map(str, head[4:]))
        if host.startswith("0.0.0."):
            host = (await reader.readuntil(b"\0"))[:-1].decode()
        self.seen.append((host, int.from_bytes(head[2:4])))
        there = await self.way.opens() if self.granted else None
        writer.write(bytes([0, 90 if self.granted else 91]) + b"\0" * 6)
        if there is not None:
            await self.way.between((reader, writer), there)


async def _counted(reader: Reader) -> bytes:
    return await reader.readexactly((await reader.readexactly(1))[0])
