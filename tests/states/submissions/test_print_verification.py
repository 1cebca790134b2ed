"""Verification of a print: only our references are read, and each gets one of five verdicts."""

from __future__ import annotations

import random
import re
import string
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.records import ApplicationId
from states.submissions.content import Submission, SubmissionHistory
from states.submissions.print_verification import (
    MAX_NUMBER,
    NOT_OURS,
    UNREADABLE,
    KeyMissing,
    PrintReference,
    SigningKey,
    Verdict,
    VerdictKind,
    judge_code,
    judge_print,
    read_parameter,
    start_parameter,
)
from tests.states.submissions.mutated_codes import accepted

NEW, OLD = SigningKey(7, b"n" * 32), SigningKey(9, b"o" * 32)
SAME_ID = SigningKey(7, b"s" * 32)
AT = datetime(2025, 12, 5, 2, 0, tzinfo=UTC)
REFERENCE = PrintReference(ApplicationId(66), 3)
REFERENCES = st.builds(
    PrintReference,
    st.integers(1, 2**64 - 1).map(ApplicationId),
    st.integers(1, MAX_NUMBER),
)


# --- the code ------------------------------------------------------------------------------------


@given(REFERENCES, st.integers(0, 255))
def test_a_reference_is_read_as_it_was_signed(reference: PrintReference, key_id: int) -> None:
    key = SigningKey(key_id, b"k" * 32)
    parameter = start_parameter(reference, key)
    assert re.fullmatch(r"v[A-Za-z0-9_-]{1,40}", parameter)
    assert read_parameter(parameter, [NEW, key]) == reference


def test_a_small_id_takes_few_characters() -> None:
    assert len(start_parameter(REFERENCE, NEW)) == 29
    assert len(start_parameter(PrintReference(ApplicationId(2**63 - 1), 999), NEW)) == 39


@pytest.mark.parametrize(("application_id", "number"), [(0, 1), (2**64, 1), (1, 0), (1, 2**16)])
def test_a_reference_out_of_range_is_not_signed(application_id: int, number: int) -> None:
    with pytest.raises(ValueError, match="range"):
        start_parameter(PrintReference(ApplicationId(application_id), number), NEW)


def test_the_keys_of_earlier_prints_still_verify_them() -> None:
    assert read_parameter(start_parameter(REFERENCE, OLD), [NEW, OLD]) == REFERENCE


def test_two_keys_may_share_an_id() -> None:
    assert read_parameter(start_parameter(REFERENCE, SAME_ID), [NEW, SAME_ID]) == REFERENCE


def test_a_missing_key_is_an_error_and_no_verdict() -> None:
    with pytest.raises(KeyMissing):
        read_parameter(start_parameter(REFERENCE, OLD), [NEW])
    with pytest.raises(KeyMissing):
        read_parameter(start_parameter(REFERENCE, OLD), [])


def test_a_code_signed_by_another_key_is_not_ours() -> None:
    assert read_parameter(start_parameter(REFERENCE, SAME_ID), [NEW]) == NOT_OURS


SIGNED = start_parameter(REFERENCE, NEW)


@pytest.mark.parametrize(
    "parameter",
    [
        *("", "v", "x", "invite", "v" + "A" * 28, "v" + "A" * 41, "vé" + "A" * 28),
        *(SIGNED[1:], f"{SIGNED}=", f"{SIGNED}\n", f" {SIGNED}", f"vv{SIGNED}", SIGNED.lower()),
    ],
)
def test_anything_else_is_unreadable(parameter: str) -> None:
    assert read_parameter(parameter, [NEW]) == UNREADABLE


@given(st.text(max_size=60) | st.text(string.ascii_letters + "-_", max_size=45).map("v{}".format))
def test_no_text_makes_it_fail_otherwise(parameter: str) -> None:
    with suppress(KeyMissing):
        assert isinstance(read_parameter(parameter, [NEW]), Verdict)


def test_no_changed_code_is_accepted() -> None:
    """``python -m tests.states.submissions.mutated_codes`` tries a million."""
    assert accepted(100_000, random.Random(15)) == []


# --- the verdict ---------------------------------------------------------------------------------


def submissions(*changes: int) -> tuple[Submission, ...]:
    return tuple(
        Submission(n, change, f"h{change}", AT + timedelta(days=n))
        for n, change in enumerate(changes, start=1)
    )


def day(number: int) -> datetime:
    return AT + timedelta(days=number)


@pytest.mark.parametrize(
    ("number", "withdrawn_at", "verdict"),
    [
        (3, None, Verdict(VerdictKind.CURRENT, 4, day(4))),
        (4, None, Verdict(VerdictKind.CURRENT, 4, day(4))),
        (1, None, Verdict(VerdictKind.REPLACED, 2, day(2))),
        (2, None, Verdict(VerdictKind.REPLACED, 3, day(3))),
        (4, day(9), Verdict(VerdictKind.WITHDRAWN, 4, day(9))),
        (3, day(9), Verdict(VerdictKind.WITHDRAWN, 4, day(9))),
        (1, day(9), Verdict(VerdictKind.REPLACED, 2, day(2))),
        (5, None, NOT_OURS),
    ],
)
def test_a_print_gets_its_verdict(
    number: int, withdrawn_at: datetime | None, verdict: Verdict
) -> None:
    history = SubmissionHistory(submissions(1, 2, 3, 3), withdrawn_at)
    assert judge_print(number, history) == verdict


def test_a_code_that_was_never_issued_is_not_ours() -> None:
    assert judge_code(4, SubmissionHistory(submissions(1, 2, 3))) == NOT_OURS
    assert judge_code(1, SubmissionHistory()) == NOT_OURS


def test_a_verdict_says_which_submission_and_when() -> None:
    text = judge_code(1, SubmissionHistory(submissions(1))).text
    assert (text.key, text.args) == ("verdict-current", {"number": 1, "at": day(1)})
    assert (NOT_OURS.text.key, NOT_OURS.text.args) == ("verdict-not-ours", {})
