"""Cohen's kappa against values computed by hand, and its interval."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from states.staff.agreement import Agreement, Readings, agreement, kappa

pytestmark = pytest.mark.row("B23")


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        # 35 of 50 agree: 0.7. By chance (25/50)(30/50) + (25/50)(20/50) = 0.5; (0.7 - 0.5) / 0.5.
        pytest.param(Readings(20, 5, 10, 15), 0.4, id="the usual example"),
        # 60 of 100: 0.6. By chance 0.6 * 0.7 + 0.4 * 0.3 = 0.54; 0.06 / 0.46.
        pytest.param(Readings(45, 15, 25, 15), 0.06 / 0.46, id="little more than chance"),
        # The same agreement, other margins: 0.6 * 0.3 + 0.4 * 0.7 = 0.46; 0.14 / 0.54.
        pytest.param(Readings(25, 35, 5, 35), 0.14 / 0.54, id="other margins"),
        pytest.param(Readings(8, 0, 0, 4), 1.0, id="all agree"),
        pytest.param(Readings(0, 10, 10, 0), -1.0, id="none agrees"),
        pytest.param(Readings(25, 25, 25, 25), 0.0, id="as by chance"),
    ],
)
def test_kappa_by_hand(readings: Readings, expected: float) -> None:
    found = agreement(readings)
    assert found is not None
    assert found.kappa == pytest.approx(expected)
    assert found.low <= found.kappa <= found.high


def test_strata_with_rates_of_their_own_are_weighted_back() -> None:
    """Of 1,000 decisions 900 are approvals; 90 of these and all 100 refusals are read again.

    Second readings approve 81 of 90 and 10 of 100. Whole: 810 + 90 agree of 1,000, 0.9. The second
    would approve 0.82; by chance 0.9 * 0.82 + 0.1 * 0.18 = 0.756; (0.9 - 0.756) / 0.244.
    """
    drawn = Readings(81, 9, 10, 90)
    found = agreement(drawn, 0.9)
    assert found is not None
    assert found.kappa == pytest.approx(0.144 / 0.244)
    whole = agreement(Readings(810, 90, 10, 90))
    assert whole is not None
    assert found.kappa == pytest.approx(whole.kappa)
    unweighted = agreement(drawn)
    assert unweighted is not None
    assert unweighted.kappa > 0.75, "the sample alone would say far more"


@pytest.mark.parametrize(
    ("readings", "share"),
    [
        pytest.param(Readings(), None, id="nothing"),
        pytest.param(Readings(5, 1, 0, 0), None, id="approvals alone"),
        pytest.param(Readings(0, 0, 1, 5), 0.5, id="refusals alone"),
        pytest.param(Readings(5, 1, 1, 5), 1.0, id="every decision is an approval"),
    ],
)
def test_what_cannot_be_said(readings: Readings, share: float | None) -> None:
    assert agreement(readings, share) is None


COUNTS = st.integers(0, 400)


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.floats(0.01, 0.99) | st.none())
def test_kappa_lies_in_its_interval_and_verdicts_can_change_names(
    one: int, two: int, three: int, four: int, share: float | None
) -> None:
    readings = Readings(one, two, three, four)
    found = agreement(readings, share)
    assume(found is not None)
    assert isinstance(found, Agreement)
    assert -1 <= found.low <= found.kappa + 1e-9
    assert found.kappa - 1e-9 <= found.high <= 1
    turned = agreement(Readings(four, three, two, one), None if share is None else 1 - share)
    assert turned is not None
    assert turned.kappa == pytest.approx(found.kappa, abs=1e-9)
    is_full = readings.agreed == readings.count
    assert (found.kappa == pytest.approx(1)) is is_full


@given(st.integers(1, 30), st.integers(1, 30))
def test_full_agreement_of_a_few_is_not_certain(approved: int, refused: int) -> None:
    found = agreement(Readings(approved, 0, 0, refused))
    more = agreement(Readings(10 * approved, 0, 0, 10 * refused))
    assert found is not None
    assert more is not None
    assert found.low < more.low < 1
    assert found.high == 1


@pytest.mark.parametrize(
    ("share", "among_approved", "among_refused"),
    [*product((0.5, 0.8, 0.95), (0.85, 0.95, 0.99), (0.05, 0.2))],
)
def test_the_interval_holds_the_true_value_about_95_times_of_100(
    share: float, among_approved: float, among_refused: float
) -> None:
    chance = np.random.default_rng(23)
    true, held, rounds = kappa(share, among_approved, among_refused), 0, 2000
    for _ in range(rounds):
        first = int(chance.binomial(80, among_approved))
        second = int(chance.binomial(60, among_refused))
        found = agreement(Readings(first, 80 - first, second, 60 - second), share)
        assert found is not None
        held += found.low <= true <= found.high
    assert 0.93 < held / rounds < 0.99
