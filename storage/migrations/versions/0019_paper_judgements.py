"""Judgements of papers, and what was read in them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "paper_judgements",
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("look", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=True),
        sa.Column("reading", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("blob", name="pk_paper_judgements"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_paper_judgements_person_id"),
    )
    op.create_index("ix_paper_judgements_person_id", "paper_judgements", ["person_id"])


def downgrade() -> None:
    op.drop_table("paper_judgements")
