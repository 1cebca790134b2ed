"""Records of a candidate: plain values that the rules read and the storage keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from states.values import dataclass

PersonId = NewType("PersonId", int)
ApplicationId = NewType("ApplicationId", int)

CONSENT_VERSION = "2026-11-24"
"""Version of the text ``consent-ask``, stored with each consent; a newer one is asked for again."""

CURRENCY: Final = "CNY"
"""The only currency in which a fee is due."""

Answers = Mapping[str, str]
"""Answer by field key; an unanswered field is absent, a skipped one is ``""``."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The items that the guide locks, as the ID document gives them. ``born`` is an ISO date.

    The nationality follows from the document type, so it is not stored.
    """

    name: str = ""
    id_type: str = ""
    id_number: str = ""
    sex: str = ""
    born: str = ""


CLOSED = "closed"
"""The mark of an account that was closed, because its person keeps another one."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The open case of a person in short; the table has the whole (``states.staff.cases``).

    ``kind`` is a ``CaseKind``, or says that somebody else claims the person's number, or that the
    account is closed.
    """

    kind: str
    area: str
    site: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A person behind one Telegram account, from the first /start on.

    ``number_hash`` is the keyed hash of the ID number; once it is set, the identity is locked.
    ``photo`` names the blob of the confirmed portrait. ``education`` holds the education records
    of all years (``states/form/education.py``), ``record`` the unfinished one. ``blocked_at`` and
    ``unreachable`` (``states.staff.reach``) say since when and why Telegram refuses messages.
    ``correction`` holds the right items of a correction that they apply for, ``open_case`` what the
    staff still have to settle.
    They last confirmed a notice as read at ``seen_at``. ``typed`` are words that the bot asks back.
    ``shown_photo`` has the data of the question about a portrait that they have not confirmed yet.
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
    unreachable: str | None = None
    seen_at: datetime | None = None
    correction: Identity | None = None
    open_case: OpenCase | None = None
    typed: str = ""
    shown_photo: Mapping[str, str] | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the staff closed the account: the same person keeps another one."""
        return self.open_case is not None and self.open_case.kind == CLOSED


class Stage(StrEnum):
    """The stored stage of an application; ``states.process.lifecycle`` has the transitions.

    REJECTED: two of the staff refused it for good, so nothing can be corrected.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    SITE_APPROVED = "site-approved"
    APPROVED = "approved"
    REGISTERED = "registered"
    CONFIRM_REFUSED = "confirm-refused"
    REVIEW_REFUSED = "review-refused"
    REJECTED = "rejected"
    CHANGING = "changing"
    EXPIRED = "abandoned"


class Part(StrEnum):
    """The kinds of items that a refusal can name."""

    FIELD = "field"
    MATERIAL = "material"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Fault:
    """One refused item and the reason.

    ``code`` is the field's key or the material's code, empty for the photo. ``reason`` is a quick
    reason (``states.staff.refusals.REASONS``), ``words`` the comment of the staff. ``looked_at``
    says that the candidate has opened the item since.
    """

    part: Part
    code: str = ""
    reason: str = ""
    words: str = ""
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """The refusal of an application.

    The candidate corrects the ``faults``; ``words`` comment on the whole. The application can be
    handed in again until ``until`` (None: the refusal is final) and returns to ``returns_to``.
    ``refused_at`` is the stage of the decision. ``definite``: it was refused for good, and
    somebody else had a second look.
    """

    at: datetime
    faults: tuple[Fault, ...] = ()
    words: str = ""
    until: datetime | None = None
    returns_to: Stage = Stage.SUBMITTED
    refused_at: Stage = Stage.SUBMITTED
    definite: bool = False


class BillState(StrEnum):
    """How far the payment of an application is, as its candidate reads it.

    CLAIMED: nothing is known but that the candidate says they have paid. ASKED: a way to pay is
    open. CHECKING: money may be on its way. OWED: money came that does not count as the fee.
    SENT_BACK: it went back.
    """

    CLAIMED = "claimed"
    ASKED = "asked"
    CHECKING = "checking"
    PAID = "paid"
    OWED = "owed"
    SENT_BACK = "sent-back"


@dataclass(frozen=True, slots=True)
class Bill:
    """The payment of an application in short; the ledger has the whole (``states.payment``).

    ``way`` is a ``PaymentWay``, ``amount`` in fen, or in the smallest units of another currency.
    ``charge`` is the provider's number of the money, and ``verdict`` says why it does not count.
    Since ``claimed_at`` the area checks a payment that the candidate says they made.
    """

    state: BillState
    way: str
    order: str
    amount: int
    at: datetime
    charge: str = ""
    verdict: str = ""
    currency: str = CURRENCY
    claimed_at: datetime | None = None


class LateChangeState(StrEnum):
    """How far a late change is. EXPIRED: its time passed; DROPPED: the candidate gave it up."""

    ASKED = "asked"
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class LateChange:
    """The last late change of an application in short; its table has the whole.

    It has its state since ``at``; ``number`` counts the requests. ``faults`` are the named answers,
    and those that depend on them. ``words`` are the staff's. Once it is open, it closes at
    ``until``, came from the stage ``opened_at``, and is handed in to ``returns_to``.
    """

    id: int
    number: int
    state: LateChangeState
    at: datetime
    faults: tuple[Fault, ...] = ()
    words: str = ""
    until: datetime | None = None
    opened_at: Stage | None = None
    returns_to: Stage | None = None


IMAGE = "scan-image"
PDF = "scan-pdf"
TURNED = "scan-turned"
"""The kind of a turned copy that its owner has not chosen yet."""


@dataclass(frozen=True, slots=True)
class MaterialFile:
    """A stored file of a material: an ``IMAGE`` or a ``PDF``; ``size`` in bytes."""

    blob: str
    kind: str
    size: int


Materials = Mapping[str, tuple[MaterialFile, ...]]
"""Files by the code of the area's material; a material without files is absent."""


@dataclass(frozen=True, slots=True)
class FormerArea:
    """All that an application held in the area that the candidate left, as ``Application`` has it.

    It stays until the next submission, so that the change can be undone.
    """

    area: str
    agreed: str = ""
    agreed_at: datetime | None = None
    answers: Answers = field(default_factory=dict)
    photo: str | None = None
    materials: Materials = field(default_factory=dict)
    uploaded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """One person's registration for one exam. ``revision`` counts the submissions.

    ``photo`` is the portrait confirmed for this exam. At ``uploaded_at`` the candidate declared the
    materials complete. The application has its stage since ``since``. ``refusal`` stays until the
    next decision. ``expired_from`` is the stage before the expiry, to which an administrator can
    reinstate it; equal to ``stage``, it means reinstated. ``former`` is the area that the candidate
    left since the last submission. ``bill`` is the payment in short, ``change`` the last late
    change.
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
    former: FormerArea | None = None
    bill: Bill | None = None
    change: LateChange | None = None

    @property
    def site(self) -> str:
        """The code of the chosen site; empty before the choice."""
        return self.answers.get("site", "")

    @property
    def point(self) -> str:
        """The code of the chosen point; empty if the form asks for none."""
        return self.answers.get("point", "")

    @property
    def specialty(self) -> str:
        """The code of the chosen specialty; empty before the choice."""
        return self.answers.get("specialty", "")

    @property
    def claimed_at(self) -> datetime | None:
        """Since when the area checks a payment that the candidate says they made."""
        return self.bill.claimed_at if self.bill else None


@dataclass(frozen=True, slots=True)
class Records:
    """The records that a step reads: the person and their application for the exam."""

    person: Person | None = None
    application: Application | None = None
