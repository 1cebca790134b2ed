"""Telegram's refusals by kind: why somebody cannot be written to."""

from __future__ import annotations

import pytest

from states.staff.reach import OutOfReach, why_unreachable


@pytest.mark.row("B11")
@pytest.mark.parametrize(
    ("code", "description", "kind"),
    [
        (403, "Forbidden: bot was blocked by the user", OutOfReach.BLOCKED),
        (403, "Forbidden: user is deactivated", OutOfReach.DEACTIVATED),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            OutOfReach.NEVER_ANSWERED,
        ),
        (400, "Bad Request: chat not found", OutOfReach.GONE),
        (400, "Bad Request: message text is empty", None),
        (429, "Too Many Requests: retry after 600", None),
        (500, "Internal Server Error", None),
    ],
)
def test_a_refusal_is_kept_by_its_kind_and_an_error_is_none(
    code: int, description: str, kind: OutOfReach | None
) -> None:
    assert why_unreachable(code, description) is kind
