"""How the bot is: ``/healthz`` for whoever watches over it, ``/metrics`` for Prometheus.

Both answer within seconds whatever the database does, and neither tells anything of a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

import orjson
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.metrics import Metrics
from bot.tasks import Tasks
from bot.times import Calendar, Machine
from storage import backlog
from storage.backlog import Backlog
from storage.db import Database, Unavailable

LOOK_SECONDS = 2.5
"""How long the database may take: a locked one is waited for 2 s, and then says so."""
UPDATE_WAITS = 60.0
"""Seconds. An update waiting longer is stuck: three tries take 3 s, fetching a file at most 30."""
MESSAGE_WAITS = 600.0
"""Seconds. A message waiting longer is stuck: 18,000 notices are sent in that time, at 30/s."""
DECISION_WAITS = 120.0
"""Seconds. A decision whose undo window ended is looked for every 30 s, once all is done that was
sent before; one that waits longer could not take effect."""
SILENT = 120.0
"""Seconds. Telegram is heard of every 30 s, by either way; this is three of those and a pause."""
DEAD_FOR = 3600.0
"""Seconds for which an update that was set aside is news; ``inbox_dead`` goes on counting it."""
GAUGES = {
    "database_up": "Whether the database lets us write",
    "database_write_wait_seconds": "How long it took to let us write",
    "silence_seconds": "Since we had all that Telegram had for us",
    "inbox_waiting": f"Updates to be done, up to {backlog.COUNTED}",
    "inbox_oldest_seconds": "How long the oldest of them has waited",
    "inbox_dead": f"Updates that were set aside, up to {backlog.COUNTED}",
    "outbox_waiting": f"Messages that are due, up to {backlog.COUNTED}",
    "outbox_oldest_seconds": "How long the oldest of them has been due",
    "decisions_oldest_seconds": "How long the oldest decision should have taken effect",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What the database told, and how long it took to let us write, in seconds."""

    backlog: Backlog
    seconds: float


class Health:
    """Looks at the database and the intake whenever it is asked.

    Args:
        heard: until when we have all that Telegram had for us.
        coming: when the updates came in that are to be kept with their effect.
    """

    def __init__(
        self,
        *,
        db: Database,
        heard: Callable[[], datetime | None],
        metrics: Metrics,
        exam: str,
        calendar: Calendar,
        machine: Machine,
        tasks: Tasks,
        coming: Callable[[], Sequence[datetime]] = tuple,
    ) -> None:
        self._db = db
        self._coming = coming
        self._heard = heard
        self._calendar = calendar
        self._machine = machine
        self._tasks = tasks
        self._started = self._real()
        self._looking: asyncio.Task[Look | None] | None = None
        self._registry = metrics.registry
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        build = Info("baoming_build", "What runs", registry=self._registry)
        build.info({"version": _version(), "exam": exam})
        self.routes = [Route("/healthz", self._healthz), Route("/metrics", self._metrics)]

    async def _healthz(self, _request: Request) -> Response:
        look = await self._look()
        troubles = self._troubles(look)
        told = {"status": "troubled" if troubles else "ok", "troubles": troubles}
        body = orjson.dumps(told | self._measured(look))
        return Response(body, 503 if troubles else 200, media_type="application/json")

    async def _metrics(self, _request: Request) -> Response:
        # New gauges for each scrape: a gauge that cannot be measured is absent, not stale.
        measured = CollectorRegistry()
        for name, value in self._measured(await self._look()).items():
            Gauge(f"baoming_{name}", GAUGES[name], registry=measured).set(value)
        body = generate_latest(self._registry) + generate_latest(measured)
        return Response(body, headers={"content-type": CONTENT_TYPE_LATEST})

    # --- looking ---------------------------------------------------------------------------------

    async def _look(self) -> Look | None:
        """None if the database is not there in time. The look goes on then, and is the only one."""
        if self._looking is None or self._looking.done():
            self._looking = self._tasks.start(self._ask())
        looking = self._looking
        done, _ = await asyncio.wait({looking}, timeout=LOOK_SECONDS)
        return looking.result() if done else None

    async def _ask(self) -> Look | None:
        began = self._machine.now()
        try:
            # Who only reads does not notice that nobody can write.
            await backlog.try_to_write(self._db)
            seconds = self._machine.now() - began
            waits = await backlog.look(self._db, self._calendar.now(), self._coming())
            return Look(waits, seconds)
        except Unavailable:
            return None

    def _measured(self, look: Look | None) -> dict[str, float]:
        """The gauges; what the database did not tell is left out."""
        gauges = {"database_up": float(look is not None), "silence_seconds": self._silence}
        if look is None:
            return gauges
        waits = look.backlog
        return gauges | {
            "database_write_wait_seconds": look.seconds,
            "inbox_waiting": waits.updates,
            "inbox_oldest_seconds": _age(waits.updates_since, self._real()),
            "inbox_dead": waits.dead,
            "outbox_waiting": waits.messages,
            "outbox_oldest_seconds": _age(waits.messages_since, self._calendar.now()),
            "decisions_oldest_seconds": _age(waits.decisions_since, self._calendar.now()),
        }

    def _troubles(self, look: Look | None) -> list[str]:
        """The names of what is wrong, for programs; the README says what each means."""
        troubles = ["silence"] if self._silence > SILENT else []
        if look is None:
            return [*troubles, "database"]
        waits = look.backlog
        if _age(waits.updates_since, self._real()) > UPDATE_WAITS:
            troubles.append("inbox")
        if _age(waits.messages_since, self._calendar.now()) > MESSAGE_WAITS:
            troubles.append("outbox")
        if _age(waits.decisions_since, self._calendar.now()) > DECISION_WAITS:
            troubles.append("decisions")
        if waits.died is not None and _age(waits.died, self._real()) < DEAD_FOR:
            troubles.append("dead")
        return troubles

    @property
    def _silence(self) -> float:
        """Seconds since we had all that Telegram had for us; a start is given its time too."""
        heard = self._heard()
        return _age(max(heard, self._started) if heard else self._started, self._real())

    def _real(self) -> datetime:
        """This moment, as the inbox and the intake have it."""
        return self._calendar.now() - self._calendar.offset


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _version() -> str:
    try:
        return version("baoming")
    except PackageNotFoundError:  # it runs from a checkout
        return "source"
