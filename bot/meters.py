"""What is counted while the bot runs, and how Prometheus reads it.

On the way of an update there are only plain numbers; they become metrics when somebody asks. No
label names a person, a chat or anything that they wrote.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from states.outcome import Priority
from storage.outbox import Sent
from storage.tables import OutboxState

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Bounds of times: the budgets are 20, 100 and 600 ms; what takes minutes is a backlog."""
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Bounds of batches; 64 is the largest of the pump's."""


class Spread:
    """How values are spread over bounds."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def family(self, name: str, told: str) -> Metric:
        """As a histogram."""
        ends = [*map(floatToGoString, self._bounds), "+Inf"]
        buckets = list(zip(ends, accumulate(self._counts), strict=True))
        return HistogramMetricFamily(name, told, buckets=buckets, sum_value=self._sum)


class Meters(Collector):
    """The counts of one bot, from its start on."""

    def __init__(self) -> None:
        self._kept = self._done = self._failed = self._dead = self._gaps = self._toasts = 0
        self._held = 0.0
        self._keeping = Spread(SIZES)
        self._batches = Spread(SIZES)
        self._handling = Spread(SECONDS)
        self._replying = Spread(SECONDS)
        self._messages: Counter[tuple[OutboxState, Priority]] = Counter()
        self._errors: Counter[str] = Counter()

    # --- what happens ----------------------------------------------------------------------------

    def kept(self, count: int) -> None:
        """A commit of the intake kept so many new updates."""
        self._kept += count
        if count:
            self._keeping.add(count)

    def gap(self) -> None:
        """Nothing could be taken in for more than a minute."""
        self._gaps += 1

    def batch(self, count: int) -> None:
        """A commit of the pump held so many updates."""
        if count:
            self._batches.add(count)

    def through(self, since_received: timedelta, *, dead: bool) -> None:
        """An update took effect, or was set aside for good."""
        if dead:
            self._dead += 1
        else:
            self._done += 1
            self._handling.add(since_received.total_seconds())

    def failed(self) -> None:
        """A try of an update failed."""
        self._failed += 1

    def marked(self, marks: Iterable[Sent], ahead: timedelta) -> None:
        """These messages are over. ``ahead``: how far their calendar is before the real one."""
        for mark in marks:
            priority, caused_at = mark.row.priority, mark.row.caused_at
            self._messages[mark.state, priority] += 1
            if caused_at and mark.state is OutboxState.SENT and priority is Priority.REPLY:
                self._replying.add((mark.at - ahead - caused_at).total_seconds())

    def refused(self, code: int, retry_after: float | None) -> None:
        """Telegram refused a call, and may have said how long to wait."""
        self._errors[str(code)] += 1
        self._held += retry_after or 0.0

    def unreachable(self) -> None:
        """Telegram did not answer a call."""
        self._errors["unreachable"] += 1

    def toast_lost(self) -> None:
        """A button's answer came too late or not at all."""
        self._toasts += 1

    # --- what is told ----------------------------------------------------------------------------

    def collect(self) -> Iterator[Metric]:
        """All of it, as Prometheus has it."""
        for name, told, value in (
            ("updates_kept", "Updates taken in, each once", self._kept),
            ("updates_done", "Updates that took effect", self._done),
            ("updates_failed", "Tries of an update that failed", self._failed),
            ("updates_dead", "Updates set aside after their last try", self._dead),
            ("intake_gaps", "Times of over a minute without intake", self._gaps),
            ("toasts_lost", "Answers to a button that came too late or not at all", self._toasts),
            ("api_wait_seconds", "Seconds that Telegram asked us to wait (429)", self._held),
        ):
            yield CounterMetricFamily(f"baoming_{name}", told, value=value)
        yield self._keeping.family("baoming_intake_batch", "New updates a commit of the intake")
        yield self._batches.family("baoming_pump_batch", "Updates a commit of the pump")
        yield self._handling.family("baoming_handling_seconds", "From kept to committed")
        yield self._replying.family("baoming_reply_seconds", "From received to its reply sent")
        messages = CounterMetricFamily(
            "baoming_messages", "Calls that are over", labels=["outcome", "priority"]
        )
        for (state, priority), count in self._messages.items():
            messages.add_metric([state.value, priority.name.lower()], count)
        errors = CounterMetricFamily(
            "baoming_api_errors", "Calls that Telegram refused or did not answer", labels=["code"]
        )
        for code, count in self._errors.items():
            errors.add_metric([code], count)
        yield messages
        yield errors
