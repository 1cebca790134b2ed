"""MACs of rows that give power or say who somebody is, and a probe of each sealing key.

``storage.engine.schema`` fills the MACs, since a migration has no keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = [
    *((table, "mac") for table in ("people", "applications", "seats", "invites", "verdicts")),
    ("applications", "stage_mac"),
    *((table, "mac") for table in ("inbox", "outbox", "audit")),
]


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(length=64), nullable=True))
    op.create_table(
        "sealing_keys",
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.Column("probe", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sealing_keys"),
    )


def downgrade() -> None:
    op.drop_table("sealing_keys")
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column)
