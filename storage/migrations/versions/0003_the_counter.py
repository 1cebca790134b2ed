"""The other side of the counter: seats, invitations, claims, verdicts, notes; the audit's chain."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SCOPE = ("area", "site", "point")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("people") as batch:
        batch.add_column(sa.Column("name_hash", sa.String(length=64), nullable=True))
        batch.create_index("ix_people_name_hash", ["name_hash"])
    with op.batch_alter_table("applications") as batch:
        batch.add_column(_moment("since", nullable=True))
        batch.add_column(sa.Column("refusal", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("given_up_at", sa.String(length=30), nullable=True))
        batch.create_index("ix_applications_queue", ["exam", "stage", "since", "id"])
        batch.create_index(
            "ix_applications_waiting", ["exam", "stage", "area", "site", "point", "since", "id"]
        )
    # What was handed in before there was a queue has waited since then.
    op.execute("UPDATE applications SET since = submitted_at WHERE stage = 'submitted'")
    op.create_index("ix_slots_slot", "slots", ["slot"])
    op.create_index("ix_audit_application_id", "audit", ["application_id"])
    op.create_table(
        "seats",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.String(length=50), nullable=False) for name in _SCOPE),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("granted_by", sa.BigInteger(), nullable=False),
        _moment("granted_at"),
        _moment("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
    )
    op.create_index("ix_seats_account", "seats", ["bot_id", "telegram_id"])
    op.create_table(
        "invites",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.String(length=50), nullable=False) for name in _SCOPE),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        _moment("made_at"),
        _moment("expires_at"),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("opened_name", sa.LargeBinary(), nullable=True),
        _moment("opened_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
        sa.UniqueConstraint("token_hash", name="uq_invites_token_hash"),
    )
    op.create_table(
        "groups",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.String(length=50), nullable=False) for name in _SCOPE),
        sa.Column("bound_by", sa.BigInteger(), nullable=False),
        _moment("bound_at"),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name="pk_groups"),
    )
    op.create_table(
        "claims",
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        _moment("taken_at"),
        _moment("touched_at"),
        sa.Column("draft", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("application_id", name="pk_claims"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_claims_application_id"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_claims_seat_id"),
    )
    op.create_index("ix_claims_seat_id", "claims", ["seat_id"])
    op.create_table(
        "verdicts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("approving", sa.Boolean(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        _moment("decided_at"),
        _moment("effective_at"),
        _moment("applied_at", nullable=True),
        sa.Column("refusal", sa.LargeBinary(), nullable=True),
        sa.Column("seen", sa.LargeBinary(), nullable=False),
        _moment("since", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_verdicts_application_id"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_verdicts_seat_id"),
        sa.UniqueConstraint(
            "application_id", "revision", "desk", name="uq_verdicts_application_id_revision_desk"
        ),
    )
    op.create_index("ix_verdicts_due", "verdicts", ["applied_at", "effective_at"])
    op.create_index("ix_verdicts_of_late", "verdicts", ["desk", "decided_at"])
    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        _moment("at"),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_notes_application_id"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_notes_seat_id"),
    )
    op.create_index("ix_notes_application_id", "notes", ["application_id"])
    op.create_table(
        "seals",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_seals"),
        sa.UniqueConstraint("audit_id", name="uq_seals_audit_id"),
    )
    op.create_table(
        "heads",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("seq", name="pk_heads"),
    )


def downgrade() -> None:
    for table in ("heads", "seals", "notes", "verdicts", "claims", "groups", "invites", "seats"):
        op.drop_table(table)
    op.drop_index("ix_audit_application_id", "audit")
    op.drop_index("ix_slots_slot", "slots")
    with op.batch_alter_table("applications") as batch:
        batch.drop_index("ix_applications_waiting")
        batch.drop_index("ix_applications_queue")
        batch.drop_column("given_up_at")
        batch.drop_column("refusal")
        batch.drop_column("since")
    # Not as a batch, which on SQLite makes the table anew: others refer to its rows.
    op.drop_index("ix_people_name_hash", "people")
    op.drop_column("people", "name_hash")
