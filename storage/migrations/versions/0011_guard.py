"""Topics and troubles of groups, groups that are being bound, and acts that only count.

Payments, submissions and broadcasts get MACs: ``storage.engine.schema`` fills them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WITH_MAC = ("payment_orders", "payment_charges", "payment_refunds", "broadcasts")


def upgrade() -> None:
    op.add_column("groups", sa.Column("thread_id", sa.BigInteger(), nullable=True))
    op.add_column("groups", sa.Column("trouble", sa.String(length=20), nullable=True))
    op.create_table(
        "group_requests",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name="pk_group_requests"),
    )
    op.create_table(
        "act_counts",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "act", "since", name="pk_act_counts"),
    )
    for table in _WITH_MAC:
        op.add_column(table, sa.Column("mac", sa.String(length=64), nullable=True))


def downgrade() -> None:
    for table in reversed(_WITH_MAC):
        op.drop_column(table, "mac")
    op.drop_table("act_counts")
    op.drop_table("group_requests")
    for column in ("trouble", "thread_id"):
        op.drop_column("groups", column)
