"""What is counted, and how Prometheus reads it."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.meters import SECONDS, SIZES, Meters
from states.outcome import Edit, Priority, Say
from storage.outbox import Outgoing, Sent
from storage.tables import OutboxState
from tests.bot.clockwork import START

AHEAD = timedelta(days=30)


def read(meters: Meters) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """The samples of a scrape, as Prometheus' own parser sees them."""
    registry = CollectorRegistry()
    registry.register(meters)
    text = generate_latest(registry).decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def told(meters: Meters, name: str, **labels: str) -> float:
    """One sample."""
    return read(meters)[f"baoming_{name}", frozenset(labels.items())]


def sent(
    state: OutboxState = OutboxState.SENT,
    priority: Priority = Priority.REPLY,
    after: float | None = None,
) -> Sent:
    """A message that is over; ``after``: seconds since the update that it answers came in."""
    caused = None if after is None else START
    act = Say("menu", priority=priority)
    row = Outgoing(1, "u1", 4242, 1001, act, START + AHEAD, caused_at=caused)
    return Sent(row, state, START + AHEAD + timedelta(seconds=after or 0))


def test_a_bot_that_has_done_nothing_tells_noughts() -> None:
    samples = read(Meters())
    assert samples
    assert set(samples.values()) == {0}


def test_updates_are_counted_by_what_became_of_them() -> None:
    meters = Meters()
    meters.kept(3)
    meters.kept(0)
    meters.through(timedelta(milliseconds=15), dead=False)
    meters.failed()
    meters.failed()
    meters.through(timedelta(seconds=3), dead=True)
    counts = [told(meters, f"updates_{what}_total") for what in ("kept", "done", "failed", "dead")]
    assert counts == [3, 1, 2, 1]


def test_a_spread_counts_up_to_each_bound() -> None:
    meters = Meters()
    for seconds in (0.0, 0.005, 0.0051, 0.6, 1_000):
        meters.through(timedelta(seconds=seconds), dead=False)
    buckets = [
        told(meters, "handling_seconds_bucket", le=le) for le in ("0.005", "0.01", "1.0", "+Inf")
    ]
    assert buckets == [2, 3, 4, 5]
    assert told(meters, "handling_seconds_count") == 5
    assert told(meters, "handling_seconds_sum") == 1_000.6101


def test_batches_are_spread_by_size_and_empty_ones_are_none() -> None:
    meters = Meters()
    for size in (0, 1, 64):
        meters.batch(size)
    assert told(meters, "pump_batch_bucket", le="1.0") == 1
    assert told(meters, "pump_batch_count") == 2
    assert told(meters, "pump_batch_sum") == 65


def test_messages_are_counted_by_outcome_and_priority() -> None:
    meters = Meters()
    bulk = sent(OutboxState.EXPIRED, Priority.BULK)
    meters.marked([sent(), sent(OutboxState.FAILED), bulk, sent()], timedelta())
    assert told(meters, "messages_total", outcome="sent", priority="reply") == 2
    assert told(meters, "messages_total", outcome="failed", priority="reply") == 1
    assert told(meters, "messages_total", outcome="expired", priority="bulk") == 1


def test_a_reply_is_timed_from_its_update_however_far_the_calendar_is_ahead() -> None:
    meters = Meters()
    notice = sent(priority=Priority.NOTICE, after=9)
    lost = sent(OutboxState.FAILED, after=9)
    meters.marked([sent(after=0.25), notice, lost, sent()], AHEAD)
    assert told(meters, "reply_seconds_count") == 1
    assert told(meters, "reply_seconds_sum") == 0.25


def test_refusals_are_counted_by_code_and_waits_by_seconds() -> None:
    meters = Meters()
    meters.refused(429, 7)
    meters.refused(429, 0.5)
    meters.refused(403, None)
    meters.unreachable()
    codes = [told(meters, "api_errors_total", code=code) for code in ("429", "403", "unreachable")]
    assert codes == [2, 1, 1]
    assert told(meters, "api_wait_seconds_total") == 7.5


def test_gaps_and_lost_toasts_are_counted() -> None:
    meters = Meters()
    meters.gap()
    meters.toast_lost()
    meters.toast_lost()
    assert (told(meters, "intake_gaps_total"), told(meters, "toasts_lost_total")) == (1, 2)


def test_nobody_is_named() -> None:
    meters = Meters()
    edit = Outgoing(2, "u2", 4242, 1001, Edit("form", slot="card"), START)
    meters.marked([sent(after=1), Sent(edit, OutboxState.SENT, START)], timedelta())
    meters.refused(400, None)
    labels = {label for _, labels in read(meters) for label, _ in labels}
    assert labels == {"outcome", "priority", "code", "le"}
    values = {value for _, labels in read(meters) for label, value in labels if label != "le"}
    assert values == {"sent", "reply", "400"}


def test_bounds_rise() -> None:
    assert list(SECONDS) == sorted(set(SECONDS))
    assert list(SIZES) == sorted(set(SIZES))
