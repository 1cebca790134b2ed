"""The past as the audit tells it: decisions that took effect, and the versions of an exam."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from storage.audit.audit_log import AuditAction
from storage.audit.past import Past

pytestmark = pytest.mark.row("B13")

STORED, CHANGED = AuditAction.EXAM_CHANGE_STORED, AuditAction.EXAM_CHANGED
REFUSED, DROPPED = AuditAction.EXAM_CHANGE_REFUSED, AuditAction.EXAM_CHANGE_DROPPED
Told = Sequence[tuple[AuditAction, str]]


def versions(*told: tuple[AuditAction, str]) -> dict[str, str]:
    """Return each exam's versions after these entries, as numbers with their states."""
    past = Past()
    for action, detail in told:
        entry: Any = SimpleNamespace(action=action, detail=detail, application_id=None)
        past.apply(entry)
    return {
        exam: ", ".join(f"{number} {of[number]}" for number in sorted(of))
        for exam, of in past.versions.items()
    }


@pytest.mark.parametrize(
    ("told", "becomes"),
    [
        ([(STORED, "2 health")], {"health": "1 in-force, 2 waiting"}),
        ([(STORED, "2 health"), (CHANGED, "2 health")], {"health": "1 replaced, 2 in-force"}),
        ([(STORED, "2 health"), (REFUSED, "2 health")], {"health": "1 in-force, 2 refused"}),
        ([(STORED, "2 health"), (DROPPED, "2 health")], {"health": "1 in-force, 2 dropped"}),
        (
            [(STORED, "2 health"), (STORED, "3 health"), (CHANGED, "3 health")],
            {"health": "1 replaced, 2 dropped, 3 in-force"},
        ),
        (
            [(STORED, "2 health"), (STORED, "2 another")],
            {"health": "1 in-force, 2 waiting", "another": "1 in-force, 2 waiting"},
        ),
    ],
)
def test_an_exam_has_one_version_in_force_and_one_that_waits(
    told: Told, becomes: dict[str, str]
) -> None:
    assert versions(*told) == becomes


@pytest.mark.parametrize(
    ("told", "becomes"),
    [
        ([(STORED, "2"), (CHANGED, "2 health")], {"health": "1 replaced, 2 in-force"}),
        (
            [(STORED, "2"), (CHANGED, "2"), (STORED, "3 health")],
            {"health": "1 replaced, 2 in-force, 3 waiting"},
        ),
        (
            [(STORED, "2"), (CHANGED, "2"), (STORED, "2 another")],
            {"": "1 replaced, 2 in-force", "another": "1 in-force, 2 waiting"},
        ),
    ],
)
def test_entries_that_do_not_name_the_exam_are_of_the_one_that_goes_on(
    told: Told, becomes: dict[str, str]
) -> None:
    assert versions(*told) == becomes


def applied(*told: tuple[AuditAction, str]) -> set[str]:
    """Return the decisions on an application that have taken effect after these entries."""
    past = Past()
    for action, detail in [(AuditAction.SUBMITTED, "2"), *told]:
        entry: Any = SimpleNamespace(
            action=action, detail=detail, application_id=65, person_id=64, at=None
        )
        past.apply(entry)
    return {which for about, which in past.applied if about == 65}


def test_a_decision_that_is_reopened_has_no_effect_until_it_is_made_again() -> None:
    made, confirmed = AuditAction.DECISION_APPLIED, "confirmation 2"
    reviewed = "site-review 2"
    opened = (AuditAction.REOPENED, "site-approved confirmed")
    again = [(made, confirmed), (made, reviewed), opened]
    assert applied((made, confirmed), (made, reviewed)) == {confirmed, reviewed}
    assert applied(*again) == {confirmed}
    assert applied(*again, (made, reviewed)) == {confirmed, reviewed}
