"""Notes of the staff and judgements of papers get MACs.

``storage.engine.schema`` fills them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WITH_MAC = ("notes", "paper_judgements")


def upgrade() -> None:
    for table in _WITH_MAC:
        op.add_column(table, sa.Column("mac", sa.String(length=64), nullable=True))


def downgrade() -> None:
    for table in reversed(_WITH_MAC):
        op.drop_column(table, "mac")
