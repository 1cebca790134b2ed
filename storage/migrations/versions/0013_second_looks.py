"""Second looks: who asked to refuse an application for good, and how somebody else decided."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "second_looks",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("mac", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_second_looks"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_second_looks_application_id"
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["seats.id"], name="fk_second_looks_assignment_id"
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["seats.id"], name="fk_second_looks_ended_by"),
    )
    op.create_index("ix_second_looks_application_id", "second_looks", ["application_id"])


def downgrade() -> None:
    op.drop_table("second_looks")
