"""What is known of a candidate: plain values, as the rules read them and the storage keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", int)
ApplicationId = NewType("ApplicationId", int)
Answers = Mapping[str, str]
"""Field key to answer; what was not answered is not there, what was skipped is ``""``."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The six items that the guide locks, and the phone. ``born`` is an ISO date."""

    name: str = ""
    id_type: str = ""
    id_number: str = ""
    sex: str = ""
    born: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person behind one messenger account, from the first /start on.

    ``number_hash`` is the keyed hash of the ID number, and set means: the identity is confirmed and
    locked. ``photo`` names the blob of the confirmed portrait.
    """

    id: PersonId
    bot_id: int
    telegram_id: int
    locale: str = ""
    consent: str = ""
    consented_at: datetime | None = None
    identity: Identity = field(default_factory=Identity)
    number_hash: str | None = None
    photo: str | None = None
    wants_opening: bool = False
    blocked_at: datetime | None = None


class Stage(StrEnum):
    """How far an application has come; the later ones belong to the staff."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class Application:
    """One person's registration for one exam. ``revision`` counts the submissions."""

    id: ApplicationId
    person_id: PersonId
    exam: str
    area: str = ""
    site: str = ""
    stage: Stage = Stage.DRAFT
    agreed: str = ""
    agreed_at: datetime | None = None
    answers: Answers = field(default_factory=dict)
    form_version: int = 1
    revision: int = 0
    photo: str | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """All that a step of this person reads: themselves and their application for the exam."""

    person: Person | None = None
    application: Application | None = None
