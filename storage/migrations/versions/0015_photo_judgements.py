"""Judgements of photos, what finds one photo on two people, and what the staff say of them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "photo_judgements",
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("is_mended", sa.Boolean(), nullable=False),
        sa.Column("is_compressed", sa.Boolean(), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("blob", name="pk_photo_judgements"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_photo_judgements_person_id"),
    )
    op.create_index("ix_photo_judgements_person_id", "photo_judgements", ["person_id"])
    op.create_table(
        "photo_bands",
        sa.Column("band", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("band", "blob", name="pk_photo_bands"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_photo_bands_person_id"),
    )
    op.create_index("ix_photo_bands_person_id", "photo_bands", ["person_id"])
    op.create_table(
        "photo_opinions",
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("was_fine", sa.Boolean(), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("application_id", "blob", name="pk_photo_opinions"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_photo_opinions_application_id"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_photo_opinions_seat_id"),
    )


def downgrade() -> None:
    for table in ("photo_opinions", "photo_bands", "photo_judgements"):
        op.drop_table(table)
