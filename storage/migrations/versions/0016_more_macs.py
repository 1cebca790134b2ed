"""Submissions, judgements of photos, opinions on them and events of payments get MACs.

``storage.engine.schema`` fills them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WITH_MAC = ("submissions", "photo_judgements", "photo_opinions", "payment_events")


def upgrade() -> None:
    for table in _WITH_MAC:
        op.add_column(table, sa.Column("mac", sa.String(length=64), nullable=True))


def downgrade() -> None:
    for table in reversed(_WITH_MAC):
        op.drop_column(table, "mac")
