"""Public codes: parsed however they are typed; no typing error names another application."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from states.records import ApplicationId
from states.submissions.application_codes import ALPHABET, code_of, id_of

IDS = st.integers(min_value=1, max_value=2**62).map(ApplicationId)


@given(IDS)
def test_a_code_is_read_back_as_it_was_and_as_it_is_typed(application_id: ApplicationId) -> None:
    code = code_of(application_id)
    for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
        assert id_of(typed) == application_id


@given(IDS, st.data())
def test_one_wrong_sign_is_noticed(application_id: ApplicationId, data: st.DataObject) -> None:
    code = code_of(application_id).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[place]]))
    assert id_of(code[:place] + wrong + code[place + 1 :]) is None


@given(IDS, st.data())
def test_two_signs_that_changed_places_are_noticed(
    application_id: ApplicationId, data: st.DataObject
) -> None:
    code = code_of(application_id).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 2))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert id_of(swapped) == (application_id if swapped == code else None)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    found = id_of(typed)
    assert found is None or 0 <= found < 2**63


def test_what_no_database_can_hold_is_no_code() -> None:
    assert id_of(code_of(ApplicationId(2**63 - 1))) == 2**63 - 1
    assert id_of(code_of(ApplicationId(2**63))) is None
