"""Callbacks: providers report money by HTTP, and repeat it until they read the right answer.

The body is bounded and stays unparsed until its signature was checked. Nothing of it is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.metrics import Metrics
from bot.core.runtime import Failpoint, FailpointHook, no_failpoint
from bot.payments.cashier import BadNotification, Cashier
from bot.payments.receiving import Receiver
from storage.engine.database import Unavailable

LARGEST: Final = 64 * 1024
"""Bytes of a body; the largest notification of either provider has a tenth."""
BODY_SECONDS: Final = 10.0
PATH: Final = "/payments"

log = structlog.get_logger("payments")


class Callbacks:
    """The endpoints of the providers, one a way, at ``/payments/WAY``."""

    def __init__(
        self,
        cashiers: Iterable[Cashier],
        receiver: Receiver,
        now: Callable[[], datetime],
        pull: Callable[[], None],
        metrics: Metrics,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._receiver = receiver
        self._now = now
        self._pull = pull
        self._metrics = metrics
        self._failpoint = failpoint
        self.routes = [
            Route(f"{PATH}/{cashier.way}", self._endpoint(cashier), methods=["POST"])
            for cashier in cashiers
        ]

    def _endpoint(self, cashier: Cashier) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            status = await self._take(cashier, request)
            if status is not HTTPStatus.OK:
                return Response(status_code=status, headers={"connection": "close"})
            body, kind = cashier.acknowledgement()
            return Response(body, media_type=kind)

        return answer

    async def _take(self, cashier: Cashier, request: Request) -> HTTPStatus:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _bounded(request)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        if body is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        try:
            money = cashier.notification(request.headers, body)
        except BadNotification:
            self._metrics.bad_notification()
            log.warning("a notification is not the provider's", way=cashier.way)
            return HTTPStatus.UNAUTHORIZED
        if money is None:
            return HTTPStatus.OK
        try:
            self._failpoint(Failpoint.MONEY_HEARD)
            async with self._receiver.storage.db.write() as connection:
                await self._receiver.receive(connection, money, self._now())
            self._failpoint(Failpoint.MONEY_SETTLED)
        except Unavailable:
            return HTTPStatus.SERVICE_UNAVAILABLE
        self._pull()
        return HTTPStatus.OK


async def _bounded(request: Request) -> bytes | None:
    """Return the body; None if it is too long, whatever its Content-Length says."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return bytes(body)
