"""Late changes: their requests, and the last one of an application in short."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("applications", sa.Column("late_change", sa.LargeBinary(), nullable=True))
    op.create_table(
        "late_changes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("mac", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_late_changes"),
        sa.UniqueConstraint(
            "application_id", "number", name="uq_late_changes_application_id_number"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_late_changes_application_id"
        ),
    )
    op.create_index("ix_late_changes_state", "late_changes", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("late_changes")
    op.drop_column("applications", "late_change")
