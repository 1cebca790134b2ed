"""The conditions of a scope mean the same in every query, whatever the query joins."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import ColumnElement, Select, select, true

from states.staff_roles import Desk
from storage.engine.tables import applications, claims, decisions, people, role_assignments
from storage.staff.access import scopes
from tests.storage.staff_members import AREA, CLERK, REVIEWING, SITE

STAFF = [CLERK, SITE, AREA]
CONDITIONS = {
    "to decide": scopes.to_decide(STAFF),
    "covered": scopes.covered(STAFF),
    "claimed": scopes.is_claimed(REVIEWING),
    "waiting": scopes.waiting_anywhere(),
    **{f"decidable at {desk}": scopes.decidable(STAFF, desk) for desk in Desk},
    **{f"undecided at {desk}": scopes.undecided(desk) for desk in Desk},
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_shares_no_table_with_the_query_but_the_application(name: str) -> None:
    alone = select(applications.c.id)
    joined = alone
    for table in (claims, decisions, people, role_assignments):
        joined = joined.join(table, true())
    assert _where(joined, CONDITIONS[name]) == _where(alone, CONDITIONS[name])


def _where(query: Select[Any], condition: ColumnElement[bool]) -> str:
    """The condition as it stands in a query, after everything that is joined."""
    return str(query.where(condition)).partition("WHERE")[2]
