"""Scopes: which of them contain a place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from states.staff_roles import Scope

CODES = st.sampled_from(["", "a", "b"])
SCOPES = st.builds(Scope, CODES, CODES, CODES)


@given(SCOPES, SCOPES)
def test_the_scopes_around_a_place_are_those_that_contain_it(place: Scope, other: Scope) -> None:
    assert (other in list(place.around())) is other.contains(place)


@given(SCOPES)
def test_each_scope_around_a_place_comes_once_from_the_widest_to_itself(place: Scope) -> None:
    around = list(place.around())
    assert len(around) == len(set(around)) <= 8
    assert (around[0], around[-1]) == (Scope(), place)
