"""The outbox is read by priority and due moment; each row has its due moment."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = ["state", "priority", "not_before", "id", "chat_id"]


_OUTBOX = sa.table("outbox", *(sa.column(name) for name in ("state", "not_before", "made_at")))
_WAITING = sa.update(_OUTBOX).where(_OUTBOX.c.state == "waiting")


def upgrade() -> None:
    op.execute(_WAITING.where(_OUTBOX.c.not_before.is_(None)).values(not_before=_OUTBOX.c.made_at))
    op.create_index("ix_outbox_due", "outbox", _COLUMNS)


def downgrade() -> None:
    op.drop_index("ix_outbox_due", "outbox")
    op.execute(_WAITING.where(_OUTBOX.c.not_before == _OUTBOX.c.made_at).values(not_before=None))
