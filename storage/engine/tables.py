"""The tables. Moments are ``UtcDateTime``; personal documents are encrypted bytes.

``key=`` maps a stored column name to its name in the code. No other module maps names of columns.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.engine.column_types import UtcDateTime


class InboxState(IntEnum):
    """The state of an update. DEAD: every attempt failed, and its sender got an apology."""

    WAITING = 0
    DONE = 1
    DEAD = 2


class OutboxState(StrEnum):
    """The state of a message.

    UNKNOWN: a crash fell between sending it and storing the result. OVERTAKEN: its screen had
    nothing to say any more.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    REPLACED = "replaced"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    OVERTAKEN = "overtaken"


class JobState(StrEnum):
    """The state of a job. SET_ASIDE: too many attempts failed, and an operator has to look."""

    WAITING = "waiting"
    SET_ASIDE = "set-aside"
    DONE = "done"


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _mac(name: str = "mac") -> Column[str | None]:
    """Return the column of a row's MAC (``storage.engine.row_macs``)."""
    return Column(name, String(64))


def _scope() -> list[Column[str]]:
    return [Column(name, String(50), nullable=False) for name in ("area", "site", "point")]


inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("lane", BigInteger, key="queue_key", nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("raw", LargeBinary),
    Column("state", SmallInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("error", String(200)),
    _mac(),
    UniqueConstraint("bot_id", "update_id"),
    Index("ix_inbox_undone", "state", "id"),
)

fsm = Table(
    "fsm",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("state", String(100)),
    Column("data", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("locale", String(10), nullable=False),
    Column("consent", String(20), nullable=False),
    Column("consented_at", UtcDateTime),
    Column("identity", LargeBinary),
    Column("number_hash", String(64), unique=True),
    Column("name_hash", String(64), index=True),
    Column("photo", String(64)),
    Column("wants_opening", Boolean, nullable=False),
    Column("blocked_at", UtcDateTime),
    Column("unreachable", String(20)),
    Column("seen_at", UtcDateTime),
    _mac(),
    UniqueConstraint("bot_id", "telegram_id"),
    Index("ix_people_wants_opening", "wants_opening"),
)

applications = Table(
    "applications",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("exam", String(50), nullable=False),
    *_scope(),
    Column("specialty", String(20), nullable=False),
    Column("stage", String(30), nullable=False),
    Column("agreed", String(50), nullable=False),
    Column("agreed_at", UtcDateTime),
    Column("answers", LargeBinary),
    Column("form_version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("photo", String(64)),
    Column("materials", LargeBinary),
    Column("uploaded_at", UtcDateTime),
    Column("submitted_at", UtcDateTime),
    Column("since", UtcDateTime),
    Column("refusal", LargeBinary),
    Column("given_up_at", String(30), key="expired_from"),
    Column("former", LargeBinary),
    Column("bill", LargeBinary),
    Column("late_change", LargeBinary, key="change"),
    _mac(),
    _mac("stage_mac"),
    UniqueConstraint("person_id", "exam"),
    Index("ix_applications_desk", "exam", "area", "site", "stage"),
    Index("ix_applications_queue", "exam", "stage", "since", "id"),
    Index("ix_applications_waiting", "exam", "stage", "area", "site", "point", "since", "id"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("application_id", ForeignKey("applications.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("changes", SmallInteger, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("assessment", LargeBinary),
    _mac(),
)

blobs = Table(
    "blobs",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("kept_at", UtcDateTime, nullable=False),
)

photo_judgements = Table(
    "photo_judgements",
    metadata,
    Column("blob", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("is_mended", Boolean, nullable=False),
    Column("is_compressed", Boolean, nullable=False),
    Column("verdicts", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    _mac(),
)
"""The judgement of a portrait; ``verdicts`` is JSON by check, ``content`` holds the measures."""

photo_bands = Table(
    "photo_bands",
    metadata,
    Column("band", String(64), primary_key=True),
    Column("blob", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
)
"""Keyed hashes of parts of a confirmed portrait's fingerprint: copies have one in common."""

photo_opinions = Table(
    "photo_opinions",
    metadata,
    Column("application_id", ForeignKey("applications.id"), primary_key=True, autoincrement=False),
    Column("blob", String(64), primary_key=True),
    Column("seat_id", ForeignKey("seats.id"), key="assignment_id", nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("was_fine", Boolean, nullable=False),
    Column("verdicts", Text, nullable=False),
    _mac(),
)
"""Opinions of the staff on a judged portrait; they are counted, and decide nothing."""

paper_judgements = Table(
    "paper_judgements",
    metadata,
    Column("blob", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("look", LargeBinary, nullable=False),
    Column("read_at", UtcDateTime),
    Column("reading", LargeBinary),
    _mac(),
)
"""The judgement of a material's file: ``look`` has what was measured, ``reading`` what was read and
what the candidate said of it."""

cases = Table(
    "cases",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(30), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("number_hash", String(64), nullable=False),
    Column("area", String(50), nullable=False),
    Column("site", String(50), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("words", LargeBinary),
    Column("outcome", String(20)),
    Column("decided_by", ForeignKey("seats.id")),
    Column("decided_at", UtcDateTime),
    Column("effective_at", UtcDateTime),
    Column("answer", LargeBinary),
    _mac(),
    Column("other_id", ForeignKey("people.id"), index=True),
    Column("kept_id", BigInteger),
    Column("asked_by", ForeignKey("seats.id")),
    Column("asked_at", UtcDateTime),
    Index("ix_cases_desk", "area", "site", "closed_at"),
)

identity_digests = Table(
    "identity_digests",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True, index=True),
    Column("kind", String(10), nullable=False),
)
"""Keyed hashes of numbers, birth dates and telephones: two accounts of a person have some alike."""

late_changes = Table(
    "late_changes",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("account", BigInteger),
    Column("decided_at", UtcDateTime),
    Column("until", UtcDateTime),
    Column("words", LargeBinary),
    Column("ended_at", UtcDateTime),
    _mac(),
    UniqueConstraint("application_id", "number"),
    Index("ix_late_changes_state", "state", "asked_at"),
)

role_assignments = Table(
    "seats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("role", String(20), nullable=False),
    *_scope(),
    Column("name", LargeBinary, nullable=False),
    Column("granted_by", BigInteger, nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    _mac(),
    Index("ix_seats_account", "bot_id", "telegram_id"),
)

invites = Table(
    "invites",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("role", String(20), nullable=False),
    *_scope(),
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("opened_by", BigInteger),
    Column("opened_name", LargeBinary),
    Column("opened_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    _mac(),
)

groups = Table(
    "groups",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    *_scope(),
    Column("bound_by", BigInteger, nullable=False),
    Column("bound_at", UtcDateTime, nullable=False),
    Column("thread_id", BigInteger),
    Column("trouble", String(20)),
)

group_requests = Table(
    "group_requests",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_by", BigInteger, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("thread_id", BigInteger),
)
"""Groups that somebody is binding: the bot stays there meanwhile."""

act_counts = Table(
    "act_counts",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("act", String(40), primary_key=True),
    Column("since", UtcDateTime, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""Acts of an account that leave no row each: how many since a moment. An erasure keeps them."""

claims = Table(
    "claims",
    metadata,
    Column("application_id", ForeignKey("applications.id"), primary_key=True, autoincrement=False),
    Column("seat_id", ForeignKey("seats.id"), key="assignment_id", nullable=False, index=True),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("draft", LargeBinary),
)

decisions = Table(
    "verdicts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("desk", String(20), nullable=False),
    Column("approving", Boolean, nullable=False),
    Column("seat_id", ForeignKey("seats.id"), key="assignment_id", nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("effective_at", UtcDateTime, nullable=False),
    Column("applied_at", UtcDateTime),
    Column("refusal", LargeBinary),
    Column("since", UtcDateTime),
    _mac(),
    UniqueConstraint("application_id", "revision", "desk"),
    Index("ix_verdicts_due", "applied_at", "effective_at"),
    Index("ix_verdicts_of_late", "desk", "decided_at"),
)

second_looks = Table(
    "second_looks",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("desk", String(20), nullable=False),
    Column("assignment_id", ForeignKey("seats.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("draft", LargeBinary, nullable=False),
    Column("outcome", String(20)),
    Column("ended_by", ForeignKey("seats.id")),
    Column("ended_at", UtcDateTime),
    _mac(),
)

spot_checks = Table(
    "spot_checks",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("desk", String(20), nullable=False),
    Column("approving", Boolean, nullable=False),
    Column("first_id", ForeignKey("seats.id"), nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("second_id", ForeignKey("seats.id")),
    Column("second_approving", Boolean),
    Column("second_at", UtcDateTime),
    Column("second_words", LargeBinary),
    Column("third_id", ForeignKey("seats.id")),
    Column("third_approving", Boolean),
    Column("third_at", UtcDateTime),
    Column("third_words", LargeBinary),
    Column("taken_by", ForeignKey("seats.id")),
    Column("taken_at", UtcDateTime),
    _mac(),
)
"""A sample of decisions that others read a second time; ``id`` is that of the decision."""

notes = Table(
    "notes",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("seat_id", ForeignKey("seats.id"), key="assignment_id", nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("words", LargeBinary, nullable=False),
    _mac(),
)

payment_orders = Table(
    "payment_orders",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(32), nullable=False, unique=True),
    # Money outlives the person's data: no foreign keys.
    Column("application_id", BigInteger, nullable=False, index=True),
    Column("person_id", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("way", String(20), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("payer", LargeBinary, nullable=False),
    Column("link", LargeBinary),
    _mac(),
    Index("ix_payment_orders_open", "state", "closes_at"),
)

payment_charges = Table(
    "payment_charges",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("way", String(20), nullable=False),
    Column("number", String(200), nullable=False),
    Column("order", String(128), nullable=False),
    Column("application_id", BigInteger, index=True),
    Column("area", String(50), nullable=False),
    Column("site", String(50), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("expected", BigInteger),
    Column("currency", String(3), nullable=False),
    Column("paid_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("source", String(20), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("bucket", String(10), nullable=False),
    _mac(),
    UniqueConstraint("way", "number"),
    Index("ix_payment_charges_scope", "area", "site", "bucket"),
)

payment_refunds = Table(
    "payment_refunds",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("charge_id", ForeignKey("payment_charges.id"), nullable=False, unique=True),
    Column("amount", BigInteger, nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("state", String(20), nullable=False),
    Column("asked_by", BigInteger, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("agreed_by", BigInteger),
    Column("done_at", UtcDateTime),
    Column("receipt", String(64), nullable=False),
    _mac(),
)

payment_events = Table(
    "payment_events",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("order", String(128), nullable=False, index=True),
    Column("charge_id", BigInteger, index=True),
    Column("kind", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("amount", BigInteger),
    Column("detail", String(100), nullable=False),
    _mac(),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("dedup", String(100), nullable=False, unique=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("act", LargeBinary, key="effect"),
    Column("slot", String(60)),
    Column("state", String(10), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("not_before", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("message_id", BigInteger),
    Column("error", String(200)),
    Column("made_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    _mac(),
    Index("ix_outbox_undone", "state", "id"),
    Index("ix_outbox_due", "state", "priority", "not_before", "id", "chat_id"),
)

slots = Table(
    "slots",
    metadata,
    Column("bot_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("slot", String(60), primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    Index("ix_slots_slot", "slot"),
)

MOST_OF_AN_ALBUM: Final = 10
"""The most messages of an album: https://core.telegram.org/bots/api#sendmediagroup."""


def album_slots(slot: str) -> list[str]:
    """Return the slots of an album's messages; the first is the album's own."""
    return [slot, *(f"{slot}#{number}" for number in range(1, MOST_OF_AN_ALBUM))]


holds = Table(
    "holds",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", BigInteger, nullable=False, index=True),
    Column("deed", String(40), key="action", nullable=False),
    Column("person_id", BigInteger),
    Column("application_id", BigInteger, index=True),
    Column("detail", String(200), nullable=False),
    _mac(),
)

seals = Table(
    "seals",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("audit_id", BigInteger, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
)

heads = Table(
    "heads",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

intake_gaps = Table(
    "intake_gaps",
    metadata,
    Column("began_at", UtcDateTime, primary_key=True),
    Column("ended_at", UtcDateTime, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("kind", String(30), primary_key=True),
    Column("key", String(60), primary_key=True),
    Column("person_id", ForeignKey("people.id"), index=True),
    Column("payload", LargeBinary),
    Column("run_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("error", String(200)),
    Index("ix_jobs_due", "state", "run_at"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("due_at", UtcDateTime, index=True),
    Column("history", LargeBinary),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("exam", String(50), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("audience", Text, nullable=False),
    Column("message", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("paid", Boolean, key="is_paid", nullable=False),
    Column("deadline", UtcDateTime),
    Column("starts_at", UtcDateTime),
    Column("round", SmallInteger, nullable=False),
    Column("went_on_at", UtcDateTime),
    Column("done_before", Integer, nullable=False),
    Column("ended_at", UtcDateTime),
    _mac(),
    Index("ix_broadcasts_state", "state"),
)

broadcast_recipients = Table(
    "broadcast_recipients",
    metadata,
    Column("broadcast_id", ForeignKey("broadcasts.id"), primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(10), key="outcome", nullable=False),
    Column("why", String(20)),
    Column("outbox_id", BigInteger),
    Column("message_id", BigInteger),
    Column("at", UtcDateTime),
    Index("ix_broadcast_recipients_outcome", "broadcast_id", "outcome", "person_id"),
)
"""A recipient who is erased keeps the outcome, under an id that names nobody any more."""

calls = Table(
    "calls",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reached", Boolean, nullable=False),
    Index("ix_calls_application", "application_id", "at"),
)

exam_versions = Table(
    "exam_versions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("exam", String(50), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("content", Text, nullable=False),
    Column("replaces", Integer),
    Column("takes_back", Integer),
    Column("made_at", UtcDateTime, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("why", String(200), nullable=False),
    _mac(),
    UniqueConstraint("exam", "number"),
)

sealing_keys = Table(
    "sealing_keys",
    metadata,
    Column("name", String(8), primary_key=True),
    Column("probe", LargeBinary, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", String(200), nullable=False),
)
