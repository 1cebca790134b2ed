"""What a screen of the staff is drawn from: a reader's seats, and a way to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.staff import Seat
from storage.secrets import Keyring


@dataclass(frozen=True, slots=True)
class Look:
    """One look of somebody of the staff (``reader``, a messenger account) at what is kept.

    Whatever concerns a candidate is asked for with ``seats``, which say what may be seen; so a
    screen that waited while a seat was revoked shows nothing any more.
    """

    connection: AsyncConnection
    keyring: Keyring
    exam: Exam
    now: datetime
    reader: int
    seats: tuple[Seat, ...]
    locale: str
    at: Mapping[str, str] = field(default_factory=dict)
