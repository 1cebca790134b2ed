"""Broadcasts with a ledger of their recipients, the reach of each person, and calls to them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("people", sa.Column("unreachable", sa.String(length=20), nullable=True))
    op.add_column("people", sa.Column("seen_at", _MOMENT, nullable=True))
    op.execute("UPDATE people SET unreachable = 'forbidden' WHERE blocked_at IS NOT NULL")
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("exam", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("deadline", _MOMENT, nullable=True),
        sa.Column("starts_at", _MOMENT, nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("went_on_at", _MOMENT, nullable=True),
        sa.Column("done_before", sa.Integer(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
    )
    op.create_index("ix_broadcasts_state", "broadcasts", ["state"])
    op.create_index("ix_broadcasts_fingerprint", "broadcasts", ["fingerprint"])
    op.create_table(
        "broadcast_recipients",
        sa.Column("broadcast_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("broadcast_id", "person_id", name="pk_broadcast_recipients"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="fk_broadcast_recipients_broadcast_id"
        ),
    )
    op.create_index(
        "ix_broadcast_recipients_outcome",
        "broadcast_recipients",
        ["broadcast_id", "state", "person_id"],
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_calls_application_id"
        ),
    )
    op.create_index("ix_calls_application", "calls", ["application_id", "at"])


def downgrade() -> None:
    for table in ("calls", "broadcast_recipients", "broadcasts"):
        op.drop_table(table)
    for column in ("seen_at", "unreachable"):
        op.drop_column("people", column)
