"""How fast messages may go, second by second."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacing import RateLimits, TokenBucket
from states.step_result import Priority

LING, CHEN, GROUP = 1001, 1002, -5
REPLY, NOTICE, BULK = Priority.REPLY, Priority.NOTICE, Priority.BULK


def delay(limits: RateLimits, chat: int, priority: Priority, now: float) -> float:
    """The seconds that a message has to wait; it then counts as sent."""
    at = max(limits.chat_free_at(chat, priority, now), limits.window_free_at(priority, now))
    limits.take(chat, at)
    return at - now


def waits(
    limits: RateLimits, count: int, priority: Priority = REPLY, chat: int = LING
) -> list[float]:
    """Return the delays of so many messages at one moment, in seconds, rounded to hundredths."""
    return [round(delay(limits, chat, priority, 100.0), 2) for _ in range(count)]


def test_a_chat_takes_five_at_once_and_then_one_a_second() -> None:
    assert waits(RateLimits(), 8) == [0, 0, 0, 0, 0, 1, 2, 3]


def test_a_chat_recovers_at_one_a_second() -> None:
    limits = RateLimits()
    waits(limits, 5)
    assert delay(limits, LING, REPLY, 101.0) == 0
    assert delay(limits, LING, REPLY, 101.0) == 1
    assert [delay(limits, LING, REPLY, 200.0) for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_a_group_takes_twenty_a_minute() -> None:
    limits = RateLimits()
    assert waits(limits, 5, chat=GROUP) == [0, 0, 0, 3, 6]
    sent = [delay(limits, GROUP, REPLY, 1_000.0) for _ in range(60)]
    assert sum(1 for wait in sent if wait < 60) <= 23


def test_one_chat_does_not_hold_another_back() -> None:
    limits = RateLimits()
    waits(limits, 20)
    assert delay(limits, CHEN, REPLY, 100.0) == 0


def test_all_chats_together_get_thirty_replies_in_a_window() -> None:
    limits = RateLimits()
    delays = [delay(limits, chat, REPLY, 100.0) for chat in range(1, 91)]
    assert delays == [0] * 30 + [pytest.approx(1.005)] * 30 + [pytest.approx(2.01)] * 30


@pytest.mark.parametrize("priority", [NOTICE, BULK])
def test_notices_and_bulk_messages_keep_apart_by_a_thirtieth_of_the_window(
    priority: Priority,
) -> None:
    limits = RateLimits()
    delays = [delay(limits, chat, priority, 100.0) for chat in range(1, 91)]
    assert delays == pytest.approx([1.005 / 30 * number for number in range(90)])


def test_bulk_that_is_late_takes_its_slots_all_the_same_and_never_more_than_the_window() -> None:
    limits, sent, now = RateLimits(), [], 100.0
    for number in range(600):
        while limits.window_free_at(BULK, now) > now:
            now += 0.08  # a machine so busy that it looks every 80 ms only
        limits.take(1_000 + number, now, BULK)
        sent.append(now)
    assert len(sent) / (sent[-1] - sent[0]) > 28, "not one every 80 ms"
    assert all(later - first > 1 for first, later in zip(sent, sent[30:], strict=False))


def test_a_429_holds_its_chat_and_every_notice_but_no_other_reply() -> None:
    limits = RateLimits()
    limits.hold(LING, 30, 100.0)
    assert delay(limits, CHEN, REPLY, 100.0) == 0
    assert delay(limits, CHEN, NOTICE, 110.0) == 20
    assert delay(limits, LING, REPLY, 100.0) == 30
    assert limits.held(CHEN, BULK, 129.0) == 1
    assert limits.held(LING, REPLY, 130.0) == 0


def test_a_shorter_429_does_not_shorten_a_longer_one() -> None:
    limits = RateLimits()
    limits.hold(LING, 30, 100.0)
    limits.hold(LING, 1, 101.0)
    assert limits.held(LING, REPLY, 101.0) == 29


def test_without_pacing_only_a_429_holds() -> None:
    limits = RateLimits(pacing=False)
    assert waits(limits, 50, BULK) == [0] * 50
    limits.hold(LING, 2, 100.0)
    assert waits(limits, 2) == [2, 2]


def test_what_is_over_is_forgotten_and_what_binds_is_not() -> None:
    limits = RateLimits()
    for chat in range(1, 1001):
        limits.take(chat, 100.0)
        limits.take(-chat, 100.0)
    assert limits.remembered == 2000
    limits.hold(LING, 60, 100.0)
    for _ in range(70):
        limits.take(CHEN, 100.0)
    limits.forget(110.0)
    assert limits.remembered == 1
    assert limits.held(LING, REPLY, 110.0) == 50
    assert delay(limits, CHEN, REPLY, 110.0) > 50
    limits.forget(10_000.0)
    assert limits.remembered == 0


moments = st.lists(st.floats(0, 5), min_size=1, max_size=30)


@given(moments)
def test_no_minute_ever_holds_more_than_the_bucket_allows(gaps: list[float]) -> None:
    """Whenever messages come: in any span of s seconds at most burst + rate × s go."""
    bucket, now, gone = TokenBucket(rate=1, burst=5), 0.0, list[float]()
    for gap in gaps:
        now += gap
        gone.append(max(bucket.free_at(now), gone[-1] if gone else 0.0))
        gone[-1] = bucket.free_at(gone[-1])
        bucket.take(gone[-1])
    for first, start in enumerate(gone):
        for last in range(first, len(gone)):
            assert last - first + 1 <= 5 + (gone[last] - start) + 1e-6
