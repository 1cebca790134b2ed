"""An HTTP/1.1 connection pool for one server; most of the time of a Bot API call is spent here.

httptools parses and asyncio writes; this module only manages the connections.
https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import asyncio
import select
import zlib
from collections.abc import Mapping
from time import monotonic
from typing import cast

from httptools import HttpParserError, HttpResponseParser

from bot.api.dialer import Dialer
from bot.api.transport import (
    COMMON_HEADERS,
    CONNECT_SECONDS,
    CONNECTIONS,
    IDLE_SECONDS,
    LARGEST,
    HttpResponse,
    TransportError,
)

PIECE = 64 * 2**10
"""The bytes of a request that are handed to the socket at once."""
OVERHEAD = 64 * 2**10
"""The most bytes in a row without a byte of a body: heads, trailers, extensions of chunks."""
COMPRESSIONS = (b"gzip", b"x-gzip", b"deflate")
ANY_COMPRESSION = zlib.MAX_WBITS | 32
"""zlib then reads the header of gzip or of deflate."""
_TROUBLE = (OSError, ValueError, HttpParserError)


class HttpPool:
    """The connections to one server: a ``Transport``."""

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer
        self._free: list[Connection] = []  # a stack: the connection of the last request comes first
        self._slots = asyncio.Semaphore(CONNECTIONS)

    async def close(self) -> None:
        """Close the idle connections; each request closes its own when it is cancelled."""
        while self._free:
            self._free.pop().close()

    async def request(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        time_limit: float,
        idle_limit: float | None = None,
        connect_limit: float = CONNECT_SECONDS,
        size_limit: int = LARGEST,
    ) -> HttpResponse:
        """Send a request and return its response; see ``Transport``."""
        connection: Connection | None = None
        try:
            async with asyncio.timeout(time_limit), self._slots:
                head = self._head(method, target, headers or {}, len(body))
                connection = self._reused()
                if connection is None:
                    async with asyncio.timeout(connect_limit):
                        connection = await self._dialer.connect(Connection)
                response = await connection.exchange(head, body, size_limit, idle_limit)
        except _TROUBLE as error:
            # "from None": the original message can contain the URL, and so the token.
            raise TransportError(error, in_doubt=connection is not None) from None
        if connection.is_done:
            self._free.append(connection)
        else:
            connection.close()
        return response

    def _head(self, method: str, target: str, headers: Mapping[str, str], size: int) -> bytes:
        server = self._dialer.server
        lines = [
            f"{method} {server.path}{target} HTTP/1.1",
            f"Host: {server.authority}",
            *(f"{name}: {value}" for name, value in COMMON_HEADERS.items()),
            *(f"{name}: {value}" for name, value in headers.items()),
            f"Content-Length: {size}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _reused(self) -> Connection | None:
        while self._free:
            connection = self._free.pop()
            if connection.is_silent and monotonic() - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.close()
        return None


class Connection(asyncio.Protocol):
    """A connection, with one exchange at a time."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._readable = select.poll()
        self._answer: asyncio.Future[HttpResponse] | None = None
        # The request.
        self._unsent = memoryview(b"")
        self._paused = False
        self._moved_at = 0.0
        self._watching: asyncio.TimerHandle | None = None
        # The response.
        self._parser = HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._left = 0
        self._overhead = 0
        self._has_head = False
        self._is_framed = False
        self._decoder: zlib._Decompress | None = None
        self._date = b""

    @property
    def is_done(self) -> bool:
        """Whether both sides have finished their message, so that another exchange can start."""
        transport = self._transport
        return (
            transport is not None
            and self._answer is None
            and not transport.is_closing()
            and not self._unsent
            and not transport.get_write_buffer_size()
        )

    @property
    def is_silent(self) -> bool:
        """Whether the server has neither closed nor sent anything since the last response."""
        return self.is_done and not self._readable.poll(0)

    async def exchange(
        self, head: bytes, body: bytes, size_limit: int, idle_limit: float | None
    ) -> HttpResponse:
        """Send a request and wait for its response."""
        answer: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._parts, self._left, self._overhead = [], size_limit + 1, 0
        self._write(head, body)
        if idle_limit is not None:
            self._moved_at = monotonic()
            self._watch(idle_limit)
        try:
            return await answer
        except BaseException:  # also a timeout: the response may still come
            self.close()
            raise
        finally:
            if self._watching is not None:
                self._watching.cancel()

    def close(self) -> None:
        """Close at once, even during an exchange."""
        if self._transport is not None:
            self._transport.abort()

    # --- the request -----------------------------------------------------------------------------

    def _write(self, head: bytes, body: bytes) -> None:
        assert self._transport is not None
        self._unsent = memoryview(body)[PIECE:]
        self._transport.write(head + body[:PIECE])
        if self._unsent:
            self._write_more()

    def _write_more(self) -> None:
        assert self._transport is not None
        while self._unsent and not self._paused and not self._transport.is_closing():
            piece, self._unsent = self._unsent[:PIECE], self._unsent[PIECE:]
            self._transport.write(piece)

    def _watch(self, idle_limit: float) -> None:
        """Fail the exchange when no byte has passed for so many seconds."""
        left = self._moved_at + idle_limit - monotonic()
        if left <= 0:
            self._failed(TimeoutError())
        else:
            loop = asyncio.get_running_loop()
            self._watching = loop.call_later(left, self._watch, idle_limit)

    # --- asyncio.Protocol ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)
        self._readable.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def pause_writing(self) -> None:
        """Keep the rest of the request until the socket takes more."""
        self._paused = True

    def resume_writing(self) -> None:
        """Write the next pieces of the request."""
        self._paused = False
        self._moved_at = monotonic()
        self._write_more()

    def data_received(self, data: bytes) -> None:
        """Parse a part of the response; unrequested data closes the connection."""
        if self._answer is None:
            self.close()
            return
        self._moved_at = monotonic()
        self._overhead += len(data)  # a body sets it to zero
        try:
            self._parser.feed_data(data)
        except Exception as error:  # also an unrequested upgrade
            self._failed(error if isinstance(error, HttpParserError) else HttpParserError())
        if self._overhead > OVERHEAD:
            self._failed(HttpParserError())

    def eof_received(self) -> None:
        """Return a response whose body ends with the connection."""
        if self._has_head and not self._is_framed:
            self._return()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the exchange if one is in progress."""
        self._failed(exc or ConnectionResetError())

    def _failed(self, error: Exception) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._answer = None

    # --- httptools -------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Close the connection if no request waits for this response."""
        if self._answer is None:
            self.close()
        self._has_head = self._is_framed = False
        self._decoder = None
        self._date = b""

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note how the body is framed and compressed, and the date."""
        name = name.lower()
        if name == b"content-length":
            self._is_framed = True
        elif name == b"transfer-encoding":
            self._is_framed = self._is_framed or b"chunked" in value.lower()
        elif name == b"date":
            self._date = value
        elif name == b"content-encoding" and (coding := value.strip().lower()) != b"identity":
            if self._decoder is not None or coding not in COMPRESSIONS:
                raise HttpParserError("unknown compression")
            self._decoder = zlib.decompressobj(ANY_COMPRESSION)

    def on_headers_complete(self) -> None:
        """Note that a body may follow, unless the response is an interim one (1xx)."""
        self._has_head = self._parser.get_status_code() >= 200

    def on_body(self, part: bytes) -> None:
        """Keep a part of the body; a body over the limit closes the connection."""
        self._overhead = 0
        if self._answer is None:
            return
        if self._decoder is not None:
            part = self._decoder.decompress(part, self._left)
        self._parts.append(part[: self._left])
        self._left -= len(self._parts[-1])
        if not self._left:
            self.close()
            self._return()

    def on_message_complete(self) -> None:
        """Return the response, unless it is an interim one (1xx)."""
        if self._has_head:
            if not self._parser.should_keep_alive():
                self.close()
            self._return()

    def _return(self) -> None:
        if self._left and self._parts and self._decoder is not None and not self._decoder.eof:
            self._failed(HttpParserError("incomplete compression"))
        answer, self._answer = self._answer, None
        self.idle_since = monotonic()
        if answer is not None and not answer.done():
            status = self._parser.get_status_code()
            answer.set_result(HttpResponse(status, b"".join(self._parts), self._date))
