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
    """What the guide locks: who somebody is by their document. ``born`` is an ISO date.

    The nationality is not kept: it follows from the type of the document.
    """

    name: str = ""
    id_type: str = ""
    id_number: str = ""
    sex: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person behind one messenger account, from the first /start on.

    ``number_hash`` is the keyed hash of the ID number, and set means: the identity is confirmed and
    locked. ``photo`` names the blob of the confirmed portrait. ``education`` are the records that
    are kept for every year, never taken away (``states/form/education``); ``record`` is one that
    is being written.
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
    education: tuple[Answers, ...] = ()
    record: Answers | None = None
    wants_opening: bool = False
    blocked_at: datetime | None = None


class Stage(StrEnum):
    """How far an application has come, as it is kept; ``states.lifecycle`` has the ways between."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    SITE_APPROVED = "site-approved"
    APPROVED = "approved"
    REGISTERED = "registered"
    CONFIRM_REFUSED = "confirm-refused"
    REVIEW_REFUSED = "review-refused"
    EXPIRED = "abandoned"


class Part(StrEnum):
    """What of an application can be refused by itself."""

    FIELD = "field"
    MATERIAL = "material"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was refused, and why.

    ``code`` is the field's key or the material's code, empty for the photo. ``reason`` is one of
    the quick reasons (``states.review.REASONS``), and ``words`` is what the staff wrote beside it.
    ``looked_at``: its candidate has opened it since, and changed it or left it as it is.
    """

    part: Part
    code: str = ""
    reason: str = ""
    words: str = ""
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an application was refused, and what follows.

    ``faults`` are what its candidate has to mend; ``words`` concern the whole. It can be handed in
    again until ``until`` (None: it cannot, the refusal is final) and then stands at ``returns_to``.
    ``refused_at`` is the stage at which it was refused.
    """

    at: datetime
    faults: tuple[Fault, ...] = ()
    words: str = ""
    until: datetime | None = None
    returns_to: Stage = Stage.SUBMITTED
    refused_at: Stage = Stage.SUBMITTED


IMAGE = "scan-image"
PDF = "scan-pdf"


@dataclass(frozen=True, slots=True)
class MaterialFile:
    """A file of a material as it is kept: an ``IMAGE`` or a ``PDF``; ``size`` in bytes."""

    blob: str
    kind: str
    size: int


Materials = Mapping[str, tuple[MaterialFile, ...]]
"""Files by the code of the area's material; a code without files is not there."""


@dataclass(frozen=True, slots=True)
class Application:
    """One person's registration for one exam. ``revision`` counts the submissions.

    ``photo`` is the portrait that was confirmed for this exam; ``uploaded_at`` is when the
    candidate said that all materials are there. ``since`` is when it came to its stage; ``refusal``
    is the one that it stands refused by, kept while it is mended and until it is decided anew;
    ``given_up_at`` is the stage at which it was given up, to which it can be reinstated. Where it
    is the very stage, that has been done.
    """

    id: ApplicationId
    person_id: PersonId
    exam: str
    area: str = ""
    stage: Stage = Stage.DRAFT
    agreed: str = ""
    agreed_at: datetime | None = None
    answers: Answers = field(default_factory=dict)
    form_version: int = 1
    revision: int = 0
    photo: str | None = None
    materials: Materials = field(default_factory=dict)
    uploaded_at: datetime | None = None
    submitted_at: datetime | None = None
    since: datetime | None = None
    refusal: Refusal | None = None
    expired_from: Stage | None = None

    @property
    def site(self) -> str:
        """The code of the chosen site; empty before."""
        return self.answers.get("site", "")

    @property
    def point(self) -> str:
        """The code of the chosen point; empty where none is asked for."""
        return self.answers.get("point", "")

    @property
    def specialty(self) -> str:
        """The code of the chosen specialty; empty before."""
        return self.answers.get("specialty", "")


@dataclass(frozen=True, slots=True)
class Records:
    """All that a step of this person reads: themselves and their application for the exam."""

    person: Person | None = None
    application: Application | None = None
