"""The bot counts events, and Prometheus reads the counters."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.core.metrics import SECONDS, SIZES, Metrics
from states.step_result import EditScreen, Priority, ShowScreen
from storage.engine.tables import OutboxState
from storage.updates.outbox import DeliveryResult, OutgoingMessage
from tests.fakes.clocks import START

AHEAD = timedelta(days=30)


def read(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """The samples of a scrape, as Prometheus' own parser sees them."""
    text = generate_latest(metrics.registry).decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def told(metrics: Metrics, name: str, **labels: str) -> float:
    """One sample."""
    return read(metrics)[f"baoming_{name}", frozenset(labels.items())]


def sent(
    state: OutboxState = OutboxState.SENT,
    priority: Priority = Priority.REPLY,
    after: float | None = None,
) -> DeliveryResult:
    """A message that is over; ``after``: seconds since the update that it answers came in."""
    caused = None if after is None else START
    effect = ShowScreen("menu", priority=priority)
    row = OutgoingMessage(1, "u1", 4242, 1001, effect, START + AHEAD, caused_at=caused)
    return DeliveryResult(row, state, START + AHEAD + timedelta(seconds=after or 0))


def test_a_bot_that_has_done_nothing_tells_noughts() -> None:
    samples = read(Metrics())
    assert samples
    assert set(samples.values()) == {0}


def test_updates_are_counted_by_what_became_of_them() -> None:
    metrics = Metrics()
    metrics.updates_kept(3)
    metrics.updates_kept(0)
    metrics.update_done(timedelta(milliseconds=15))
    metrics.update_attempt_failed()
    metrics.update_attempt_failed()
    metrics.update_dead()
    names = ("updates_kept", "updates_done", "update_attempts_failed", "updates_dead")
    assert [told(metrics, f"{name}_total") for name in names] == [3, 1, 2, 1]


def test_a_histogram_counts_up_to_each_bound() -> None:
    metrics = Metrics()
    for seconds in (0.0, 0.005, 0.0051, 0.6, 1_000):
        metrics.update_done(timedelta(seconds=seconds))
    buckets = [
        told(metrics, "update_latency_seconds_bucket", le=le)
        for le in ("0.005", "0.01", "1.0", "+Inf")
    ]
    assert buckets == [2, 3, 4, 5]
    assert told(metrics, "update_latency_seconds_count") == 5
    assert told(metrics, "update_latency_seconds_sum") == 1_000.6101


def test_batches_are_spread_by_size_and_empty_ones_are_none() -> None:
    metrics = Metrics()
    for size in (0, 1, 64):
        metrics.batch_committed(size)
    assert told(metrics, "update_worker_batch_size_bucket", le="1.0") == 1
    assert told(metrics, "update_worker_batch_size_count") == 2
    assert told(metrics, "update_worker_batch_size_sum") == 65


def test_deliveries_are_counted_by_outcome_and_priority() -> None:
    metrics = Metrics()
    bulk = sent(OutboxState.EXPIRED, Priority.BULK)
    metrics.deliveries_finished([sent(), sent(OutboxState.FAILED), bulk, sent()], timedelta())
    assert told(metrics, "deliveries_total", outcome="sent", priority="reply") == 2
    assert told(metrics, "deliveries_total", outcome="failed", priority="reply") == 1
    assert told(metrics, "deliveries_total", outcome="expired", priority="bulk") == 1


def test_a_reply_is_timed_from_its_update_however_far_the_calendar_is_ahead() -> None:
    metrics = Metrics()
    notice = sent(priority=Priority.NOTICE, after=9)
    lost = sent(OutboxState.FAILED, after=9)
    metrics.deliveries_finished([sent(after=0.25), notice, lost, sent()], AHEAD)
    assert told(metrics, "reply_latency_seconds_count") == 1
    assert told(metrics, "reply_latency_seconds_sum") == 0.25


def test_refusals_are_counted_by_code_and_waits_by_seconds() -> None:
    metrics = Metrics()
    metrics.api_error(429, 7)
    metrics.api_error(429, 0.5)
    metrics.api_error(403, None)
    metrics.api_unreachable()
    codes = [told(metrics, "api_errors_total", code=code) for code in ("429", "403", "unreachable")]
    assert codes == [2, 1, 1]
    assert told(metrics, "api_retry_after_seconds_total") == 7.5


def test_gaps_and_lost_callback_answers_are_counted() -> None:
    metrics = Metrics()
    metrics.intake_gap()
    metrics.callback_answer_lost()
    metrics.callback_answer_lost()
    names = ("intake_gaps", "callback_answers_lost")
    assert [told(metrics, f"{name}_total") for name in names] == [1, 2]


def test_two_bots_in_a_process_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    one.updates_kept(2)
    one.api_unreachable()
    assert told(one, "updates_kept_total") == 2
    assert set(read(other).values()) == {0}


def test_nobody_is_named() -> None:
    metrics = Metrics()
    edit = OutgoingMessage(2, "u2", 4242, 1001, EditScreen("form", slot="card"), START)
    metrics.deliveries_finished(
        [sent(after=1), DeliveryResult(edit, OutboxState.SENT, START)], timedelta()
    )
    metrics.api_error(400, None)
    labels = {label for _, labels in read(metrics) for label, _ in labels}
    assert labels == {"outcome", "priority", "code", "le"}
    values = {value for _, labels in read(metrics) for label, value in labels if label != "le"}
    assert values == {"sent", "reply", "400"}


def test_bounds_rise() -> None:
    assert list(SECONDS) == sorted(set(SECONDS))
    assert list(SIZES) == sorted(set(SIZES))
