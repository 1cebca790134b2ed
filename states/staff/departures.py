"""Ways in which a case leaves its desk without a decision of the desk."""

from __future__ import annotations

from enum import StrEnum


class Departure(StrEnum):
    """Why a case left its desk; the messages are ``closed-KEY``.

    CHANGING: a late change was allowed. REOPENED: an earlier desk opened its decision again.
    MERGED: one person had two accounts, and this one is closed. RELEASED: the number was somebody
    else's. CORRECTED: a corrected identity made another submission, which waits at the same desk.
    """

    WITHDRAWN = "withdrawn"
    CHANGING = "changing"
    REOPENED = "reopened"
    EXPIRED = "expired"
    MERGED = "merged"
    RELEASED = "released"
    CORRECTED = "corrected"


class Involvement(StrEnum):
    """A colleague's part in a case that left its desk; the messages are ``closed-as-KEY``.

    HELD: it was in their hand. ASKED: for a second look. DECIDED: in the undo window still.
    """

    HELD = "held"
    ASKED = "asked"
    DECIDED = "decided"
