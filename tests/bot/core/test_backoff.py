"""The delays between tries."""

from __future__ import annotations

import pytest

from bot.core.loops import Backoff


def test_the_delay_grows_up_to_its_cap_and_begins_anew_after_a_success() -> None:
    backoff = Backoff(0.5, 3.0)
    assert [backoff.next() for _ in range(5)] == [0.5, 1, 2, 3, 3]
    backoff.reset()
    assert backoff.next() == 0.5


def test_who_asks_for_more_gets_it_beyond_the_cap_too_and_the_growth_goes_on() -> None:
    backoff = Backoff(1.0, 4.0)
    assert [backoff.next(at_least=17.0), backoff.next(at_least=1.0), backoff.next()] == [17, 2, 4]


def test_a_caller_may_count_the_failures_itself() -> None:
    backoff = Backoff(1.0, 10.0)
    assert [backoff.after(failures) for failures in (1, 2, 3, 4, 5)] == [1, 2, 4, 8, 10]
    assert backoff.next() == 1  # not one of them was counted here


def test_a_year_of_failures_is_no_number_too_large() -> None:
    assert Backoff(0.5, 30.0).after(10**7) == 30
    assert Backoff(5.0, 5.0).after(10**7) == 5


@pytest.mark.parametrize(("chance", "delay"), [(0.0, 8.0), (0.5, 7.0), (1.0, 6.0)])
def test_jitter_takes_a_random_share_off(chance: float, delay: float) -> None:
    assert Backoff(8.0, 8.0, jitter=0.25, chance=lambda: chance).next() == delay


@pytest.mark.parametrize(
    ("first", "last", "jitter"), [(0.0, 1.0, 0.0), (2.0, 1.0, 0.0), (1.0, 2.0, 1.5)]
)
def test_a_delay_that_cannot_be_is_refused(first: float, last: float, jitter: float) -> None:
    with pytest.raises(ValueError, match="wanted"):
        Backoff(first, last, jitter=jitter)
