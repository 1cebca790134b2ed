"""A server on loopback that says prepared bytes, however odd, and notes what it was asked."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.fakes.proxies import Reader, Writer

HEAD_ENDS = b"\r\n\r\n"


async def request_of(reader: Reader) -> bytes:
    """Read a whole request, head and body in one."""
    head = await reader.readuntil(HEAD_ENDS)
    size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    return head + await reader.readexactly(size)


def reset(writer: Writer) -> None:
    """Close the connection by RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    writer.transport.abort()


@dataclass
class Host:
    """A server that says these bytes, whatever it is asked, one after another on each connection.

    ``requests`` are what came on each connection, head and body in one. ``closes``: it closes the
    connection after the last answer. ``piece``: it sends pieces of so many bytes, ``pause`` seconds
    apart.
    """

    says: Sequence[bytes]
    closes: bool = False
    piece: int = 0
    pause: float = 0.0
    requests: list[list[bytes]] = field(default_factory=list)
    ended: int = 0

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        """One connection."""
        mine: list[bytes] = []
        self.requests.append(mine)
        try:
            for said in self.says:
                mine.append(await request_of(reader))
                size = self.piece or len(said) or 1
                for start in range(0, len(said), size):
                    writer.write(said[start : start + size])
                    await writer.drain()
                    await asyncio.sleep(self.pause)
            if not self.closes:
                await reader.read()
        finally:
            self.ended += 1
