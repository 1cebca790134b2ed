"""The whole form: points, specialties and materials; sizes of pictures; cases for the site.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("applications") as batch:
        batch.add_column(sa.Column("point", sa.String(length=50), nullable=True))
        batch.add_column(sa.Column("specialty", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("materials", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE applications SET point = '', specialty = ''")
    with op.batch_alter_table("applications") as batch:
        batch.alter_column("point", existing_type=sa.String(length=50), nullable=False)
        batch.alter_column("specialty", existing_type=sa.String(length=20), nullable=False)
    with op.batch_alter_table("blobs") as batch:
        batch.add_column(sa.Column("width", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("height", sa.Integer(), nullable=True))
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=50), nullable=False),
        sa.Column("site", sa.String(length=50), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_cases_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_person_id", "cases", ["person_id"])
    op.create_index("ix_cases_desk", "cases", ["area", "site", "closed_at"])
    op.create_index("ix_audit_actor", "audit", ["actor"])


def downgrade() -> None:
    op.drop_index("ix_audit_actor", "audit")
    op.drop_index("ix_cases_desk", "cases")
    op.drop_index("ix_cases_person_id", "cases")
    op.drop_table("cases")
    with op.batch_alter_table("blobs") as batch:
        batch.drop_column("height")
        batch.drop_column("width")
    with op.batch_alter_table("applications") as batch:
        batch.drop_column("uploaded_at")
        batch.drop_column("materials")
        batch.drop_column("specialty")
        batch.drop_column("point")
