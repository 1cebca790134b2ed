"""MACs of rows that give power or say who somebody is, and a probe of each sealing key.

Waiting messages without a due moment get one before all others: they are read by their ids.
``storage.engine.schema`` fills the MACs, since a migration has no keys.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = [
    *((table, "mac") for table in ("people", "applications", "seats", "invites", "verdicts")),
    ("applications", "stage_mac"),
    *((table, "mac") for table in ("inbox", "outbox", "audit")),
]


_OUTBOX = sa.table(
    "outbox",
    sa.column("state"),
    sa.column("not_before", sa.DateTime(timezone=True)),
    sa.column("made_at", sa.DateTime(timezone=True)),
)
_WAITING = sa.update(_OUTBOX).where(_OUTBOX.c.state == "waiting")
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    is_at_once = _OUTBOX.c.not_before == _OUTBOX.c.made_at
    op.execute(_WAITING.where(is_at_once).values(not_before=_AT_ONCE))
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(length=64), nullable=True))
    op.create_table(
        "sealing_keys",
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.Column("probe", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sealing_keys"),
    )


def downgrade() -> None:
    is_at_once = _OUTBOX.c.not_before == _AT_ONCE
    op.execute(_WAITING.where(is_at_once).values(not_before=_OUTBOX.c.made_at))
    op.drop_table("sealing_keys")
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column)
