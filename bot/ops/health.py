"""Health serves ``/healthz`` for an alarm, and ``/metrics`` for Prometheus.

Both answer within seconds whatever the database does. Neither contains personal data.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from urllib.parse import urlsplit

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

from bot.core.metrics import Metrics
from bot.core.runtime import BackgroundTasks, MonotonicClock, WallClock
from storage.engine import jobs
from storage.engine.database import Database, Unavailable
from storage.updates import backlog
from storage.updates.backlog import Backlog

DATABASE_SECONDS = 2.5
"""The time limit of the database; a locked SQLite file raises after 2 s."""
UPDATE_WAITS = 60.0
"""Seconds until a waiting update is stuck: three attempts take 3 s, a file takes at most 30 s."""
MESSAGE_WAITS = 600.0
"""Seconds until a waiting message is stuck: at 30/s, the bot sends 18,000 notices meanwhile."""
DECISION_WAITS = 120.0
"""Seconds from the end of an undo window until a decision is stuck: it may wait for earlier
updates."""
SILENT = 120.0
"""Seconds. Polling and webhook hear from Telegram every 30 s; this is three times and a pause."""
DEAD_FOR = 3600.0
"""Seconds for which a dead update is a trouble; ``inbox_dead`` counts it longer."""
GAUGES = {
    "database_up": "Whether the database accepts a write",
    "database_write_wait_seconds": "Seconds until the database accepted a write",
    "silence_seconds": "Seconds since the intake last had every update of Telegram",
    "clock_ahead_seconds": "Seconds that this machine's clock is ahead of Telegram's",
    "inbox_waiting": f"Updates that wait, up to {backlog.COUNTED}",
    "inbox_oldest_seconds": "Seconds that the oldest of them has waited",
    "inbox_dead": f"Updates set aside after their last attempt, up to {backlog.COUNTED}",
    "outbox_waiting": f"Messages that are due, up to {backlog.COUNTED}",
    "outbox_oldest_seconds": "Seconds that the oldest of them has been due",
    "decisions_oldest_seconds": "Seconds since the oldest unapplied decision was due",
    "jobs_troubled": f"Jobs set aside, or overdue, up to {jobs.NAMED}",
}


@dataclass(frozen=True, slots=True)
class HealthSnapshot:
    """The backlog, and the seconds until the database accepted a write."""

    backlog: Backlog
    seconds: float


class Health:
    """Measures the database and the intake on request.

    Args:
        synced_until: up to when the intake has every update of Telegram.
        is_in_conflict: whether another bot receives with the same token.
        paced: the chats that messages are being sent to, as fast as Telegram allows.
        hosts: further names of this server, beside addresses and names without a dot.
        coming: receiving times of updates that are committed together with their effect.
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
        is_in_conflict: Callable[[], bool] = lambda: False,
        paced: Callable[[], Collection[int]] = tuple,
        hosts: Container[str] = (),
    ) -> None:
        self._db = db
        self._is_in_conflict = is_in_conflict
        self._paced = paced
        self._hosts = hosts
        self._coming = coming
        self._synced_until = synced_until
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._tasks = tasks
        self._started = self._real_time()
        self._reading: asyncio.Task[HealthSnapshot | None] | None = None
        self._registry = metrics.registry
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        build = Info("baoming_build", "What runs", registry=self._registry)
        build.info({"version": _version(), "exam": exam})
        self.routes = [Route("/healthz", self._healthz), Route("/metrics", self._metrics)]

    async def _healthz(self, request: Request) -> Response:
        if not is_own_host(request.headers.get("host", ""), self._hosts):
            return Response(status_code=HTTPStatus.MISDIRECTED_REQUEST)
        snapshot = await self._snapshot()
        troubles = self._troubles(snapshot)
        status: dict[str, object] = {
            "status": "troubled" if troubles else "ok",
            "troubles": troubles,
        }
        if snapshot is not None and snapshot.backlog.jobs:
            named = [{"kind": job.kind, "key": job.key} for job in snapshot.backlog.jobs]
            status["jobs"] = named
        body = orjson.dumps(status | self._measured(snapshot))
        return Response(body, 503 if troubles else 200, media_type="application/json")

    async def _metrics(self, request: Request) -> Response:
        if not is_own_host(request.headers.get("host", ""), self._hosts):
            return Response(status_code=HTTPStatus.MISDIRECTED_REQUEST)
        # Each scrape has new gauges: a gauge without a value is absent, not stale.
        measured = CollectorRegistry()
        for name, value in self._measured(await self._snapshot()).items():
            Gauge(f"baoming_{name}", GAUGES[name], registry=measured).set(value)
        body = generate_latest(self._registry) + generate_latest(measured)
        return Response(body, headers={"content-type": CONTENT_TYPE_LATEST})

    async def _snapshot(self) -> HealthSnapshot | None:
        """Return None if the database is too slow; its one reading then goes on."""
        if self._reading is None or self._reading.done():
            self._reading = self._tasks.start(self._read())
        reading = self._reading
        done, _ = await asyncio.wait({reading}, timeout=DATABASE_SECONDS)
        return reading.result() if done else None

    async def _read(self) -> HealthSnapshot | None:
        began = self._monotonic.now()
        try:
            # A reading alone would not show that writes fail.
            await backlog.probe_write(self._db)
            seconds = self._monotonic.now() - began
            now, coming, paced = self._wall_clock.now(), self._coming(), self._paced()
            found = await backlog.read_backlog(self._db, now, coming, paced)
            return HealthSnapshot(found, seconds)
        except Unavailable:
            return None

    def _measured(self, snapshot: HealthSnapshot | None) -> dict[str, float]:
        """Return the gauges; without a snapshot, only those that need no database."""
        gauges = {"database_up": float(snapshot is not None), "silence_seconds": self._silence}
        gauges["clock_ahead_seconds"] = self._wall_clock.lead.total_seconds()
        if snapshot is None:
            return gauges
        waits = snapshot.backlog
        return gauges | {
            "database_write_wait_seconds": snapshot.seconds,
            "inbox_waiting": waits.updates,
            "inbox_oldest_seconds": _age(waits.updates_since, self._real_time()),
            "inbox_dead": waits.dead,
            "outbox_waiting": waits.messages,
            "outbox_oldest_seconds": _age(waits.messages_since, self._wall_clock.now()),
            "decisions_oldest_seconds": _age(waits.decisions_since, self._wall_clock.now()),
            "jobs_troubled": len(waits.jobs),
        }

    def _troubles(self, snapshot: HealthSnapshot | None) -> list[str]:
        """Return the names of the troubles; the README explains each."""
        troubles = ["silence"] if self._silence > SILENT else []
        if self._is_in_conflict():
            troubles.append("conflict")
        if self._wall_clock.is_wrong:
            troubles.append("clock")
        if snapshot is None:
            return [*troubles, "database"]
        waits = snapshot.backlog
        if _age(waits.updates_since, self._real_time()) > UPDATE_WAITS:
            troubles.append("inbox")
        if _age(waits.messages_since, self._wall_clock.now()) > MESSAGE_WAITS:
            troubles.append("outbox")
        if _age(waits.decisions_since, self._wall_clock.now()) > DECISION_WAITS:
            troubles.append("decisions")
        if waits.died is not None and _age(waits.died, self._real_time()) < DEAD_FOR:
            troubles.append("dead")
        if waits.jobs:
            troubles.append("jobs")
        return troubles

    @property
    def _silence(self) -> float:
        """Seconds since the intake had every update of Telegram, or since the start."""
        since = max(self._synced_until() or self._started, self._started)
        return _age(since, self._real_time())

    def _real_time(self) -> datetime:
        """Return the real time, which the inbox and the intake use."""
        return self._wall_clock.now() - self._wall_clock.offset


def is_own_host(host: str, known: Container[str] = ()) -> bool:
    """Return whether a ``Host`` names this server, so that no web page elsewhere reads an answer.

    A page whose own name was made to point here sends that name, which has a dot.

    >>> is_own_host("127.0.0.1:8080"), is_own_host("evil.example:8080")
    (True, False)
    """
    name = urlsplit(f"//{host}").hostname or ""
    if name in known or (name and "." not in name and ":" not in name):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _version() -> str:
    try:
        return version("baoming")
    except PackageNotFoundError:  # the bot runs from a checkout
        return "source"
