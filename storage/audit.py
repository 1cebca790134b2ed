"""Who did what, when: ids and codes only, written in the act's own commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Deed(StrEnum):
    """What is worth remembering for ever."""

    CONSENTED = "consented"
    IDENTITY_CONFIRMED = "identity-confirmed"
    TERMS_AGREED = "terms-agreed"
    PHOTO_CONFIRMED = "photo-confirmed"
    SUBMITTED = "submitted"
    CLOCK_MOVED = "clock-moved"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. ``actor`` is a messenger account; ``detail`` a code or a version, never a name."""

    id: int
    at: datetime
    actor: int
    deed: Deed
    person_id: int | None = None
    application_id: int | None = None
    detail: str = ""


def as_row(entry: Entry) -> dict[str, Any]:
    """An entry as the table keeps it."""
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": entry.actor,
        "deed": entry.deed,
        "person_id": entry.person_id,
        "application_id": entry.application_id,
        "detail": entry.detail,
    }
