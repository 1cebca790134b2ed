"""The counters and histograms of one bot, which Prometheus reads from ``/metrics``.

No label names a person, a chat or anything that a person wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from states.step_result import Priority
from storage.engine.tables import OutboxState
from storage.updates.outbox import DeliveryResult

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Buckets of latencies. The budgets are 20, 100 and 600 ms; minutes mean a backlog."""
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Buckets of batches. The update worker commits at most 64 updates at once."""

# A ``_created`` series per metric tells no more than the process's start time.
disable_created_metrics()  # type: ignore[no-untyped-call]


class MediaOutcome(StrEnum):
    """How an attempt of a media job ended; all but the first two are tried once more."""

    DONE = "done"
    REFUSED = "refused"  # the file breaks a rule
    FAILED = "failed"  # it met an error that no rule names, or its limit of memory
    DIED = "died"  # the child or the whole worker ended
    TIMED_OUT = "timed_out"


class Metrics:
    """The metrics of one bot from its start, on a registry that no other bot shares."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._kept = self._counter("updates_kept_total", "Updates stored in the inbox, each once")
        self._done = self._counter("updates_done_total", "Updates whose effect was committed")
        self._dead = self._counter("updates_dead_total", "Updates set aside after their last try")
        self._failed = self._counter("update_attempts_failed_total", "Attempts that raised")
        self._rerouted = self._counter(
            "updates_rerouted_total", "Updates that a batch gave up to a transaction of their own"
        )
        self._gaps = self._counter("intake_gaps_total", "Pauses of the intake of over a minute")
        self._lost = self._counter(
            "callback_answers_lost_total", "Callback queries answered too late or not at all"
        )
        self._errors = self._counter("api_errors_total", "Bot API calls that failed", "code")
        self._retry_after = self._counter(
            "api_retry_after_seconds_total", "Seconds that Telegram asked the bot to wait (429)"
        )
        deliveries = self._counter(
            "deliveries_total", "Outbox rows with a final state", "outcome", "priority"
        )

        @cache
        def delivery(state: OutboxState, priority: Priority) -> Counter:
            return deliveries.labels(state.value, priority.name.lower())

        self._delivery = delivery
        self._forged = self._counter(
            "bad_payment_notifications_total", "Notifications of money without a good signature"
        )
        self._media_jobs = self._counter(
            "media_jobs_total", "Attempts of the media worker's jobs", "job", "outcome"
        )
        self._media_seconds = self._histogram(
            "media_job_seconds", "From giving a job to the media worker to its end", SECONDS
        )
        self._intake_batch = self._histogram("intake_batch_size", "New updates a commit", SIZES)
        self._worker_batch = self._histogram(
            "update_worker_batch_size", "Updates a commit of the update worker", SIZES
        )
        self._update_latency = self._histogram(
            "update_latency_seconds", "From receiving an update to committing its effect", SECONDS
        )
        self._reply_latency = self._histogram(
            "reply_latency_seconds", "From receiving an update to sending its reply", SECONDS
        )

    def updates_kept(self, count: int) -> None:
        """Count the new updates of one intake commit."""
        if count:
            self._kept.inc(count)
            self._intake_batch.observe(count)

    def intake_gap(self) -> None:
        """Count a pause of over a minute without intake."""
        self._gaps.inc()

    def batch_committed(self, count: int) -> None:
        """Observe the updates of one commit of the update worker."""
        if count:
            self._worker_batch.observe(count)

    def update_rerouted(self) -> None:
        """Count an update that was known to be exclusive only after it was loaded and routed."""
        self._rerouted.inc()

    def update_done(self, latency: timedelta) -> None:
        """Count an update whose effect is committed."""
        self._done.inc()
        self._update_latency.observe(latency.total_seconds())

    def update_dead(self) -> None:
        """Count an update that is set aside for good."""
        self._dead.inc()

    def update_attempt_failed(self) -> None:
        """Count one failed attempt of an update."""
        self._failed.inc()

    def deliveries_finished(
        self, results: Iterable[DeliveryResult], clock_offset: timedelta
    ) -> None:
        """Count final states; ``clock_offset`` is how far ``Sent.at`` is ahead of real time."""
        for result in results:
            priority, received_at = result.row.priority, result.row.caused_at
            self._delivery(result.state, priority).inc()
            if received_at and result.state is OutboxState.SENT and priority is Priority.REPLY:
                latency = result.at - clock_offset - received_at
                self._reply_latency.observe(latency.total_seconds())

    def api_error(self, code: int, retry_after: float | None) -> None:
        """Count a call that Telegram refused, and the seconds it asked to wait."""
        self._errors.labels(code).inc()
        self._retry_after.inc(max(0.0, retry_after or 0.0))

    def api_unreachable(self) -> None:
        """Count a call that Telegram did not answer."""
        self._errors.labels("unreachable").inc()

    def media_job(self, job: str, outcome: MediaOutcome, seconds: float) -> None:
        """Count an attempt of a media job."""
        self._media_jobs.labels(job, outcome.value).inc()
        self._media_seconds.observe(seconds)

    def bad_notification(self) -> None:
        """Count a notification of money that is not its provider's."""
        self._forged.inc()

    def callback_answer_lost(self) -> None:
        """Count a callback query that was answered too late or not at all."""
        self._lost.inc()

    def _counter(self, name: str, documentation: str, *labels: str) -> Counter:
        return Counter(f"baoming_{name}", documentation, labels, registry=self.registry)

    def _histogram(self, name: str, documentation: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"baoming_{name}", documentation, registry=self.registry, buckets=buckets)
