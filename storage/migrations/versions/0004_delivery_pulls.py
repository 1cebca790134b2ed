"""The outbox is read by priority and due moment; each row has its due moment."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = ["state", "priority", "not_before", "id", "chat_id"]


def upgrade() -> None:
    outbox = sa.table("outbox", sa.column("not_before"), sa.column("made_at"))
    missing = sa.update(outbox).where(outbox.c.not_before.is_(None))
    op.execute(missing.values(not_before=outbox.c.made_at))
    op.create_index("ix_outbox_due", "outbox", _COLUMNS)


def downgrade() -> None:
    op.drop_index("ix_outbox_due", "outbox")
