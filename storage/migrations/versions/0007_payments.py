"""Payments: orders, the money that came in, refunds, their events; a case's words."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("applications", sa.Column("bill", sa.LargeBinary(), nullable=True))
    op.add_column("cases", sa.Column("words", sa.LargeBinary(), nullable=True))
    op.create_table(
        "payment_orders",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payer", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_payment_orders"),
        sa.UniqueConstraint("number", name="uq_payment_orders_number"),
    )
    op.create_index("ix_payment_orders_application_id", "payment_orders", ["application_id"])
    op.create_index("ix_payment_orders_open", "payment_orders", ["state", "closes_at"])
    op.create_table(
        "payment_charges",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("order", sa.String(length=128), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("area", sa.String(length=50), nullable=False),
        sa.Column("site", sa.String(length=50), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("bucket", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payment_charges"),
        sa.UniqueConstraint("way", "number", name="uq_payment_charges_way_number"),
    )
    op.create_index("ix_payment_charges_application_id", "payment_charges", ["application_id"])
    op.create_index("ix_payment_charges_scope", "payment_charges", ["area", "site", "bucket"])
    op.create_table(
        "payment_refunds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payment_refunds"),
        sa.UniqueConstraint("number", name="uq_payment_refunds_number"),
        sa.UniqueConstraint("charge_id", name="uq_payment_refunds_charge_id"),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["payment_charges.id"], name="fk_payment_refunds_charge_id"
        ),
    )
    op.create_table(
        "payment_events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order", sa.String(length=128), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payment_events"),
    )
    op.create_index("ix_payment_events_order", "payment_events", ["order"])
    op.create_index("ix_payment_events_charge_id", "payment_events", ["charge_id"])


def downgrade() -> None:
    for name in ("payment_events", "payment_refunds", "payment_charges", "payment_orders"):
        op.drop_table(name)
    op.drop_column("cases", "words")
    op.drop_column("applications", "bill")
