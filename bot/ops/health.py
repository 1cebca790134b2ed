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

from bot.core.background_tasks import BackgroundTasks
from bot.core.clocks import MonotonicClock, WallClock
from bot.core.metrics import Metrics
from storage.engine.database import Database, Unavailable
from storage.updates import backlog
from storage.updates.backlog import Backlog

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
class HealthSnapshot:
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
        synced_until: Callable[[], datetime | None],
        metrics: Metrics,
        exam: str,
        wall_clock: WallClock,
        monotonic: MonotonicClock,
        tasks: BackgroundTasks,
        coming: Callable[[], Sequence[datetime]] = tuple,
    ) -> None:
        self._db = db
        self._coming = coming
        self._synced_until = synced_until
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._tasks = tasks
        self._started = self._real_time()
        self._looking: asyncio.Task[HealthSnapshot | None] | None = None
        self._registry = metrics.registry
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        build = Info("baoming_build", "What runs", registry=self._registry)
        build.info({"version": _version(), "exam": exam})
        self.routes = [Route("/healthz", self._healthz), Route("/metrics", self._metrics)]

    async def _healthz(self, _request: Request) -> Response:
        look = await self._snapshot()
        troubles = self._troubles(look)
        told = {"status": "troubled" if troubles else "ok", "troubles": troubles}
        body = orjson.dumps(told | self._measured(look))
        return Response(body, 503 if troubles else 200, media_type="application/json")

    async def _metrics(self, _request: Request) -> Response:
        # New gauges for each scrape: a gauge that cannot be measured is absent, not stale.
        measured = CollectorRegistry()
        for name, value in self._measured(await self._snapshot()).items():
            Gauge(f"baoming_{name}", GAUGES[name], registry=measured).set(value)
        body = generate_latest(self._registry) + generate_latest(measured)
        return Response(body, headers={"content-type": CONTENT_TYPE_LATEST})

    # --- looking ---------------------------------------------------------------------------------

    async def _snapshot(self) -> HealthSnapshot | None:
        """None if the database is not there in time. The look goes on then, and is the only one."""
        if self._looking is None or self._looking.done():
            self._looking = self._tasks.start(self._ask())
        looking = self._looking
        done, _ = await asyncio.wait({looking}, timeout=LOOK_SECONDS)
        return looking.result() if done else None

    async def _ask(self) -> HealthSnapshot | None:
        began = self._monotonic.now()
        try:
            # Who only reads does not notice that nobody can write.
            await backlog.probe_write(self._db)
            seconds = self._monotonic.now() - began
            waits = await backlog.read_backlog(self._db, self._wall_clock.now(), self._coming())
            return HealthSnapshot(waits, seconds)
        except Unavailable:
            return None

    def _measured(self, view: HealthSnapshot | None) -> dict[str, float]:
        """The gauges; what the database did not tell is left out."""
        gauges = {"database_up": float(view is not None), "silence_seconds": self._silence}
        if view is None:
            return gauges
        waits = view.backlog
        return gauges | {
            "database_write_wait_seconds": view.seconds,
            "inbox_waiting": waits.updates,
            "inbox_oldest_seconds": _age(waits.updates_since, self._real_time()),
            "inbox_dead": waits.dead,
            "outbox_waiting": waits.messages,
            "outbox_oldest_seconds": _age(waits.messages_since, self._wall_clock.now()),
            "decisions_oldest_seconds": _age(waits.decisions_since, self._wall_clock.now()),
        }

    def _troubles(self, view: HealthSnapshot | None) -> list[str]:
        """The names of what is wrong, for programs; the README says what each means."""
        troubles = ["silence"] if self._silence > SILENT else []
        if view is None:
            return [*troubles, "database"]
        waits = view.backlog
        if _age(waits.updates_since, self._real_time()) > UPDATE_WAITS:
            troubles.append("inbox")
        if _age(waits.messages_since, self._wall_clock.now()) > MESSAGE_WAITS:
            troubles.append("outbox")
        if _age(waits.decisions_since, self._wall_clock.now()) > DECISION_WAITS:
            troubles.append("decisions")
        if waits.died is not None and _age(waits.died, self._real_time()) < DEAD_FOR:
            troubles.append("dead")
        return troubles

    @property
    def _silence(self) -> float:
        """Seconds since we had all that Telegram had for us; a start is given its time too."""
        heard = self._synced_until()
        return _age(max(heard, self._started) if heard else self._started, self._real_time())

    def _real_time(self) -> datetime:
        """This moment, as the inbox and the intake have it."""
        return self._wall_clock.now() - self._wall_clock.offset


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _version() -> str:
    try:
        return version("baoming")
    except PackageNotFoundError:  # it runs from a checkout
        return "source"
